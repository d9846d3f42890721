#include "lib/base/posix_tz.h"

#include <gtest/gtest.h>

#include <string>

#include "lib/base/civil.h"

namespace patron::internal {
namespace {

std::string start_of(const char* text, int64_t year) {
  const std::optional<PosixTz> tz = parse_posix_tz(text);
  EXPECT_TRUE(tz && tz->has_daylight) << text;
  const std::string full = format_time(tz->start.wall_seconds(year) * kMicrosPerSecond);
  return full.substr(0, full.size() - 1);  // a wall clock has no Z
}

TEST(PosixTz, TheSignIsWestOfUtc) {
  EXPECT_EQ(parse_posix_tz("EST5")->standard, -18'000);
  EXPECT_EQ(parse_posix_tz("CST-8")->standard, 28'800);
  EXPECT_EQ(parse_posix_tz("IST-5:30")->standard, 19'800);
  EXPECT_EQ(parse_posix_tz("LMT+0:01:15")->standard, -75);
  EXPECT_FALSE(parse_posix_tz("CST-8")->has_daylight);
}

TEST(PosixTz, QuotedNamesMayHoldDigitsAndSigns) {
  EXPECT_EQ(parse_posix_tz("<+03>-3")->standard, 10'800);
  EXPECT_EQ(parse_posix_tz("<-0330>3:30")->standard, -12'600);
}

TEST(PosixTz, DaylightTimeIsAnHourAheadUnlessItSaysOtherwise) {
  EXPECT_EQ(parse_posix_tz("EST5EDT,M3.2.0,M11.1.0")->daylight, -14'400);
  EXPECT_EQ(parse_posix_tz("IST-1GMT0,M10.5.0,M3.5.0/1")->daylight, 0);
  EXPECT_EQ(parse_posix_tz("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0")->daylight, 39'600);
}

// The dates come from a calendar: 8 March 2026 is the second Sunday, 29 March the last.
TEST(PosixTz, MonthWeekDayRulesFindTheirDay) {
  EXPECT_EQ(start_of("EST5EDT,M3.2.0,M11.1.0", 2026), "2026-03-08T02:00:00");
  EXPECT_EQ(start_of("CET-1CEST,M3.5.0,M10.5.0/3", 2026), "2026-03-29T02:00:00");
  EXPECT_EQ(start_of("XXX0YYY,M2.5.6/0,M10.5.0", 2028), "2028-02-26T00:00:00");
  EXPECT_EQ(start_of("XXX0YYY,M2.4.0/0,M10.5.0", 2026), "2026-02-22T00:00:00");
}

TEST(PosixTz, JulianDaysNeverCountTheLeapDay) {
  EXPECT_EQ(start_of("XXX0YYY,J59/0,J365", 2024), "2024-02-28T00:00:00");
  EXPECT_EQ(start_of("XXX0YYY,J60/0,J365", 2024), "2024-03-01T00:00:00");
  EXPECT_EQ(start_of("XXX0YYY,J60/0,J365", 2023), "2023-03-01T00:00:00");
  EXPECT_EQ(start_of("XXX0YYY,J365/0,J1", 2024), "2024-12-31T00:00:00");
}

TEST(PosixTz, ZeroBasedDaysCountTheLeapDay) {
  EXPECT_EQ(start_of("XXX0YYY,0/0,300", 2024), "2024-01-01T00:00:00");
  EXPECT_EQ(start_of("XXX0YYY,59/0,300", 2024), "2024-02-29T00:00:00");
  EXPECT_EQ(start_of("XXX0YYY,59/0,300", 2023), "2023-03-01T00:00:00");
}

TEST(PosixTz, TimesMayBeNegativeAndBeyondADay) {
  EXPECT_EQ(start_of("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026), "2026-03-28T23:00:00");
  EXPECT_EQ(start_of("IST-2IDT,M3.4.4/26,M10.5.0", 2026), "2026-03-27T02:00:00");
  EXPECT_EQ(start_of("XXX0YYY,M3.5.0/-167:59:59,M10.5.0/167", 2026), "2026-03-22T00:00:01");
}

TEST(PosixTz, ChangesComeInTheOrderOfTime) {
  // Berlin 2026: 29 March 01:00 UTC and 25 October 01:00 UTC.
  const auto north = parse_posix_tz("CET-1CEST,M3.5.0,M10.5.0/3")->changes(2026);
  EXPECT_EQ(format_time(north[0].at * kMicrosPerSecond), "2026-03-29T01:00:00Z");
  EXPECT_EQ(north[0].offset, 7200);
  EXPECT_EQ(format_time(north[1].at * kMicrosPerSecond), "2026-10-25T01:00:00Z");
  EXPECT_EQ(north[1].offset, 3600);
  // Sydney 2026: 4 April 16:00 UTC and 3 October 16:00 UTC.
  const auto south = parse_posix_tz("AEST-10AEDT,M10.1.0,M4.1.0/3")->changes(2026);
  EXPECT_EQ(format_time(south[0].at * kMicrosPerSecond), "2026-04-04T16:00:00Z");
  EXPECT_EQ(south[0].offset, 36'000);
  EXPECT_EQ(format_time(south[1].at * kMicrosPerSecond), "2026-10-03T16:00:00Z");
}

TEST(PosixTz, WhatIsNoRuleIsRefused) {
  for (const char* text : {"",
                           "EST",
                           "ES5",
                           "5",
                           "EST25",
                           "EST5:60",
                           "EST5:00:60",
                           "<+03-3",
                           "<>3",
                           "<+3",
                           "E-T5",
                           "EST5EDT",
                           "EST5EDT,",
                           "EST5EDT,M3.2.0",
                           "EST5EDT,M3.2.0,",
                           "EST5EDT,M13.2.0,M11.1.0",
                           "EST5EDT,M0.2.0,M11.1.0",
                           "EST5EDT,M3.0.0,M11.1.0",
                           "EST5EDT,M3.6.0,M11.1.0",
                           "EST5EDT,M3.2.7,M11.1.0",
                           "EST5EDT,J0,J60",
                           "EST5EDT,J366,J60",
                           "EST5EDT,366,60",
                           "EST5EDT,M3.2.0/168,M11.1.0",
                           "EST5EDT,M3.2.0/2,M11.1.0 ",
                           "EST5EDT,M3.2.0/,M11.1.0",
                           "EST5EDT4,M3.2.0,M11.1.0,M1.1.1",
                           ":America/New_York",
                           "EST5EDT,M99999999999.1.0,J1"}) {
    EXPECT_FALSE(parse_posix_tz(text)) << text;
  }
}

}  // namespace
}  // namespace patron::internal
