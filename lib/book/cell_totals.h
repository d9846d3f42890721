// CellTotals: what the cells of a column of whole numbers add up to, and how many of them are
// known, positive or zero: for whoever needs no more of many rows than that.
//
//   CellTotals amounts;
//   amounts.add(300);
//   amounts.add(kNullInt);    // no difference
//   amounts.take_away(300);
//
// Thread class: const is shared; changing is serial.
#pragma once

#include <cstdint>

#include "lib/base/int128.h"
#include "lib/book/layout.h"

namespace patron::internal {

struct CellTotals {
  void add(int64_t cell) {
    if (cell != kNullInt) change(cell, 1);
  }
  /// A cell that was added.
  void take_away(int64_t cell) {
    if (cell != kNullInt) change(cell, -1);
  }

  Int128 sum = 0;
  uint32_t known = 0, positive = 0, zero = 0;

 private:
  void change(int64_t cell, int by) {
    sum += Int128{cell} * by;
    known += static_cast<uint32_t>(by);
    if (cell > 0) positive += static_cast<uint32_t>(by);
    if (cell == 0) zero += static_cast<uint32_t>(by);
  }
};

}  // namespace patron::internal
