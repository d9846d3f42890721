// NumberCounts: how often each of very many whole numbers occurs, for a Multiset of width 1.
//
//   NumberCounts counts;
//   counts.reserve(customers);
//   counts.add(page);                  // a column of a page at a time
//   counts.into(rows);                 // as rows.add() of each and rows.seal()
//
// Small numbers, such as days, are counted as they come; the others are sorted by their bytes.
//
// Thread class: serial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/engine/calibration/multiset.h"

namespace patron::internal {

class NumberCounts {
 public:
  /// Room for so many that are not small. This and what follows throw std::bad_alloc.
  void reserve(size_t count) { great_.reserve(count); }
  void add(std::span<const int64_t> numbers);
  /// Adds all of them to a set of width 1, and seals it. Leaves this empty.
  void into(Multiset& rows);

 private:
  std::vector<uint32_t> small_;  ///< how often each of the small numbers came; or of no size
  std::vector<int64_t> great_;   ///< those of pages on which one is not small
};

}  // namespace patron::internal
