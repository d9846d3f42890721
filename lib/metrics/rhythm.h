// Rhythm: what a row of equal periods, such as weeks or months, says about a customer.
//
//   const CalendarGrid weeks({0, 7 * kMicrosPerDay}, zone);
//   streak(times, weeks, now);                        // 5: an order in each of five weeks in a row
//   relative_slope(std::array{10, 12, 14}).value();   // 2 / 12: up by a sixth of the mean a period
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "lib/metrics/calendar_grid.h"

namespace patron::internal {

/// How many periods in a row, up to now, hold one of the instants, which never decrease and are
/// none later than now. The period of now may still be empty; what ends a streak is a whole one
/// without. Cost: linear in the instants of the streak.
int64_t streak(std::span<const Micros> times, const CalendarGrid& grid, Micros now);
/// The instant at which that streak ends if nothing happens: the end of the period after its last.
/// Times are not empty.
Micros streak_end(std::span<const Micros> times, const CalendarGrid& grid);

/// The slope of the least squares line through (1, y1) ... (n, yn), over the mean of y. Exact but
/// for one rounding at the end: 6 sum((2k - n - 1) yk) / ((n^2 - 1) sum(yk)). Absent where n < 2
/// or the mean is 0; n <= 1000.
std::optional<double> relative_slope(std::span<const int64_t> y);
/// The same of doubles, added up in their order; absent too where it is not finite.
std::optional<double> relative_slope(std::span<const double> y);

}  // namespace patron::internal
