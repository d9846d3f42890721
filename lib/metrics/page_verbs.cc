#include "lib/metrics/page_verbs.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "lib/base/int128.h"
#include "lib/base/quotient.h"
#include "lib/base/simd.h"
#include "lib/metrics/code_weights.h"
#include "lib/metrics/page_walk.h"
#include "lib/metrics/rhythm.h"

namespace patron::internal {
namespace {

void put_whole(Int128 value, size_t i, ValueBlock& out) {
  constexpr Int128 kMin = std::numeric_limits<int64_t>::min();
  constexpr Int128 kMax = std::numeric_limits<int64_t>::max();
  if (value >= kMin && value <= kMax) out.set(i, static_cast<int64_t>(value));
}

void put_number(double value, size_t i, ValueBlock& out) {
  if (std::isfinite(value)) out.set(i, value);
}

// The exact sum of a customer's cells, and how many there are; and how many rows.
struct WholeSum {
  Int128 sum = 0;
  int64_t cells = 0;
  int64_t rows = 0;
};

// Sums of whole numbers: of all rows of a window from the sums that the book keeps, else row by
// row.
class WholeSums {
 public:
  WholeSums(const PageEvents& events, int column)
      : walk_(events), values_(events.stream.columns().ints(column)) {
    if (events.stream.selects_all(events.selection)) {
      kept_ = events.stream.columns().prefix_of_known(column);
    }
  }
  PATRON_SIMD_INLINE WholeSum of(uint32_t i) const {
    const uint32_t begin = walk_.rows.begin[i], end = walk_.rows.end[i];
    WholeSum out;
    if (kept_ != nullptr) {
      if (begin == end) return out;
      out.cells = out.rows = end - begin;
      out.sum = Int128{kept_[end - 1]} - kept_[begin] + values_[begin];
      return out;
    }
    walk_.selected.each(
        begin, end, [&](uint32_t row) __attribute__((always_inline)) {
          ++out.rows;
          if (values_[row] == kNullInt) return;
          out.sum += values_[row];
          ++out.cells;
        });
    return out;
  }
  uint32_t customers() const { return walk_.customers; }

 private:
  Walk walk_;
  const int64_t* values_;
  const int64_t* kept_ = nullptr;
};

struct NumberSum {
  double sum = 0;
  int64_t cells = 0;
};

NumberSum number_sum(const Walk& walk, const double* values, uint32_t i) {
  NumberSum out;
  each_row(walk, i, [&](uint32_t row) {
    if (std::isnan(values[row])) return;
    out.sum += values[row];
    ++out.cells;
  });
  return out;
}

bool is_double(const PageEvents& events, int column) {
  return column != kTimeColumn && events.stream.columns().layout(column).cell == CellType::kDouble;
}

// Cells as keys that are ordered by value.
class Values {
 public:
  Values(PageStream& stream, int column) {
    if (column != kTimeColumn && stream.columns().layout(column).cell == CellType::kDouble) {
      doubles_ = stream.columns().doubles(column);
    } else {
      ints_ = stream.columns().ints(column);
    }
  }
  bool doubles() const { return doubles_ != nullptr; }
  bool null(uint32_t row) const {
    return ints_ != nullptr ? ints_[row] == kNullInt : std::isnan(doubles_[row]);
  }
  bool less(uint32_t a, uint32_t b) const {
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): one of the two is there.
    return ints_ != nullptr ? ints_[a] < ints_[b] : doubles_[a] < doubles_[b];
  }
  void put(uint32_t row, size_t i, ValueBlock& out) const {
    ints_ != nullptr ? out.set(i, ints_[row]) : out.set(i, doubles_[row]);
  }

