// What a model or a rank learned holds as long as nothing changes of what it reads: pairs of
// policies of which one is the other with one thing changed, and what has another definition then.
#include "lib/engine/calibration/definitions.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

const std::string kDefinitionsText = R"json({"patron": 1, "name": "p", "timezone": "UTC",
  "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
  "streams": {"orders": {"key": "order_id", "columns": {"shop": "string"}},
              "interactions": {"columns": {"place": {"type": "enum", "values": ["a", "b"]}}}},
  "attributes": {"limit": {"type": "int64", "label": "Limit"}},
  "tags": [
    {"name": "spend", "label": "Spend", "metric": {"sum": "orders.amount", "window": "90d"}},
    {"name": "views", "metric": {"count": "interactions", "where": "place == 'a'"}},
    {"name": "much", "expression": "views >= 3"},
    {"name": "other", "metric": {"count": "orders"}}],
  "models": {"rfm": {"window": "180d"}, "w": {"weights": "entropy", "of": ["views", "limit"]}},
  "classifications": [
    {"name": "tier", "kind": "ladder", "classes": [
      {"name": "gold", "enter": "much", "strategy": {"x": 1}}, {"name": "rest"}]},
    {"name": "by_limit", "kind": "rank", "by": "limit", "classes": [
      {"name": "top", "top_percent": 10, "label": "Top"}, {"name": "rest"}]},
    {"name": "by_spend", "kind": "rank", "by": "spend", "where": "tier == 'gold'", "classes": [
      {"name": "A", "top": 3}, {"name": "B"}]}]})json";

std::string replaced(const std::string& from, const std::string& to) {
  std::string out = kDefinitionsText;
  const size_t at = out.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? out : out.replace(at, from.size(), to);
}

// Of the models and ranks those that are defined otherwise, joined by spaces.
std::string changed(const std::string& from, const std::string& to) {
  const Policy before = checked_policy(kDefinitionsText),
               after = checked_policy(replaced(from, to));
  const internal::Definitions here(before.data()), there(after.data());
  std::string out;
  for (const char* name : {"rfm", "w", "by_limit", "by_spend"}) {
    if (here.of(name) != there.of(name)) out += (out.empty() ? "" : " ") + std::string(name);
  }
  return out;
}

TEST(Definitions, HaveNothingOfWhatIsNotRead) {
  const std::vector<std::pair<std::string, std::string>> changes{
      {R"("interactions": {)", R"("surveys": {}, "interactions": {)"},
      {R"("shop": "string")", R"("shop": "string", "till": "int64")"},
      {R"("shop": "string")", R"("shop": "int64")"},
      {R"("values": ["a", "b"])", R"("label": "Place", "values": ["a", "b"])"},
      {R"("label": "Spend")", R"("label": "What she spent", "description": "In all shops.")"},
      {R"("type": "int64", "label": "Limit")", R"("type": "int64", "label": {"de": "Grenze"})"},
      {R"("label": "Top")", R"("label": "The best")"},
      {R"({"x": 1})", R"({"x": 2})"},
      {R"({"count": "orders"})", R"({"count": "orders", "window": "10d"})"},
      {R"("models": {)", R"("calibrate": {"every": "month"}, "models": {)"}};
  for (const auto& [from, to] : changes) EXPECT_EQ(changed(from, to), "") << to;
}

TEST(Definitions, HaveAllThatIsReadOneBehindTheOther) {
  EXPECT_EQ(changed(R"("180d")", R"("90d")"), "rfm");
  EXPECT_EQ(changed(R"("window": "90d")", R"("window": "91d")"), "by_spend");
  EXPECT_EQ(changed("views >= 3", "views >= 4"), "by_spend") << "by the tier that `where` asks";
  EXPECT_EQ(changed(R"(["a", "b"])", R"(["a", "b", "c"])"), "w by_spend");
  EXPECT_EQ(changed("place == 'a'", "place == 'b'"), "w by_spend");
  EXPECT_EQ(changed(R"("int64", "label")", R"("double", "label")"), "w by_limit");
  EXPECT_EQ(changed(R"("top": 3)", R"("top": 4)"), "by_spend");
  EXPECT_EQ(changed(R"("key": "order_id",)", R"("key": "order_id", "refund_of": "original", )"),
            "rfm by_spend");
  EXPECT_EQ(changed(R"("key": "order_id",)", R"("key": "order_id", "zero_amounts": "count", )"),
            "rfm by_spend");
  EXPECT_EQ(changed(R"("UTC")", R"("Europe/Berlin")"), "rfm w by_limit by_spend");
  EXPECT_EQ(changed(R"("scale": 2)", R"("scale": 3)"), "rfm w by_limit by_spend");
}

}  // namespace
}  // namespace patron
