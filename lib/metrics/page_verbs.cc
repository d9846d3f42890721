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
#include "lib/metrics/heaviest_code.h"
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

// Sums of whole numbers: of all rows of a window by the running sums of the page, else row by row.
class WholeSums {
 public:
  WholeSums(const PageEvents& events, int column)
      : walk_(events), values_(events.stream.columns().ints(column)) {
    if (events.stream.selects_all(events.selection)) {
      running_ = events.stream.columns().running_sums(column);
    }
  }
  PATRON_SIMD_INLINE WholeSum of(uint32_t i) const {
    const uint32_t begin = walk_.rows.begin[i], end = walk_.rows.end[i];
    WholeSum out;
    if (running_ != nullptr) {
      out.cells = out.rows = end - begin;
      out.sum = running_[end] - running_[begin];
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
  /// Those of everybody, where each is known and within 64 bits; false where that is not sure.
  bool put_running(ValueBlock& out) const {
    if (running_ == nullptr) return false;
    run_with_best_simd([&]() __attribute__((always_inline)) {
      const Walk mine = walk_;
      const int64_t* const sums = running_;
      int64_t* const to = out.integers();
      for (uint32_t i = 0; i < mine.customers; ++i) {
        to[i] = sums[mine.rows.end[i]] - sums[mine.rows.begin[i]];
      }
      return 0;
    });
    std::fill_n(out.known(), walk_.customers, 1);
    return true;
  }

 private:
  Walk walk_;
  const int64_t* values_;
  const int64_t* running_ = nullptr;
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

// The bits of the members that a column of sets knows.
uint64_t bits_there(size_t values) {
  return values >= 64 ? ~uint64_t{0} : (uint64_t{1} << values) - 1;
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
  if (sums.put_running(out)) return;
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
    const uint32_t* const codes = columns.codes(column);
    uint32_t* const to = out.name(columns.names(column));
    uint8_t* const known = out.known();
    edges(
        walk, edge, [codes](uint32_t row) { return codes[row] == kNullEnum; },
        [codes, to, known](uint32_t i, uint32_t row) { to[i] = codes[row], known[i] = 1; });
  } else if (type == CellType::kText) {
    edges(
        walk, edge, [&](uint32_t row) { return columns.null(column, row); },
        [&](uint32_t i, uint32_t row) { out.keep_text(i, columns.text(column, row)); });
  } else if (type == CellType::kBits) {
    const uint64_t* bits = columns.bits(column);
    const std::vector<std::string>& values = columns.layout(column).values;
    edges(
        walk, edge, [bits](uint32_t row) { return bits[row] == kNullBits; },
        [&](uint32_t i, uint32_t row) {
          out.begin_set(i);
          for (size_t bit = 0; bit < values.size(); ++bit) {
            if ((bits[row] >> bit & 1) != 0) out.add_member(i, values[bit]);
          }
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
    const uint64_t there = bits_there(columns.layout(column).values.size());
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
    out.begin_set(i);
    for (const uint32_t code : weights.order().first(std::min<size_t>(n, weights.size()))) {
      out.add_member(i, weights.text(code));
    }
  }
}

// The same of sets, where every event weighs 1: how often each member comes is counted by its bit.
void top_members(const Walk& walk, const uint64_t* bits, const CodeWeights& texts, int64_t n,
                 ValueBlock& out) {
  const uint64_t there = bits_there(texts.codes());
  const uint32_t* const ranks = texts.ranks();
  std::array<uint32_t, 64> counts{};
  std::array<uint64_t, 64> order;  // the heaviest first: what it lacks, then its rank, then its bit
  for (uint32_t i = 0; i < walk.customers; ++i) {
    uint64_t all = 0;
    each_row(walk, i, [&](uint32_t row) {
      if (bits[row] == kNullBits) return;
      all |= bits[row] & there;
      for (uint64_t left = bits[row] & there; left != 0; left &= left - 1) {
        ++counts[static_cast<size_t>(std::countr_zero(left))];
      }
    });
    if (all == 0) continue;
    size_t size = 0;
    for (; all != 0; all &= all - 1) {
      const auto bit = static_cast<size_t>(std::countr_zero(all));
      const uint64_t lacks = UINT32_MAX - std::exchange(counts[bit], 0);
      const uint64_t key = lacks << 32 | uint64_t{ranks[bit]} << 6 | bit;
      size_t at = size++;
      for (; at > 0 && order[at - 1] > key; --at) order[at] = order[at - 1];
      order[at] = key;
    }
    if (n == 1) {
      out.set_text(i, texts.text(order[0] % 64));
      continue;
    }
    out.begin_set(i);
    for (size_t k = 0; k < std::min<size_t>(n, size); ++k) {
      out.add_member(i, texts.text(order[k] % 64));
    }
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

// Whether events weigh whole numbers, and no sum of them leaves 64 bits.
bool adds_up_in_64_bits(PageColumns& columns, int by) {
  return by == kTimeColumn || (columns.layout(by).cell == CellType::kInt && columns.adds_up(by));
}

}  // namespace

void page_top(const PageEvents& events, int column, int by, int64_t n, ValueBlock& out) {
  const Walk walk(events);
  PageColumns& columns = events.stream.columns();
  const Weigher weigher(events.stream, by);
  const CellType type = column == kTimeColumn ? CellType::kInt : columns.layout(column).cell;
  if (type == CellType::kBits) {
    const uint64_t* bits = columns.bits(column);
    CodeWeights& weights = events.stream.weights(column);
    if (by == kTimeColumn) return top_members(walk, bits, weights, n, out);
    const auto values = static_cast<uint32_t>(weights.codes());
    top_codes(
        walk, weigher, weights, n,
        [&](uint32_t row, auto add) {
          for (uint32_t bit = 0; bits[row] != kNullBits && bit < values; ++bit) {
            if ((bits[row] >> bit & 1) != 0) add(bit);
          }
        },
        out);
  } else if (type == CellType::kCode && n == 1 && adds_up_in_64_bits(columns, by)) {
    const CodeWeights& texts = events.stream.weights(column);
    const int64_t* weights = by == kTimeColumn ? nullptr : columns.ints(by);
    uint32_t* const codes = out.name(texts.names());
    uint8_t* const known = out.known();
    heaviest_codes(walk, columns.codes(column), weights, texts, codes);
    for (uint32_t i = 0; i < walk.customers; ++i) {
      known[i] = codes[i] != kNullEnum ? 1 : 0;
      codes[i] = known[i] != 0 ? codes[i] : 0;
    }
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
