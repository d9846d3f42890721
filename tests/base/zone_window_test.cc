// TimeZone::add and window_start: windows of docs/time.md, by example and against its definition.
#include <absl/time/civil_time.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "lib/base/civil.h"
#include "patron/time.h"
#include "tests/base/instant.h"

namespace patron {
namespace {

using test::at;

constexpr Period kMonth{1, 0}, kYear{12, 0};

TimeZone loaded_zone(std::string_view name) {
  const Result<TimeZone> loaded = TimeZone::load(name);
  EXPECT_TRUE(loaded.ok()) << loaded.status().message();
  return loaded.ok() ? *loaded : TimeZone();
}

TEST(ZoneAdd, MonthsKeepTheLocalTimeOfDay) {
  const TimeZone berlin = loaded_zone("Europe/Berlin");
  EXPECT_EQ(berlin.add(at("2026-03-15T10:00:00.5", berlin), kMonth),
            at("2026-04-15T10:00:00.5", berlin));
  EXPECT_EQ(berlin.add(at("2026-10-15T10:00", berlin), {2, 0}), at("2026-12-15T10:00", berlin));
  EXPECT_EQ(berlin.add(at("2026-12-31T23:59", berlin), kYear), at("2027-12-31T23:59", berlin));
}

TEST(ZoneAdd, ADayThatDoesNotExistIsTheFirstOfTheNextMonth) {
  const TimeZone utc;
  EXPECT_EQ(utc.add(at("2026-01-31T17:30"), kMonth), at("2026-03-01T00:00"));
  EXPECT_EQ(utc.add(at("2024-01-30T17:30"), kMonth), at("2024-03-01T00:00"));
  EXPECT_EQ(utc.add(at("2024-01-29T17:30"), kMonth), at("2024-02-29T17:30"));
  EXPECT_EQ(utc.add(at("2024-02-29T17:30"), kYear), at("2025-03-01T00:00"));
  EXPECT_EQ(utc.add(at("2024-02-29T17:30"), {48, 0}), at("2028-02-29T17:30"));
  EXPECT_EQ(utc.add(at("2026-10-31T08:00"), kMonth), at("2026-12-01T00:00"));
}

TEST(ZoneAdd, ASkippedLocalTimeIsTheInstantOfTheTransition) {
  const TimeZone berlin = loaded_zone("Europe/Berlin");
  EXPECT_EQ(berlin.add(at("2026-02-28T02:30", berlin), {13, 0}), at("2027-03-28T01:00:00Z"));
  EXPECT_EQ(berlin.add(at("2026-02-28T02:30", berlin), kMonth), at("2026-03-28T01:30:00Z"));
}

TEST(ZoneAdd, ExactPartsAreLengths) {
  const TimeZone berlin = loaded_zone("Europe/Berlin");
  const Micros t = at("2026-03-28T12:00", berlin);
  EXPECT_EQ(berlin.add(t, {0, kMicrosPerDay}), t + kMicrosPerDay);  // 13:00 on the day of change
  EXPECT_EQ(berlin.add(t, {1, 5}), berlin.add(t, kMonth) + 5);
}

TEST(ZoneAdd, ResultsEndAtTheAcceptedInstants) {
  const TimeZone tokyo = loaded_zone("Asia/Tokyo");
  EXPECT_EQ(tokyo.add(0, {INT32_MAX, 0}), kEndTime);
  EXPECT_EQ(tokyo.add(0, {0, INT64_MAX}), kEndTime);
  EXPECT_EQ(tokyo.add(kEndTime - 1, {0, INT64_MAX}), kEndTime);
  EXPECT_EQ(tokyo.add(0, {INT32_MIN, 0}), kMinTime);
  EXPECT_EQ(tokyo.add(-1, {0, INT64_MIN}), kMinTime);
}

// The same rule written with Abseil's calendar and zones.
Micros oracle_add(const absl::TimeZone& oracle, Micros t, int months) {
  const absl::TimeZone::CivilInfo now = oracle.At(absl::FromUnixMicros(t));
  const absl::CivilMonth month = absl::CivilMonth(now.cs) + months;
  absl::CivilSecond second(month.year(), month.month(), now.cs.day(), now.cs.hour(),
                           now.cs.minute(), now.cs.second());
  absl::Duration rest = now.subsecond;
  if (absl::CivilMonth(second) != month) {
    second = absl::CivilSecond(month + 1);
    rest = absl::ZeroDuration();
  }
  const absl::TimeZone::TimeInfo info = oracle.At(second);
  if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) return absl::ToUnixMicros(info.trans);
  return absl::ToUnixMicros(info.pre + rest);
}

const std::vector<std::string_view>& window_zones() {
  static const std::vector<std::string_view> names = {"UTC",
                                                      "Europe/Berlin",
                                                      "America/New_York",
                                                      "America/Sao_Paulo",
                                                      "Asia/Shanghai",
                                                      "Pacific/Apia",
                                                      "Asia/Beirut",
                                                      "Africa/Cairo",
                                                      "Africa/Casablanca",
                                                      "America/Nuuk",
                                                      "Europe/Dublin",
                                                      "Antarctica/Troll",
                                                      "America/St_Johns",
                                                      "Australia/Lord_Howe"};
  return names;
}

TEST(ZoneAdd, ItAgreesWithTheRuleWrittenWithAbseil) {
  std::mt19937_64 random(31);
  for (std::string_view name : window_zones()) {
    const TimeZone z = loaded_zone(name);
    absl::TimeZone oracle;
    ASSERT_TRUE(absl::LoadTimeZone(std::string(name), &oracle));
    for (int i = 0; i < 5000; ++i) {
      const int64_t day =
          internal::civil_to_day(1960, 1, 1) + static_cast<int64_t>(random() % 40'000);
      const auto of_day = static_cast<int64_t>(random() % uint64_t{kMicrosPerDay});
      const Micros t = day * kMicrosPerDay + of_day;
      const int months = static_cast<int>(random() % 50) - 12;
      if (months == 0) continue;
      ASSERT_EQ(z.add(t, {months, 0}), oracle_add(oracle, t, months))
          << name << ' ' << format_time(t) << " + " << months << "mo";
    }
  }
}

TEST(ZoneAdd, NeverDecreasesWithinOneOffset) {
  std::mt19937_64 random(17);
  const TimeZone z = loaded_zone("Europe/Berlin");
  for (int i = 0; i < 20'000; ++i) {
    const Micros a = static_cast<Micros>(random() % (60ull * 365 * kMicrosPerDay));
    const Micros b = a + static_cast<Micros>(random() % (40ull * kMicrosPerDay));
    if (z.to_wall(b) < z.to_wall(a)) continue;
    const Period p{static_cast<int32_t>(random() % 30 + 1), 0};
    ASSERT_LE(z.add(a, p), z.add(b, p)) << format_time(a) << ' ' << format_time(b);
  }
}

TEST(ZoneWindow, AnExactWindowIsHalfOpen) {
  const TimeZone utc;
  EXPECT_EQ(utc.window_start(100, {0, 10}), 91);  // (90, 100]
  EXPECT_EQ(utc.window_start(100, {0, 1}), 100);
  EXPECT_EQ(utc.window_start(100, {0, INT64_MAX}), kMinTime);
}

TEST(ZoneWindow, AMonthHoldsWhatIsLessThanAMonthOld) {
  const TimeZone utc;
  EXPECT_EQ(utc.window_start(at("2026-04-15T10:00"), kMonth), at("2026-03-15T10:00") + 1);
  // 1 March: the 29th, 30th and 31st of January have just left, and 1 February with them.
  EXPECT_EQ(utc.window_start(at("2026-03-01T00:00"), kMonth), at("2026-02-01T00:00") + 1);
  EXPECT_EQ(utc.window_start(at("2026-03-01T00:00") - 1, kMonth), at("2026-01-29T00:00"));
  // 31 March: all February is younger than a month.
  EXPECT_EQ(utc.window_start(at("2026-03-31T12:00"), kMonth), at("2026-03-01T00:00"));
  EXPECT_EQ(utc.window_start(at("2025-02-28T12:00"), kYear), at("2024-02-28T12:00") + 1);
  EXPECT_EQ(utc.window_start(at("2025-03-01T00:00"), kYear), at("2024-03-01T00:00") + 1);
}

TEST(ZoneWindow, AWindowLongerThanTimeHoldsEverything) {
  EXPECT_EQ(loaded_zone("Asia/Tokyo").window_start(at("2026-03-01T00:00"), {12 * 3000, 0}),
            kMinTime);
  EXPECT_EQ(loaded_zone("Asia/Tokyo").window_start(at("2026-03-01T00:00"), {INT32_MAX, 0}),
            kMinTime);
}

// Instants where something can happen around `t`: transitions, midnights, and their neighbours.
std::vector<Micros> critical_instants(const TimeZone& z, Micros from, Micros to) {
  std::vector<Micros> out;
  for (Day day = z.local_day(from) - 1; day <= z.local_day(to) + 1; ++day) {
    const Micros start = z.start_of_day(day);
    for (const Micros hours : {0, 1, 2, 3, 23, 24, 25}) {
      for (const Micros step : {-1, 0, 1}) out.push_back(start + hours * kMicrosPerHour + step);
    }
  }
  return out;
}

void check_window(const TimeZone& z, Micros now, Period window, std::mt19937_64* random) {
  const Micros start = z.window_start(now, window);
  const std::string where = z.name() + " now " + format_time(now) + " window " +
                            format_period(window) + " starts " + format_time(start);
  ASSERT_LE(start, now) << where;
  ASSERT_LE(z.add(start - 1, window), now) << where;  // one more instant would have left
  const auto check_inside = [&](Micros e) {
    if (e >= start && e <= now) {
      ASSERT_GT(z.add(e, window), now) << where << " e " << format_time(e);
    }
  };
  for (const Micros e : {start, start + 1, now - 1, now}) {
    ASSERT_NO_FATAL_FAILURE(check_inside(e));
  }
  for (const Micros e : critical_instants(z, start, start + 4 * kMicrosPerDay)) {
    ASSERT_NO_FATAL_FAILURE(check_inside(e));
  }
  for (int i = 0; i < 20; ++i) {
    const auto span = static_cast<uint64_t>(now - start + 1);
    ASSERT_NO_FATAL_FAILURE(check_inside(start + static_cast<Micros>((*random)() % span)));
  }
}

TEST(ZoneWindow, ItIsWhatItsDefinitionSays) {
  std::mt19937_64 random(365);
  const Period windows[] = {{1, 0}, {2, 0}, {6, 0}, {12, 0}, {13, 0}, {36, 0}, {1, kMicrosPerHour}};
  for (std::string_view name : window_zones()) {
    const TimeZone z = loaded_zone(name);
    for (int i = 0; i < 120; ++i) {
      const Day day = internal::civil_to_day(1985, 1, 1) + static_cast<Day>(random() % 15'000);
      const Micros noon = day * kMicrosPerDay + kMicrosPerDay / 2;
      const std::vector<Micros> instants = critical_instants(z, noon, noon);
      const Micros now = instants[random() % instants.size()];
      for (const Period& window : windows) {
        ASSERT_NO_FATAL_FAILURE(check_window(z, now, window, &random));
      }
    }
  }
}

TEST(ZoneWindow, ItIsWhatAScanOfEveryMinuteFinds) {
  // Around the ends of daylight saving time, of months and of leap years.
  const std::pair<const char*, const char*> cases[] = {
      {"Europe/Berlin", "2026-10-25T00:30:00Z"},
      {"Europe/Berlin", "2026-11-25T01:30:00Z"},
      {"Europe/Berlin", "2026-11-25T00:59:00Z"},
      {"America/St_Johns", "2006-10-29T02:31:00Z"},
      {"America/St_Johns", "2006-11-29T03:00:00Z"},
      {"Pacific/Apia", "2012-01-30T10:00:00Z"},
      {"Pacific/Apia", "2012-01-29T12:00:00Z"},
      {"America/Sao_Paulo", "2018-12-04T02:30:00Z"},
      {"UTC", "2024-03-01T00:00:00Z"},
      {"UTC", "2023-03-31T23:59:00Z"}};
  constexpr Micros kMinute = 60 * kMicrosPerSecond;
  for (const auto& [name, text] : cases) {
    const TimeZone z = loaded_zone(name);
    const Micros now = at(text);
    Micros last_out = now - 70 * kMicrosPerDay;  // the last minute that is a month old
    for (Micros e = last_out; e <= now; e += kMinute) {
      if (z.add(e, kMonth) <= now) last_out = e;
    }
    const Micros start = z.window_start(now, kMonth);
    EXPECT_GT(start, last_out) << name << ' ' << text;
    EXPECT_LE(start, last_out + kMinute) << name << ' ' << text;
  }
}

}  // namespace
}  // namespace patron
