// Counts, sums, means and shares, for all customers of a page.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "lib/base/int128.h"
#include "lib/base/quotient.h"
#include "lib/base/simd.h"
#include "lib/metrics/page_verbs.h"
#include "lib/metrics/page_walk.h"

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

}  // namespace patron::internal
