#include "lib/metrics/gaps.h"

#include <algorithm>
#include <cmath>

#include "lib/base/int128.h"
#include "lib/base/quotient.h"

namespace patron::internal {
namespace {

std::vector<int64_t> gaps_of(std::span<const Day> days) {
  std::vector<int64_t> gaps;
  gaps.reserve(days.size());
  for (size_t i = 1; i < days.size(); ++i) gaps.push_back(days[i] - days[i - 1]);
  return gaps;
}

}  // namespace

std::vector<Day> distinct_days(std::span<const Micros> times, const TimeZone& zone) {
  std::vector<Day> days;
  bool ascending = true;
  for (const Micros t : times) {
    const Day day = zone.local_day(t);
    if (!days.empty() && day == days.back()) continue;
    ascending = ascending && (days.empty() || days.back() < day);
    days.push_back(day);
  }
  if (ascending) return days;
  // Clocks were set back over midnight, and a day came again.
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

std::optional<int64_t> gap_last(std::span<const Day> days) {
  if (days.size() < 2) return std::nullopt;
  return (days.back() - days[days.size() - 2]) * kMicrosPerDay;
}

std::optional<int64_t> gap_mean(std::span<const Day> days) {
  if (days.size() < 2) return std::nullopt;
  const Int128 whole = static_cast<Int128>(days.back() - days.front()) * kMicrosPerDay;
  return static_cast<int64_t>(divide_half_even(whole, static_cast<int64_t>(days.size()) - 1));
}

std::optional<int64_t> gap_median(std::span<const Day> days) {
  if (days.size() < 2) return std::nullopt;
  std::vector<int64_t> gaps = gaps_of(days);
  const auto middle = gaps.begin() + static_cast<ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  if (gaps.size() % 2 != 0) return *middle * kMicrosPerDay;
  const int64_t below = *std::max_element(gaps.begin(), middle);
  return (below + *middle) * (kMicrosPerDay / 2);
}

std::optional<double> gap_cv(std::span<const Day> days) {
  if (days.size() < 3) return std::nullopt;
  const auto n = static_cast<int64_t>(days.size()) - 1;
  const int64_t total = days.back() - days.front();
  Int128 squares = 0;
  for (const int64_t gap : gaps_of(days)) squares += static_cast<Int128>(gap) * gap;
  // n (n - 1) times the variance is whole: n x sum of squares - square of the sum.
  const Int128 spread = squares * n - static_cast<Int128>(total) * total;
  return std::sqrt(static_cast<double>(spread) *
                   (static_cast<double>(n) / static_cast<double>(n - 1))) /
         static_cast<double>(total);
}

}  // namespace patron::internal
