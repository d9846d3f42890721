// LongLog: the log of one customer and stream that has become long, in chunks, so that a late fact
// moves a few hundred rows and not all.
//
//   log.insert(tail, row, order, epoch);
//
// Chunks are shared with the snapshots that saw them (epochs: see event_page.h) and never empty.
// Each knows what its columns of whole numbers add up to. That is brought up to date as rows come
// and go, not when somebody asks: readers of a snapshot write nothing.
//
// Thread class: const is shared; changing is serial.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/base/wiped.h"
#include "lib/book/cell_totals.h"
#include "lib/book/event_rows.h"
#include "lib/book/row_order.h"

namespace patron::internal {

/// A chunk of a long log, and what it adds up to.
struct LogChunk {
  LogChunk(const StreamLayout& layout, std::shared_ptr<Meter> meter, uint64_t made)
      : epoch(made), rows(layout, std::move(meter)), totals(static_cast<size_t>(layout.whole)) {}

  /// Adds rows begin .. end - 1 to the totals, in which they are not yet. Does not fail.
  void count(size_t begin, size_t end);
  /// Takes a row out of the totals; call it before the row is erased. Does not fail.
  void discount(size_t row);

  uint64_t epoch;
  EventRows rows;                  ///< in order
  WipedVector<CellTotals> totals;  ///< of all rows, as CellColumn::whole numbers the columns
};

struct LongLog {
  static constexpr uint32_t kChunk = 1024;  ///< the most rows of one

  explicit LongLog(uint64_t made) : epoch(made) {}
  /// The same log, sharing the chunks.
  LongLog(const LongLog& other, uint64_t made)
      : epoch(made), chunks(other.chunks), size(other.size) {}

  /// Adds row `i` of `from` where it belongs. Strong guarantee.
  void insert(const EventRows& from, size_t i, const RowOrder& order, uint64_t now);
  /// Adds rows of others at the end: they come behind all there are. Strong guarantee.
  void append(const EventRows& from, size_t begin, size_t count, uint64_t now);
  /// Whether a chunk can be changed in place; makes it so. Strong guarantee.
  void own(size_t chunk, uint64_t now);
  /// The chunk must be its own.
  void erase(size_t chunk, size_t row);
  struct Place {
    size_t chunk, row;
  };
  /// The first row of which before(rows, row) is false, which is true of all rows until there and
  /// of none from there on; chunks.size() where there is no such row. Cost: logarithmic.
  template <typename Before>
  Place partition_point(const Before& before) const;

  uint64_t epoch;
  std::vector<std::shared_ptr<LogChunk>> chunks;
  uint64_t size = 0;
};

template <typename Before>
LongLog::Place LongLog::partition_point(const Before& before) const {
  const auto found = std::partition_point(
      chunks.begin(), chunks.end(), [&](const std::shared_ptr<LogChunk>& chunk) {
        return before(chunk->rows, chunk->rows.size() - size_t{1});
      });
  if (found == chunks.end()) return {chunks.size(), 0};
  const EventRows& rows = (*found)->rows;
  size_t low = 0;
  for (size_t high = rows.size(); low < high;) {
    const size_t middle = (low + high) / 2;
    before(rows, middle) ? low = middle + 1 : high = middle;
  }
  return {static_cast<size_t>(found - chunks.begin()), low};
}

}  // namespace patron::internal
