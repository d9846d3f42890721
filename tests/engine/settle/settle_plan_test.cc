#include "lib/engine/settle/settle_plan.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>

#include "lib/engine/book_spec.h"
#include "lib/engine/settle/settle_parts.h"
#include "patron/policy.h"

namespace patron::internal {
namespace {

using Way = PlanValue::Way;

struct Planned {
  explicit Planned(const std::string& rest)
      : policy(*Policy::parse(R"json({"patron": 1, "name": "p", "money": {"scale": 2},
          "streams": {"orders": {}, "interactions": {}}, "attributes": {"blocked": {"type": "bool"}},
          )json" + rest + "}")),
        book(*BookLayout::make(book_spec(policy.data()))),
        parts(policy.data(), book.state()),
        plan(policy.data(), parts.streams, parts.matters,
             [this](const Expression& e) -> const std::vector<size_t>& { return parts.reads(e); }) {
  }
  const PlanValue& value(const char* name) const { return plan.values[parts.value_index(name)]; }
  Policy policy;
  Book book;
  SettleParts parts;
  SettlePlan plan;
};

TEST(SettlePlan, KnowsHowEachValueComesAboutAndWhereItIsCompared) {
  const Planned planned(R"json("tags": [
      {"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}},
      {"name": "often", "metric": {"count": "orders", "window": "30d"}},
      {"name": "days", "metric": {"days_active": "orders"}},
      {"name": "rate", "expression": "double(often) / 2.0"},
      {"name": "busy", "expression": "often >= 3 && spend > 10"},
      {"name": "idle", "metric": {"count": "interactions"}}],
    "classifications": [
      {"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend >= 1000 && !or_else(blocked, false)",
         "keep": "800 <= spend || days > 4"},
        {"name": "guest"}]},
      {"name": "marks", "kind": "flags", "classes": [
        {"name": "busy", "enter": "busy && rate > 0.5"}]}])json");
  EXPECT_TRUE(planned.plan.whole);
  EXPECT_EQ(planned.value("spend").way, Way::kGlance);
  EXPECT_EQ(planned.value("days").way, Way::kPlain);
  EXPECT_EQ(planned.value("busy").way, Way::kCondition);
  EXPECT_EQ(planned.value("rate").way, Way::kFormula);
  EXPECT_EQ(planned.value("idle").way, Way::kIdle);
  EXPECT_EQ(planned.value("tier").way, Way::kTiers);
  EXPECT_EQ(planned.value("marks").way, Way::kFlags);
  // Minor units, whichever side of the comparison the number stands on.
  const ConditionTable& table = planned.plan.table;
  const auto range = [&](const char* name, int64_t value) {
    const int place = table.place_of(planned.parts.value_index(name));
    return table.tables()[static_cast<size_t>(place)].row(Cell::of(value)).range;
  };
  EXPECT_EQ(range("spend", 80'000), (ValueRange{80'000, 80'000})) << "that of `keep`";
  EXPECT_EQ(range("spend", 80'001), (ValueRange{80'001, INT64_MAX})) << "`enter` has an or_else";
  EXPECT_EQ(range("spend", 1'001), (ValueRange{1'001, 79'999})) << "busy";
  EXPECT_EQ(range("often", 4), (ValueRange{4, INT64_MAX}));
  const auto& gold = planned.plan.conditions[0][0];
  EXPECT_EQ(gold.enter.clauses, 0u);
  EXPECT_EQ(std::popcount(gold.keep.clauses), 2);
  EXPECT_EQ(std::popcount(planned.plan.conditions[1][0].enter.clauses), 1) << "busy is put in";
  // What is no comparison makes every change count; a formula does where it is asked for.
  EXPECT_FALSE(planned.value("spend").always);
  EXPECT_EQ(planned.value("spend").cuts, (std::vector<int64_t>{100'000})) << "beside an or_else";
  EXPECT_TRUE(planned.value("blocked").always);
  EXPECT_TRUE(planned.value("blocked").still);
  EXPECT_FALSE(planned.value("often").always);
  EXPECT_FALSE(planned.value("rate").always);
  EXPECT_TRUE(planned.value("often").falls);
  EXPECT_FALSE(planned.value("spend").falls);
  EXPECT_EQ(planned.plan.programs.size(), 2u) << "or_else, the rate";
}

TEST(SettlePlan, WhatRemembersEarlierSettlingsNeedsThePlainWay) {
  EXPECT_FALSE(Planned(R"json("tags": [{"name": "kept", "on_null": "keep",
      "metric": {"last": "orders.amount", "window": "30d"}}],
    "classifications": [{"name": "t", "kind": "ladder", "classes": [
      {"name": "a", "enter": "kept > 5"}, {"name": "b"}]}])json")
                   .plan.whole);
  EXPECT_FALSE(Planned(R"json("tags": [{"name": "since", "metric": {"count": "orders",
      "window": {"since": {"class": "t"}}}}, {"name": "n", "metric": {"count": "orders"}}],
    "classifications": [{"name": "t", "kind": "ladder", "classes": [
      {"name": "a", "enter": "n > 5"}, {"name": "b"}]},
      {"name": "u", "kind": "ladder", "classes": [
      {"name": "a", "enter": "since > 5"}, {"name": "b"}]}])json")
                   .plan.whole);
}

TEST(SettlePlan, WhatReadsTheClockIsEvaluatedAsItStands) {
  const Planned planned(R"json("tags": [
      {"name": "last", "metric": {"last": "orders.time", "window": "90d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "fresh", "enter": "age(last) < days(30)"}, {"name": "old"}]}])json");
  EXPECT_TRUE(planned.plan.whole);
  EXPECT_EQ(planned.plan.conditions[0][0].enter.term, -1);
  EXPECT_EQ(planned.plan.conditions[0][0].enter.clauses, 0u);
  EXPECT_EQ(planned.plan.conditions[0][0].keep.expression, nullptr);
  EXPECT_TRUE(planned.value("last").always);
}

}  // namespace
}  // namespace patron::internal
