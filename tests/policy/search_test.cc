#include "lib/policy/search.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace patron::internal::policy {
namespace {

FieldSpec field(const char* name, Kind kind) {
  FieldSpec made;
  made.name = name;
  made.kind = kind;
  return made;
}

Schema schema() {
  FieldSpec always = field("b", Kind::kInt64);
  always.nullable = false;
  return *Schema::make({field("a", Kind::kInt64), always, field("c", Kind::kBool)});
}

std::string random_condition(std::mt19937& random, int depth) {
  const auto pick = [&](uint32_t n) { return static_cast<int>(random() % n); };
  if (depth == 0) {
    if (pick(4) == 0) return pick(2) == 0 ? "c" : "has(a)";
    constexpr std::array<const char*, 6> kOps{"<", "<=", "==", "!=", ">", ">="};
    return std::string(pick(2) == 0 ? "a " : "b ") + kOps[static_cast<size_t>(pick(6))] + " " +
           std::to_string(pick(4));
  }
  if (pick(4) == 0) return "!(" + random_condition(random, depth - 1) + ")";
  return "(" + random_condition(random, depth - 1) + (pick(2) == 0 ? " && " : " || ") +
         random_condition(random, depth - 1) + ")";
}

// Every customer that could make a difference: a of -1 to 5 or unknown, b likewise, c all three.
TEST(Search, AgreesWithTryingEveryCustomer) {
  std::mt19937 random(20261128);
  for (int round = 0; round < 200; ++round) {
    Terrain terrain;
    std::vector<Expression> expressions;
    std::vector<Wanted> wanted;
    for (int i = 0; i < 3; ++i) {
      expressions.push_back(*Expression::parse(random_condition(random, 2), schema()));
      wanted.push_back({terrain.add(expressions.back()), random() % 2 == 0 ? kTrue : kNotTrue});
    }
    ASSERT_TRUE(terrain.settle());
    bool there = false;
    for (int a = -2; a <= 5 && !there; ++a) {
      for (int b = -1; b <= 5 && !there; ++b) {
        for (int c = 0; c < 3 && !there; ++c) {
          const std::array<Cell, 3> row{a == -2 ? Cell() : Cell::of(a), Cell::of(b),
                                        c == 2 ? Cell() : Cell::of(c)};
          bool all = true;
          for (size_t i = 0; i < expressions.size(); ++i) {
            const Cell value = *expressions[i].evaluate_row(row);
            const bool holds = value.known && value.integer != 0;
            all = all && holds == (wanted[i].truth == kTrue);
          }
          there = all;
        }
      }
    }
    Search search(terrain, 100'000);
    EXPECT_EQ(search.find(wanted), there ? Answer::kFound : Answer::kNone)
        << round << ": " << expressions[0].text() << " | " << expressions[1].text() << " | "
        << expressions[2].text();
  }
}

TEST(Search, SaysThatItsBudgetRanOut) {
  Terrain terrain;
  const int one = terrain.add(*Expression::parse("a > 1 && b > 1 && c", schema()));
  ASSERT_TRUE(terrain.settle());
  EXPECT_EQ(Search(terrain, 2).find({{one, kTrue}}), Answer::kNotDecided);
  EXPECT_EQ(Search(terrain, 2).first_match({one}).answer, Answer::kNotDecided);
  const Search::Reach reach = Search(terrain, 1000).first_match({one, one});
  EXPECT_TRUE(reach.reached[0] && !reach.reached[1] && reach.gap);
}

}  // namespace
}  // namespace patron::internal::policy
