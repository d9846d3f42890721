// Pins, holds, ceilings and floors over time.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

Override tier(OverrideKind kind, const std::string& to, Micros until = kEndTime) {
  Override out;
  out.kind = kind;
  out.classification = "tier";
  out.to = to;
  out.until = until;
  out.reason = "goodwill";
  out.author = "service desk";
  return out;
}

// 300 on 10 January: silver until 10 April, guest after.
Engine silver_engine() {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 300, "a"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  return engine;
}

TEST(EngineOverrides, APinHoldsUntilItEndsAndTheMachineRunsOnBesideIt) {
  Engine engine = silver_engine();
  expect_ok(engine.set_override(id(1), tier(OverrideKind::kPin, "gold", at("2026-05-01"))));
  expect_ok(engine.advance(at("2026-02-01")));
  const std::vector<OverrideView> views = engine.overrides(id(1));
  ASSERT_EQ(views.size(), 1u);
  EXPECT_TRUE(views[0].in_force);
  EXPECT_EQ(views[0].own, "silver");
  EXPECT_EQ(views[0].effective, "gold");
  EXPECT_EQ(views[0].what.reason, "goodwill");
  EXPECT_EQ(views[0].what.author, "service desk");
  expect_ok(engine.advance(at("2026-12-31")));
  EXPECT_EQ(said(engine.transitions()),
            (std::vector<std::string>{
                "1 tier:  -> silver at 2026-01-10T00:00:00Z, event",
                "1 tier: silver -> gold at 2026-02-01T00:00:00Z, override",
                // Read by others: guest by herself from 10 April on, she sleeps as gold.
                "1 audience:  -> sleepers at 2026-03-11T00:00:00Z, time",
                "1 tier: gold -> guest at 2026-05-01T00:00:00Z, override",
                "1 audience: sleepers ->  at 2026-05-01T00:00:00Z, time"}));
  EXPECT_TRUE(engine.overrides(id(1)).empty());
}

TEST(EngineOverrides, AFloorAndACeilingBoundTheMachine) {
  Engine engine = silver_engine();
  expect_ok(engine.set_override(id(1), tier(OverrideKind::kFloor, "silver")));
  expect_ok(engine.advance(at("2026-06-01")));  // guest by herself
  expect_ok(engine.set_override(id(1), tier(OverrideKind::kCeiling, "guest", at("2026-07-01"))));
  expect_ok(engine.advance(at("2026-08-01")));
  expect_ok(engine.clear_override(id(1), "tier", OverrideKind::kFloor));
  expect_ok(engine.advance(at("2026-08-02")));
  EXPECT_EQ(engine.clear_override(id(1), "tier", OverrideKind::kFloor).code(), Code::kState);
  std::vector<std::string> tiers;
  for (const std::string& move : said(engine.transitions())) {
    if (move.find("tier") != std::string::npos) tiers.push_back(move);
  }
  EXPECT_EQ(tiers, (std::vector<std::string>{
                       "1 tier:  -> silver at 2026-01-10T00:00:00Z, event",
                       "1 tier: silver -> guest at 2026-06-01T00:00:00Z, override",
                       "1 tier: guest -> silver at 2026-07-01T00:00:00Z, override",
                       "1 tier: silver -> guest at 2026-08-01T00:00:00Z, override"}));
}

TEST(EngineOverrides, AHoldKeepsTheClassThatSheHasWhenItBegins) {
  Engine engine = silver_engine();
  Override hold = tier(OverrideKind::kHold, "", at("2026-05-01"));
  hold.at = at("2026-03-01");
  expect_ok(engine.set_override(id(1), hold));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-03-05"), 1200, "b"}})));
  expect_ok(engine.advance(at("2026-12-31")));
  std::vector<std::string> tiers;
  for (const std::string& move : said(engine.transitions())) {
    if (move.find("tier") != std::string::npos) tiers.push_back(move);
  }
  EXPECT_EQ(tiers,
            (std::vector<std::string>{"1 tier:  -> silver at 2026-01-10T00:00:00Z, event",
                                      "1 tier: silver -> gold at 2026-05-01T00:00:00Z, override",
                                      // 1,200 until 3 June, and 30 days of grace.
                                      "1 tier: gold -> guest at 2026-07-03T00:00:00Z, time"}));
}

TEST(EngineOverrides, ThePinIsStrongerThanTheHoldAndTheHoldThanTheBounds) {
  Engine engine = silver_engine();
  expect_ok(engine.set_override(id(1), tier(OverrideKind::kFloor, "gold")));
  expect_ok(engine.advance(at("2026-02-02")));
  expect_ok(engine.set_override(id(1), tier(OverrideKind::kHold, "")));
  expect_ok(engine.clear_override(id(1), "tier", OverrideKind::kFloor));
  expect_ok(engine.advance(at("2026-02-03")));
  EXPECT_EQ(engine.overrides(id(1))[0].effective, "gold");
  expect_ok(engine.set_override(id(1), tier(OverrideKind::kPin, "guest")));
  expect_ok(engine.advance(at("2026-02-04")));
  EXPECT_EQ(engine.overrides(id(1))[0].effective, "guest");
  EXPECT_EQ(engine.overrides(id(1))[0].own, "silver");
  // A later one of a kind replaces the one before.
  expect_ok(engine.set_override(id(1), tier(OverrideKind::kPin, "silver")));
  expect_ok(engine.advance(at("2026-02-05")));
  EXPECT_EQ(engine.overrides(id(1)).size(), 2u);
  EXPECT_EQ(engine.overrides(id(1))[0].effective, "silver");
}

