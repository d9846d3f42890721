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
             {"name": "recent", "metric": {"count": "orders", "window": "30d"}}],
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

}  // namespace
}  // namespace patron
