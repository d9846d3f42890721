// Instants, dates, periods and IANA time zones.
//
// An instant is an int64 count of microseconds since 1970-01-01T00:00:00Z (no leap seconds). A date
// is a count of days since 1970-01-01 in the proleptic Gregorian calendar; it means its local
// midnight in a zone. patron never reads a clock, an environment variable or the machine's zone
// files: the zone data is inside the library, with its version and hash (docs/money-and-time.md).
//
//   auto zone = *patron::TimeZone::load("Asia/Shanghai");
//   auto t = *patron::parse_time("2026-03-01T08:30:00", zone);   // wall clock of the zone
//   int64_t day = zone.local_day(t);                             // 20513
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "patron/status.h"

namespace patron {
namespace internal {
struct ZoneRules;
}

inline namespace v0 {

/// Microseconds since 1970-01-01T00:00:00Z.
using Micros = int64_t;
/// Days since 1970-01-01.
using Day = int64_t;

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerHour = 3'600'000'000;
inline constexpr int64_t kMicrosPerDay = 86'400'000'000;
/// The instants patron accepts: 0001-01-02T00:00:00Z up to but not including 9999-12-31T00:00:00Z,
/// so that the local date of every one of them, in any zone, has a year of four digits.
inline constexpr Micros kMinTime = -62'135'510'400 * kMicrosPerSecond;
inline constexpr Micros kEndTime = 253'402'214'400 * kMicrosPerSecond;

/// A date of the proleptic Gregorian calendar.
struct CivilDate {
  int32_t year;
  int32_t month;  ///< 1 to 12
  int32_t day;    ///< 1 to 31
  bool operator==(const CivilDate&) const = default;
};

Day day_from_civil(CivilDate date);
CivilDate civil_from_day(Day day);
/// "2026-03-01".
std::string format_date(Day day);
/// "2026-03-01T08:30:00Z", with ".ffffff" only where the fraction is not zero.
std::string format_time(Micros t);

/// A calendar part and an exact part: months ("mo", "y") are calendar, micros ("w", "d", "h",
/// "min", "s", "ms", "us") are exact. One of the two is zero in every period that parse_period
/// returns.
struct Period {
  int32_t months = 0;
  int64_t micros = 0;
  bool operator==(const Period&) const = default;
};

/// "365d", "12mo", "2y", "36h": a whole number above zero and one unit. Code::kSyntax otherwise;
/// the message proposes the unit that is missing.
Result<Period> parse_period(std::string_view text);
/// The largest unit that fits ("2y", "13mo", "365d"); parse_period reads it back. A period of both
/// parts is written "1mo+2d", which parse_period does not read.
std::string format_period(Period period);

/// An IANA time zone: the rules by which instants become local dates and times. A cheap value;
/// copies share the rules. Loading one reads and expands its rules (some 20 microseconds and 20
/// KB); a question is a binary search (5 to 30 ns). Instants, wall clocks and days that lie more
/// than two days outside the accepted instants are taken as two days outside.
class TimeZone {
 public:
  /// UTC.
  TimeZone();
  /// The zone of that IANA name (exact case), link names included. Code::kZone names the nearest
  /// known name when there is none.
  static Result<TimeZone> load(std::string_view name);

  /// The name it was loaded by; lives as long as this zone or a copy of it.
  const std::string& name() const;
  /// Whether local time is UTC at every instant, whatever the name.
  bool is_utc() const;

  /// Seconds east of UTC at an instant.
  int32_t offset_at(Micros t) const;
  /// The local date at an instant.
  Day local_day(Micros t) const;
  /// The local wall clock at an instant, as microseconds since 1970-01-01T00:00:00 local.
  int64_t to_wall(Micros t) const;
  /// The instant of a local wall clock. A time that occurs twice is its first occurrence; one that
  /// is skipped is the instant of the transition. Never decreases as `wall` increases.
  Micros from_wall(int64_t wall) const;
  /// The first instant of a local date; where midnight is missing, the first that exists. A date
  /// that the zone skipped whole starts where the next one does.
  Micros start_of_day(Day day) const;

  /// t + period: exact parts by length, after calendar parts, which keep the local time of day;
  /// where the day of the month does not exist, 00:00 of the first day of the month after. What
  /// lies outside the accepted instants is kMinTime or kEndTime. A part may be negative.
  Micros add(Micros t, Period period) const;
  /// The first instant of the rolling window (now - w, now]: the least s >= kMinTime such that
  /// every instant e with s <= e <= now has now < e + w. No part of the window is negative.
  Micros window_start(Micros now, Period window) const;

 private:
  friend struct internal::ZoneRules;
  explicit TimeZone(std::shared_ptr<const internal::ZoneRules> rules);
  std::shared_ptr<const internal::ZoneRules> rules_;
};

/// An ISO 8601 date or time: "2026-03-01", "2026-03-01T08:30", "2026-03-01 08:30:00.25+08:00",
/// "...Z". Without an offset it is a wall clock of `zone`; a date is its local midnight. More
/// digits than microseconds are refused, as is what lies outside [kMinTime, kEndTime). Code::kTime.
Result<Micros> parse_time(std::string_view text, const TimeZone& zone);

/// The version of the built-in zone data, such as "2026a", and the SHA-256 (64 hex digits) of it.
std::string_view zone_data_version();
std::string_view zone_data_hash();
/// All zone names, link names included, in byte order.
std::span<const std::string_view> zone_names();

}  // namespace v0
}  // namespace patron
