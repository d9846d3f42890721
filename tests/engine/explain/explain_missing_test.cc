// The least that is missing: which of several ways is taken, and what no fact brings.
#include <gtest/gtest.h>

#include <string>

#include "patron/engine.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

// One customer with an order of 100 on 10 January, in a ladder whose best class asks this.
BetterClass best_of(const std::string& enter) {
  Engine engine = *Engine::open(checked_policy(R"json({"patron": 1, "name": "p",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {"key": "order_id"}, "interactions": {}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
             {"name": "first", "metric": {"first": "orders.time"}},
             {"name": "views", "metric": {"count": "interactions", "where": "kind == 'view'"}},
             {"name": "january", "metric": {"count": "orders", "window": {"to": "2026-02-01"}}},
             {"name": "recent", "metric": {"count": "orders", "window": "30d"}},
             {"name": "bought", "metric": {"count": "orders"}},
             {"name": "days", "metric": {"days_active": "orders"}},
             {"name": "days_30d", "metric": {"days_active": "orders", "window": "30d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "best", "enter": ")json" + enter +
                                               R"json("}, {"name": "rest"}]}]})json"));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 100, "a"}})));
  expect_ok(engine.advance(at("2026-01-20")));
  const ClassExplanation why = *engine.explain(id(1), "tier");
  return why.better.at(0);
}

TEST(LeastMissing, TakesTheFewestConditionsThenTheNearest) {
  BetterClass best = best_of("spend >= 200 && views >= 4 || spend >= 900");
  ASSERT_EQ(best.missing.size(), 1u);
  EXPECT_EQ(best.missing[0].condition.text, "spend >= 900");
  best = best_of("spend >= 900 || views >= 2 || spend >= 110");
  ASSERT_EQ(best.missing.size(), 1u);
  EXPECT_EQ(best.missing[0].condition.text, "spend >= 110") << "a tenth is nearer than all of it";
  EXPECT_EQ(best.missing[0].more, "10.00 EUR");
  best = best_of("spend > 200 && views >= 3");
  ASSERT_EQ(best.missing.size(), 2u);
  EXPECT_EQ(best.missing[0].more, "100.01 EUR");
  EXPECT_EQ(best.missing[1].more, "3");
  EXPECT_EQ(best.missing[1].facts.at(0).count, 3);
  EXPECT_EQ(best.missing[1].facts.at(0).values.at(0), "view") << "as the filter of the metric asks";
}

TEST(LeastMissing, OfWhatOnlyTimeBringsSaysNotBeforeWhen) {
  BetterClass best = best_of("age(first) >= days(100)");
  EXPECT_EQ(best.how, Attainable::kByTime);
  EXPECT_EQ(best.at, at("2026-01-10") + 100 * kDay);
  best = best_of("age(first) >= days(100) && spend >= 500");
  EXPECT_EQ(best.how, Attainable::kNotBefore);
  EXPECT_EQ(best.at, at("2026-01-10") + 100 * kDay);
  best = best_of("recent == 0 && views >= 1");
  EXPECT_EQ(best.how, Attainable::kNotBefore);
  EXPECT_EQ(best.at, at("2026-01-10") + 30 * kDay);
  best = best_of("first < timestamp('2026-01-01T00:00:00Z')");
  EXPECT_NE(best.how, Attainable::kByFacts);
}

TEST(LeastMissing, ACountThatIsPastWhatItHasToBeComesBackByTimeOrNever) {
  for (const char* past : {"bought == 0", "days == 0"}) {
    EXPECT_EQ(best_of(past).how, Attainable::kNotAttainable) << past;
  }
  const BetterClass best = best_of("days_30d == 0 && views >= 1");
  EXPECT_EQ(best.how, Attainable::kNotBefore);
  EXPECT_EQ(best.at, at("2026-02-09"));
}

TEST(LeastMissing, IsEnoughUntilTheWindowOfItsFactsEnds) {
  const BetterClass best = best_of("january >= 2");
  EXPECT_EQ(best.how, Attainable::kByFacts);
  EXPECT_EQ(best.before, at("2026-02-01")) << "an order in February is none of January";
}

// An order of 100 on 1 March, which is known already, makes her best for 30 days by itself; then
// she cools down for another 30.
TEST(LeastMissing, IsNotEnoughForAClassThatSheHasJustLeft) {
  Engine engine = *Engine::open(checked_policy(R"({"patron": 1, "name": "p",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {"key": "order_id"}},
    "tags": [{"name": "month", "metric": {"sum": "orders.amount", "window": "30d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "best", "enter": "month >= 100", "cool_down": "30d"}, {"name": "rest"}]}]})"));
  expect_ok(engine.ingest(
      "orders", orders({{1, at("2026-01-10"), 10, "a"}, {1, at("2026-03-01"), 100, "b"}})));
  expect_ok(engine.advance(at("2026-02-20")));
  const ClassExplanation why = *engine.explain(id(1), "tier");
  EXPECT_EQ(why.better.at(0).how, Attainable::kByFacts);
  EXPECT_EQ(why.better.at(0).before, at("2026-03-31"));
}

// Between two instants at which something moves it counts in which class she is by then.
TEST(LeastMissing, IsEnoughUntilAClassThatSheTakesByTimeStandsInTheWay) {
  Engine engine = *Engine::open(checked_policy(R"json({"patron": 1, "name": "p",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {"key": "order_id"}, "interactions": {}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "30d"}},
             {"name": "views", "metric": {"count": "interactions"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "cap": {"moves": 1, "per": "45d"},
      "classes": [{"name": "gold", "enter": "views >= 3"}, {"name": "silver", "enter": "spend >= 100"},
                  {"name": "guest"}]}]})json"));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 100, "a"}})));
  expect_ok(engine.advance(at("2026-01-20")));
  const BetterClass gold = engine.explain(id(1), "tier")->better.at(0);
  EXPECT_EQ(gold.how, Attainable::kByFacts);
  EXPECT_EQ(gold.before, at("2026-02-09"))
      << "then she drops, and the cap lets nobody up for 45 days";
  const auto tier_after_views = [&](Micros t) -> std::string {
    Engine copy = *Engine::load(engine.save());
    expect_ok(copy.advance(t));
    expect_ok(copy.ingest("interactions", visits({{1, t}, {1, t}, {1, t}})));
    expect_ok(copy.advance(t));
    return std::string(copy.transitions().back().to);
  };
  EXPECT_EQ(tier_after_views(at("2026-02-09") - 1), "gold");
  EXPECT_EQ(tier_after_views(at("2026-02-09")), "guest");
  EXPECT_EQ(tier_after_views(at("2026-03-01")), "guest");
}

// Also where something else of her flips on every midnight before.
TEST(LeastMissing, IsEnoughUntilAnEndThatIsMoreThanAHundredInstantsAway) {
  Engine engine = *Engine::open(checked_policy(R"json({"patron": 1, "name": "p",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {"key": "order_id"}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "150d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "gold", "enter": "spend >= 1000"},
      {"name": "even", "enter": "now.getDayOfMonth() % 2 == 0"}, {"name": "odd"}]}]})json"));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 450, "a"}})));
  expect_ok(engine.advance(at("2026-01-11")));
  const BetterClass gold = engine.explain(id(1), "tier")->better.at(0);
  EXPECT_EQ(gold.missing.at(0).more, "550.00 EUR");
  EXPECT_EQ(gold.before, at("2026-01-10") + 150 * kDay);
}

}  // namespace
}  // namespace patron
