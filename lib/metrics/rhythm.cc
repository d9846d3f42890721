#include "lib/metrics/rhythm.h"

#include <cmath>

#include "lib/base/int128.h"

namespace patron::internal {

int64_t streak(std::span<const Micros> times, const CalendarGrid& grid, Micros now) {
  if (times.empty()) return 0;
  int64_t period = grid.index_of(times.back());
  if (period < grid.index_of(now) - 1) return 0;
  int64_t length = 1;
  Micros start = grid.start_of(period);
  for (size_t i = times.size(); i-- > 0;) {
    if (times[i] >= start) continue;
    const Micros before = grid.start_of(period - 1);
    if (times[i] < before) break;
    --period, ++length, start = before;
  }
  return length;
}

Micros streak_end(std::span<const Micros> times, const CalendarGrid& grid) {
  return grid.start_of(grid.index_of(times.back()) + 2);
}

std::optional<double> relative_slope(std::span<const int64_t> y) {
  const auto n = static_cast<int64_t>(y.size());
  Int128 moment = 0, total = 0;
  for (int64_t k = 1; k <= n; ++k) {
    const int64_t value = y[static_cast<size_t>(k - 1)];
    moment += static_cast<Int128>(2 * k - n - 1) * value;
    total += value;
  }
  if (n < 2 || total == 0) return std::nullopt;
  return static_cast<double>(6 * moment) / static_cast<double>((n * n - 1) * total);
}

std::optional<double> relative_slope(std::span<const double> y) {
  const auto n = static_cast<double>(y.size());
  double moment = 0, total = 0;
  for (size_t k = 0; k < y.size(); ++k) {
    moment += (2 * static_cast<double>(k) + 1 - n) * y[k];
    total += y[k];
  }
  const double slope = 6 * moment / ((n * n - 1) * total);
  if (y.size() < 2 || !std::isfinite(total) || !std::isfinite(slope)) return std::nullopt;
  return slope;
}

}  // namespace patron::internal
