#include "lib/metrics/column_verbs.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "lib/base/int128.h"
#include "lib/base/number_text.h"
#include "lib/base/quotient.h"
#include "lib/metrics/rhythm.h"

namespace patron::internal {
namespace {

bool is_text(Kind kind) { return kind == Kind::kString || kind == Kind::kEnum; }

void set_whole(Int128 value, MetricValue& out) {
  constexpr Int128 kMin = std::numeric_limits<int64_t>::min();
  constexpr Int128 kMax = std::numeric_limits<int64_t>::max();
  out.overflow = value < kMin || value > kMax;
  if (!out.overflow) out.cell = Cell::of(static_cast<int64_t>(value));
}

void set_double(double value, MetricValue& out) {
  out.overflow = !std::isfinite(value);
  if (!out.overflow) out.cell = Cell::of_double(value);
}

void set_cell(const Cell& cell, const EventSource& source, int column, MetricValue& out) {
  if (!cell.known) return;
  if (source.of_sets(column)) {
    out.is_set = true;
    out.set = source.members(cell, column);
    return;
  }
  out.cell = cell;
  if (is_text(source.kind(column))) {
    out.text = std::string(cell.text);
    out.cell.text = {};
  }
}

// The sum of a column of whole numbers or doubles, and how many cells it has.
struct Total {
  Int128 whole = 0;
  double number = 0;
  int64_t cells = 0;
};

Total total_of(const EventSource& source, EventSpan events, int column) {
  Total total;
  for (const EventRef& event : events) {
    const Cell cell = source.cell(event, column);
    if (!cell.known) continue;
    total.whole += cell.integer;
    total.number += cell.number;
    ++total.cells;
  }
  return total;
}

// Values in an order of their own: numbers by size, texts by bytes.
using ValueKey = std::tuple<int64_t, double, std::string>;

ValueKey key_of(const Cell& cell) { return {cell.integer, cell.number, std::string(cell.text)}; }

// Each value of the column at an event; of a set, each member by its text.
template <typename Visit>
void for_each_value(const EventSource& source, const EventRef& event, int column, Visit visit) {
  const Cell cell = source.cell(event, column);
  if (!cell.known) return;
  if (!source.of_sets(column)) {
    visit(key_of(cell));
    return;
  }
  for (std::string& member : source.members(cell, column)) visit(ValueKey{0, 0, std::move(member)});
}

Cell cell_of(const ValueKey& key) {
  Cell cell = Cell::of(std::get<0>(key));
  cell.number = std::get<1>(key);
  cell.text = std::get<2>(key);
  return cell;
}

std::string text_of(const Cell& cell, Kind kind) {
  switch (kind) {
    case Kind::kString:
    case Kind::kEnum:
      return std::string(cell.text);
    case Kind::kBool:
      return cell.integer != 0 ? "true" : "false";
    case Kind::kDate:
      return format_date(cell.integer);
    case Kind::kTimestamp:
      return format_time(cell.integer);
    case Kind::kDouble:
      return number_text(cell.number);
    default:
      return std::to_string(cell.integer);
  }
}

MetricValue extreme_of(const EventSource& source, EventSpan events, int column, bool greatest) {
  MetricValue out;
  for (const EventRef& event : events) {
    const Cell cell = source.cell(event, column);
    if (!cell.known) continue;
    const auto value = std::pair(cell.integer, cell.number);
    const auto best = std::pair(out.cell.integer, out.cell.number);
    if (!out.cell.known || (greatest ? value > best : value < best)) out.cell = cell;
  }
  return out;
}

}  // namespace

MetricValue sum_of(const EventSource& source, EventSpan events, int column) {
  MetricValue out;
  const Total total = total_of(source, events, column);
  if (total.cells == 0 && !events.empty()) return out;
  if (source.kind(column) == Kind::kDouble) {
    set_double(total.number, out);
  } else {
    set_whole(total.whole, out);
  }
  return out;
}

MetricValue mean_of(const EventSource& source, EventSpan events, int column) {
  MetricValue out;
  const Total total = total_of(source, events, column);
  if (total.cells == 0) return out;
  const Kind kind = source.kind(column);
  if (kind == Kind::kDouble) {
    set_double(total.number / static_cast<double>(total.cells), out);
  } else if (kind != Kind::kInt64) {
    set_whole(divide_half_even(total.whole, total.cells), out);
  } else if (MetricValue whole; set_whole(total.whole, whole), whole.cell.known) {
    set_double(nearest_quotient(whole.cell.integer, total.cells), out);
  } else {
    set_double(static_cast<double>(total.whole) / static_cast<double>(total.cells), out);
  }
  return out;
}

MetricValue least_of(const EventSource& source, EventSpan events, int column) {
  return extreme_of(source, events, column, false);
}

MetricValue greatest_of(const EventSource& source, EventSpan events, int column) {
  return extreme_of(source, events, column, true);
}

MetricValue first_of(const EventSource& source, EventSpan events, int column) {
  MetricValue out;
  for (size_t i = 0; i < events.size() && !out.known(); ++i) {
    set_cell(source.cell(events[i], column), source, column, out);
  }
  return out;
}

MetricValue last_of(const EventSource& source, EventSpan events, int column) {
  MetricValue out;
  const size_t oldest = source.of_attribute() && !events.empty() ? events.size() - 1 : 0;
  for (size_t i = events.size(); i > oldest && !out.known(); --i) {
    set_cell(source.cell(events[i - 1], column), source, column, out);
  }
  return out;
}

MetricValue distinct_of(const EventSource& source, EventSpan events, int column) {
  std::set<ValueKey> values;
  for (const EventRef& event : events) {
    for_each_value(source, event, column, [&](ValueKey key) { values.insert(std::move(key)); });
  }
  MetricValue out;
  out.cell = Cell::of(static_cast<int64_t>(values.size()));
  return out;
}

MetricValue top_of(const EventSource& source, EventSpan events, int column, int by, int64_t n) {
  struct Weight {
    Int128 whole = 0;
    double number = 0;
    bool operator==(const Weight&) const = default;
  };
  std::map<ValueKey, Weight> weights;
  for (const EventRef& event : events) {
    const Cell weight = by == kTimeColumn ? Cell::of(1) : source.cell(event, by);
    if (!weight.known) continue;
    for_each_value(source, event, column, [&](const ValueKey& key) {
      weights[key].whole += weight.integer;
      weights[key].number += weight.number;
    });
  }
  std::vector<std::pair<ValueKey, Weight>> order(weights.begin(), weights.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second.whole, a.second.number) > std::tie(b.second.whole, b.second.number);
  });
  MetricValue out;
  if (order.empty()) return out;
  const Kind kind = source.of_sets(column) ? Kind::kEnum : source.kind(column);
  if (n == 1) {
    out.cell = cell_of(order.front().first);
    out.cell.text = {};
    if (is_text(kind)) out.text = std::get<2>(order.front().first);
    return out;
  }
  out.is_set = true;
  for (size_t i = 0; i < order.size() && i < static_cast<size_t>(n); ++i) {
    out.set.push_back(text_of(cell_of(order[i].first), kind));
  }
  return out;
}