TEST(EngineOverrides, AFlagIsPinnedBesideTheOthers) {
  Engine engine = silver_engine();
  Override pin;
  pin.kind = OverrideKind::kPin;
  pin.classification = "audience";
  pin.to = "browsers";
  expect_ok(engine.set_override(id(1), pin));
  expect_ok(engine.advance(at("2026-03-20")));
  EXPECT_EQ(said(engine.transitions(1)),
            (std::vector<std::string>{"1 audience:  -> browsers at 2026-02-01T00:00:00Z, override",
                                      "1 audience:  -> sleepers at 2026-03-11T00:00:00Z, time"}));
  EXPECT_EQ(engine.overrides(id(1))[0].own, "");
  EXPECT_EQ(engine.overrides(id(1))[0].effective, "browsers");
}

TEST(EngineOverrides, WhatMakesNoSenseIsRefusedAndChangesNothing) {
  Engine engine = silver_engine();
  const std::string before = engine.state_hash();
  const auto refused = [&](const Override& what, const char* why) {
    const Status status = engine.set_override(id(1), what);
    EXPECT_FALSE(status.ok());
    EXPECT_NE(status.message().find(why), std::string::npos) << status.message();
    EXPECT_EQ(engine.state_hash(), before);
  };
  refused(tier(OverrideKind::kPin, "golden"), "did you mean \"gold\"");
  refused(tier(OverrideKind::kPin, "gold", at("2026-02-01")), "is not after");
  refused(tier(OverrideKind::kPin, "gold", kEndTime + 1), "ends after all time");
  refused(tier(OverrideKind::kHold, "", std::numeric_limits<Micros>::max()), "ends after all time");
  refused(tier(OverrideKind::kHold, "gold"), "keeps the class that she has");
  Override floor = tier(OverrideKind::kFloor, "browsers");
  floor.classification = "audience";
  refused(floor, "is of kind flags");
  floor.classification = "teir";
  refused(floor, "did you mean \"tier\"");
  EXPECT_EQ(engine.set_override(id(2), tier(OverrideKind::kPin, "gold")).code(), Code::kArgument);
  Engine ranked = *Engine::open(checked_policy(R"({"patron": 1, "name": "p",
    "streams": {"orders": {}}, "customer": {"id": "int64"},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "classifications": [{"name": "club", "kind": "rank", "by": "spend", "classes": [
      {"name": "top", "top": 10}, {"name": "rest"}]}]})"));
  expect_ok(ranked.link(id(1), id(2)).status());
  Override seat;
  seat.kind = OverrideKind::kPin, seat.classification = "club", seat.to = "top";
  const Status status = ranked.set_override(id(1), seat);
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_NE(status.message().find("limited number of seats"), std::string::npos)
      << status.message();
}

TEST(EngineLaws, OverridesAreTheSameInAnySteps) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    std::mt19937_64 random(seed);
    const Lives lives = random_lives(random, 3, 20);
    Engine whole = *Engine::open(shop()), steps = *Engine::open(shop());
    for (Engine* one : {&whole, &steps}) {
      live(*one, lives);
      expect_ok(one->advance(at("2026-04-01")));
    }
    for (int i = 0; i < 6; ++i) {
      const char* names[] = {"gold", "silver", "guest"};
      Override what;
      what.kind = static_cast<OverrideKind>(random() % 4);
      what.classification = "tier";
      if (what.kind != OverrideKind::kHold) what.to = names[random() % 3];
      what.at = at("2026-03-01") + static_cast<Micros>(random() % 200) * kDay;
      what.until = at("2026-11-01") + static_cast<Micros>(random() % 100) * kDay;
      const int64_t who = static_cast<int64_t>(random() % 3);
      const Status one = whole.set_override(id(who), what);
      EXPECT_EQ(one.message(), steps.set_override(id(who), what).message());
    }
    const std::vector<Forecast> forecast = *whole.forecast(at("2027-06-01"));
    const int64_t known = whole.transition_count();
    expect_ok(whole.advance(at("2027-06-01")));
    for (Micros t = at("2026-04-01"); t < at("2027-06-01");
         t += static_cast<Micros>(random() % 90) * kDay / 3) {
      expect_ok(steps.advance(t));
    }
    expect_ok(steps.advance(at("2027-06-01")));
    ASSERT_EQ(said(whole.transitions()), said(steps.transitions())) << "seed " << seed;
    ASSERT_EQ(whole.state_hash(), steps.state_hash()) << "seed " << seed;
    const std::vector<Transition> moves = whole.transitions(known);
    ASSERT_EQ(moves.size(), forecast.size());
    for (size_t i = 0; i < moves.size(); ++i) {
      ASSERT_EQ(moves[i].to, forecast[i].to);
      ASSERT_EQ(moves[i].at, forecast[i].at);
      ASSERT_EQ(moves[i].cause, forecast[i].cause) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace patron
