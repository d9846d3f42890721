#include "lib/models/rfm/order_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace patron::internal {
namespace {

using Values = std::vector<int64_t>;

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

Values random_values(std::mt19937_64* random, int kind, size_t n) {
  Values values;
  for (size_t i = 0; i < n; i++) {
    const int64_t bits = static_cast<int64_t>((*random)());
    switch (kind) {
      case 0:
        values.push_back(bits % 3);
        break;
      case 1:
        values.push_back(bits % 100'000);
        break;
      case 2:
        values.push_back(bits);
        break;
      case 3:  // both ends of int64, so that every value stands in the first or last range
        values.push_back(bits % 2 == 0 ? kLeast + bits % 50 + 50 : kMost + bits % 50 - 50);
        break;
      case 4:  // one giant far from many equal ones
        values.push_back(i == n / 2 ? kMost : 7);
        break;
      default:  // 65,536 apart: at the edges of the ranges
        values.push_back(bits % 40 * 65'536 - (bits & 1));
    }
  }
  return values;
}

TEST(OrderStatistics, AreTheValuesOfTheSortedColumn) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 300; round++) {
    const size_t n = 1 + random() % (round % 10 == 0 ? 5000 : 40);
    const Values values = random_values(&random, round % 6, n);
    Values sorted = values;
    std::sort(sorted.begin(), sorted.end());
    Values ranks, expected;
    for (int i = 0; i < 18; i++) {
      ranks.push_back(static_cast<int64_t>(i < 2 ? (i == 0 ? 0 : n - 1) : random() % n));
      expected.push_back(sorted[static_cast<size_t>(ranks.back())]);
    }
    ASSERT_EQ(order_statistics(values, ranks), expected) << "round " << round;
  }
}

TEST(OrderStatistics, OfACountedColumnAreThoseOfTheColumn) {
  std::mt19937_64 random(9);
  for (int round = 0; round < 200; round++) {
    Values sorted = random_values(&random, round % 6, 1 + random() % 300);
    std::sort(sorted.begin(), sorted.end());
    Values distinct, counts;
    for (const int64_t value : sorted) {
      if (distinct.empty() || distinct.back() != value) {
        distinct.push_back(value);
        counts.push_back(0);
      }
      ++counts.back();
    }
    const CountedValues counted{distinct, counts};
    ASSERT_EQ(counted.size(), static_cast<int64_t>(sorted.size()));
    for (const int parts : {2, 3, 5, 10}) {
      ASSERT_EQ(type7_floors(counted, parts), type7_floors(sorted, parts)) << "round " << round;
      ASSERT_EQ(nearest_ranks(counted, parts), nearest_ranks(sorted, parts)) << "round " << round;
    }
    ASSERT_EQ(floor_mean(counted), floor_mean(sorted)) << "round " << round;
  }
}

TEST(OrderStatistics, AThousandRanksAreFoundAsWell) {
  std::mt19937_64 random(6);
  const Values values = random_values(&random, 2, 3000);
  Values sorted = values, ranks, expected;
  std::sort(sorted.begin(), sorted.end());
  for (int64_t rank = 2999; rank >= 0; rank -= 3) {
    ranks.push_back(rank);
    expected.push_back(sorted[static_cast<size_t>(rank)]);
  }
  EXPECT_EQ(order_statistics(values, ranks), expected);
}

// More than a block of 2^20 values, all but the lowest in one range, which is then searched in
// turn.
TEST(OrderStatistics, OfAMillionValuesSideBySideAreFound) {
  constexpr int64_t kCount = (int64_t{1} << 20) + 70'000;
  constexpr int64_t kFirst = int64_t{1} << 50;
  Values values{0};
  for (int64_t i = 0; i < kCount; i++) values.push_back(kFirst + 3 * i);
  std::mt19937_64 random(8);
  std::shuffle(values.begin(), values.end(), random);
  const Values ranks{0, 1, 2, kCount / 2, kCount - 1, kCount};
  const Values expected{0,
                        kFirst,
                        kFirst + 3,
                        kFirst + 3 * (kCount / 2 - 1),
                        kFirst + 3 * (kCount - 2),
                        kFirst + 3 * (kCount - 1)};
  EXPECT_EQ(order_statistics(values, ranks), expected);
}

TEST(Type7Floors, AreTheFloorsOfRsDefaultQuantiles) {
  // R: quantile(c(1, 2, 4, 8), 1:4 / 5) is 1.6 2.4 3.6 5.6.
  EXPECT_EQ(type7_floors(Values{8, 1, 4, 2}, 5), (Values{1, 2, 3, 5}));
  // quantile(c(-10, -5, -1), 1:3 / 4) is -7.5 -5 -3.
  EXPECT_EQ(type7_floors(Values{-1, -10, -5}, 4), (Values{-8, -5, -3}));
  EXPECT_EQ(type7_floors(Values{3, 4}, 2), (Values{3}));
  EXPECT_EQ(type7_floors(Values{-3, -4}, 2), (Values{-4}));
  EXPECT_EQ(type7_floors(Values{42}, 4), (Values{42, 42, 42}));
}

TEST(Type7Floors, SpanTheWholeOfInt64) {
  EXPECT_EQ(type7_floors(Values{kLeast, kMost}, 2), (Values{-1}));  // the middle is -0.5
  EXPECT_EQ(type7_floors(Values{kLeast, kMost}, 4),
            (Values{kLeast / 2 - 1, -1, kMost / 2}));  // a quarter is -2^62 - 0.25
}

TEST(NearestRanks, AreTheValuesOfRankCeilingOfNKOverParts) {
  const Values ten = {10, 20, 30, 40, 50, 60, 70, 80, 90, 100};
  EXPECT_EQ(nearest_ranks(ten, 4), (Values{30, 50, 80}));  // ranks 2.5, 5, 7.5 up: 3, 5, 8
  EXPECT_EQ(nearest_ranks(ten, 5), (Values{20, 40, 60, 80}));
  EXPECT_EQ(nearest_ranks(Values{7}, 3), (Values{7, 7}));
  EXPECT_EQ(nearest_ranks(Values{9, 3}, 3), (Values{3, 9}));  // ranks 2/3 and 4/3 up: 1, 2
}

TEST(FloorMean, RoundsTowardsMinusInfinityAndSumsIn128Bits) {
  EXPECT_EQ(floor_mean(Values{1, 2}), 1);
  EXPECT_EQ(floor_mean(Values{-1, -2}), -2);
  EXPECT_EQ(floor_mean(Values{-3, -3}), -3);
  EXPECT_EQ(floor_mean(Values{kMost, kMost, kMost - 1}), kMost - 1);
  EXPECT_EQ(floor_mean(Values{kLeast, kLeast}), kLeast);
}

}  // namespace
}  // namespace patron::internal