MetricValue path_of(const EventSource& source, EventSpan events, int column, int64_t n) {
  std::vector<std::string> values;
  for (size_t i = events.size(); i > 0 && values.size() < static_cast<size_t>(n); --i) {
    const Cell cell = source.cell(events[i - 1], column);
    if (cell.known) values.push_back(text_of(cell, source.kind(column)));
  }
  MetricValue out;
  if (values.empty()) return out;
  out.cell.known = true;
  for (size_t i = values.size(); i > 0; --i) {
    if (i < values.size()) out.text += '>';
    out.text += values[i - 1];
  }
  return out;
}

MetricValue trend_of(const EventSource& source, EventSpan events, int column,
                     const CalendarGrid& grid, int64_t n, Micros now) {
  MetricValue out;
  const int64_t current = grid.index_of(now);
  out.next_change = grid.start_of(current + 1);
  if (out.next_change >= kEndTime) out.next_change = TimeRange::kNever;
  const bool doubles = column != kTimeColumn && source.kind(column) == Kind::kDouble;
  std::vector<Int128> wholes(static_cast<size_t>(n));
  std::vector<double> numbers(static_cast<size_t>(n));
  for (const EventRef& event : events) {
    const int64_t period = grid.index_of(event.time());
    if (period < current - n || period >= current) continue;
    const auto k = static_cast<size_t>(period - (current - n));
    const Cell cell = column == kTimeColumn ? Cell::of(1) : source.cell(event, column);
    if (!cell.known) continue;
    wholes[k] += cell.integer;
    numbers[k] += cell.number;
  }
  std::vector<int64_t> y;
  for (const Int128 whole : wholes) {
    MetricValue narrowed;
    set_whole(whole, narrowed);
    out.overflow = out.overflow || narrowed.overflow;
    y.push_back(narrowed.cell.integer);
  }
  if (out.overflow) return out;
  const std::optional<double> slope = doubles ? relative_slope(numbers) : relative_slope(y);
  if (slope) out.cell = Cell::of_double(*slope);
  return out;
}

MetricValue share_of(const EventSource& source, EventSpan part, EventSpan whole, int column) {
  MetricValue out;
  const Total of_part = total_of(source, part, column);
  const Total of_whole = total_of(source, whole, column);
  const bool doubles = source.kind(column) == Kind::kDouble;
  if (of_whole.cells == 0 || (doubles ? of_whole.number == 0 : of_whole.whole == 0)) return out;
  set_double(doubles ? of_part.number / of_whole.number
                     : static_cast<double>(of_part.whole) / static_cast<double>(of_whole.whole),
             out);
  return out;
}

}  // namespace patron::internal
