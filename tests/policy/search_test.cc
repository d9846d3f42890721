#include "lib/policy/search.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/policy/customers.h"

namespace patron::internal::policy {
namespace {

using test::for_each_customer;
using test::holds;
using test::random_condition;

TEST(Search, AgreesWithTryingEveryCustomer) {
  std::mt19937 random(20261128);
  for (int round = 0; round < 300; ++round) {
    Knowledge nothing;
    Terrain terrain(nothing);
    std::vector<Expression> expressions;
    std::vector<Wanted> wanted;
    for (int i = 0; i < 3; ++i) {
      expressions.push_back(*Expression::parse(random_condition(random, 2), test::small_schema()));
      wanted.push_back({terrain.add(expressions.back()), random() % 2 == 0});
    }
    terrain.settle();
    bool there = false;
    for_each_customer([&](const std::array<Cell, 4>& row) {
      bool all = true;
      for (size_t i = 0; i < expressions.size(); ++i) {
        all = all && holds(expressions[i], row) == wanted[i].holds;
      }
      there = there || all;
    });
    Search search(terrain, 1'000'000);
    EXPECT_EQ(search.find(wanted), there ? Answer::kFound : Answer::kNone)
        << round << ": " << expressions[0].text() << " | " << expressions[1].text() << " | "
        << expressions[2].text();
  }
}

TEST(Search, SaysThatItsBudgetRanOut) {
  Knowledge nothing;
  Terrain terrain(nothing);
  const int one = terrain.add(*Expression::parse("(a > 1 || b > 1) && c", test::small_schema()));
  terrain.settle();
  EXPECT_EQ(Search(terrain, 2).find({{one, true}}), Answer::kNotDecided);
}

}  // namespace
}  // namespace patron::internal::policy