 private:
  const int64_t* ints_ = nullptr;
  const double* doubles_ = nullptr;
};

std::vector<std::string> members_of(uint64_t bits, const std::vector<std::string>& values) {
  std::vector<std::string> out;
  for (size_t bit = 0; bit < values.size(); ++bit) {
    if ((bits >> bit & 1) != 0) out.push_back(values[bit]);
  }
  return out;
}

// What an event weighs: 1 without `by`; nothing where `by` is null.
class Weigher {
 public:
  Weigher(PageStream& stream, int by) {
    if (by != kTimeColumn) values_.emplace(stream, by);
    if (!values_) return;
    if (values_->doubles()) {
      doubles_ = stream.columns().doubles(by);
    } else {
      ints_ = stream.columns().ints(by);
    }
  }
  bool null(uint32_t row) const { return values_ && values_->null(row); }
  int64_t whole(uint32_t row) const { return ints_ != nullptr ? ints_[row] : values_ ? 0 : 1; }
  double number(uint32_t row) const { return doubles_ != nullptr ? doubles_[row] : 0; }

 private:
  std::optional<Values> values_;
  const int64_t* ints_ = nullptr;
  const double* doubles_ = nullptr;
};

}  // namespace

void page_count(const PageEvents& events, ValueBlock& out) {
  const Walk walk(events);
  const bool all = events.stream.selects_all(events.selection);
  int64_t* const to = out.integers();
  std::fill_n(out.known(), walk.customers, 1);
  run_with_best_simd([ walk, all, to ]() __attribute__((always_inline)) {
    const Walk mine = walk;
    int64_t* const counts = to;
    for (uint32_t i = 0; all && i < mine.customers; ++i) {
      counts[i] = mine.rows.end[i] - mine.rows.begin[i];
    }
    for (uint32_t i = 0; !all && i < mine.customers; ++i) counts[i] = mine.count(i);
    return 0;
  });
}

void page_sum(const PageEvents& events, int column, ValueBlock& out) {
  if (is_double(events, column)) {
    const Walk walk(events);
    const double* values = events.stream.columns().doubles(column);
    for (uint32_t i = 0; i < walk.customers; ++i) {
      const NumberSum sum = number_sum(walk, values, i);
      if (sum.cells > 0 || walk.count(i) == 0) put_number(sum.sum, i, out);
    }
    return;
  }
  const WholeSums sums(events, column);
  run_with_best_simd([&]() __attribute__((always_inline)) {
    const WholeSums mine = sums;
    int64_t* const to = out.integers();
    uint8_t* const known = out.known();
    for (uint32_t i = 0; i < mine.customers(); ++i) {
      const WholeSum sum = mine.of(i);
      const auto value = static_cast<int64_t>(sum.sum);
      const bool given = (sum.cells > 0 || sum.rows == 0) && value == sum.sum;
      to[i] = given ? value : 0;
      known[i] = given ? 1 : 0;
    }
    return 0;
  });
}

void page_mean(const PageEvents& events, int column, ValueBlock& out) {
  if (is_double(events, column)) {
    const Walk walk(events);
    const double* values = events.stream.columns().doubles(column);
    for (uint32_t i = 0; i < walk.customers; ++i) {
      const NumberSum sum = number_sum(walk, values, i);
      if (sum.cells > 0) put_number(sum.sum / static_cast<double>(sum.cells), i, out);
    }
    return;
  }
  const bool whole_numbers =
      column != kTimeColumn && events.stream.columns().layout(column).kind == Kind::kInt64;
  const WholeSums sums(events, column);
  for (uint32_t i = 0; i < sums.customers(); ++i) {
    const WholeSum sum = sums.of(i);
    if (sum.cells == 0) continue;
    if (!whole_numbers) {
      put_whole(divide_half_even(sum.sum, sum.cells), i, out);
    } else if (sum.sum >= INT64_MIN && sum.sum <= INT64_MAX) {
      put_number(nearest_quotient(static_cast<int64_t>(sum.sum), sum.cells), i, out);
    } else {
      put_number(static_cast<double>(sum.sum) / static_cast<double>(sum.cells), i, out);
    }
  }
}

void page_extreme(const PageEvents& events, int column, bool greatest, ValueBlock& out) {
  const Walk walk(events);
  const Values values(events.stream, column);
  for (uint32_t i = 0; i < walk.customers; ++i) {
    std::optional<uint32_t> best;
    each_row(walk, i, [&](uint32_t row) {
      if (values.null(row)) return;
      if (!best || (greatest ? values.less(*best, row) : values.less(row, *best))) best = row;
    });
    if (best) values.put(*best, i, out);
  }
}

