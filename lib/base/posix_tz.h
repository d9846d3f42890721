// The footer of a TZif file: a POSIX TZ string with the extensions of RFC 8536, section 3.3.1.
//
//   "CET-1CEST,M3.5.0,M10.5.0/3"     daylight saving time from the last Sunday of March, 02:00,
//                                    to the last Sunday of October, 03:00
//   "<+03>-3"                        names in angle brackets hold digits and signs
//   "IST-1GMT0,M10.5.0,M3.5.0/1"     "daylight" time may lie west of standard time
//
// Thread class of everything here: pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "patron/time.h"

namespace patron::internal {

/// A day of the year and a time on it.
struct YearlyRule {
  enum class Kind : uint8_t {
    kJulian,       ///< Jn: day 1 to 365, 29 February never counted
    kZeroBased,    ///< n: day 0 to 365, 29 February counted
    kMonthWeekDay  ///< Mm.w.d: weekday d (0 = Sunday) of week w (5 = the last) of month m
  } kind = Kind::kMonthWeekDay;
  int16_t day = 0;  ///< kJulian, kZeroBased
  int8_t month = 0, week = 0, weekday = 0;
  int32_t seconds = 7200;  ///< of wall clock after 00:00 of that day; -167 h to 167 h

  /// The wall clock, in seconds since 1970-01-01T00:00:00 local, at which it falls in a year.
  int64_t wall_seconds(int64_t year) const;
};

/// The rules for all years. Offsets are seconds east of UTC.
struct PosixTz {
  int32_t standard = 0;
  bool has_daylight = false;
  int32_t daylight = 0;
  YearlyRule start;  ///< standard to daylight, in standard wall clock
  YearlyRule end;    ///< daylight to standard, in daylight wall clock

  struct Change {
    int64_t at;      ///< seconds since 1970-01-01T00:00:00Z
    int32_t offset;  ///< from then on
  };
  /// The two changes of a year, the earlier first; has_daylight must hold.
  std::array<Change, 2> changes(int64_t year) const;
};

/// Empty where the text is no such string. Daylight saving time must come with its rule.
std::optional<PosixTz> parse_posix_tz(std::string_view text);

}  // namespace patron::internal
