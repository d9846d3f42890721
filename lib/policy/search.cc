#include "lib/policy/search.h"

#include <algorithm>

namespace patron::internal::policy {
namespace {

bool is_empty(Ranges region) {
  return std::any_of(region.begin(), region.end(),
                     [](const Range& range) { return range.low == range.high && !range.null; });
}

}  // namespace

// Each half has fewer cells, and what waits is bounded by the budget.
Answer Search::find(std::span<const Wanted> wanted) {
  region_ = terrain_.everywhere();
  waiting_.clear();
  for (const Wanted& one : wanted) {
    if (one.holds) terrain_.narrow(one.condition, region_);
  }
  if (is_empty(region_)) return Answer::kNone;
  for (;;) {
    int undecided = -1;
    bool possible = true;
    for (const Wanted& one : wanted) {
      if ((left_ -= terrain_.weight(one.condition)) < 0) return Answer::kNotDecided;
      const uint8_t verdict = terrain_.verdict(one.condition, region_);
      possible = (verdict & (one.holds ? Terrain::kCan : Terrain::kCannot)) != 0;
      if (!possible) break;
      if (verdict == (Terrain::kCan | Terrain::kCannot) && undecided < 0) undecided = one.condition;
    }
    if (possible && undecided < 0) return Answer::kFound;
    const Cut cut = possible ? terrain_.cut(undecided, region_) : Cut();
    if (cut.thing >= 0) {
      const auto thing = static_cast<size_t>(cut.thing);
      region_[thing] = cut.second;
      waiting_.insert(waiting_.end(), region_.begin(), region_.end());
      left_ -= static_cast<int64_t>(region_.size()) / 4;
      region_[thing] = cut.first;
      continue;
    }
    if (waiting_.empty()) return Answer::kNone;
    const auto begin = waiting_.end() - static_cast<ptrdiff_t>(region_.size());
    std::copy(begin, waiting_.end(), region_.begin());
    waiting_.erase(begin, waiting_.end());
  }
}

}  // namespace patron::internal::policy
