// ValueRange: whole numbers between two of them, both included.
//
//   ValueRange range;                     // all of them
//   range.cut({100, 500}), range.has(300);
//
// Thread class: const is shared.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace patron::internal {

struct ValueRange {
  int64_t low = std::numeric_limits<int64_t>::min();
  int64_t high = std::numeric_limits<int64_t>::max();

  static constexpr ValueRange none() {
    return {std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()};
  }
  bool everything() const { return *this == ValueRange(); }
  bool has(int64_t value) const { return low <= value && value <= high; }
  /// What is in both.
  void cut(const ValueRange& other) {
    low = std::max(low, other.low);
    high = std::min(high, other.high);
  }
  bool operator==(const ValueRange&) const = default;
};

}  // namespace patron::internal
