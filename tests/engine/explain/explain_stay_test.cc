// What keeps a class that time alone would take.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

TEST(WhatKeepsAClass, IsMissingAtTheInstantAtWhichSheLosesIt) {
  const Engine engine = silver_until_april();
  const ClassExplanation why = *engine.explain(id(1), "tier");
  ASSERT_TRUE(why.to_stay.has_value());
  EXPECT_EQ(why.to_stay->name, "silver");
  EXPECT_EQ(why.to_stay->before, at("2026-04-10"));
  ASSERT_EQ(why.to_stay->missing.size(), 1u);
  EXPECT_EQ(why.to_stay->missing[0].more, "100.00 EUR") << "the 300 are gone by then";
  EXPECT_EQ(why.to_stay->missing[0].condition.left, "0.00 EUR");
  ASSERT_EQ(why.to_stay->missing[0].facts.size(), 1u);
  EXPECT_EQ(why.to_stay->missing[0].facts[0].values, std::vector<std::string>{"100.00 EUR"});
  EXPECT_TRUE(why.unknown == std::vector<std::string>{"blocked"});
}

TEST(WhatKeepsAClass, IsOfKeepAndHoldsInGraceToo) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 1200, "a"}})));
  for (const char* clock : {"2026-02-01", "2026-04-20"}) {  // grace from 10 April to 10 May
    expect_ok(engine.advance(at(clock)));
    const ClassExplanation why = *engine.explain(id(1), "tier");
    ASSERT_TRUE(why.to_stay.has_value()) << clock;
    EXPECT_EQ(why.to_stay->name, "gold");
    EXPECT_EQ(why.to_stay->before, at("2026-05-10"));
    ASSERT_EQ(why.to_stay->missing.size(), 1u);
    EXPECT_EQ(why.to_stay->missing[0].condition.text, "spend >= 800");
    EXPECT_EQ(why.to_stay->missing[0].more, "800.00 EUR");
  }
  expect_ok(engine.ingest("orders", orders({{1, at("2026-04-21"), 800, "b"}})));
  expect_ok(engine.advance(at("2026-05-10")));
  EXPECT_EQ(engine.explain(id(1), "tier")->classes, std::vector<std::string_view>{"gold"});
}

TEST(WhatKeepsAClass, IsNothingWhereNothingIsLost) {
  Engine engine = silver_until_april();
  expect_ok(engine.advance(at("2026-06-01")));
  const ClassExplanation why = *engine.explain(id(1), "tier");
  EXPECT_EQ(why.classes, std::vector<std::string_view>{"guest"});
  EXPECT_FALSE(why.to_stay.has_value());
}

}  // namespace
}  // namespace patron
