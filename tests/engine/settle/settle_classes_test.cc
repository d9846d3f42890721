// What each kind of classification says before anything was calibrated; with constants it is in
// engine_calibration_test.cc.
#include <gtest/gtest.h>

#include "lib/engine/settle/settle_pass.h"
#include "tests/engine/settling.h"

namespace patron::internal {
namespace {

TEST(SettleClasses, OfEveryKindBeforeTheFirstCalibration) {
  const population::Shelf shelf(*Policy::parse(R"({"patron": 1, "name": "p", "money": {"scale": 2},
        "customer": {"id": "int64"}, "streams": {"orders": {}},
        "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
        "models": {"rfm": {"window": "365d"}},
        "classifications": [
          {"name": "segment", "kind": "grid", "table": "rfm.eleven"},
          {"name": "abc", "kind": "rank", "by": "spend", "classes": [
            {"name": "A", "share": 0.8}, {"name": "C"}]},
          {"name": "band", "kind": "bands", "of": "spend", "cuts": [50, 500],
           "classes": ["low", "middle", "high"]},
          {"name": "life", "kind": "first_match", "classes": [
            {"name": "rich", "enter": "spend >= 1000"}, {"name": "some", "enter": "spend > 0"}]},
          {"name": "marks", "kind": "flags", "classes": [{"name": "buys", "enter": "spend > 0"},
            {"name": "spends", "enter": "spend > 500"}]}]})"),
                                {{1, 0, 100.0}});
  SettleParts parts(shelf.policy.data(), shelf.book.state());
  CustomerState state;
  SettlePass(parts, 0, state, 0, true, SettleExtent::kClasses).run();
  const auto value = [&](const char* name) -> const MetricValue& {
    return parts.out.values[parts.value_index(name)];
  };
  EXPECT_FALSE(value("segment").known());
  EXPECT_EQ(value("abc").text, "C");
  EXPECT_EQ(value("band").text, "middle");
  EXPECT_EQ(value("life").text, "some");
  EXPECT_EQ(value("marks").set, std::vector<std::string>{"buys"});
  EXPECT_EQ(parts.out.moves.size(), 4u);
  EXPECT_EQ(parts.out.next, kEndTime);
}

}  // namespace
}  // namespace patron::internal
