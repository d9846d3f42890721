// The proleptic Gregorian calendar and the division that goes with it, inline.
//
// Both directions are exact for every day whose year fits in int32 (H. Hinnant, "chrono-compatible
// low-level date algorithms": eras of 400 years, years that begin in March).
#pragma once

#include <cstdint>

#include "patron/time.h"

namespace patron::internal {

/// The quotient rounded towards minus infinity; b > 0.
constexpr int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
/// What floor_div leaves: 0 <= r < b.
constexpr int64_t floor_mod(int64_t a, int64_t b) { return a % b + (a % b < 0 ? b : 0); }

inline constexpr int64_t kSecondsPerDay = 86'400;
/// The calendar, days of the week included, repeats after 400 years.
inline constexpr int64_t kDaysPer400Years = 146'097;

constexpr bool is_leap_year(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/// 28 to 31; month is 1 to 12.
constexpr int days_in_month(int64_t year, int month) {
  return month == 2 ? (is_leap_year(year) ? 29 : 28) : 30 + ((month + month / 8) & 1);
}

/// Days since 1970-01-01; month is 1 to 12, day may run over.
constexpr Day civil_to_day(int64_t year, int64_t month, int64_t day) {
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = floor_div(y, 400);
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPer400Years + day_of_era - 719'468;
}

/// 0 = Sunday.
constexpr int weekday(Day day) { return static_cast<int>(floor_mod(day + 4, 7)); }

}  // namespace patron::internal
