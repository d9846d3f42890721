// Whether a customer can be such that given conditions hold and others do not: branch and bound
// over the cells of a terrain, exact within a budget.
//
//   Search search(terrain, 1'000'000);
//   search.find({{gold, true}, {silver, false}});   // kFound, with search.region()
//
// Memory is bounded too, and nothing recurses. Thread class: serial.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "lib/policy/terrain.h"

namespace patron::internal::policy {

enum class Answer : uint8_t { kFound, kNone, kNotDecided };

/// A condition, and whether it shall be true or not (false or unknown).
struct Wanted {
  int condition = 0;
  bool holds = true;
};

class Search {
 public:
  /// `budget`: comparisons that are looked at in all calls together, a few nanoseconds each.
  Search(const Terrain& terrain, int64_t budget) : terrain_(terrain), left_(budget) {}

  /// A region in which all of it certainly holds.
  Answer find(std::span<const Wanted> wanted);
  Answer find(std::initializer_list<Wanted> wanted) {
    return find(std::span<const Wanted>(wanted.begin(), wanted.size()));
  }
  const Region& region() const { return region_; }
  /// What is left of the budget; nothing more is decided below 0.
  int64_t& left() { return left_; }

 private:
  const Terrain& terrain_;
  int64_t left_;
  Region region_;               ///< that is looked at
  std::vector<Range> waiting_;  ///< regions, one behind the other
};

}  // namespace patron::internal::policy