namespace {

// Which row of each customer is looked for: her first, or last, whose cell is not null; her newest,
// null or not.
enum class Edge : uint8_t { kFirst, kLast, kNewest };

template <typename Null, typename Put>
void edges(const Walk& walk, Edge edge, Null null, Put put) {
  run_with_best_simd([&]() __attribute__((always_inline)) {
    const Walk mine = walk;
    const Null is_null = null;
    const auto there = [is_null](uint32_t row) { return !is_null(row); };
    for (uint32_t i = 0; i < mine.customers; ++i) {
      const uint32_t begin = mine.rows.begin[i], end = mine.rows.end[i];
      uint32_t row = end;
      if (edge == Edge::kFirst) {
        row = mine.selected.first(begin, end, there);
      } else if (edge == Edge::kLast) {
        row = mine.selected.last(begin, end, there);
      } else {
        row = mine.selected.last(begin, end, [](uint32_t) { return true; });
        if (row != end && is_null(row)) row = end;
      }
      if (row != end) put(i, row);
    }
    return 0;
  });
}

}  // namespace

void page_edge(const PageEvents& events, int column, bool last, ValueBlock& out) {
  const Walk walk(events);
  PageColumns& columns = events.stream.columns();
  const CellType type = column == kTimeColumn ? CellType::kInt : columns.layout(column).cell;
  const Edge edge = !last ? Edge::kFirst : columns.of_attribute() ? Edge::kNewest : Edge::kLast;
  if (type == CellType::kCode) {
    const uint32_t* codes = columns.codes(column);
    edges(
        walk, edge, [codes](uint32_t row) { return codes[row] == kNullEnum; },
        [&](uint32_t i, uint32_t row) { out.set_text(i, columns.code_text(column, codes[row])); });
  } else if (type == CellType::kText) {
    edges(
        walk, edge, [&](uint32_t row) { return columns.null(column, row); },
        [&](uint32_t i, uint32_t row) { out.keep_text(i, columns.text(column, row)); });
  } else if (type == CellType::kBits) {
    const uint64_t* bits = columns.bits(column);
    edges(
        walk, edge, [bits](uint32_t row) { return bits[row] == kNullBits; },
        [&](uint32_t i, uint32_t row) {
          out.set_members(i, members_of(bits[row], columns.layout(column).values));
        });
  } else {
    const Values values(events.stream, column);
    if (values.doubles()) {
      edges(
          walk, edge, [values](uint32_t row) { return values.null(row); },
          [&](uint32_t i, uint32_t row) { values.put(row, i, out); });
      return;
    }
    const int64_t* const ints = columns.ints(column);
    int64_t* const to = out.integers();
    uint8_t* const known = out.known();
    edges(
        walk, edge, [ints](uint32_t row) { return ints[row] == kNullInt; },
        [ints, to, known](uint32_t i, uint32_t row) { to[i] = ints[row], known[i] = 1; });
  }
}

void page_share(const PageEvents& part, const PageEvents& whole, int column, ValueBlock& out) {
  if (is_double(whole, column)) {
    const Walk of_part(part), of_whole(whole);
    const double* values = whole.stream.columns().doubles(column);
    for (uint32_t i = 0; i < of_whole.customers; ++i) {
      const NumberSum all = number_sum(of_whole, values, i);
      if (all.cells > 0 && all.sum != 0) {
        put_number(number_sum(of_part, values, i).sum / all.sum, i, out);
      }
    }
    return;
  }
  const WholeSums of_part(part, column), of_whole(whole, column);
  for (uint32_t i = 0; i < whole.stream.customers(); ++i) {
    const WholeSum all = of_whole.of(i);
    if (all.cells == 0 || all.sum == 0) continue;
    put_number(static_cast<double>(of_part.of(i).sum) / static_cast<double>(all.sum), i, out);
  }
}

