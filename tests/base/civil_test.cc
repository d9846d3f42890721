#include "lib/base/civil.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>

#include "patron/time.h"

namespace patron {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

TEST(Civil, EveryDayOfTheYears1To9999IsTheOneOfStdChrono) {
  const auto first = sys_days(std::chrono::year(1) / 1 / 1).time_since_epoch().count();
  const auto last = sys_days(std::chrono::year(9999) / 12 / 31).time_since_epoch().count();
  for (Day day = first; day <= last; ++day) {
    const year_month_day expected{sys_days(std::chrono::days(day))};
    const CivilDate date = civil_from_day(day);
    const bool same = date.year == static_cast<int>(expected.year()) &&
                      date.month == static_cast<int>(static_cast<unsigned>(expected.month())) &&
                      date.day == static_cast<int>(static_cast<unsigned>(expected.day()));
    ASSERT_TRUE(same) << "day " << day << " is " << format_date(day);
    ASSERT_EQ(day_from_civil(date), day);
  }
}

TEST(Civil, KnownDaysHaveTheirNumbers) {
  EXPECT_EQ(day_from_civil({1970, 1, 1}), 0);
  EXPECT_EQ(day_from_civil({2000, 2, 29}), 11'016);  // 951782400 / 86400
  EXPECT_EQ(day_from_civil({0, 3, 1}), -719'468);    // the epoch of Hinnant's algorithm
  EXPECT_EQ(civil_from_day(-719'469), (CivilDate{0, 2, 29}));
}

TEST(Civil, DaysFarOutsideTheAcceptedYearsGoThereAndBack) {
  for (const Day day :
       std::array<Day, 4>{-700'000'000'000, -123'456'789, 123'456'789, 700'000'000'000}) {
    EXPECT_EQ(day_from_civil(civil_from_day(day)), day);
  }
}

TEST(Civil, LengthsOfMonthsAndLeapYearsAreThoseOfStdChrono) {
  for (const int year : {1900, 1999, 2000, 2023, 2024, 2100}) {
    EXPECT_EQ(internal::is_leap_year(year), std::chrono::year(year).is_leap()) << year;
    for (unsigned month = 1; month <= 12; ++month) {
      const std::chrono::year_month_day_last last{
          std::chrono::year(year), std::chrono::month_day_last(std::chrono::month(month))};
      EXPECT_EQ(internal::days_in_month(year, static_cast<int>(month)),
                static_cast<int>(static_cast<unsigned>(last.day())))
          << year << '-' << month;
    }
  }
}

TEST(Civil, DaysOfTheWeekAreThoseOfStdChrono) {
  for (Day day = -1000; day < 1000; ++day) {
    const std::chrono::weekday expected{sys_days(std::chrono::days(day))};
    ASSERT_EQ(internal::weekday(day), static_cast<int>(expected.c_encoding())) << day;
  }
}

TEST(Civil, DivisionRoundsTowardsMinusInfinity) {
  EXPECT_EQ(internal::floor_div(-1, 10), -1);
  EXPECT_EQ(internal::floor_div(-10, 10), -1);
  EXPECT_EQ(internal::floor_div(-11, 10), -2);
  EXPECT_EQ(internal::floor_div(9, 10), 0);
  EXPECT_EQ(internal::floor_mod(-1, 10), 9);
  EXPECT_EQ(internal::floor_mod(-10, 10), 0);
}

TEST(Civil, DatesAndTimesAreWrittenAsIso8601) {
  EXPECT_EQ(format_date(20'513), "2026-03-01");
  EXPECT_EQ(format_date(day_from_civil({7, 1, 2})), "0007-01-02");
  EXPECT_EQ(format_date(day_from_civil({-44, 3, 15})), "-0044-03-15");
  EXPECT_EQ(format_time(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_time(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(format_time(1'500'000), "1970-01-01T00:00:01.500000Z");
  EXPECT_EQ(format_time(kMinTime), "0001-01-02T00:00:00Z");
  EXPECT_EQ(format_time(kEndTime - 1), "9999-12-30T23:59:59.999999Z");
}

}  // namespace
}  // namespace patron
