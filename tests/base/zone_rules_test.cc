#include "lib/base/zone_rules.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "lib/base/zone_data.h"

namespace patron::internal {
namespace {

// A zone of the given offsets and transitions (seconds), without a footer.
ZoneRules rules_of(int32_t first, std::vector<int64_t> at, std::vector<int32_t> offsets) {
  Tzif tzif;
  tzif.first_offset = first;
  tzif.transitions = std::move(at);
  tzif.offsets = std::move(offsets);
  return ZoneRules("test", tzif);
}

TEST(ZoneRules, UtcIsFixed) {
  const ZoneRules utc;
  EXPECT_TRUE(utc.fixed());
  EXPECT_EQ(utc.to_wall(123), 123);
  EXPECT_EQ(utc.from_wall(123), 123);
  EXPECT_EQ(utc.from_wall_for_good(123), 123);
  EXPECT_EQ(utc.latest_wall(123), 123);
}

TEST(ZoneRules, TransitionsThatChangeNoOffsetAreDropped) {
  const ZoneRules rules = rules_of(0, {100, 200, 300}, {0, 3600, 3600});
  EXPECT_EQ(rules.at, std::vector<Micros>{200 * kMicrosPerSecond});
  EXPECT_EQ(rules.offset, (std::vector<int32_t>{0, 3600}));
}

TEST(ZoneRules, TransitionsBeforeTheYear1SetTheFirstOffset) {
  const ZoneRules rules = rules_of(0, {INT64_MIN, -100'000'000'000, 50}, {60, 120, 180});
  EXPECT_EQ(rules.offset, (std::vector<int32_t>{120, 180}));
}

TEST(ZoneRules, ASkippedWallClockIsTheTransition) {
  const ZoneRules rules = rules_of(0, {7200}, {3600});  // 02:00 becomes 03:00
  const Micros transition = 7200 * kMicrosPerSecond;
  EXPECT_EQ(rules.from_wall(transition - 1), transition - 1);
  EXPECT_EQ(rules.from_wall(transition), transition);
  EXPECT_EQ(rules.from_wall(transition + 1'800'000'123), transition);
  EXPECT_EQ(rules.from_wall(transition + kMicrosPerHour), transition);
  EXPECT_EQ(rules.from_wall(transition + kMicrosPerHour + 1), transition + 1);
  EXPECT_EQ(rules.from_wall_for_good(transition + 5), transition);
}

TEST(ZoneRules, AWallClockThatComesTwiceHasAFirstAndALastInstant) {
  const ZoneRules rules = rules_of(3600, {7200}, {0});  // 03:00 becomes 02:00
  const int64_t wall = 9000 * kMicrosPerSecond;         // 02:30
  EXPECT_EQ(rules.from_wall(wall), 5400 * kMicrosPerSecond);
  EXPECT_EQ(rules.from_wall_for_good(wall), 9000 * kMicrosPerSecond);
  EXPECT_EQ(rules.latest_wall(7200 * kMicrosPerSecond), 10'800 * kMicrosPerSecond - 1);
  EXPECT_EQ(rules.latest_wall(10'801 * kMicrosPerSecond), 10'801 * kMicrosPerSecond);
}

TEST(ZoneRules, RulesOfEveryYearRepeatAfter400Years) {
  const Result<TimeZone> berlin = TimeZone::load("Europe/Berlin");
  const ZoneRules& rules = ZoneRules::of(*berlin);
  EXPECT_TRUE(rules.periodic);
  const int64_t period = kDaysPer400Years * kMicrosPerDay;
  std::mt19937_64 random(400);
  for (int i = 0; i < 20'000; ++i) {
    const Micros t = civil_to_day(2100, 1, 1) * kMicrosPerDay +
                     static_cast<Micros>(random() % static_cast<uint64_t>(period));
    ASSERT_EQ(rules.to_wall(t) + period, rules.to_wall(t + period)) << t;
    ASSERT_EQ(rules.from_wall(t) + 17 * period, rules.from_wall(t + 17 * period)) << t;
  }
}

TEST(ZoneRules, DaylightTimeAllYearIsOneOffset) {
  // RFC 9636, section 3.3.1: permanent daylight time, 4 hours west of UTC.
  Tzif tzif;
  tzif.first_offset = -10'800;
  tzif.footer = parse_posix_tz("XXX3EDT4,0/0,J365/23");
  const ZoneRules rules("test", tzif);
  for (int64_t year = 1; year < 3000; year += 7) {
    ASSERT_EQ(rules.to_wall(civil_to_day(year, 1, 1) * kMicrosPerDay + 4 * kMicrosPerHour),
              civil_to_day(year, 1, 1) * kMicrosPerDay);
  }
  EXPECT_LE(rules.at.size(), 2u);  // the two ends of the table
}

// The laws that from_wall and its companions keep, whatever the zone.
void check_laws(const ZoneRules& rules, int64_t wall) {
  const Micros first = rules.from_wall(wall);
  ASSERT_GE(rules.to_wall(first), wall);
  ASSERT_LT(rules.to_wall(first - 1), wall);
  ASSERT_GE(rules.latest_wall(first), wall);
  ASSERT_LT(rules.latest_wall(first - 1), wall);
  const Micros last = rules.from_wall_for_good(wall);
  ASSERT_GE(last, first);
  ASSERT_GE(rules.to_wall(last), wall);
  ASSERT_LT(rules.to_wall(last - 1), wall);
}

TEST(ZoneRules, FromWallIsTheFirstInstantThatShowsTheWallClockOrALaterOne) {
  std::mt19937_64 random(13);
  for (size_t zone = 0; zone < kZoneData.names.size(); zone += 3) {
    const Result<TimeZone> loaded = TimeZone::load(kZoneData.names[zone]);
    const ZoneRules& rules = ZoneRules::of(*loaded);
    SCOPED_TRACE(loaded->name());
    for (size_t i = 0; i < rules.at.size(); ++i) {
      for (const size_t side : {i, i + 1}) {
        const int64_t edge = rules.at[i] + rules.offset_micros(side);
        for (const int64_t step : {-1, 0, 1}) {
          ASSERT_NO_FATAL_FAILURE(check_laws(rules, edge + step));
        }
        const auto near = static_cast<int64_t>(random() % uint64_t{2 * kMicrosPerDay});
        ASSERT_NO_FATAL_FAILURE(check_laws(rules, edge - kMicrosPerDay + near));
      }
    }
  }
}

TEST(ZoneRules, ChangesWithinOneAnothersReachKeepTheLawsToo) {
  // Two hours back and, half an hour later, one hour forward; then the other way round.
  const int64_t day = kSecondsPerDay;
  const ZoneRules rules =
      rules_of(7200, {day, day + 1800, 2 * day, 2 * day + 1800}, {0, 3600, 10'800, 3600});
  for (int64_t wall = day / 2; wall < 3 * day; wall += 300) {
    for (const int64_t step : {-1, 0, 1}) {
      ASSERT_NO_FATAL_FAILURE(check_laws(rules, wall * kMicrosPerSecond + step)) << wall;
    }
  }
}

TEST(ZoneRules, ValuesFarOutsideAreTakenAsTwoDaysOutside) {
  const Result<TimeZone> zone = TimeZone::load("America/New_York");
  const ZoneRules& rules = ZoneRules::of(*zone);
  EXPECT_EQ(rules.to_wall(INT64_MIN), rules.to_wall(kMinTime - 2 * kMicrosPerDay));
  EXPECT_EQ(rules.to_wall(INT64_MAX), rules.to_wall(kEndTime + 2 * kMicrosPerDay));
  EXPECT_EQ(rules.from_wall(INT64_MIN), rules.from_wall(kMinTime - 2 * kMicrosPerDay));
  EXPECT_EQ(rules.from_wall(INT64_MAX), rules.from_wall(kEndTime + 2 * kMicrosPerDay));
}

TEST(ZoneRules, AZoneTakesLittleMemory) {
  for (std::string_view name : zone_names()) {
    const Result<TimeZone> zone = TimeZone::load(name);
    ASSERT_LT(ZoneRules::of(*zone).at.size(), 1200u) << name;
  }
}

}  // namespace
}  // namespace patron::internal
