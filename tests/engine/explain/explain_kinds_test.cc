// Explanations of ranks and grids, and of what is personal.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/population.h"

namespace patron {
namespace {

using namespace population;  // NOLINT(google-build-using-namespace): the population's words

CustomerId id(int64_t number) {
  CustomerId out;
  out.number = number;
  return out;
}

Engine living(const Policy& policy, const std::vector<Sale>& sales, Micros now) {
  Engine engine = *Engine::open(policy);
  expect_ok(engine.ingest("orders", table_of(sales)));
  expect_ok(engine.advance(now));
  return engine;
}

std::string shown_class(const Engine& engine, int64_t customer, const char* classification) {
  return Cells(*engine.classes()).text(customer, classification);
}

constexpr const char* kAbc = R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
      {"name": "willing", "expression": "or_else(consent, 1) == 1"}],
    "classifications": [{"name": "abc", "kind": "rank", "by": "spend", "where": "willing",
      "classes": [{"name": "A", "share": 0.6}, {"name": "B", "share": 0.9}, {"name": "C"}]}])";

// 60, 30 and 10 of 100: the first makes 60 %, the first two 90 %, so the cuts are 60 and 30.
TEST(ExplainRank, SaysTheCutAndWhatIsMissingToIt) {
  const Micros day = at("2026-03-01T12:00");
  Engine engine = living(shop(kAbc), {{1, day, 60}, {2, day, 30}, {3, day, 10}}, at("2026-03-10"));
  ClassExplanation why = *engine.explain(id(3), "abc");
  EXPECT_EQ(why.classes, std::vector<std::string_view>{"C"}) << "nothing is calibrated yet";
  ASSERT_EQ(why.better.size(), 2u);
  EXPECT_NE(why.better[0].how, Attainable::kByFacts) << "there is no cut yet";
  ASSERT_TRUE(engine.calibrate().ok());

  why = *engine.explain(id(3), "abc");
  EXPECT_EQ(why.kind, ClassificationKind::kRank);
  ASSERT_EQ(why.better.size(), 2u);
  const std::vector<std::string> more{"50.00 EUR", "20.00 EUR"};
  for (size_t c = 0; c < 2; ++c) {
    EXPECT_EQ(why.better[c].name, c == 0 ? "A" : "B");
    EXPECT_EQ(why.better[c].how, Attainable::kByFacts);
    ASSERT_EQ(why.better[c].missing.size(), 1u);
    EXPECT_EQ(why.better[c].missing[0].condition.part, "cut");
    EXPECT_EQ(why.better[c].missing[0].condition.left, "10.00 EUR");
    EXPECT_EQ(why.better[c].missing[0].more, more[c]);
  }
  EXPECT_EQ(why.better[0].missing[0].condition.distance, 50);

  const ClassExplanation best = *engine.explain(id(1), "abc");
  EXPECT_TRUE(best.better.empty());
  ASSERT_FALSE(best.reasons.empty());
  EXPECT_EQ(best.reasons[0].part, "cut");
  EXPECT_EQ(best.reasons[0].right, "60.00 EUR");

  // L15: a cent less is B, what it names is A.
  const std::string saved = engine.save();
  for (const double amount : {49.99, 50.0}) {
    Engine copy = *Engine::load(saved);
    expect_ok(copy.ingest("orders", table_of(std::vector<Sale>{{3, copy.clock(), amount}})));
    expect_ok(copy.advance(copy.clock()));
    EXPECT_EQ(shown_class(copy, 3, "abc"), amount < 50 ? "B" : "A");
  }
}

