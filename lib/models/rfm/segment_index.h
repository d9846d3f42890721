// SegmentIndex: a segment table flattened for the scoring loop.
//
//   SegmentIndex index(table);
//   int16_t row = index(5, 4, 5);   // -1: no row claims these scores
//
// Thread class: a const SegmentIndex is shared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "patron/segments.h"

namespace patron::internal {

class SegmentIndex {
 public:
  explicit SegmentIndex(const SegmentTable& table)
      : bins_(static_cast<size_t>(table.bins())), rows_(bins_ * bins_ * bins_) {
    int16_t* row = rows_.data();
    for (int r = 1; r <= table.bins(); ++r) {
      for (int f = 1; f <= table.bins(); ++f) {
        for (int m = 1; m <= table.bins(); ++m) {
          *row++ = static_cast<int16_t>(table.segment_of({r, f, m}));
        }
      }
    }
  }

  /// The row of the table that names these scores, or -1. Each score from 1 to the table's bins.
  int16_t operator()(int r, int f, int m) const {
    return rows_[((static_cast<size_t>(r) - 1) * bins_ + static_cast<size_t>(f) - 1) * bins_ +
                 static_cast<size_t>(m) - 1];
  }
  /// All cells, R slowest, M fastest.
  const std::vector<int16_t>& rows() const { return rows_; }

 private:
  size_t bins_;
  std::vector<int16_t> rows_;
};

/// ok where every (R, F, M) has a row. Else Code::kDocument: how many have none, one of them, and
/// what to do: what RfmOptions::on_gap = kError promises.
Status refuse_gaps(const SegmentTable& table);
/// ok where no cell is claimed twice. Else Code::kDocument: how many are, one of them with both
/// rows, and what to do: what RfmOptions::on_overlap = kError promises.
Status refuse_overlaps(const SegmentTable& table);

}  // namespace patron::internal
