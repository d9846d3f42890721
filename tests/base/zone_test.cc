// TimeZone against Abseil's time library, which reads the system's zone files with code of its own.
#include <absl/time/civil_time.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "lib/base/civil.h"
#include "patron/time.h"
#include "tests/base/instant.h"

namespace patron {
namespace {

using test::at;

TimeZone zone(std::string_view name) {
  const Result<TimeZone> loaded = TimeZone::load(name);
  EXPECT_TRUE(loaded.ok()) << loaded.status().message();
  return loaded.ok() ? *loaded : TimeZone();
}

std::string local(const TimeZone& z, Micros t) {
  std::string text = format_time(z.to_wall(t));
  text.pop_back();  // a wall clock has no Z
  return text;
}

// Whole seconds of a wall clock as Abseil's civil second, and back.
absl::CivilSecond civil(int64_t wall) {
  return absl::CivilSecond(1970, 1, 1) + internal::floor_div(wall, kMicrosPerSecond);
}
int64_t wall_of(absl::CivilSecond second) {
  return (second - absl::CivilSecond(1970, 1, 1)) * kMicrosPerSecond;
}

Micros oracle_from_wall(const absl::TimeZone& oracle, int64_t wall) {
  const absl::TimeZone::TimeInfo info = oracle.At(civil(wall));
  if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) return absl::ToUnixMicros(info.trans);
  return absl::ToUnixMicros(info.pre) + internal::floor_mod(wall, kMicrosPerSecond);
}

void check_instant(const TimeZone& z, const absl::TimeZone& oracle, Micros t) {
  const absl::TimeZone::CivilInfo info = oracle.At(absl::FromUnixMicros(t));
  ASSERT_EQ(z.offset_at(t), info.offset) << format_time(t);
  const int64_t wall = wall_of(info.cs) + absl::ToInt64Microseconds(info.subsecond);
  ASSERT_EQ(z.to_wall(t), wall) << format_time(t);
  ASSERT_EQ(z.local_day(t), absl::CivilDay(info.cs) - absl::CivilDay(1970, 1, 1)) << format_time(t);
  ASSERT_EQ(z.from_wall(wall), oracle_from_wall(oracle, wall)) << format_time(wall);
}

void check_zone(const TimeZone& z, const absl::TimeZone& oracle, std::mt19937_64* random) {
  absl::Time t = absl::FromCivil(absl::CivilSecond(1850, 1, 1), absl::UTCTimeZone());
  const absl::Time end = absl::FromCivil(absl::CivilSecond(2110, 1, 1), absl::UTCTimeZone());
  absl::TimeZone::CivilTransition transition;
  while (oracle.NextTransition(t, &transition)) {
    t = absl::FromCivil(transition.from, oracle);  // a skipped time is the transition
    const absl::TimeZone::TimeInfo info = oracle.At(transition.from);
    if (info.kind != absl::TimeZone::TimeInfo::UNIQUE) t = info.trans;
    if (t > end) break;
    const Micros micros = absl::ToUnixMicros(t);
    for (const Micros step :
         {-kMicrosPerSecond, Micros{-1}, Micros{0}, Micros{1}, kMicrosPerSecond}) {
      ASSERT_NO_FATAL_FAILURE(check_instant(z, oracle, micros + step));
    }
    for (const absl::CivilSecond edge : {transition.from, transition.to}) {
      for (const int64_t step : {-kMicrosPerSecond, Micros{-1}, Micros{0}, Micros{1}}) {
        const int64_t wall = wall_of(edge) + step;
        ASSERT_EQ(z.from_wall(wall), oracle_from_wall(oracle, wall)) << format_time(wall);
      }
    }
  }
  const int64_t first = internal::civil_to_day(1850, 1, 1) * kMicrosPerDay;
  const int64_t span = internal::civil_to_day(2500, 1, 1) * kMicrosPerDay - first;
  for (int i = 0; i < 200; ++i) {
    const auto step = static_cast<int64_t>((*random)() % static_cast<uint64_t>(span));
    ASSERT_NO_FATAL_FAILURE(check_instant(z, oracle, first + step));
    ASSERT_EQ(z.from_wall(first + step), oracle_from_wall(oracle, first + step));
  }
}

TEST(TimeZone, EveryZoneAgreesWithAbseilAtItsTransitionsAndAtRandomInstants) {
  std::mt19937_64 random(2026);
  int compared = 0;
  for (std::string_view name : zone_names()) {
    absl::TimeZone oracle;
    // A distribution may have packed old link names apart.
    if (!absl::LoadTimeZone(std::string(name), &oracle)) continue;
    SCOPED_TRACE(name);
    ASSERT_NO_FATAL_FAILURE(check_zone(zone(name), oracle, &random));
    ++compared;
  }
  EXPECT_GT(compared, 300);
}

TEST(TimeZone, TheDefaultIsUtc) {
  const TimeZone utc;
  EXPECT_EQ(utc.name(), "UTC");
  EXPECT_TRUE(utc.is_utc());
  EXPECT_EQ(utc.offset_at(0), 0);
  EXPECT_EQ(utc.local_day(-1), -1);
  EXPECT_EQ(utc.start_of_day(1), kMicrosPerDay);
}

TEST(TimeZone, ItsNameIsTheOneItWasLoadedBy) {
  EXPECT_EQ(zone("PRC").name(), "PRC");
  EXPECT_TRUE(zone("Etc/UTC").is_utc());
  EXPECT_FALSE(zone("Asia/Shanghai").is_utc());
  EXPECT_FALSE(zone("Europe/London").is_utc());
}

TEST(TimeZone, AnUnknownNameProposesTheNearest) {
  const auto message = [](std::string_view name) {
    const Result<TimeZone> loaded = TimeZone::load(name);
    EXPECT_FALSE(loaded.ok()) << name;
    EXPECT_EQ(loaded.status().code(), Code::kZone);
    return loaded.status().message();
  };
  EXPECT_EQ(message("Asia/Shangai"),
            "no time zone \"Asia/Shangai\"; did you mean \"Asia/Shanghai\"?");
  EXPECT_EQ(message("europe/berlin"),
            "no time zone \"europe/berlin\"; did you mean \"Europe/Berlin\"?");
  EXPECT_EQ(message("Shanghai"), "no time zone \"Shanghai\"; did you mean \"Asia/Shanghai\"?");
  EXPECT_EQ(message("New York"), "no time zone \"New York\"; did you mean \"America/New_York\"?");
  EXPECT_EQ(message("CST"),
            "no time zone \"CST\"; write an IANA name such as \"Europe/Berlin\" or \"UTC\"");
  EXPECT_EQ(message("+08:00"),
            "no time zone \"+08:00\"; write an IANA name such as \"Europe/Berlin\" or \"UTC\"");
  EXPECT_EQ(message(""), "the time zone is empty; write a name such as \"UTC\"");
  EXPECT_NE(message(std::string("Asia/Tokyo\0", 11)).find("did you mean"), std::string::npos);
}

// The facts in the next tests are those of the IANA files, quoted by zone.
TEST(TimeZone, ASkippedLocalTimeIsTheInstantOfTheTransition) {
  const TimeZone berlin = zone("Europe/Berlin");
  const Micros transition = at("2026-03-29T01:00:00Z");
  EXPECT_EQ(berlin.from_wall(at("2026-03-29T02:00:00Z")), transition);
  EXPECT_EQ(berlin.from_wall(at("2026-03-29T02:59:59.999999Z")), transition);
  EXPECT_EQ(local(berlin, transition), "2026-03-29T03:00:00");
}

TEST(TimeZone, ALocalTimeThatComesTwiceIsItsFirstOccurrence) {
  const TimeZone berlin = zone("Europe/Berlin");
  EXPECT_EQ(berlin.from_wall(at("2026-10-25T02:30:00Z")), at("2026-10-25T00:30:00Z"));
}

TEST(TimeZone, ADayWithoutMidnightStartsAtItsFirstInstant) {
  EXPECT_EQ(zone("America/Sao_Paulo").start_of_day(day_from_civil({2018, 11, 4})),
            at("2018-11-04T03:00:00Z"));
  EXPECT_EQ(zone("Asia/Beirut").start_of_day(day_from_civil({2022, 3, 27})),
            at("2022-03-26T22:00:00Z"));
  EXPECT_EQ(zone("Africa/Cairo").start_of_day(day_from_civil({2024, 4, 26})),
            at("2024-04-25T22:00:00Z"));
}

TEST(TimeZone, ADayThatWasSkippedWholeStartsWhereTheNextOneDoes) {
  const TimeZone apia = zone("Pacific/Apia");  // 29 December 2011 was followed by the 31st
  const Day skipped = day_from_civil({2011, 12, 30});
  EXPECT_EQ(apia.start_of_day(skipped), at("2011-12-30T10:00:00Z"));
  EXPECT_EQ(apia.start_of_day(skipped + 1), at("2011-12-30T10:00:00Z"));
  EXPECT_EQ(apia.local_day(at("2011-12-30T10:00:00Z") - 1), skipped - 1);
  EXPECT_EQ(apia.local_day(at("2011-12-30T10:00:00Z")), skipped + 1);
}

TEST(TimeZone, MidnightThatComesTwiceCountsTheFirstTime) {
  // St. John's went from 00:01 back to 23:01 on 29 October 2006.
  const TimeZone st_johns = zone("America/St_Johns");
  const Day day = day_from_civil({2006, 10, 29});
  EXPECT_EQ(st_johns.start_of_day(day), at("2006-10-29T02:30:00Z"));
  EXPECT_EQ(st_johns.local_day(at("2006-10-29T02:30:00Z")), day);
  EXPECT_EQ(st_johns.local_day(at("2006-10-29T02:31:00Z")), day - 1);
  EXPECT_EQ(st_johns.local_day(at("2006-10-29T03:30:00Z")), day);
}

TEST(TimeZone, OddOffsetsAreKept) {
  EXPECT_EQ(zone("Asia/Shanghai").offset_at(at("1900-01-01T00:00:00Z")), 29'143);   // LMT 8:05:43
  EXPECT_EQ(zone("Asia/Shanghai").offset_at(at("1988-07-01T00:00:00Z")), 32'400);   // CDT
  EXPECT_EQ(zone("Asia/Kathmandu").offset_at(at("2026-01-01T00:00:00Z")), 20'700);  // 5:45
  EXPECT_EQ(zone("Europe/Dublin").offset_at(at("2026-01-01T00:00:00Z")), 0);        // GMT
  EXPECT_EQ(zone("Europe/Dublin").offset_at(at("2026-07-01T00:00:00Z")), 3600);     // IST
  EXPECT_EQ(zone("Antarctica/Troll").offset_at(at("2026-07-01T00:00:00Z")), 7200);
  EXPECT_EQ(zone("America/Nuuk").offset_at(at("2026-07-01T00:00:00Z")), -3600);
}

TEST(TimeZone, RulesGoOnForAsLongAsTimesDo) {
  const TimeZone new_york = zone("America/New_York");
  // 1 July 9998 is daylight time; the second Sunday of March 9999 is the 14th.
  EXPECT_EQ(new_york.offset_at(at("9998-07-01T00:00:00Z")), -14'400);
  EXPECT_EQ(new_york.from_wall(at("9999-03-14T02:30:00Z")), at("9999-03-14T07:00:00Z"));
}

TEST(TimeZone, NamesAreSortedAndOnlyZones) {
  const std::span<const std::string_view> names = zone_names();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_TRUE(std::binary_search(names.begin(), names.end(), "US/Eastern"));
  for (std::string_view name : names) {
    EXPECT_FALSE(name.starts_with("posix") || name.starts_with("right/") || name == "localtime")
        << name;
  }
}

}  // namespace
}  // namespace patron
