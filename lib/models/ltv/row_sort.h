// Sorting rows of customers, and merging many sorted runs of them.
//
//   sort_rows(&rows);                                  // by (first, second, third, weight)
//   MergePlan plan(runs);                              // cuts all runs at the same places
//   for (int64_t k = 0; k < plan.ranges(); ++k) use(plan.merge(k, {}));
//
// Thread class: pure; a MergePlan is shared, and reads the runs it was made from.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/base/parallel.h"

namespace patron::internal::ltv {

struct WeightedRow;

/// Whether two rows differ in nothing but their weight.
bool same_customer(const WeightedRow& a, const WeightedRow& b);

/// Ascending by (first, second, third, weight), all at least 0 and finite. Cost: a radix sort by 64
/// bits that nearly tell the order, and a comparison sort of what is left.
void sort_rows(std::vector<WeightedRow>* rows);

/// A merge in independent ranges. Equal customers fall into one range.
class MergePlan {
 public:
  explicit MergePlan(const std::vector<std::vector<WeightedRow>>& runs);
  int64_t ranges() const { return static_cast<int64_t>(cuts_.size()) - 1; }
  /// The rows of range k, sorted. Unfinished where the pause said stop.
  std::vector<WeightedRow> merge(int64_t k, const Pause& pause) const;

 private:
  const std::vector<std::vector<WeightedRow>>& runs_;
  std::vector<std::vector<size_t>> cuts_;  ///< of each range the start in each run, and the ends
};

}  // namespace patron::internal::ltv
