#include "lib/metrics/calendar_grid.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>

#include "tests/base/instant.h"

namespace patron::internal {
namespace {

using test::at;

TimeZone zone(std::string_view name) {
  const Result<TimeZone> loaded = TimeZone::load(name);
  EXPECT_TRUE(loaded.ok()) << loaded.status().message();
  return loaded.ok() ? *loaded : TimeZone();
}

// The begin of the period in which a wall clock lies.
Micros start(std::string_view length, std::string_view text, const TimeZone& z) {
  const CalendarGrid grid(*parse_period(length), z);
  return grid.start_of(grid.index_of(at(text, z)));
}

TEST(CalendarGrid, MonthsQuartersAndYearsAreThoseOfTheCalendar) {
  const TimeZone berlin = zone("Europe/Berlin");
  EXPECT_EQ(start("1mo", "2026-05-31T23:59", berlin), at("2026-05-01", berlin));
  EXPECT_EQ(start("3mo", "2026-05-31", berlin), at("2026-04-01", berlin));
  EXPECT_EQ(start("6mo", "2026-12-31", berlin), at("2026-07-01", berlin));
  EXPECT_EQ(start("1y", "2026-12-31", berlin), at("2026-01-01", berlin));
}

TEST(CalendarGrid, SevenDaysAreTheWeekOfIso8601) {
  // 28 November 2026 is a Saturday, 29 March 2026 the Sunday on which clocks go forward.
  const TimeZone berlin = zone("Europe/Berlin");
  EXPECT_EQ(start("7d", "2026-11-28T10:00", berlin), at("2026-11-23", berlin));
  EXPECT_EQ(start("1w", "2026-11-23", berlin), at("2026-11-23", berlin));
  EXPECT_EQ(start("1w", "2026-11-22T23:59:59.999999", berlin), at("2026-11-16", berlin));
  EXPECT_EQ(start("1d", "2026-03-29T23:00", berlin), at("2026-03-29", berlin));
}

TEST(CalendarGrid, OtherLengthsAreCountedFromAMondayInUtc) {
  const TimeZone kolkata = zone("Asia/Kolkata");
  EXPECT_EQ(start("1h", "2026-03-01T10:20", kolkata), at("2026-03-01T04:00Z", kolkata));
  EXPECT_EQ(start("36h", "1970-01-06T11:59:59Z", kolkata), at("1970-01-05T00:00Z", kolkata));
  EXPECT_EQ(start("36h", "1970-01-06T12:00:00Z", kolkata), at("1970-01-06T12:00Z", kolkata));
}

TEST(CalendarGrid, PeriodsLieSideBySide) {
  std::mt19937_64 random(3);
  std::uniform_int_distribution<Micros> somewhen(at("2005-01-01", TimeZone()),
                                                 at("2013-01-01", TimeZone()));
  for (const char* name : {"UTC", "America/St_Johns", "Pacific/Apia", "America/Sao_Paulo"}) {
    const TimeZone z = zone(name);
    for (const char* length : {"1d", "7d", "10d", "1mo", "3mo", "1y", "5h"}) {
      const CalendarGrid grid(*parse_period(length), z);
      for (int i = 0; i < 300; ++i) {
        const Micros t = somewhen(random);
        const int64_t k = grid.index_of(t);
        ASSERT_LE(grid.start_of(k), t) << name << " " << length;
        ASSERT_LT(t, grid.start_of(k + 1)) << name << " " << length << " " << t;
        ASSERT_EQ(grid.index_of(grid.start_of(k + 1)), k + 1) << name << " " << length << " " << t;
        ASSERT_EQ(grid.index_of(grid.start_of(k + 1) - 1), k) << name << " " << length << " " << t;
      }
    }
  }
}

TEST(CalendarGrid, NothingBreaksAtTheEndsOfTime) {
  const TimeZone shanghai = zone("Asia/Shanghai");
  for (const char* length : {"1us", "1h", "1d", "7d", "1mo", "100y"}) {
    const CalendarGrid grid(*parse_period(length), shanghai);
    for (const Micros t : {kMinTime, kEndTime - 1}) {
      const int64_t k = grid.index_of(t);
      EXPECT_LE(grid.start_of(k), t) << length;
      EXPECT_GT(grid.start_of(k + 1), t) << length;
      EXPECT_GE(grid.start_of(k - 1000), kMinTime) << length;
      EXPECT_LE(grid.start_of(k + 1000), kEndTime) << length;
    }
  }
}

}  // namespace
}  // namespace patron::internal
