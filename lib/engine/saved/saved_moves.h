// Transitions of a saved engine in columns: a section of some tens of thousands each.
//
//   count              uint32
//   customers, times, classifications, from, to, flags, calibrations, policies, times of late
//   facts, bytes of `because`: a column each, as in packed_cells.h
//   because            the texts, back to back
//
// Flags are 1: by an override, 2: quiet, and from 4 on the cause. Which of her moves each is
// follows from the order.
//
//   first = put_moves(log, first, out);            // the next section; what comes behind it
//   MoveColumns columns;
//   if (columns.read(payload)) ... columns.move(i), columns.because(i);
//
// Thread class: serial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/book/saved/bytes.h"
#include "lib/engine/move_log.h"

namespace patron::internal {

/// Adds as many moves from `first` on as make a section; the index behind the last.
size_t put_moves(const MoveLog& moves, size_t first, BookByteWriter& out);

class MoveColumns {
 public:
  /// The moves of a section. False where the bytes are none: of what is read every number is one
  /// that its field can have, and texts are UTF-8; what it means is not looked at.
  bool read(std::string_view payload);

  size_t size() const { return customers_.size(); }
  uint32_t customer(size_t i) const { return customers_[i]; }
  /// Without its place among hers, and `because`.
  EngineMove move(size_t i) const;
  /// Borrows from the payload.
  std::string_view because(size_t i) const {
    return texts_.substr(ends_[i] - sizes_[i], sizes_[i]);
  }
  /// Of all of them, back to back, and where among them that of one is.
  std::string_view texts() const { return texts_; }
  size_t begin(size_t i) const { return ends_[i] - sizes_[i]; }
  size_t bytes(size_t i) const { return sizes_[i]; }

 private:
  std::vector<uint32_t> customers_, sizes_;
  std::vector<int64_t> times_, fact_times_, calibrations_;
  std::vector<uint8_t> classifications_, flags_;
  std::vector<int32_t> from_, to_, policies_;
  std::vector<uint64_t> ends_;
  std::string_view texts_;
};

}  // namespace patron::internal
