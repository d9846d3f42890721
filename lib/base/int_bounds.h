// The least and the largest of a run of whole numbers, which says of all at once that they are in a
// range.
//
//   if (bounds_of({times, count}).within(kMinTime, until)) ...
//
// Thread class: pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>

namespace patron::internal {

/// Of no numbers: the largest there is, and the least.
struct IntBounds {
  int64_t least = std::numeric_limits<int64_t>::max();
  int64_t most = std::numeric_limits<int64_t>::min();
  void add(const IntBounds& other) {
    least = std::min(least, other.least);
    most = std::max(most, other.most);
  }
  /// Whether all numbers are; of none it is true.
  bool within(int64_t low, int64_t high) const { return least >= low && most <= high; }
};

IntBounds bounds_of(std::span<const int64_t> values);

}  // namespace patron::internal
