// Windows: those of docs/time.md by example, and the two sides of the relation by each other.
#include "lib/metrics/window.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/base/instant.h"

namespace patron::internal {
namespace {

using test::at;

TimeZone zone(std::string_view name) {
  const Result<TimeZone> loaded = TimeZone::load(name);
  EXPECT_TRUE(loaded.ok()) << loaded.status().message();
  return loaded.ok() ? *loaded : TimeZone();
}

Window rolling(std::string_view length, std::string_view offset = "") {
  Window window;
  window.kind = Window::Kind::kRolling;
  window.length = *parse_period(length);
  if (!offset.empty()) window.offset = *parse_period(offset);
  return window;
}

Window calendar(Window::Calendar unit, int64_t previous) {
  Window window;
  window.kind = Window::Kind::kCalendar;
  window.calendar = unit;
  window.previous = previous;
  return window;
}

TEST(MetricWindow, RollingDaysAreHalfOpenOnTheOldSide) {
  const TimeZone utc;
  const TimeRange inside = range(rolling("90d"), utc, at("2026-04-01T12:00"), {});
  EXPECT_EQ(inside.begin, at("2026-01-01T12:00:00.000001"));
  EXPECT_EQ(inside.end, at("2026-04-01T12:00:00.000001"));
}

TEST(MetricWindow, AnEventLeavesARollingYearOnItsCalendarDay) {
  const TimeZone shanghai = zone("Asia/Shanghai");
  const Micros leap = at("2024-02-29T10:00", shanghai);
  const TimeRange while_inside = presence(rolling("12mo"), shanghai, leap, {});
  EXPECT_EQ(while_inside.begin, leap);
  EXPECT_EQ(while_inside.end, at("2025-03-01T00:00", shanghai));
}

TEST(MetricWindow, AnOffsetWindowFollowsTheOneWithout) {
  const TimeZone utc;
  for (const char* length : {"90d", "3mo", "1y", "36h"}) {
    const Micros now = at("2026-05-31T08:00");
    EXPECT_EQ(range(rolling(length, length), utc, now, {}).end,
              range(rolling(length), utc, now, {}).begin)
        << length;
  }
}

TEST(MetricWindow, CalendarWindowsFollowTheLocalCalendarAndAreCutAtNow) {
  const TimeZone berlin = zone("Europe/Berlin");
  const Micros now = at("2026-05-20T10:00", berlin);
  using Unit = Window::Calendar;
  EXPECT_EQ(range(calendar(Unit::kMonth, 0), berlin, now, {}),
            (TimeRange{at("2026-05-01", berlin), now + 1}));
  EXPECT_EQ(range(calendar(Unit::kQuarter, 1), berlin, now, {}),
            (TimeRange{at("2026-01-01", berlin), at("2026-04-01", berlin)}));
  EXPECT_EQ(range(calendar(Unit::kYear, 1), berlin, now, {}),
            (TimeRange{at("2025-01-01", berlin), at("2026-01-01", berlin)}));
  EXPECT_EQ(presence(calendar(Unit::kYear, 1), berlin, at("2025-03-09", berlin), {}),
            (TimeRange{at("2026-01-01", berlin), at("2027-01-01", berlin)}));
}

TEST(MetricWindow, AMonthDoesNotComeBackWhereClocksAreSetBackOverMidnight) {
  // St. John's went from 00:01 on 1 November 2009 back to 23:01 on 31 October (tz database).
  const TimeZone st_johns = zone("America/St_Johns");
  Micros first = st_johns.start_of_day(*parse_time("2009-11-01", TimeZone()) / kMicrosPerDay);
  const Window month = calendar(Window::Calendar::kMonth, 0);
  for (Micros now = first; now < first + 3 * kMicrosPerHour; now += 60 * kMicrosPerSecond) {
    EXPECT_EQ(range(month, st_johns, now, {}).begin, first) << format_time(now);
  }
}

TEST(MetricWindow, SinceJoiningHoldsTheInstantOfJoiningAndSinceEnteringDoesNotHoldThatOfEntering) {
  Window join, entry;
  join.kind = Window::Kind::kSinceJoin;
  entry.kind = Window::Kind::kSinceClass;
  const Anchors anchors{.joined = 100, .entered = 100};
  const TimeZone utc;
  EXPECT_EQ(range(join, utc, 500, anchors), (TimeRange{100, 501}));
  EXPECT_EQ(range(entry, utc, 500, anchors), (TimeRange{101, 501}));
  EXPECT_TRUE(range(join, utc, 500, {}).empty());
  EXPECT_TRUE(range(entry, utc, 500, {}).empty());
  EXPECT_TRUE(range(entry, utc, 100, anchors).empty());
}

TEST(MetricWindow, FixedWindowsAreLocalDaysAndMayBeOpenOnASide) {
  const TimeZone shanghai = zone("Asia/Shanghai");
  Window fixed;
  fixed.kind = Window::Kind::kFixed;
  fixed.from = day_from_civil({2026, 1, 1});
  const Micros now = at("2026-09-01", shanghai);
  EXPECT_EQ(range(fixed, shanghai, now, {}), (TimeRange{at("2026-01-01", shanghai), now + 1}));
  fixed.to = day_from_civil({2026, 7, 1});
  EXPECT_EQ(range(fixed, shanghai, now, {}),
            (TimeRange{at("2026-01-01", shanghai), at("2026-07-01", shanghai)}));
}

// Every kind of window, in zones with every kind of odd clock: what is inside now is what is
// present now, and neither end of a range ever goes back.
TEST(MetricWindow, RangeAndPresenceAreOneRelation) {
  using Unit = Window::Calendar;
  std::vector<Window> windows{{},
                              rolling("90d"),
                              rolling("1mo"),
                              rolling("12mo"),
                              rolling("36h", "7d"),
                              rolling("1mo", "1mo"),
                              rolling("3mo", "10d"),
                              rolling("30d", "2mo"),
                              calendar(Unit::kMonth, 0),
                              calendar(Unit::kMonth, 2),
                              calendar(Unit::kQuarter, 0),
                              calendar(Unit::kQuarter, 1),
                              calendar(Unit::kYear, 0),
                              calendar(Unit::kYear, 1)};
  for (const auto kind : {Window::Kind::kSinceJoin, Window::Kind::kSinceClass}) {
    windows.emplace_back().kind = kind;
  }
  windows.emplace_back().kind = Window::Kind::kFixed;
  windows.back().from = day_from_civil({2011, 4, 1});
  windows.back().to = day_from_civil({2011, 11, 6});
  const Micros origin = at("2009-06-01");
  const Anchors anchors{.joined = at("2010-02-28T13:00"), .entered = at("2011-01-31T00:00")};
  std::mt19937_64 random(12);
  std::uniform_int_distribution<Micros> somewhen(0, 3 * 366 * kMicrosPerDay);
  for (const char* name : {"UTC", "Asia/Shanghai", "Europe/Berlin", "America/St_Johns",
                           "Pacific/Apia", "America/Sao_Paulo", "Australia/Lord_Howe"}) {
    const TimeZone z = zone(name);
    for (int i = 0; i < 400; ++i) {
      Micros now = origin + somewhen(random);
      Micros e = origin + somewhen(random);
      if (i % 3 == 0) now = z.start_of_day(z.local_day(now)) + i % 4 - 2;
      if (i % 5 == 0) e = z.start_of_day(z.local_day(e)) + i % 2;
      for (const Window& window : windows) {
        const int64_t which = &window - windows.data();
        const TimeRange stay = presence(window, z, e, anchors);
        ASSERT_EQ(stay.contains(now), range(window, z, now, anchors).contains(e))
            << name << ", window " << which << ", event " << e << ", now " << now;
        // At the very instants at which it comes and goes, and just before.
        for (const Micros edge : {stay.begin, stay.end}) {
          if (stay.empty() || edge <= kMinTime || edge >= kEndTime) continue;
          for (const Micros t : {edge - 1, edge}) {
            ASSERT_EQ(stay.contains(t), range(window, z, t, anchors).contains(e))
                << name << ", window " << which << ", event " << e << ", now " << t;
          }
        }
      }
    }
  }
}

TEST(MetricWindow, NothingBreaksAtTheEndsOfTime) {
  const TimeZone shanghai = zone("Asia/Shanghai");
  for (const Window& window :
       {rolling("100y"), rolling("365d", "5y"), calendar(Window::Calendar::kYear, 1),
        calendar(Window::Calendar::kYear, 0)}) {
    for (const Micros now : {kMinTime, kMinTime + kMicrosPerDay, kEndTime - 1}) {
      for (const Micros e : {kMinTime, kEndTime - 1}) {
        EXPECT_EQ(presence(window, shanghai, e, {}).contains(now),
                  range(window, shanghai, now, {}).contains(e))
            << now << " " << e;
      }
    }
  }
}

}  // namespace
}  // namespace patron::internal
