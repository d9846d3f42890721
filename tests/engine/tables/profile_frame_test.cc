// The table of a profile beside the same profile as a struct, cell by cell.
#include "lib/engine/tables/profile_frame.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "patron/engine.h"
#include "patron/engine_snapshot.h"
#include "patron/time.h"

namespace patron::internal {
namespace {

// Every kind of value; the tag `spend` has no unit of its own, `net` a currency.
constexpr std::string_view kFrameShop = R"json({"patron": 1, "name": "shop",
  "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
  "streams": {"orders": {"columns": {"category": "enum"}},
              "surveys": {"columns": {"keywords": "enum_set"}}},
  "attributes": {"city": {"type": "string", "label": "Stadt"}, "born": {"type": "date"},
                 "vip": {"type": "bool"}},
  "tags": [
    {"name": "spend", "category": "value", "metric": {"sum": "orders.amount", "window": "30d"}},
    {"name": "orders", "metric": {"count": "orders"}},
    {"name": "last", "metric": {"last": "orders.time"}},
    {"name": "cycle", "metric": {"gap_median": "orders"}},
    {"name": "liked", "metric": {"top": "orders.category", "n": 2}},
    {"name": "part", "metric": {"ratio": ["orders", "spend"]}},
    {"name": "busy", "expression": "orders > 1"}],
  "classifications": [
    {"name": "audience", "kind": "flags", "classes": [
      {"name": "many", "enter": "orders > 1"}, {"name": "rich", "enter": "spend > 5"}]},
    {"name": "tier", "kind": "ladder", "classes": [{"name": "gold", "enter": "spend > 5"}, {"name": "rest"}]}]
})json";

Engine make_engine(std::string_view policy) {
  Engine engine = *Engine::open(*Policy::parse(policy));
  using Texts = std::vector<std::string>;
  TableBuilder orders;
  orders.int64("customer", {1, 1, 1, 2})
      .timestamps("time",
                  {10 * kMicrosPerDay, 20 * kMicrosPerDay, 25 * kMicrosPerDay, 3 * kMicrosPerDay},
                  "UTC");
  orders.doubles("amount", {10, 20, 30, 5}).strings("category", Texts{"toys", "art", "art", ""});
  EXPECT_TRUE(engine.ingest("orders", *orders.finish()).ok());
  TableBuilder about;
  about.int64("customer", {1, 3}).timestamps("time", {5 * kMicrosPerDay, 6 * kMicrosPerDay}, "UTC");
  about.strings("city", Texts{"Ulm", ""}).dates("born", {7000, -1});
  EXPECT_TRUE(engine.set_attributes(*about.finish()).ok());
  EXPECT_TRUE(engine.advance(30 * kMicrosPerDay).ok());
  return engine;
}

// A cell as text; "null" where it is none.
std::string cell(const Table& table, std::string_view name, int64_t row) {
  const int column = *table.require(name);
  const Chunk& chunk = table.chunks(column)[0];
  EXPECT_EQ(chunk.length, table.rows());
  int64_t nulls = 0;
  for (int64_t i = 0; i < chunk.length; ++i) nulls += chunk.valid(i) ? 0 : 1;
  EXPECT_EQ(chunk.null_count, nulls) << name;
  if (!chunk.valid(row)) return "null";
  const auto at = static_cast<size_t>(row);
  switch (table.field(column).type.type) {
    case Type::kBool:
      return (static_cast<const uint8_t*>(chunk.values)[at / 8] >> at % 8 & 1) != 0 ? "yes" : "no";
    case Type::kDouble:
      return std::to_string(static_cast<const double*>(chunk.values)[at]);
    case Type::kLargeString: {
      const auto* ends = static_cast<const int64_t*>(chunk.offsets);
      return {reinterpret_cast<const char*>(chunk.bytes) + ends[at],
              static_cast<size_t>(ends[at + 1] - ends[at])};
    }
    default:
      return std::to_string(static_cast<const int64_t*>(chunk.values)[at]);
  }
}

std::string joined(const std::vector<std::string_view>& names) {
  std::string out;
  for (const std::string_view name : names) out += (out.empty() ? "" : " ") + std::string(name);
  return out;
}

std::string members(const std::vector<std::string>& set) {
  std::string out;
  for (const std::string& one : set) out += (out.empty() ? "" : ",") + one;
  return out;
}

