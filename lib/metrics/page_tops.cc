// Which values there are: how many different ones, the heaviest, and the way through them, for all
// customers of a page.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/int128.h"
#include "lib/metrics/code_weights.h"
#include "lib/metrics/heaviest_code.h"
#include "lib/metrics/page_cells.h"
#include "lib/metrics/page_verbs.h"
#include "lib/metrics/page_walk.h"

namespace patron::internal {
namespace {

// The bits of the members that a column of sets knows.
uint64_t bits_there(size_t values) {
  return values >= 64 ? ~uint64_t{0} : (uint64_t{1} << values) - 1;
}

}  // namespace

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

}  // namespace patron::internal
