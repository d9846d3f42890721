// Order statistics: the k-th smallest of a column for several k, without sorting it. All of them
// ask `pause` as they go; once told to stop they return numbers that mean nothing. Of a column that
// is sorted and counted already they cost no more than its distinct values.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/parallel.h"

namespace patron::internal {

/// A sorted column as its distinct values, ascending, and how often each occurs, at least once.
struct CountedValues {
  std::span<const int64_t> values, counts;
  bool empty() const { return values.empty(); }
  /// Of the column: the sum of the counts.
  int64_t size() const;
};

/// The values of the given ranks (0 = smallest) in the sorted column; ranks may repeat and come in
/// any order, each below values.size(). One histogram of 2^16 equal ranges finds the ranges that
/// hold the ranks, and only what lies in these is looked at again. Linear.
std::vector<int64_t> order_statistics(std::span<const int64_t> values,
                                      std::span<const int64_t> ranks, const Pause& pause = {});
std::vector<int64_t> order_statistics(const CountedValues& values, std::span<const int64_t> ranks,
                                      const Pause& pause = {});

/// floor of the type 7 quantile at k / parts (Hyndman and Fan, "Sample quantiles in statistical
/// packages", 1996) for k = 1 .. parts - 1, in exact arithmetic.
std::vector<int64_t> type7_floors(std::span<const int64_t> values, int parts,
                                  const Pause& pause = {});
std::vector<int64_t> type7_floors(const CountedValues& values, int parts, const Pause& pause = {});

/// The value of rank ceil(n k / parts) for k = 1 .. parts - 1 (type 1).
std::vector<int64_t> nearest_ranks(std::span<const int64_t> values, int parts,
                                   const Pause& pause = {});
std::vector<int64_t> nearest_ranks(const CountedValues& values, int parts, const Pause& pause = {});

/// floor of the mean, exact.
int64_t floor_mean(std::span<const int64_t> values, const Pause& pause = {});
int64_t floor_mean(const CountedValues& values, const Pause& pause = {});

}  // namespace patron::internal