void page_distinct(const PageEvents& events, int column, ValueBlock& out) {
  const Walk walk(events);
  PageColumns& columns = events.stream.columns();
  const CellType type = column == kTimeColumn ? CellType::kInt : columns.layout(column).cell;
  if (type == CellType::kBits) {
    const uint64_t* bits = columns.bits(column);
    const size_t values = columns.layout(column).values.size();
    const uint64_t there = values >= 64 ? ~uint64_t{0} : (uint64_t{1} << values) - 1;
    for (uint32_t i = 0; i < walk.customers; ++i) {
      uint64_t all = 0;
      each_row(walk, i, [&](uint32_t row) { all |= bits[row] == kNullBits ? 0 : bits[row]; });
      out.set(i, int64_t{std::popcount(all & there)});
    }
    return;
  }
  if (type == CellType::kCode) {
    const uint32_t* codes = columns.codes(column);
    CodeWeights& weights = events.stream.weights(column);
    for (uint32_t i = 0; i < walk.customers; ++i) {
      weights.clear();
      each_row(walk, i, [&](uint32_t row) {
        if (codes[row] != kNullEnum) weights.add(codes[row], 1, 0);
      });
      out.set(i, static_cast<int64_t>(weights.size()));
    }
    return;
  }
  const Values values(events.stream, column);
  std::vector<uint32_t> rows;
  for (uint32_t i = 0; i < walk.customers; ++i) {
    rows.clear();
    each_row(walk, i, [&](uint32_t row) {
      if (!values.null(row)) rows.push_back(row);
    });
    std::sort(rows.begin(), rows.end(), [&](uint32_t a, uint32_t b) { return values.less(a, b); });
    int64_t count = rows.empty() ? 0 : 1;
    for (size_t k = 1; k < rows.size(); ++k) count += values.less(rows[k - 1], rows[k]) ? 1 : 0;
    out.set(i, count);
  }
}

namespace {

// The heaviest code of each customer, of equals the one whose text is less, where an event weighs
// `by`, or 1, and these add up within 64 bits.
void top_code(const Walk& walk, const uint32_t* codes, const int64_t* by, const CodeWeights& texts,
              ValueBlock& out) {
  const size_t count = texts.codes();
  const uint32_t* const ranks = texts.ranks();
  std::vector<int64_t> weights(count);
  std::vector<uint32_t> added(count), which(count + 1);
  run_with_best_simd([&]() __attribute__((always_inline)) {
    const Walk mine = walk;
    const uint32_t* const code_of = codes;
    const int64_t* const weigh = by;
    int64_t* const weight = weights.data();
    uint32_t* const there = added.data();
    uint32_t* const touched = which.data();
    for (uint32_t i = 0; i < mine.customers; ++i) {
      size_t n = 0;
      each_row(
          mine, i, [&](uint32_t row) __attribute__((always_inline)) {
            const uint32_t code = code_of[row];
            const int64_t one = weigh == nullptr ? 1 : weigh[row];
            if (code == kNullEnum || one == kNullInt) return;
            touched[n] = code;
            n += 1 - there[code];
            there[code] = 1;
            weight[code] += one;
          });
      if (n == 0) continue;
      uint32_t best = touched[0];
      int64_t most = weight[best];
      for (size_t k = 0; k < n; ++k) {
        const uint32_t code = touched[k];
        const int64_t sum = weight[code];
        there[code] = 0, weight[code] = 0;
        const bool heavier = sum > most || (sum == most && ranks[code] < ranks[best]);
        best = heavier ? code : best;
        most = heavier ? sum : most;
      }
      out.set_text(i, texts.text(best));
    }
    return 0;
  });
}

// The heaviest codes of each customer; `add_codes(row, add)` adds those of a row.
template <typename Add>
void top_codes(const Walk& walk, const Weigher& weigher, CodeWeights& weights, int64_t n,
               Add add_codes, ValueBlock& out) {
  for (uint32_t i = 0; i < walk.customers; ++i) {
    weights.clear();
    each_row(walk, i, [&](uint32_t row) {
      if (weigher.null(row)) return;
      add_codes(row,
                [&](uint32_t code) { weights.add(code, weigher.whole(row), weigher.number(row)); });
    });
    if (weights.size() == 0) continue;
    if (n == 1) {
      out.set_text(i, weights.text(weights.best()));
      continue;
    }
    std::vector<std::string> members;
    members.reserve(std::min(static_cast<size_t>(n), weights.size()));
    for (const uint32_t code : weights.order()) {
      if (members.size() == static_cast<size_t>(n)) break;
      members.emplace_back(weights.text(code));
    }
    out.set_members(i, std::move(members));
  }
}

// The heaviest of values that are ordered.
void top_value(const Walk& walk, const Values& values, const Weigher& weigher, ValueBlock& out) {
  std::vector<uint32_t> rows;
  for (uint32_t i = 0; i < walk.customers; ++i) {
    rows.clear();
    each_row(walk, i, [&](uint32_t row) {
      if (!values.null(row) && !weigher.null(row)) rows.push_back(row);
    });
    std::stable_sort(rows.begin(), rows.end(),
                     [&](uint32_t a, uint32_t b) { return values.less(a, b); });
    std::optional<uint32_t> best;
    Int128 best_whole = 0;
    double best_number = 0;
    for (size_t k = 0; k < rows.size();) {
      const uint32_t first = rows[k];
      Int128 whole = 0;
      double number = 0;
      for (; k < rows.size() && !values.less(first, rows[k]); ++k) {
        whole += weigher.whole(rows[k]);
        number += weigher.number(rows[k]);
      }
      const bool heavier = whole != best_whole ? whole > best_whole : number > best_number;
      if (!best || heavier) best = first, best_whole = whole, best_number = number;
    }
    if (best) values.put(*best, i, out);
  }
}

// Whether no sum of weights of one customer leaves 64 bits: the book refuses what would let the
// sums that it keeps do so.
bool adds_up_in_64_bits(const PageColumns& columns, int by) {
  return by == kTimeColumn || columns.layout(by).sum >= 0;
}

}  // namespace

