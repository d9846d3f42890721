// What is to come, said in three ways that must agree: the forecast, `next` of an explanation, and
// `next_change` of the table of classes (L10, L15).
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "lib/engine/engine_data.h"
#include "patron/engine.h"
#include "patron/engine_snapshot.h"
#include "tests/engine/engine_world.h"
#include "tests/engine/population.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using population::Cells;
using test::at;
using test::expect_ok;
using test::id;
using test::kDay;
using test::orders;

std::string keyed_shop() {
  return test::shop_text(R"("identities": {"keys": ["member", "phone"]},)");
}

Table phones(const std::vector<int64_t>& customers, const std::vector<Micros>& times,
             const std::vector<std::string>& numbers) {
  TableBuilder builder;
  builder.int64("customer", customers).timestamps("time", times, "UTC");
  return *builder.strings("phone", numbers).finish();
}

std::string said(std::string_view from, std::string_view to, Micros t) {
  return std::string(from) + " -> " + std::string(to) + " at " + format_time(t);
}

// Two who spend 600 each are one customer, and gold, from 10 February on.
Engine two_with_a_phone() {
  Engine engine = *Engine::open(test::checked_policy(keyed_shop()));
  expect_ok(engine.ingest(
      "orders", orders({{1, at("2026-01-10"), 600, "a"}, {2, at("2026-01-20"), 600, "b"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  expect_ok(engine.claim(
      phones({1, 2}, {at("2026-02-05"), at("2026-02-10")}, {"+491701234567", "+491701234567"})));
  return engine;
}

TEST(EngineAhead, IdentityKeysThatWaitAreSeenByAllThree) {
  const Engine engine = two_with_a_phone();
  const std::string before = engine.state_hash();
  const Result<Forecasts> rows = engine.forecast(at("2027-01-01"));
  ASSERT_TRUE(rows.ok());
  ASSERT_FALSE(rows->empty());
  EXPECT_EQ(said((*rows)[0].from, (*rows)[0].to, (*rows)[0].at),
            "silver -> gold at 2026-02-10T00:00:00Z");
  // Of both ids: the one who stands for the other from then on.
  for (const int64_t customer : {1, 2}) {
    const ClassExplanation why = *engine.explain(id(customer), "tier");
    ASSERT_TRUE(why.next);
    EXPECT_EQ(said(why.next->from, why.next->to, why.next->at),
              "silver -> gold at 2026-02-10T00:00:00Z");
    EXPECT_NE(why.text.find("2026-02-10"), std::string::npos) << why.text;
    EXPECT_EQ(Cells(*engine.classes()).number(customer, "next_change"),
              static_cast<double>(at("2026-02-10")));
    EXPECT_EQ(Cells(*engine.snapshot().classes()).number(customer, "next_change"),
              static_cast<double>(at("2026-02-10")));
  }
  EXPECT_EQ(engine.state_hash(), before);
}

TEST(EngineAhead, KeysThatMeetNobodyChangeNothing) {
  Engine engine = *Engine::open(test::checked_policy(keyed_shop()));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 600, "a"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  const std::optional<double> next = Cells(*engine.classes()).number(1, "next_change");
  expect_ok(engine.claim(
      phones({1, 1}, {at("2026-02-05"), at("2026-02-06")}, {"+491701234567", "+491701234568"})));
  EXPECT_EQ(Cells(*engine.classes()).number(1, "next_change"), next);
}

// A fact, a link and an override that wait for the next advance: at the clock.
TEST(EngineAhead, WhatWaitsForTheClockIsAtTheClock) {
  const Micros now = at("2026-02-01");
  const auto check = [&](const Engine& engine, const std::string& move) {
    const Forecast first = (*engine.forecast(at("2026-02-02")))[0];
    EXPECT_EQ(said(first.from, first.to, first.at), move);
    const ClassExplanation why = *engine.explain(id(1), "tier");
    ASSERT_TRUE(why.next);
    EXPECT_EQ(said(why.next->from, why.next->to, why.next->at), move);
    EXPECT_EQ(Cells(*engine.classes()).number(1, "next_change"), static_cast<double>(now));
  };
  for (int what = 0; what < 3; ++what) {
    Engine engine = *Engine::open(test::shop());
    expect_ok(engine.ingest(
        "orders", orders({{1, at("2026-01-10"), 600, "a"}, {2, at("2026-01-20"), 600, "b"}})));
    expect_ok(engine.advance(now));
    if (what == 0) {
      expect_ok(engine.ingest("orders", orders({{1, at("2026-01-11"), 600, "c"}})));
      check(engine, "silver -> gold at 2026-02-01T00:00:00Z");
    } else if (what == 1) {
      ASSERT_TRUE(engine.link(id(1), id(2)).ok());
      check(engine, "silver -> gold at 2026-02-01T00:00:00Z");
    } else {
      Override pin;
      pin.classification = "tier", pin.to = "guest";
      expect_ok(engine.set_override(id(1), pin));
      check(engine, "silver -> guest at 2026-02-01T00:00:00Z");
    }
  }
}

// Of a new id that stands for one who was settled: she is shown nowhere yet.
TEST(EngineAhead, AnIdWithoutFactsStandsForOneThatHasSome) {
  Engine engine = *Engine::open(test::shop());
  expect_ok(engine.ingest("orders", orders({{2, at("2026-01-20"), 600, "b"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  ASSERT_TRUE(engine.link(id(1), id(2)).ok());
  for (const char* of : {"tier", "audience"}) {
    const ClassExplanation why = *engine.explain(id(1), of);
    EXPECT_TRUE(why.classes.empty()) << of;
  }
  const ClassExplanation why = *engine.explain(id(2), "tier");
  ASSERT_TRUE(why.next);
  EXPECT_EQ(said(why.next->from, why.next->to, why.next->at), " -> silver at 2026-02-01T00:00:00Z");
  EXPECT_EQ((*engine.forecast(at("2026-02-02")))[0].to, "silver");
}

// The policy that is published and the facts that come later.
TEST(EngineAhead, APublicationAndAFirstFactThatWaitCount) {
  Engine engine = *Engine::open(test::shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 600, "a"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  expect_ok(engine.ingest("orders", orders({{7, at("2026-03-01"), 600, "b"}})));
  EXPECT_EQ(Cells(*engine.classes()).number(7, "next_change"),
            static_cast<double>(at("2026-03-01")));
  EXPECT_EQ(engine.explain(id(7), "tier")->next->at, at("2026-03-01"));
  // Who has no fact any more has nothing ahead.
  expect_ok(engine.ingest("orders", orders({{8, at("2026-01-20"), 600, "c"}})));
  EXPECT_EQ(engine.explain(id(8), "tier")->next->at, at("2026-02-01"));
  TableBuilder key;
  const std::vector<std::string> keys{"c"};
  expect_ok(
      engine.remove("orders", *key.int64("customer", {8}).strings("order_id", keys).finish()));
  EXPECT_EQ(engine.explain(id(8), "tier")->next, std::nullopt);
  EXPECT_TRUE(engine.forecast(at("2026-02-20"))->empty());
  std::string text = test::shop_text();
  text.replace(text.find("spend >= 100\""), 13, "spend >= 900\"");
  ASSERT_TRUE(engine.publish(test::checked_policy(text)).ok());
  const ClassExplanation why = *engine.explain(id(1), "tier");
  ASSERT_TRUE(why.next);
  EXPECT_EQ(said(why.next->from, why.next->to, why.next->at),
            "silver -> guest at 2026-02-01T00:00:00Z");
  EXPECT_EQ(Cells(*engine.classes()).number(1, "next_change"),
            static_cast<double>(at("2026-02-01")));
}

struct Next {
  std::string move;
  Micros at = 0;
};

// Her first row of a forecast: that of whoever stands for her when it comes.
std::optional<Next> first_row(const Engine& engine, int64_t customer, std::string_view of) {
  Engine walk = *Engine::load(engine.save());
  const Micros far = at("2029-01-01");
  const Result<Forecasts> rows = engine.forecast(far);
  EXPECT_TRUE(rows.ok()) << rows.status().message();
  for (const Forecast& row : *rows) {
    if (row.classification != of && !of.empty()) continue;
    expect_ok(walk.advance(row.at));
    if (walk.profile(id(customer))->customer.number != row.customer.number) continue;
    return Next{said(row.from, row.to, row.at), row.at};
  }
  return std::nullopt;
}

TEST(EngineAhead, NextIsTheFirstRowOfTheForecastAndNextChangeIsNotLater) {
  const Policy policy = test::checked_policy(keyed_shop());
  int found = 0;
  for (uint64_t seed = 0; seed < 25; ++seed) {
    std::mt19937_64 random(seed);
    const auto pick = [&](uint64_t n) { return static_cast<int64_t>(random() % n); };
    const test::Lives lives = test::random_lives(random, 6, 24);
    Engine engine = *Engine::open(policy);
    test::live(engine, lives);
    const Micros now = at("2026-03-01") + pick(200) * kDay;
    expect_ok(engine.advance(now));
    std::vector<int64_t> customers;
    std::vector<Micros> times;
    std::vector<std::string> numbers;
    for (int i = 0; i < 5; ++i) {
      customers.push_back(pick(6)), times.push_back(now + (pick(100) - 20) * kDay);
      numbers.push_back("+4917012345" + std::to_string(60 + pick(3)));
    }
    expect_ok(engine.claim(phones(customers, times, numbers)));
    if (random() % 2 == 0) {
      ASSERT_TRUE(engine.link(id(pick(6)), id(pick(6))).ok());
    }
    std::vector<test::Order> late;
    for (int i = 0; i < 3; ++i) {
      late.push_back({pick(7), now + (pick(60) - 30) * kDay, 700, "l" + std::to_string(i)});
    }
    expect_ok(engine.ingest("orders", orders(late)));
    const Cells classes(*engine.classes());
    for (const auto& [customer, row] : classes.rows()) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", customer " + std::to_string(customer));
      const std::optional<Next> first = first_row(engine, customer, "tier");
      const ClassExplanation why = *engine.explain(id(customer), "tier");
      const bool said_here = why.next && why.next->at <= at("2029-01-01");
      ASSERT_EQ(said_here, first.has_value());
      if (first) {
        EXPECT_EQ(said(why.next->from, why.next->to, why.next->at), first->move);
      }
      const std::optional<Next> any = first_row(engine, customer, "");
      if (!any) continue;
      ++found;
      const std::optional<double> change = classes.number(customer, "next_change");
      ASSERT_TRUE(change);
      EXPECT_LE(*change, static_cast<double>(any->at));
    }
  }
  EXPECT_GT(found, 50);
}

// Facts that wait, windows, scores and flags of more customers than one task of a worker has.
TEST(EngineAheadThreads, AForecastIsTheSameForAnyNumberOfThreads) {
  using internal::EngineData;
  const Policy policy = internal::shipped_policy("retail");
  EngineData data(policy, *BookLayout::make(internal::book_spec(policy.data())), {});
  const internal::EngineFacts facts(data.book, 3, 1100);
  IngestReport report;
  report.effects = facts.effects;
  expect_ok(data.take(
      report, [] { return Status(); }, -1, false));
  const Micros now = internal::EngineFacts::kBegin + 690 * kDay;
  expect_ok(data.pass(now, {}));
  const auto found = [&](int threads) {
    const Control nobody;
    internal::Watch watch(nobody);
    const Result<internal::ComingMoves> moves = data.foresee(now + 60 * kDay, watch, threads);
    EXPECT_TRUE(moves.ok());
    std::vector<std::string> out;
    for (size_t i = 0; moves.ok() && i < moves->size(); ++i) {
      const internal::ComingMove move = moves->move(i);
      out.push_back(format_time(move.at) + " " + std::to_string(move.customer) + " " +
                    std::to_string(move.move.classification) + " " + std::to_string(move.move.to) +
                    " " + std::string(cause_name(move.cause)) + " " +
                    std::string(moves->because(i)));
    }
    return out;
  };
  const std::vector<std::string> alone = found(1);
  EXPECT_GT(alone.size(), 300u);
  for (const int threads : {2, 4}) EXPECT_EQ(found(threads), alone);
}

// An age is known as long as the clock goes: nothing changes by itself once it is long enough.
TEST(EngineAhead, NothingChangesBecauseAnAgeGrowsTooLong) {
  const Policy policy = test::checked_policy(R"json({"patron": 1, "name": "ages",
    "customer": {"id": "int64"}, "streams": {"orders": {"key": "order_id"}},
    "money": {"currency": "EUR", "scale": 2},
    "tags": [{"name": "last_order", "metric": {"last": "orders.time"}}],
    "classifications": [{"name": "stage", "kind": "first_match", "classes": [
      {"name": "lost", "enter": "age(last_order) >= days(60)"}, {"name": "active"}]}]})json");
  Engine engine = *Engine::open(policy);
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 600, "a"}})));
  expect_ok(engine.advance(at("2026-06-01")));
  EXPECT_EQ(engine.explain(id(1), "stage")->next, std::nullopt);
  EXPECT_EQ(Cells(*engine.classes()).number(1, "next_change"), std::nullopt);
  EXPECT_TRUE(engine.forecast(at("9999-12-01"))->empty());
  expect_ok(engine.advance(at("9999-12-01")));
  EXPECT_EQ(Cells(*engine.classes()).text(1, "stage"), "lost");
}

// What publishing and then advancing would do, claims included.
TEST(EngineAhead, AComparisonSeesIdentityKeysThatWait) {
  Engine engine = two_with_a_phone();
  expect_ok(engine.claim(phones({2}, {at("2026-01-15")}, {"+491701234568"})));
  expect_ok(engine.claim(phones({1}, {at("2026-01-15")}, {"+491701234568"})));
  std::string text = keyed_shop();
  text.replace(text.find("spend >= 1000 &&"), 16, "spend >= 1100 &&");
  const Policy other = test::checked_policy(text);
  const std::string before = engine.state_hash();
  const Result<Forecasts> rows = engine.compare(other);
  ASSERT_TRUE(rows.ok()) << rows.status().message();
  ClassMapping wrong;
  wrong.classification = "teir";
  EXPECT_EQ(engine.compare(other, {wrong}).status().code(), Code::kColumn);
  EXPECT_EQ(engine.state_hash(), before);
  const int64_t known = engine.transition_count();
  ASSERT_TRUE(engine.publish(other).ok());
  expect_ok(engine.advance(engine.clock()));
  const std::vector<Transition> moves = engine.transitions(known);
  ASSERT_EQ(rows->size(), 1u);
  ASSERT_EQ(moves.size(), 1u);
  EXPECT_EQ((*rows)[0].customer.number, 1);
  EXPECT_EQ(said((*rows)[0].from, (*rows)[0].to, (*rows)[0].at),
            said(moves[0].from, moves[0].to, moves[0].at));
  EXPECT_EQ((*rows)[0].cause, Cause::kMerge);
}

}  // namespace
}  // namespace patron
