#include "lib/metrics/page_verbs.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "lib/base/int128.h"
#include "lib/metrics/page_cells.h"
#include "lib/metrics/page_walk.h"
#include "lib/metrics/rhythm.h"

namespace patron::internal {

void page_streak(const PageEvents& events, const CalendarGrid& grid, ValueBlock& out) {
  const Walk walk(events);
  const Micros* times = events.stream.columns().times();
  const Micros now = events.stream.now();
  std::vector<Micros> mine;
  for (uint32_t i = 0; i < walk.customers; ++i) {
    mine.clear();
    each_row(walk, i, [&](uint32_t row) { mine.push_back(times[row]); });
    out.set(i, streak(mine, grid, now));
  }
}

void page_trend(const PageEvents& events, int column, const CalendarGrid& grid, int64_t n,
                ValueBlock& out) {
  const Walk walk(events);
  const Micros* times = events.stream.columns().times();
  std::optional<Values> values;
  if (column != kTimeColumn) values.emplace(events.stream, column);
  const Weigher weigher(events.stream, column);
  // Where each of the n whole periods before the current one begins, and where the last ends.
  const auto periods = static_cast<size_t>(n);
  std::vector<Micros> starts;
  const int64_t current = grid.index_of(events.stream.now());
  for (int64_t k = current - n; k <= current; ++k) starts.push_back(grid.start_of(k));
  std::vector<Int128> wholes(periods);
  std::vector<double> numbers(periods);
  std::vector<int64_t> y(periods);
  for (uint32_t i = 0; i < walk.customers; ++i) {
    std::fill(wholes.begin(), wholes.end(), 0);
    std::fill(numbers.begin(), numbers.end(), 0);
    size_t k = 0;
    each_row(walk, i, [&](uint32_t row) {
      if (times[row] < starts.front() || times[row] >= starts.back()) return;
      while (times[row] >= starts[k + 1]) ++k;
      if (weigher.null(row)) return;
      wholes[k] += weigher.whole(row);
      numbers[k] += weigher.number(row);
    });
    bool fits = true;
    for (size_t p = 0; p < periods; ++p) {
      fits = fits && wholes[p] >= INT64_MIN && wholes[p] <= INT64_MAX;
      y[p] = static_cast<int64_t>(wholes[p]);
    }
    if (!fits) continue;
    const std::optional<double> slope =
        values && values->doubles() ? relative_slope(numbers) : relative_slope(y);
    if (slope) out.set(i, *slope);
  }
}

void page_points(const PageEvents& events, const Expression& each, const PointsRule& rule,
                 ValueBlock& out) {
  std::vector<double> earned;
  events.stream.evaluate(each, earned);
  const Walk walk(events);
  const Micros* times = events.stream.columns().times();
  std::vector<PointsEvent> mine;
  for (uint32_t i = 0; i < walk.customers; ++i) {
    mine.clear();
    each_row(walk, i, [&](uint32_t row) { mine.push_back({times[row], earned[row]}); });
    out.set(i, points_balance(mine, rule, events.stream.zone(), events.stream.now()).points);
  }
}

bool page_takes(const CellColumn& column, Verb verb, bool open_set) {
  if (column.cell == CellType::kCustomer || open_set) return false;
  switch (verb) {
    case Verb::kPath:
      return column.cell == CellType::kCode;
    case Verb::kDistinct:
    case Verb::kTop:
      return column.cell != CellType::kText;
    default:
      return true;
  }
}

}  // namespace patron::internal
