#include "lib/engine/calibration/drift.h"

#include <algorithm>
#include <numeric>

#include "lib/models/ltv/math/elementary.h"

namespace patron::internal {
namespace {

int64_t sum_of(std::span<const int64_t> counts) {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

size_t cuts_below(int64_t value, std::span<const int64_t> cuts) {
  return static_cast<size_t>(std::lower_bound(cuts.begin(), cuts.end(), value) - cuts.begin());
}

}  // namespace

double stability_index(std::span<const int64_t> before, std::span<const int64_t> after) {
  const auto all_before = static_cast<double>(sum_of(before));
  const auto all_after = static_cast<double>(sum_of(after));
  if (all_before == 0 || all_after == 0) return 0;
  double index = 0;
  for (size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
    const double p = std::max(kLeastShare, static_cast<double>(before[i]) / all_before);
    const double q = std::max(kLeastShare, static_cast<double>(after[i]) / all_after);
    index += (q - p) * (ltv::log(q) - ltv::log(p));
  }
  return index;
}

std::vector<int64_t> bin_counts(const Multiset& values, std::span<const int64_t> cuts) {
  std::vector<int64_t> counts(cuts.size() + 1, 0);
  for (size_t i = 0; i < values.size(); ++i) {
    counts[cuts_below(values.row(i)[0], cuts)] += values.count(i);
  }
  return counts;
}

double share_of_movers(const Multiset& values, std::span<const int64_t> before,
                       std::span<const int64_t> after) {
  int64_t movers = 0, all = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const int64_t value = values.row(i)[0];
    all += values.count(i);
    if (cuts_below(value, before) != cuts_below(value, after)) movers += values.count(i);
  }
  return all == 0 ? 0 : static_cast<double>(movers) / static_cast<double>(all);
}

}  // namespace patron::internal
