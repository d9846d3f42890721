// SumGuard: no sum over a customer's events may leave int64, whichever of them a window has.
//
// Nearly always the largest cell times the number of rows says so for everybody at once; where it
// does not, each customer's own absolute cells are added up, row by row, as if the rows before were
// filed: one that is there already adds nothing, and one that corrects another takes its place. So
// what is refused does not depend on which rows come in one batch.
//
//   if (!guard.are_small(batch, writer.rows())) {
//     guard.mark_large(batch, log, known, marked, column);
//   }
//
// Thread class: serial.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "lib/base/int128.h"
#include "lib/book/book_state.h"
#include "lib/book/event_batch.h"

namespace patron::internal {

/// How far from 0 the furthest of these cells is.
uint64_t largest_distance(std::span<const int64_t> cells);

class SumGuard {
 public:
  /// Of a cell from 0; of null none.
  static uint64_t distance(int64_t value) {
    if (value == kNullInt) return 0;
    return value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  }

  explicit SumGuard(const StreamLayout& layout)
      : layout_(&layout), largest_(layout.summed.size()) {}

  /// Whether no customer's sum of absolute cells could leave int64, whoever the rows are of;
  /// `rows` are there before the batch. Remembers the batch's cells.
  bool are_small(const EventBatch& batch, uint64_t rows);
  /// The same of rows whose cells are no further from 0 than these, of each summed column; with
  /// `rows` there are in all.
  bool are_small(std::span<const uint64_t> largest, uint64_t rows);
  /// The same of one more row with this cell in the s-th summed column.
  bool is_small(size_t s, int64_t cell, uint64_t rows) {
    largest_[s] = std::max(largest_[s], distance(cell));
    return static_cast<Uint128>(largest_[s]) * (rows + 1) <= INT64_MAX;
  }
  /// A row of the log; `rows` is null where there is none.
  struct Known {
    const EventRows* rows = nullptr;
    size_t row = 0;
  };
  /// Marks the rows that would let one leave it, with the column; whether there are any. `known`
  /// gives the row of the log that has customer and key of a row of the batch; it is asked of
  /// streams with keys only.
  bool mark_large(const EventBatch& batch, const LogState& log,
                  const std::function<Known(size_t)>& known, std::vector<uint8_t>& marked,
                  std::vector<int>& column) const;
  /// Remembers the cells of rows that came in another way.
  void see(const EventRows& rows);

 private:
  static Uint128 sum_of_distances(const EventRows& rows, int c, size_t begin, size_t end);
  static Uint128 sum_of_log(const LogState& log, uint32_t customer, int c);
  using Totals = std::vector<Uint128>;  // of each summed column
  std::unordered_map<uint32_t, Totals> totals_that_may_be_large(const EventBatch& batch,
                                                                const LogState& log) const;

  const StreamLayout* layout_;
  std::vector<uint64_t> largest_;  ///< of each summed column: no cell is further from 0
};

}  // namespace patron::internal