TEST(ExplainRank, WhoDoesNotTakePartNeedsThatToo) {
  const Micros day = at("2026-03-01T12:00");
  std::string abc = kAbc;
  abc.replace(abc.find("or_else(consent, 1) == 1"), 24, "consent == 1");
  Engine engine = living(shop(abc), {{1, day, 60}, {2, day, 30}, {3, day, 10}}, at("2026-03-10"));
  TableBuilder all;
  expect_ok(engine.set_attributes(
      *all.int64("customer", {1, 2, 3}).int64("consent", {1, 1, 1}).finish()));
  expect_ok(engine.advance(at("2026-03-10")));
  ASSERT_TRUE(engine.calibrate().ok());
  EXPECT_EQ(shown_class(engine, 1, "abc"), "A");
  TableBuilder no;
  expect_ok(engine.set_attributes(*no.int64("customer", {3}).int64("consent", {0}).finish()));
  expect_ok(engine.advance(at("2026-03-11")));
  EXPECT_EQ(shown_class(engine, 3, "abc"), "C");
  const ClassExplanation why = *engine.explain(id(3), "abc");
  ASSERT_EQ(why.better.size(), 2u);
  ASSERT_EQ(why.better[0].how, Attainable::kByFacts);
  std::vector<std::string> parts;
  for (const MissingCondition& one : why.better[0].missing) parts.push_back(one.condition.part);
  EXPECT_EQ(parts.size(), 2u) << "the cut, and the condition that lets her take part";
  EXPECT_EQ(std::count(parts.begin(), parts.end(), "cut"), 1);
  TableBuilder yes;
  expect_ok(engine.set_attributes(*yes.int64("customer", {3}).int64("consent", {1}).finish()));
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{3, engine.clock(), 50}})));
  expect_ok(engine.advance(engine.clock()));
  EXPECT_EQ(shown_class(engine, 3, "abc"), "A");
}

TEST(ExplainRank, SeatsAreHeldAndGivenByCalibrations) {
  const Micros day = at("2026-03-01T12:00");
  Engine engine = living(shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "calibrate": {"every": "month"},
    "classifications": [{"name": "seats", "kind": "rank", "by": "spend", "classes": [
      {"name": "manager", "top": 1}, {"name": "others"}]}])"),
                         {{1, day, 60}, {2, day, 30}}, at("2026-03-10"));
  ASSERT_TRUE(engine.calibrate().ok());
  const Micros april = at("2026-03-31T22:00");  // midnight in Berlin
  const ClassExplanation seated = *engine.explain(id(1), "seats");
  EXPECT_EQ(seated.classes, std::vector<std::string_view>{"manager"});
  ASSERT_EQ(seated.holds.size(), 1u);
  EXPECT_EQ(seated.holds[0].what, "seat");
  EXPECT_EQ(seated.holds[0].until, april);
  const ClassExplanation other = *engine.explain(id(2), "seats");
  ASSERT_EQ(other.better.size(), 1u);
  EXPECT_EQ(other.better[0].how, Attainable::kNotBefore);
  EXPECT_EQ(other.better[0].at, april);
  ASSERT_EQ(other.better[0].missing.size(), 1u);
  EXPECT_EQ(other.better[0].missing[0].condition.part, "seat");
  EXPECT_NE(
      other.text.find("manager: not before 2026-04-01: a seat in manager (1 of 1 taken; seats "
                      "are given at calibrations alone)\n"),
      std::string::npos)
      << other.text;
}

