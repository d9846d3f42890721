#include "lib/policy/first_match.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "tests/policy/customers.h"

namespace patron::internal::policy {
namespace {

using test::for_each_customer;
using test::holds;
using test::random_condition;
using test::small_schema;

TEST(FirstMatch, ReachesWhatAnyCustomerReaches) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    Knowledge nothing;
    Terrain terrain(nothing);
    std::vector<Expression> expressions;
    std::vector<int> conditions;
    // Conjunctions, which are boxes, and others.
    for (int i = 0; i < 6; ++i) {
      const std::string text =
          round % 2 == 0 ? random_condition(random, 2)
                         : random_condition(random, 0) + " && " + random_condition(random, 0);
      expressions.push_back(*Expression::parse(text, small_schema()));
      conditions.push_back(terrain.add(expressions.back()));
    }
    terrain.settle();
    std::vector<bool> reached(expressions.size(), false);
    bool gap = false;
    for_each_customer([&](const std::array<Cell, 4>& row) {
      for (size_t i = 0; i < expressions.size(); ++i) {
        if (!holds(expressions[i], row)) continue;
        reached[i] = true;
        return;
      }
      gap = true;
    });
    int64_t budget = 1'000'000;
    const FirstMatch::Reach reach = FirstMatch(terrain, conditions).run(true, budget);
    EXPECT_TRUE(reach.decided);
    EXPECT_EQ(reach.gap, gap) << round;
    EXPECT_EQ(reach.reached, reached) << round;
  }
}

// More conditions than bits of a word, each of a part of its own, and one for what they leave.
TEST(FirstMatch, TakesAnyNumberOfConditions) {
  Knowledge nothing;
  Terrain terrain(nothing);
  std::vector<int> conditions;
  for (int i = 0; i < 300; ++i) {
    const std::string low = std::to_string(i * 10), high = std::to_string(i * 10 + 10);
    conditions.push_back(
        terrain.add(*Expression::parse("a >= " + low + " && a < " + high, small_schema())));
  }
  conditions.push_back(terrain.add(*Expression::parse("a >= 5 && a < 2995", small_schema())));
  conditions.push_back(terrain.add(*Expression::parse("a >= 5 && a < 3001", small_schema())));
  conditions.push_back(terrain.add(*Expression::parse("a < 0 || a > 3000", small_schema())));
  terrain.settle();
  int64_t budget = 10'000'000;
  const FirstMatch::Reach reach = FirstMatch(terrain, conditions).run(true, budget);
  ASSERT_TRUE(reach.decided);
  for (size_t i = 0; i < conditions.size(); ++i) EXPECT_EQ(reach.reached[i], i != 300) << i;
  ASSERT_TRUE(reach.gap);
  EXPECT_EQ(terrain.witness(reach.gap_region, conditions), "a unknown");
}

TEST(FirstMatch, SaysThatItsBudgetRanOut) {
  Knowledge nothing;
  Terrain terrain(nothing);
  const int one = terrain.add(*Expression::parse("(a > 1 || b > 1) && c", small_schema()));
  terrain.settle();
  int64_t budget = 4;
  EXPECT_FALSE(FirstMatch(terrain, {one}).run(true, budget).decided);
  budget = 1000;
  const FirstMatch::Reach reach = FirstMatch(terrain, {one, one}).run(true, budget);
  EXPECT_TRUE(reach.decided && reach.reached[0] && !reach.reached[1] && reach.gap);
}

}  // namespace
}  // namespace patron::internal::policy
