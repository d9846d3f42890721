#include "lib/models/ltv/summary/period_grid.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/models/rfm/random_log.h"

namespace patron::internal {
namespace {

Micros at(const char* text, const TimeZone& zone = TimeZone()) { return *parse_time(text, zone); }

Day day(const char* text) { return at(text) / kMicrosPerDay - (at(text) < 0 ? 1 : 0); }

PeriodGrid days(LtvUnit unit) { return {TimeZone(), unit, LtvCollapse::kDay}; }

double between(LtvUnit unit, const char* from, const char* to) {
  return days(unit).span(day(from), day(to));
}

TEST(PeriodGrid, TimeFromDayToDayIsInUnitsOfExactLength) {
  EXPECT_EQ(between(LtvUnit::kHour, "1997-01-01", "1997-01-03"), 48);
  EXPECT_EQ(between(LtvUnit::kDay, "1997-01-01", "1997-09-30"), 272);
  EXPECT_EQ(between(LtvUnit::kWeek, "1997-01-01", "1997-09-30"), 272.0 / 7);
  EXPECT_EQ(between(LtvUnit::kWeek, "1997-01-01", "1997-01-01"), 0);
}

TEST(PeriodGrid, MonthsAreWholeOnesAndTheShareOfTheRunningOne) {
  // From 15 January: 15 March is two months later, 20 March 5 of the 31 days to 15 April more.
  EXPECT_EQ(between(LtvUnit::kMonth, "2023-01-15", "2023-03-15"), 2);
  EXPECT_EQ(between(LtvUnit::kMonth, "2023-01-15", "2023-03-20"), (2 * 31 + 5) / 31.0);
  EXPECT_EQ(between(LtvUnit::kMonth, "2023-01-15", "2023-02-14"), 30 / 31.0);
  // Quarters and years alike: 15 January to 20 March is 64 of the 90 days to 15 April.
  EXPECT_EQ(between(LtvUnit::kQuarter, "2023-01-15", "2023-03-20"), 64 / 90.0);
  EXPECT_EQ(between(LtvUnit::kQuarter, "2022-11-15", "2023-05-15"), 2);
  EXPECT_EQ(between(LtvUnit::kYear, "2020-03-01", "2024-03-01"), 4);
  EXPECT_EQ(between(LtvUnit::kYear, "2023-01-15", "2023-03-20"), 64 / 365.0);
}

TEST(PeriodGrid, ADayThatAMonthHasNotIsTheFirstOfTheNext) {
  // 31 January and a month is 1 March: 28 February is 28 of 29 days, 1 March a month.
  EXPECT_EQ(between(LtvUnit::kMonth, "2023-01-31", "2023-02-28"), 28 / 29.0);
  EXPECT_EQ(between(LtvUnit::kMonth, "2023-01-31", "2023-03-01"), 1);
  EXPECT_EQ(between(LtvUnit::kMonth, "2023-01-31", "2023-03-31"), 2);
  // 29 February and a year is 1 March; 366 days, of which 365 have passed on 28 February.
  EXPECT_EQ(between(LtvUnit::kYear, "2024-02-29", "2025-02-28"), 365 / 366.0);
  EXPECT_EQ(between(LtvUnit::kYear, "2024-02-29", "2025-03-01"), 1);
}

TEST(PeriodGrid, TimeBetweenInstantsIsExact) {
  const PeriodGrid weeks(TimeZone(), LtvUnit::kWeek, LtvCollapse::kNone);
  const Micros from = at("2024-03-01T08:00:00");
  EXPECT_EQ(weeks.span(from, from + 7 * kMicrosPerDay), 1);
  EXPECT_EQ(weeks.span(from, from + 1), 1 / 604'800e6);
  // In New York, 10 March 2024 has 23 hours: a month of the calendar, its share in real hours.
  const TimeZone zone = *TimeZone::load("America/New_York");
  const PeriodGrid months(zone, LtvUnit::kMonth, LtvCollapse::kNone);
  const Micros first = at("2024-03-01T08:00:00", zone);
  EXPECT_EQ(months.span(first, at("2024-04-01T08:00:00", zone)), 1);
  EXPECT_EQ(months.span(first, at("2024-03-11T08:00:00", zone)), 239.0 / 743);
}

TEST(PeriodGrid, UnitsCountFromTheirOwnBegin) {
  const auto grid = [](LtvUnit unit) { return PeriodGrid(TimeZone(), unit, LtvCollapse::kUnit); };
  const auto whole = [&grid](LtvUnit unit, const char* from, const char* to) {
    return grid(unit).span(grid(unit).period_of(at(from)), grid(unit).period_of(at(to)));
  };
  EXPECT_EQ(whole(LtvUnit::kWeek, "2024-01-07T23:59:59", "2024-01-08"), 1);  // Sunday, Monday
  EXPECT_EQ(whole(LtvUnit::kWeek, "2024-01-08", "2024-01-14T23:00:00"), 0);
  EXPECT_EQ(whole(LtvUnit::kWeek, "1969-12-28", "1969-12-29"), 1);
  EXPECT_EQ(whole(LtvUnit::kMonth, "1969-11-30", "1970-02-01"), 3);
  EXPECT_EQ(whole(LtvUnit::kQuarter, "2023-12-31", "2024-04-01"), 2);
  EXPECT_EQ(whole(LtvUnit::kYear, "2023-12-31", "2024-01-01"), 1);
  EXPECT_EQ(whole(LtvUnit::kHour, "2024-01-01T10:59:59", "2024-01-01T12:00:00"), 2);
  EXPECT_EQ(whole(LtvUnit::kDay, "2024-02-28", "2024-03-01"), 2);
}

TEST(PeriodGrid, APeriodEndsWhereTheNextBegins) {
  const TimeZone zone = *TimeZone::load("Asia/Shanghai");
  for (const LtvUnit unit : {LtvUnit::kHour, LtvUnit::kDay, LtvUnit::kWeek, LtvUnit::kMonth,
                             LtvUnit::kQuarter, LtvUnit::kYear}) {
    for (const LtvCollapse collapse : {LtvCollapse::kDay, LtvCollapse::kUnit, LtvCollapse::kNone}) {
      const PeriodGrid grid(zone, unit, collapse);
      test::Random random(static_cast<uint64_t>(unit) * 3 + static_cast<uint64_t>(collapse));
      for (int i = 0; i < 200; i++) {
        const Micros t = random.between(-40'000, 40'000) * kMicrosPerDay + random.below(1 << 30);
        const int64_t period = grid.period_of(t);
        const Micros end = grid.end_of(period);
        EXPECT_GT(end, t);
        EXPECT_EQ(grid.period_of(end - 1), period);
        EXPECT_EQ(grid.period_of(end), period + 1);
      }
    }
  }
}

TEST(PeriodGrid, ALaterPeriodIsNeverLess) {
  for (const LtvUnit unit : {LtvUnit::kMonth, LtvUnit::kQuarter, LtvUnit::kYear}) {
    for (const Day from : {day("2023-01-31"), day("2024-02-29"), day("2023-08-30")}) {
      double before = 0;
      for (Day to = from + 1; to < from + 1500; to++) {
        const double span = days(unit).span(from, to);
        EXPECT_GT(span, before);
        before = span;
      }
    }
  }
}

TEST(PeriodClock, NumbersPeriodsAsTheGridDoes) {
  const Micros origin = at("1995-01-01") - 5;
  for (const char* name : {"UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"}) {
    const TimeZone zone = *TimeZone::load(name);
    for (const LtvUnit unit : {LtvUnit::kHour, LtvUnit::kDay, LtvUnit::kWeek, LtvUnit::kMonth,
                               LtvUnit::kQuarter, LtvUnit::kYear}) {
      for (const LtvCollapse collapse : {LtvCollapse::kDay, LtvCollapse::kUnit}) {
        const PeriodGrid grid(zone, unit, collapse);
        for (const int64_t span : {int64_t{1}, int64_t{40}, int64_t{9000}, int64_t{700'000}}) {
          test::Random random(static_cast<uint64_t>(span));
          std::vector<Micros> times = {origin + 5};
          for (int i = 0; i < 100; i++)
            times.push_back(origin + 5 + random.below(span * kMicrosPerDay));
          Micros max = times[0];
          for (const Micros t : times) max = std::max(max, t);
          const PeriodClock clock(grid, times[0], max);
          if (!clock.ascending()) continue;
          std::vector<uint32_t> found(times.size());
          clock.read(
              static_cast<int64_t>(times.size()), origin,
              [&](int64_t i) {
                return static_cast<uint64_t>(times[static_cast<size_t>(i)] - origin);
              },
              found.data());
          for (size_t i = 0; i < times.size(); i++) {
            EXPECT_EQ(clock.first() + found[i], grid.period_of(times[i])) << name;
            EXPECT_LT(found[i], clock.count());
          }
        }
      }
    }
  }
}

TEST(PeriodClock, KnowsWherePeriodsComeAgain) {
  // On 1993-10-31 at 00:01 in St. John's clocks went back to 23:01.
  const TimeZone zone = *TimeZone::load("America/St_Johns");
  const Micros before = at("1993-10-30T12:00:00", zone);
  const PeriodGrid day_grid(zone, LtvUnit::kWeek, LtvCollapse::kDay);
  EXPECT_FALSE(PeriodClock(day_grid, before, before + 2 * kMicrosPerDay).ascending());
  EXPECT_TRUE(PeriodClock(day_grid, before, before + kMicrosPerHour).ascending());
  const PeriodGrid hours(zone, LtvUnit::kHour, LtvCollapse::kUnit);
  EXPECT_FALSE(PeriodClock(hours, before, before + kMicrosPerDay).ascending());
  const PeriodGrid instants(zone, LtvUnit::kHour, LtvCollapse::kNone);
  EXPECT_TRUE(PeriodClock(instants, before, before + kMicrosPerDay).ascending());
}

}  // namespace
}  // namespace patron::internal
