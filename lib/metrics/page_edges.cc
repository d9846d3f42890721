// The least and the greatest, the first and the last, for all customers of a page.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/simd.h"
#include "lib/metrics/page_cells.h"
#include "lib/metrics/page_verbs.h"
#include "lib/metrics/page_walk.h"

namespace patron::internal {

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

}  // namespace patron::internal
