// Levels: the numbers with which conditions compare a value; while it stays on one side of each,
// no condition changes.
//
//   Levels levels;                        // spend >= 1000, spend < 200
//   levels.add(100000), levels.add(20000);
//   levels.around(30000);                 // {20001, 99999}: in there nothing changes
//
// Thread class: const is shared.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace patron::internal {

struct Levels {
  struct Range {
    int64_t low = std::numeric_limits<int64_t>::min();
    int64_t high = std::numeric_limits<int64_t>::max();
    bool has(int64_t value) const { return low <= value && value <= high; }
  };

  /// Every change of the value counts.
  bool every = false;
  std::vector<int64_t> cuts;  ///< ascending

  void add(int64_t cut) {
    const auto at = std::lower_bound(cuts.begin(), cuts.end(), cut);
    if (at == cuts.end() || *at != cut) cuts.insert(at, cut);
  }
  /// The values that are on the same side of every cut, the value among them. A cut is a range of
  /// its own.
  Range around(int64_t value) const {
    Range out;
    if (every) return {value, value};
    const auto at = std::lower_bound(cuts.begin(), cuts.end(), value);
    if (at != cuts.end() && *at == value) return {value, value};
    if (at != cuts.end()) out.high = *at - 1;
    if (at != cuts.begin()) out.low = *(at - 1) + 1;
    return out;
  }
};

}  // namespace patron::internal
