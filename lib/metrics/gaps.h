// Gaps: the rhythm of the local days on which something happened.
//
//   std::vector<Day> days = distinct_days(times, zone);     // 2026-03-01, 2026-03-04, 2026-03-10
//   gap_last(days);     // 6 days, in microseconds
//   gap_median(days);   // 4.5 days
//
// Gaps lie between neighbouring distinct days (rule 11), and a day counts as 24 hours. Where there
// are too few days there is no value. Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "patron/time.h"

namespace patron::internal {

/// The local days of instants that never decrease, each once, ascending.
std::vector<Day> distinct_days(std::span<const Micros> times, const TimeZone& zone);

/// Microseconds between the two newest days; absent for fewer than two.
std::optional<int64_t> gap_last(std::span<const Day> days);
/// The mean of the gaps in microseconds, half to even; absent for fewer than two days.
std::optional<int64_t> gap_mean(std::span<const Day> days);
/// Their median in microseconds, of an even number the middle between the two in the middle;
/// absent for fewer than two days.
std::optional<int64_t> gap_median(std::span<const Day> days);
/// The coefficient of variation: the sample standard deviation (n - 1) over the mean; absent for
/// fewer than two gaps.
std::optional<double> gap_cv(std::span<const Day> days);

}  // namespace patron::internal
