// Texts as values: what CEL's conversions read, and how values are written.
//
//   text_to_duration("1h30m")    // 5'400'000'000 microseconds
//   text_to_time("2026-03-01T08:30:00+08:00")
//
// Thread class of everything here: pure. Nothing allocates but what returns a string.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/expr/graph.h"
#include "patron/time.h"

namespace patron::internal {

/// The times of CEL: 0001-01-01T00:00:00Z up to but not including 10000-01-01T00:00:00Z.
inline constexpr Micros kFirstTime = -62'135'596'800 * kMicrosPerSecond;
inline constexpr Micros kPastTime = 253'402'300'800 * kMicrosPerSecond;
/// The range of google.protobuf.Duration, 10,000 years: any two times of CEL are less apart. CEL
/// itself stops at 292 years, what int64 has nanoseconds for: an age would be unknown from then on.
inline constexpr int64_t kMaxDuration = 315'576'000'000 * kMicrosPerSecond;
/// The days of those times.
inline constexpr Day kFirstDay = -719'162;
inline constexpr Day kLastDay = 2'932'896;

enum class TextProblem : uint8_t {
  kNone,
  kForm,   ///< not of the form
  kRange,  ///< beyond what the type holds
  kFine,   ///< finer than a microsecond
};

template <typename T>
struct FromText {
  T value{};
  TextProblem problem = TextProblem::kForm;
  bool ok() const { return problem == TextProblem::kNone; }
};

FromText<bool> text_to_bool(std::string_view text);
/// Decimal digits with or without a sign.
FromText<int64_t> text_to_int(std::string_view text);
/// Whether a decimal number, sign or none, lies between -1 and 1 (told by its digits alone).
bool below_one(std::string_view text);
/// Finite; "Infinity" and "NaN" are kRange.
FromText<double> text_to_double(std::string_view text);
/// RFC 3339: a date, "T", a time of day, and "Z" or an offset.
FromText<Micros> text_to_time(std::string_view text);
/// "1h30m", "-1.5h", "0": numbers each with h, m, s, ms, us or ns.
FromText<int64_t> text_to_duration(std::string_view text);
/// "2026-03-01".
FromText<Day> text_to_date(std::string_view text);

/// A zone as CEL names it: an IANA name, "UTC", or "+08:00", "-02:30", "02:00".
std::optional<ZoneChoice> zone_choice(std::string_view name);

/// How many code points a UTF-8 text has.
int64_t code_points(std::string_view text);

/// "2026-03-01T08:30:00.25Z".
std::string time_text(Micros t);
/// "5400s", "-0.25s".
std::string duration_text(int64_t micros);

/// The decimal number as it was written ("-12.345e2") x 10^scale, rounded down; `exact` says
/// whether nothing was lost. What is beyond int64 is INT64_MIN or INT64_MAX and not exact.
struct ScaledDecimal {
  int64_t floor = 0;
  bool exact = false;
  bool below = false;  ///< less than every int64
  bool above = false;  ///< greater than every int64
};
ScaledDecimal scale_decimal(std::string_view text, int scale);

}  // namespace patron::internal