// 60, 30 and 30 spent, one seat, and later on three; nobody says when the next calibration is.
TEST(ExplainRank, WhoQualifiesAndHasNoSeatIsToldSo) {
  const auto policy = [](const char* seats) {
    return shop(std::string(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
        {"name": "wish", "metric": {"mean": "orders.amount", "window": "30d"}},
        {"name": "willing", "expression": "or_else(consent, 1) == 1"}],
      "classifications": [
        {"name": "seats", "kind": "rank", "by": "spend", "where": "willing", "classes": [
          {"name": "manager", "top": )") +
                seats + R"(}, {"name": "others"}]},
        {"name": "wishes", "kind": "rank", "by": "wish", "classes": [
          {"name": "heard", "top": 1}, {"name": "others"}]}])");
  };
  const Micros day = at("2026-01-01T12:00");
  Engine engine = living(policy("1"), {{1, day, 60}, {2, day, 30}, {3, day, 30}}, at("2026-03-10"));
  const auto better = [&](int64_t customer, const char* of) {
    return engine.explain(id(customer), of)->better.at(0);
  };
  const auto says = [&](const char* text, const char* language = "en") {
    const std::string told = engine.explain(id(2), "seats", language)->text;
    EXPECT_NE(told.find(text), std::string::npos) << told;
  };
  EXPECT_EQ(better(2, "seats").how, Attainable::kNoSeat);
  says(
      "manager: qualifies, and has no seat: a seat in manager (0 of 1 taken; seats are given at "
      "calibrations alone, of which none is scheduled)\n");
  says(
      "manager：符合条件，但尚未获得名额：manager的名额（已占 "
      "0/1；名额只在校准时发放，尚无预定的校准）\n",
      "zh");
  ASSERT_TRUE(engine.calibrate().ok());
  BetterClass manager = better(2, "seats");
  EXPECT_EQ(manager.how, Attainable::kNoSeat);
  ASSERT_EQ(manager.missing.size(), 1u);
  const Reason& seat = manager.missing[0].condition;
  EXPECT_EQ(seat.part, "seat");
  EXPECT_EQ(seat.left + " " + seat.op + " " + seat.right, "1 of 1");
  EXPECT_EQ(seat.distance, 0);
  says("manager: qualifies, and no seat is free: a seat in manager (1 of 1 taken; ");
  says("manager：符合条件，但名额已满：manager的名额（已占 1/1；", "zh");

  // Who does not take part does not qualify.
  TableBuilder no;
  expect_ok(engine.set_attributes(*no.int64("customer", {1, 3}).int64("consent", {0, 0}).finish()));
  expect_ok(engine.advance(at("2026-03-11")));
  EXPECT_EQ(better(3, "seats").how, Attainable::kNotDecided);
  // The seat of 1 is lost and not given to anybody.
  EXPECT_EQ(better(2, "seats").missing.at(0).condition.left, "0");
  says("manager: qualifies, and has no seat: a seat in manager (0 of 1 taken; ");
  // With more seats than takers one is free, and given to nobody before the next calibration.
  ASSERT_TRUE(engine.publish(policy("3"), {}).ok());
  expect_ok(engine.advance(engine.clock()));
  ASSERT_TRUE(engine.calibrate().ok());
  expect_ok(engine.ingest("orders", table_of(std::vector<Sale>{{4, engine.clock(), 1}})));
  expect_ok(engine.advance(engine.clock()));
  manager = better(4, "seats");
  EXPECT_EQ(manager.how, Attainable::kNoSeat);
  EXPECT_EQ(manager.missing.at(0).condition.distance, 2);

  const BetterClass heard = better(1, "wishes");  // nothing bought for 30 days
  EXPECT_EQ(heard.how, Attainable::kNotDecided);
  ASSERT_EQ(heard.missing.size(), 2u);
  EXPECT_EQ(heard.missing[1].condition.text, "has(wish)");
}

TEST(ExplainRank, WhatIsNotDecidedHasAReason) {
  const Micros day = at("2026-03-01T12:00");
  Engine engine = living(shop(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
      {"name": "part", "expression": "double(spend) / 100.0"},
      {"name": "willing", "expression": "consent == 1"}],
    "classifications": [
      {"name": "seats", "kind": "rank", "by": "spend", "where": "willing", "classes": [
        {"name": "manager", "top": 1}, {"name": "others"}]},
      {"name": "parts", "kind": "rank", "by": "part", "classes": [
        {"name": "big", "share": 0.6}, {"name": "small"}]}])"),
                         {{1, day, 60}, {2, day, 30}}, at("2026-03-10"));
  const auto told = [&](const char* of) { return engine.explain(id(2), of)->text; };
  EXPECT_NE(told("seats").find("manager: not decided; what fails: a seat in manager (0 of 1 taken; "
                               "seats are given at calibrations alone, of which none is "
                               "scheduled); consent == 1 (unknown)\n"),
            std::string::npos)
      << told("seats");
  EXPECT_NE(told("parts").find("big: not decided; what fails: part >= the cut of big (unknown)\n"),
            std::string::npos)
      << told("parts");
  ASSERT_TRUE(engine.calibrate().ok());
  EXPECT_NE(told("parts").find("big: not decided; what fails: part >= the cut of big (0.3)\n"),
            std::string::npos)
      << told("parts");
}

TEST(ExplainGrid, NamesTheScoresAndNoBetterSegment) {
  const Policy policy = shop(R"("models": {"rfm": {"window": "180d"}},
    "classifications": [{"name": "segment", "kind": "grid", "table": "rfm.eleven"}])");
  Engine engine =
      living(policy, random_sales(1, 60, at("2026-01-01"), 200), at("2026-08-01T12:00"));
  const ClassExplanation before = *engine.explain(id(3), "segment");
  EXPECT_TRUE(before.classes.empty());
  EXPECT_EQ(before.unknown, (std::vector<std::string>{"rfm.r", "rfm.f", "rfm.m"}));
  ASSERT_TRUE(engine.calibrate().ok());
  const Cells profiles(*engine.profiles());
  for (const int64_t customer : {3, 7, 11}) {
    const ClassExplanation why = *engine.explain(id(customer), "segment");
    ASSERT_EQ(why.classes.size(), 1u);
    EXPECT_EQ(std::string(why.classes[0]), shown_class(engine, customer, "segment"));
    EXPECT_TRUE(why.better.empty()) << "segments have no order";
    EXPECT_TRUE(why.unknown.empty());
    ASSERT_EQ(why.reasons.size(), 3u);
    for (const Reason& reason : why.reasons) {
      EXPECT_EQ(reason.part, "score");
      const double score = *profiles.number(customer, reason.text);
      EXPECT_EQ(reason.left, std::to_string(static_cast<int>(score)));
      EXPECT_NE(why.text.find(reason.text), std::string::npos) << why.text;
    }
    // Recency fades by itself.
    if (!why.next) continue;
    const auto ahead = engine.forecast(why.next->at);
    ASSERT_TRUE(ahead.ok());
    const auto hers = std::find_if(ahead->begin(), ahead->end(), [&](const Forecast& one) {
      return one.customer.number == customer;
    });
    ASSERT_NE(hers, ahead->end());
    EXPECT_EQ(hers->at, why.next->at);
    EXPECT_EQ(hers->to, why.next->to);
  }
}

// No figure that is personal, and none from which it follows, in any part of an explanation.
TEST(ExplainPersonal, NothingSaysWhatIsPersonal) {
  const Micros day = at("2026-03-01T12:00");
  const Policy policy = shop(R"(
    "tags": [{"name": "wish", "metric": {"max": "orders.amount"}}, {"name": "spend", "personal": true, "metric": {"sum": "orders.amount"}},
             {"name": "buys", "personal": true, "metric": {"count": "orders"}}],
    "classifications": [
      {"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend >= 1000"}, {"name": "silver", "enter": "spend >= 200"},
        {"name": "guest"}]},
      {"name": "regular", "kind": "ladder", "classes": [
        {"name": "often", "enter": "buys >= 5"}, {"name": "seldom"}]},
      {"name": "careful", "kind": "ladder", "classes": [
        {"name": "one", "enter": "wish + 0.01 <= spend"}, {"name": "none"}]},
      {"name": "size", "kind": "bands", "of": "spend", "cuts": [100, 1000],
       "classes": ["low", "middle", "high"]},
      {"name": "abc", "kind": "rank", "by": "spend", "classes": [
        {"name": "A", "share": 0.6}, {"name": "B"}]}])");
  Engine engine = living(policy, {{1, day, 345.67}, {2, day, 5000}}, at("2026-03-10"));
  ASSERT_TRUE(engine.calibrate().ok());
  for (const char* of : {"tier", "regular", "careful", "size", "abc"}) {
    for (const char* language : {"en", "zh"}) {
      SCOPED_TRACE(std::string(of) + " " + language);
      const ClassExplanation why = *engine.explain(id(1), of, language);
      ASSERT_EQ(why.better.size(), 1u);
      std::vector<Reason> all = why.reasons;
      std::string told = why.text;
      for (const MissingCondition& one : why.better[0].missing) {
        all.push_back(one.condition);
        EXPECT_EQ(one.more, "");
        for (const MissingFact& fact : one.facts) {
          EXPECT_EQ(fact.count, 1);
          for (const std::string& value : fact.values) told += " " + value;
        }
      }
      for (const Reason& one : all) {
        EXPECT_EQ(one.distance, std::nullopt) << one.text;
        told += " " + one.left + " " + one.right;
      }
      EXPECT_NE(told.find("(personal)"), std::string::npos) << told;
      EXPECT_EQ(told.find("((personal))"), std::string::npos) << told;
      EXPECT_EQ(told.find("（(personal)）"), std::string::npos) << told;
      // What she spent, and what is missing to 1,000 and to the cut of A at 5,000; of five one.
      for (const char* figure : {"345.67", "654.33", "4654.33", " 4 "}) {
        EXPECT_EQ(told.find(figure), std::string::npos) << figure << " in " << told;
      }
    }
  }
  for (const Transition& move : engine.transitions()) {
    for (const Reason& one : move.because) {
      EXPECT_EQ(one.left.find("345.67"), std::string::npos);
      EXPECT_EQ(one.distance, std::nullopt);
    }
  }
}

}  // namespace
}  // namespace patron