void page_top(const PageEvents& events, int column, int by, int64_t n, ValueBlock& out) {
  const Walk walk(events);
  PageColumns& columns = events.stream.columns();
  const Weigher weigher(events.stream, by);
  const CellType type = column == kTimeColumn ? CellType::kInt : columns.layout(column).cell;
  if (type == CellType::kBits) {
    const uint64_t* bits = columns.bits(column);
    const auto values = static_cast<uint32_t>(columns.layout(column).values.size());
    top_codes(
        walk, weigher, events.stream.weights(column), n,
        [&](uint32_t row, auto add) {
          for (uint32_t bit = 0; bits[row] != kNullBits && bit < values; ++bit) {
            if ((bits[row] >> bit & 1) != 0) add(bit);
          }
        },
        out);
  } else if (type == CellType::kCode && n == 1 && adds_up_in_64_bits(columns, by)) {
    const int64_t* weights = by == kTimeColumn ? nullptr : columns.ints(by);
    top_code(walk, columns.codes(column), weights, events.stream.weights(column), out);
  } else if (type == CellType::kCode) {
    const uint32_t* codes = columns.codes(column);
    top_codes(
        walk, weigher, events.stream.weights(column), n,
        [&](uint32_t row, auto add) {
          if (codes[row] != kNullEnum) add(codes[row]);
        },
        out);
  } else {
    top_value(walk, Values(events.stream, column), weigher, out);
  }
}

void page_path(const PageEvents& events, int column, int64_t n, ValueBlock& out) {
  const Walk walk(events);
  PageColumns& columns = events.stream.columns();
  const uint32_t* codes = columns.codes(column);
  std::vector<uint32_t> last;
  for (uint32_t i = 0; i < walk.customers; ++i) {
    last.clear();
    walk.selected.last(walk.rows.begin[i], walk.rows.end[i], [&](uint32_t row) {
      if (codes[row] != kNullEnum) last.push_back(codes[row]);
      return last.size() >= static_cast<size_t>(n);
    });
    if (last.empty()) continue;
    std::string text;
    for (size_t k = last.size(); k > 0; --k) {
      if (k < last.size()) text += '>';
      text += columns.code_text(column, last[k - 1]);
    }
    out.keep_text(i, text);
  }
}

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
