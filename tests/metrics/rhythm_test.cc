#include "lib/metrics/rhythm.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>
#include <string_view>
#include <vector>

#include "tests/base/instant.h"

namespace patron::internal {
namespace {

using test::at;

TEST(Streak, AMonthThatIsNotOverDoesNotBreakIt) {
  const CalendarGrid months(Period{1, 0}, TimeZone());
  const std::array times{at("2025-12-31"), at("2026-02-03"), at("2026-03-09"), at("2026-03-30"),
                         at("2026-04-01")};
  EXPECT_EQ(streak(times, months, at("2026-04-30")), 3);  // February, March, April
  EXPECT_EQ(streak(times, months, at("2026-05-31T23:59")), 3);
  EXPECT_EQ(streak_end(times, months), at("2026-06-01"));
  EXPECT_EQ(streak(times, months, at("2026-06-01") - 1), 3);
  EXPECT_EQ(streak(times, months, at("2026-06-01")), 0);
  EXPECT_EQ(streak({}, months, at("2026-06-01")), 0);
}

// Against counting backwards through the set of periods that hold something.
TEST(Streak, AgreesWithSets) {
  std::mt19937_64 random(5);
  for (const char* every : {"1d", "7d", "1mo"}) {
    const CalendarGrid grid(*parse_period(every), *TimeZone::load("Europe/Berlin"));
    for (int round = 0; round < 300; ++round) {
      const Micros now = at("2026-07-01") + static_cast<Micros>(random() % 100) * kMicrosPerDay;
      std::set<Micros> sorted;
      for (uint64_t i = random() % 40; i > 0; --i) {
        sorted.insert(now - static_cast<Micros>(random() % 90) * kMicrosPerDay / 2);
      }
      const std::vector<Micros> times(sorted.begin(), sorted.end());
      std::set<int64_t> periods;
      for (const Micros t : times) periods.insert(grid.index_of(t));
      int64_t k = grid.index_of(now), length = 0;
      if (!periods.contains(k)) --k;
      for (; periods.contains(k); --k) ++length;
      ASSERT_EQ(streak(times, grid, now), length) << every << " round " << round;
    }
  }
}

TEST(RelativeSlope, IsThatOfTheLeastSquaresLineOverTheMean) {
  EXPECT_EQ(relative_slope(std::array<int64_t, 3>{10, 12, 14}), 2.0 / 12);
  // R: coef(lm(y ~ k))[2] / mean(y) for 3 1 4 1 5 9 is 39 / 35 / (23 / 6).
  EXPECT_DOUBLE_EQ(*relative_slope(std::array<int64_t, 6>{3, 1, 4, 1, 5, 9}), 39.0 / 35 * 6 / 23);
  EXPECT_DOUBLE_EQ(*relative_slope(std::array<double, 6>{3, 1, 4, 1, 5, 9}), 39.0 / 35 * 6 / 23);
  EXPECT_EQ(relative_slope(std::array<int64_t, 4>{7, 7, 7, 7}), 0.0);
}

TEST(RelativeSlope, WithoutAMeanThereIsNone) {
  EXPECT_FALSE(relative_slope(std::array<int64_t, 2>{-1, 1}));
  EXPECT_FALSE(relative_slope(std::array<int64_t, 1>{5}));
  EXPECT_FALSE(relative_slope(std::span<const int64_t>()));
  EXPECT_FALSE(relative_slope(std::array<double, 2>{0, 0}));
  EXPECT_FALSE(relative_slope(std::array<double, 2>{1e308, 1e308}));
}

TEST(RelativeSlope, TheGreatestAmountsDoNotOverflow) {
  const std::vector<int64_t> y(1000, INT64_MAX);
  EXPECT_EQ(relative_slope(y), 0.0);
}

}  // namespace
}  // namespace patron::internal
