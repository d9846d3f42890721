#include "lib/base/day_clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string_view>
#include <vector>

#include "lib/base/civil.h"
#include "lib/base/zone_rules.h"

namespace patron::internal {
namespace {

TimeZone zone(std::string_view name) {
  const Result<TimeZone> loaded = TimeZone::load(name);
  EXPECT_TRUE(loaded.ok()) << name;
  return *loaded;
}

Micros year(int64_t y) { return civil_to_day(y, 1, 1) * kMicrosPerDay; }

// Random instants of the span, and both sides of every transition and local midnight in it.
std::vector<Micros> instants(const TimeZone& z, Micros min, Micros max, std::mt19937_64* random) {
  std::vector<Micros> out{min, max};
  for (int i = 0; i < 500; ++i) {
    out.push_back(min + static_cast<Micros>((*random)() % static_cast<uint64_t>(max - min + 1)));
  }
  std::vector<Micros> edges;
  for (const Micros t : ZoneRules::of(z).at) edges.push_back(t);
  for (int i = 0; i < 100; ++i) {
    edges.push_back(z.start_of_day(z.local_day(out[static_cast<size_t>(i)])));
  }
  for (const Micros edge : edges) {
    for (const Micros step : {-kMicrosPerHour, Micros{-1}, Micros{0}, Micros{1}, kMicrosPerHour}) {
      if (edge + step >= min && edge + step <= max) out.push_back(edge + step);
    }
  }
  return out;
}

TEST(DayClock, EveryZoneGivesTheDaysOfTimeZone) {
  std::mt19937_64 random(24);
  for (size_t i = 0; i < zone_names().size(); i += 2) {
    const TimeZone z = zone(zone_names()[i]);
    const Micros min = year(1900) + 12'345, max = year(2060) - 999;
    const DayClock clock(z, min, max);
    for (const Micros t : instants(z, min, max, &random)) {
      const Day day = clock.day_of(t);
      ASSERT_EQ(day, z.local_day(t)) << z.name() << ' ' << format_time(t);
      ASSERT_GE(day, clock.first_day());
      ASSERT_LT(day, clock.first_day() + clock.days());
      ASSERT_EQ(clock.start_of(day), z.start_of_day(day)) << z.name() << ' ' << format_time(t);
      ASSERT_EQ(clock.start_of(day + 1), z.start_of_day(day + 1)) << z.name();
    }
  }
}

TEST(DayClock, ManyDaysAreThoseOfEachInstant) {
  std::mt19937_64 random(25);
  for (const char* name : {"UTC", "Asia/Tokyo", "America/New_York", "Etc/GMT+9"}) {
    const TimeZone z = zone(name);
    for (const auto& [min, max] :
         {std::pair(kMinTime, kEndTime - 1), std::pair(year(1969), year(1971)),
          std::pair(year(2023) + 777, year(2026))}) {
      const DayClock clock(z, min, max);
      std::vector<Micros> times = instants(z, min, max, &random);
      // Both sides of midnights all over the span, where a quotient that is a little off shows.
      for (int i = 0; i < 20'000; ++i) {
        const Micros t = min + static_cast<Micros>(random() % static_cast<uint64_t>(max - min + 1));
        const Micros midnight = floor_div(t, kMicrosPerDay) * kMicrosPerDay;
        for (const Micros at : {midnight - 1, midnight, midnight + 1}) {
          if (at >= min && at <= max) times.push_back(at);
        }
      }
      std::vector<Day> days(times.size());
      clock.days_of(times, days.data());
      for (size_t i = 0; i < times.size(); ++i) {
        ASSERT_EQ(days[i], clock.day_of(times[i])) << name << ' ' << times[i];
      }
    }
  }
}

// Most short spans have one offset, others a change in them or beside them.
TEST(DayClock, OfShortSpansInEveryZone) {
  std::mt19937_64 random(26);
  const auto below = [&](Micros n) {
    return static_cast<Micros>(random() % static_cast<uint64_t>(n));
  };
  for (const std::string_view name : zone_names()) {
    const TimeZone z = zone(name);
    std::vector<Micros> middles = ZoneRules::of(z).at;
    std::erase_if(middles, [](Micros t) { return t < year(1900) || t > year(2060); });
    for (int i = 0; i < 3; ++i) middles.push_back(year(1950) + below(year(2050) - year(1950)));
    std::shuffle(middles.begin(), middles.end(), random);
    middles.resize(std::min<size_t>(middles.size(), 12));
    for (const Micros middle : middles) {
      const Micros min = middle - below(3 * kMicrosPerDay);
      const Micros max = min + below(below(2) == 0 ? 4 * kMicrosPerDay : 300 * kMicrosPerDay);
      const DayClock clock(z, min, max);
      for (const Micros t : {min, max, std::clamp(middle, min, max), (min + max) / 2}) {
        const Day day = clock.day_of(t);
        ASSERT_EQ(day, z.local_day(t)) << name << ' ' << format_time(t);
        ASSERT_EQ(clock.start_of(day), z.start_of_day(day)) << name << ' ' << format_time(t);
        ASSERT_EQ(clock.start_of(day + 1), z.start_of_day(day + 1)) << name << ' ' << t;
      }
    }
  }
}

TEST(DayClock, ADayThatComesTwiceIsSeen) {
  // On 1993-10-31 at 00:01 clocks in St. John's went back to 23:01 of the day before.
  const TimeZone z = zone("America/St_Johns");
  const Micros midnight = civil_to_day(1993, 10, 31) * kMicrosPerDay + 5 * kMicrosPerHour / 2;
  const Micros minute = kMicrosPerHour / 60;
  ASSERT_EQ(z.local_day(midnight), z.local_day(midnight + minute) + 1);
  EXPECT_FALSE(DayClock(z, midnight, midnight + minute).ascending());
  EXPECT_TRUE(DayClock(z, midnight, midnight + minute - 1).ascending());
  EXPECT_TRUE(DayClock(z, midnight + minute, midnight + kMicrosPerDay).ascending());
  // Clocks go back at 02:00 in New York, and never in UTC.
  EXPECT_TRUE(DayClock(zone("America/New_York"), year(1990), year(2000)).ascending());
  EXPECT_TRUE(DayClock(TimeZone(), year(1990), year(2000)).ascending());
}

TEST(DayClock, WallClocksAreThoseOfTimeZone) {
  std::mt19937_64 random(25);
  for (size_t i = 0; i < zone_names().size(); i += 2) {
    const TimeZone z = zone(zone_names()[i]);
    const int64_t min = year(1900) + 12'345, max = year(2060) - 999;
    const WallClock clock(z, min, max);
    for (const Micros t : instants(z, min + kMicrosPerDay * 2, max - kMicrosPerDay * 2, &random)) {
      for (const int64_t wall : {t, z.to_wall(t), z.to_wall(t - 1) + 1}) {
        ASSERT_EQ(clock.instant_of_wall(wall), z.from_wall(wall))
            << z.name() << ' ' << format_time(wall);
      }
    }
  }
}

TEST(DayClock, ADayThatClocksWentBackToIsOneOfItsDays) {
  // One minute into 29 October 2006 the clocks of St. John's went back to the 28th.
  const TimeZone z = zone("America/St_Johns");
  const Micros midnight = z.start_of_day(day_from_civil({2006, 10, 29}));
  const DayClock clock(z, midnight, midnight + 30 * 60 * kMicrosPerSecond);
  EXPECT_EQ(clock.first_day(), day_from_civil({2006, 10, 28}));
  EXPECT_EQ(clock.days(), 2);
  // The 28th counts even where neither end of the span lies on it.
  const DayClock around(z, midnight, midnight + 2 * kMicrosPerHour);
  EXPECT_EQ(around.first_day(), day_from_civil({2006, 10, 28}));
  EXPECT_EQ(around.days(), 2);
  const DayClock before(z, midnight - kMicrosPerHour, midnight + 60 * kMicrosPerSecond);
  EXPECT_EQ(before.first_day() + before.days() - 1, day_from_civil({2006, 10, 29}));
}

TEST(DayClock, OneInstantIsOneDay) {
  for (const char* name : {"UTC", "Asia/Tokyo", "Etc/GMT+12", "America/New_York"}) {
    const TimeZone z = zone(name);
    for (const Micros t : {kMinTime, int64_t{-1}, int64_t{0}, kEndTime - 1}) {
      const DayClock clock(z, t, t);
      EXPECT_EQ(clock.first_day(), z.local_day(t)) << name;
      EXPECT_EQ(clock.days(), 1) << name;
      EXPECT_EQ(clock.day_of(t), z.local_day(t)) << name;
      EXPECT_EQ(clock.start_of(clock.first_day()), z.start_of_day(z.local_day(t))) << name;
      EXPECT_EQ(WallClock(z, t, t).instant_of_wall(t), z.from_wall(t)) << name;
    }
  }
}

TEST(DayClock, AllOfTimeGetsNoTableAndTheSameAnswers) {
  std::mt19937_64 random(26);
  for (const char* name : {"UTC", "America/New_York", "Asia/Kolkata"}) {
    const TimeZone z = zone(name);
    const DayClock days(z, kMinTime, kEndTime - 1);
    const WallClock walls(z, kMinTime, kEndTime - 1);
    EXPECT_EQ(days.first_day(), z.local_day(kMinTime));
    EXPECT_EQ(days.first_day() + days.days() - 1, z.local_day(kEndTime - 1));
    for (int i = 0; i < 5000; ++i) {
      const auto span = static_cast<uint64_t>(kEndTime - kMinTime);
      const Micros t = kMinTime + static_cast<Micros>(random() % span);
      ASSERT_EQ(days.day_of(t), z.local_day(t)) << name << ' ' << t;
      ASSERT_EQ(days.start_of(z.local_day(t)), z.start_of_day(z.local_day(t))) << name << ' ' << t;
      ASSERT_EQ(walls.instant_of_wall(t), z.from_wall(t)) << name << ' ' << t;
    }
  }
}

TEST(DayClock, ItKnowsUtc) {
  EXPECT_TRUE(DayClock(TimeZone(), 0, 1).is_utc());
  EXPECT_FALSE(DayClock(zone("Asia/Tokyo"), 0, 1).is_utc());
}

}  // namespace
}  // namespace patron::internal
