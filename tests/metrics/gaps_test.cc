#include "lib/metrics/gaps.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <set>
#include <string_view>

#include "patron/time.h"
#include "tests/base/instant.h"

namespace patron::internal {
namespace {

using test::at;

TEST(Gaps, AreBetweenDistinctLocalDays) {
  const TimeZone shanghai = *TimeZone::load("Asia/Shanghai");
  // 15:59 and 16:00 UTC are two days there, 17:00 is the second of them.
  const std::array times{at("2026-03-01T15:59Z"), at("2026-03-01T16:00Z"), at("2026-03-01T17:00Z"),
                         at("2026-03-11T17:00Z")};
  const std::vector<Day> days = distinct_days(times, shanghai);
  ASSERT_EQ(days.size(), 3u);
  EXPECT_EQ(format_date(days[0]), "2026-03-01");
  EXPECT_EQ(format_date(days[2]), "2026-03-12");
  EXPECT_EQ(gap_last(days), 10 * kMicrosPerDay);
  EXPECT_EQ(gap_mean(days), 11 * kMicrosPerDay / 2);
  EXPECT_EQ(gap_median(days), 11 * kMicrosPerDay / 2);
}

TEST(Gaps, FewDaysHaveNone) {
  const std::array<Day, 2> days{5, 9};
  for (size_t n : {0u, 1u}) {
    const std::span<const Day> few(days.data(), n);
    EXPECT_FALSE(gap_last(few) || gap_mean(few) || gap_median(few) || gap_cv(few)) << n;
  }
  EXPECT_EQ(gap_mean(days), 4 * kMicrosPerDay);
  EXPECT_FALSE(gap_cv(days)) << "one gap has no spread";
}

TEST(Gaps, TheMedianOfAnOddNumberIsTheOneInTheMiddle) {
  EXPECT_EQ(gap_median(std::array<Day, 4>{0, 9, 10, 13}), 3 * kMicrosPerDay);          // 9, 1, 3
  EXPECT_EQ(gap_median(std::array<Day, 5>{0, 9, 10, 13, 17}), 7 * kMicrosPerDay / 2);  // 9, 1, 3, 4
}

TEST(Gaps, TheCoefficientOfVariationIsThatOfASample) {
  // Gaps 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squared deviations 32, over 7.
  const std::array<Day, 9> days{0, 2, 6, 10, 14, 19, 24, 31, 40};
  EXPECT_NEAR(*gap_cv(days), std::sqrt(32.0 / 7) / 5, 1e-15);
  EXPECT_EQ(gap_cv(std::array<Day, 4>{3, 10, 17, 24}), 0.0);
}

TEST(Gaps, TheMeanIsRoundedHalfToEven) {
  // 1 day in 7 gaps of one day and more: (days x 86,400,000,000) / 7, whole or to the nearest.
  const std::array<Day, 8> days{0, 1, 2, 3, 4, 5, 6, 8};
  EXPECT_EQ(gap_mean(days), 98'742'857'143);  // 98742857142.857...
}

TEST(Gaps, ADayThatComesAgainIsOneDay) {
  // St. John's: clocks went back over midnight on 1 November 2009 (tz database).
  const TimeZone st_johns = *TimeZone::load("America/St_Johns");
  const Micros midnight = st_johns.start_of_day(at("2009-11-01") / kMicrosPerDay);
  std::vector<Micros> times;
  std::set<Day> expected;
  for (int i = -3; i < 5; ++i) {
    times.push_back(midnight + i * 30 * 60 * kMicrosPerSecond);
    expected.insert(st_johns.local_day(times.back()));
  }
  EXPECT_EQ(distinct_days(times, st_johns), std::vector<Day>(expected.begin(), expected.end()));
  EXPECT_EQ(expected.size(), 2u);
}

}  // namespace
}  // namespace patron::internal
