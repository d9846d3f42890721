// Verbs of a column where numbers are large, not whole, or sets; the rest is in evaluator_test.cc.
#include "lib/metrics/column_verbs.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/base/instant.h"
#include "tests/metrics/metric_world.h"

namespace patron::internal {
namespace {

using test::at;

enum Column : int { kTime, kAmount, kMargin, kQuantity, kCategory, kWords };

class ColumnVerbs : public ::testing::Test {
 protected:
  void visit(std::string_view day, PlainEvent event) {
    event.time = at(day);
    world.add(kVisits, event);
  }
  void quantity(std::string_view day, double value) { visit(day, {0, 1, {}, value, "", {}}); }
  void margin(std::string_view day, int64_t value) { visit(day, {0, 1, value, {}, "", {}}); }
  void words(std::string_view day, int64_t bits) { visit(day, {0, 1, {}, {}, "", bits}); }
  MetricValue ask(Verb verb, int column, int64_t n = 1, std::string_view every = "") {
    MetricSpec spec;
    spec.verb = verb;
    spec.stream = kVisits;
    spec.column = column;
    spec.n = n;
    if (!every.empty()) spec.every = *parse_period(every);
    return world.evaluate(spec, at("2026-12-31"));
  }
  MetricWorld world;
};

TEST_F(ColumnVerbs, DoublesAreAddedUpInTheOrderOfTheLog) {
  quantity("2026-01-03", 1e16);
  quantity("2026-01-02", 1);
  quantity("2026-01-01", 1);
  EXPECT_EQ(ask(Verb::kSum, kQuantity).cell.number, 1 + 1 + 1e16);
  EXPECT_NE(1e16 + 1 + 1, 1 + 1 + 1e16) << "another order would show";
}

TEST_F(ColumnVerbs, AnInfiniteSumIsUnknownAndSaysSo) {
  quantity("2026-01-01", 1e308);
  quantity("2026-01-02", 1e308);
  EXPECT_FALSE(ask(Verb::kSum, kQuantity).known());
  EXPECT_TRUE(ask(Verb::kSum, kQuantity).overflow);
  EXPECT_EQ(ask(Verb::kMax, kQuantity).cell.number, 1e308);
}

TEST_F(ColumnVerbs, TheMeanOfDoublesAndOfMoneyThatRounds) {
  quantity("2026-01-01", 0.5);
  quantity("2026-01-02", 0.25);
  margin("2026-01-03", -7);
  margin("2026-01-04", 2);
  EXPECT_EQ(ask(Verb::kMean, kQuantity).cell.number, 0.375);
  EXPECT_EQ(ask(Verb::kMean, kMargin).cell.integer, -2) << "-2.5, half to even";
}

TEST_F(ColumnVerbs, NullCellsArePassedOver) {
  visit("2026-01-01", {0, 1, {}, {}, "", {}});
  margin("2026-01-02", 5);
  visit("2026-01-03", {0, 1, {}, {}, "", {}});
  EXPECT_EQ(ask(Verb::kFirst, kMargin).cell.integer, 5);
  EXPECT_EQ(ask(Verb::kLast, kMargin).cell.integer, 5);
  EXPECT_EQ(ask(Verb::kMin, kMargin).cell.integer, 5);
  EXPECT_EQ(ask(Verb::kDistinct, kMargin).cell.integer, 1);
  EXPECT_FALSE(ask(Verb::kTop, kCategory).known());
}

TEST_F(ColumnVerbs, OfSetsTheMembersCount) {
  words("2026-01-01", 0b011);
  words("2026-01-02", 0b010);
  words("2026-01-03", 0b100);
  EXPECT_EQ(ask(Verb::kDistinct, kWords).cell.integer, 3);
  EXPECT_EQ(ask(Verb::kTop, kWords).text, "kind");
  EXPECT_EQ(ask(Verb::kTop, kWords, 2).set, (std::vector<std::string>{"kind", "fast"}));
  EXPECT_EQ(ask(Verb::kFirst, kWords).set, (std::vector<std::string>{"fast", "kind"}));
  EXPECT_EQ(ask(Verb::kLast, kWords).set, std::vector<std::string>{"late"});
}

TEST_F(ColumnVerbs, TopOfNumbersGivesTheLessOfEquals) {
  margin("2026-01-01", 9);
  margin("2026-01-02", -4);
  EXPECT_EQ(ask(Verb::kTop, kMargin).cell.integer, -4);
  EXPECT_EQ(ask(Verb::kTop, kMargin, 5).set, (std::vector<std::string>{"-4", "9"}));
}

TEST_F(ColumnVerbs, PathsOfEveryKind) {
  visit("2026-01-01", {0, 1, 3, 0.5, "a", {}});
  visit("2026-01-02", {0, 1, -1, 2.5, "", {}});
  visit("2026-01-03", {0, 1, {}, 1e21, "b", {}});
  EXPECT_EQ(ask(Verb::kPath, kMargin, 5).text, "3>-1");
  EXPECT_EQ(ask(Verb::kPath, kQuantity, 2).text, "2.5>1e+21");
  EXPECT_EQ(ask(Verb::kPath, kCategory, 5).text, "a>b");
  EXPECT_EQ(ask(Verb::kPath, kTime, 1).text, "2026-01-03T00:00:00Z");
}

TEST_F(ColumnVerbs, ATrendIsOverWholePeriodsBeforeThatOfNow) {
  for (const char* day : {"2026-12-05", "2026-11-05", "2026-11-06", "2026-11-07", "2026-10-01",
                          "2026-10-02", "2026-09-30"}) {
    margin(day, 100);
  }
  // September 1, October 2, November 3, and December is not over: slope 1 over a mean of 2.
  EXPECT_EQ(ask(Verb::kTrend, -1, 3, "1mo").cell.number, 0.5);
  EXPECT_EQ(ask(Verb::kTrend, kMargin, 3, "1mo").cell.number, 0.5);
  EXPECT_EQ(ask(Verb::kTrend, kMargin, 3, "1mo").next_change, at("2027-01-01"));
  EXPECT_FALSE(ask(Verb::kTrend, kQuantity, 3, "1mo").known());
}

}  // namespace
}  // namespace patron::internal