void compare(const Profile& profile, const Table& table) {
  ASSERT_EQ(table.rows(), static_cast<int64_t>(profile.values.size()));
  ASSERT_EQ(table.columns(), 13);
  for (int64_t row = 0; row < table.rows(); ++row) {
    const ProfileValue& value = profile.values[static_cast<size_t>(row)];
    const auto at = [&](std::string_view name) { return cell(table, name, row); };
    SCOPED_TRACE(value.name);
    const bool money = value.kind == Kind::kMoney;
    const bool set = value.kind == Kind::kEnumSet;
    const bool text = set || value.kind == Kind::kString || value.kind == Kind::kEnum;
    const bool real = value.kind == Kind::kDouble;
    EXPECT_EQ(at("name"), value.name);
    EXPECT_EQ(at("label"), value.label);
    EXPECT_EQ(at("category"), value.category);
    EXPECT_EQ(at("kind"), kind_name(value.kind));
    EXPECT_EQ(at("from"), joined(value.from));
    EXPECT_EQ(at("known"), value.known ? "yes" : "no");
    EXPECT_EQ(at("integer"),
              value.known && !text && !real ? std::to_string(value.integer) : "null");
    EXPECT_EQ(at("number"), value.known && real ? std::to_string(value.number) : "null");
    EXPECT_EQ(at("text"), value.known && text ? set ? members(value.set) : value.text : "null");
    EXPECT_EQ(at("scale"), money ? std::to_string(value.unit.scale) : "null");
    EXPECT_EQ(at("currency"), money ? "EUR" : "null");
    EXPECT_EQ(at("as_of"), value.as_of ? std::to_string(*value.as_of) : "null");
  }
}

TEST(ProfileFrame, HasEveryCellOfTheProfile) {
  const Engine engine = make_engine(kFrameShop);
  const EngineSnapshot snapshot = engine.snapshot();
  for (const int64_t customer : {1, 2, 3, 1}) {
    SCOPED_TRACE(customer);
    const Profile profile = *engine.profile({customer, {}});
    compare(profile, *engine.profile_table({customer, {}}));
    compare(profile, *snapshot.profile_table({customer, {}}));
    compare(*snapshot.profile({customer, {}}), *engine.profile_table({customer, {}}));
  }
}

TEST(ProfileFrame, SaysWhatASetAndASourceAre) {
  const Table table = *make_engine(kFrameShop).profile_table({1, {}});
  const auto of = [&](std::string_view name, std::string_view column) {
    for (int64_t row = 0; row < table.rows(); ++row) {
      if (cell(table, "name", row) == name) return cell(table, column, row);
    }
    return std::string("no such value");
  };
  EXPECT_EQ(of("liked", "text"), "art,toys") << "50.00 of art, 10.00 of toys";
  EXPECT_EQ(of("audience", "text"), "many,rich");
  EXPECT_EQ(of("spend", "integer"), "6000");
  EXPECT_EQ(of("spend", "source"), "metric");
  EXPECT_EQ(of("city", "text"), "Ulm");
  EXPECT_EQ(of("city", "label"), "Stadt");
  EXPECT_EQ(of("born", "integer"), "7000");
  EXPECT_EQ(of("vip", "known"), "no");
  EXPECT_EQ(of("tier.moves", "source"), "history");
}

TEST(ProfileFrame, OutlivesTheEngineAndThePolicy) {
  std::optional<Table> table;
  {
    const Engine engine = make_engine(kFrameShop);
    table = *engine.profile_table({1, {}});
  }
  EXPECT_EQ(cell(*table, "name", 0), "city");
  EXPECT_EQ(cell(*table, "text", 0), "Ulm");
}

TEST(ProfileFrame, OfAPolicyWithoutValuesHasColumnsAndNoRows) {
  Engine engine =
      *Engine::open(*Policy::parse(R"({"patron": 1, "name": "bare", "customer": {"id": "int64"},
                         "streams": {"orders": {}}})"));
  TableBuilder orders;
  orders.int64("customer", {1}).timestamps("time", {kMicrosPerDay}, "UTC").doubles("amount", {1});
  ASSERT_TRUE(engine.ingest("orders", *orders.finish()).ok());
  ASSERT_TRUE(engine.advance(2 * kMicrosPerDay).ok());
  const Table table = *engine.profile_table({1, {}});
  EXPECT_EQ(table.rows(), 0);
  EXPECT_EQ(table.columns(), 13);
  EXPECT_EQ(engine.profile_table({2, {}}).status().code(), Code::kArgument);
}

}  // namespace
}  // namespace patron::internal
