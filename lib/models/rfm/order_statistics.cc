#include "lib/models/rfm/order_statistics.h"

#include <algorithm>
#include <bit>

#include "lib/base/int128.h"

namespace patron::internal {
namespace {

constexpr int kLog2Ranges = 16;

/// A signed value as an unsigned one of the same order.
uint64_t ordered(int64_t value) { return static_cast<uint64_t>(value) ^ (uint64_t{1} << 63); }

int64_t floor_divide(Int128 value, Int128 divisor) {
  const Int128 quotient = value / divisor;
  return static_cast<int64_t>(quotient - (value % divisor < 0 ? 1 : 0));
}

}  // namespace

std::vector<int64_t> order_statistics(std::span<const int64_t> values,
                                      std::span<const int64_t> ranks) {
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  const uint64_t low = ordered(*lowest);
  const int shift =
      std::max(0, static_cast<int>(std::bit_width(ordered(*highest) - low)) - kLog2Ranges);
  std::vector<uint32_t> counts(size_t{1} << kLog2Ranges, 0);  // there are no 2^32 customers
  for (const int64_t value : values) counts[(ordered(value) - low) >> shift]++;

  // The range of each rank, and how many values lie in the ranges before it.
  std::vector<std::pair<int64_t, size_t>> order;  // (rank, position in `ranks`)
  for (size_t i = 0; i < ranks.size(); i++) order.emplace_back(ranks[i], i);
  std::sort(order.begin(), order.end());
  std::vector<size_t> range(ranks.size());
  std::vector<int64_t> before(ranks.size());
  int64_t below = 0;
  size_t at = 0;
  for (const auto& [rank, i] : order) {
    while (below + counts[at] <= rank) below += counts[at++];
    range[i] = at;
    before[i] = below;
  }
  std::vector<int64_t> result(ranks.size());
  if (shift == 0) {
    for (size_t i = 0; i < ranks.size(); i++) result[i] = *lowest + static_cast<int64_t>(range[i]);
    return result;
  }
  std::vector<uint32_t> slot(counts.size(), 0);  // 1 + which of `held` a range's values go to
  std::vector<std::vector<int64_t>> held;
  for (const size_t r : range) {
    if (slot[r] != 0) continue;
    held.emplace_back().reserve(static_cast<size_t>(counts[r]));
    slot[r] = static_cast<uint32_t>(held.size());
  }
  for (const int64_t value : values) {
    const uint32_t s = slot[(ordered(value) - low) >> shift];
    if (s != 0) [[unlikely]]
      held[s - 1].push_back(value);
  }
  for (size_t i = 0; i < ranks.size(); i++) {
    std::vector<int64_t>& values_of_range = held[slot[range[i]] - 1];
    const auto nth = values_of_range.begin() + (ranks[i] - before[i]);
    std::nth_element(values_of_range.begin(), nth, values_of_range.end());
    result[i] = *nth;
  }
  return result;
}

std::vector<int64_t> type7_floors(std::span<const int64_t> values, int parts) {
  const int64_t last = static_cast<int64_t>(values.size()) - 1;
  std::vector<int64_t> ranks;
  for (int k = 1; k < parts; k++) {
    const int64_t rank = last * k / parts;
    ranks.push_back(rank);
    ranks.push_back(std::min(rank + 1, last));
  }
  const std::vector<int64_t> found = order_statistics(values, ranks);
  std::vector<int64_t> floors;
  for (int k = 1; k < parts; k++) {
    const Int128 low = found[static_cast<size_t>(2 * k - 2)];
    const Int128 high = found[static_cast<size_t>(2 * k - 1)];
    floors.push_back(static_cast<int64_t>(low + (high - low) * (last * k % parts) / parts));
  }
  return floors;
}

std::vector<int64_t> nearest_ranks(std::span<const int64_t> values, int parts) {
  const int64_t n = static_cast<int64_t>(values.size());
  std::vector<int64_t> ranks;
  for (int k = 1; k < parts; k++) ranks.push_back((n * k + parts - 1) / parts - 1);
  return order_statistics(values, ranks);
}

int64_t floor_mean(std::span<const int64_t> values) {
  Int128 sum = 0;
  for (const int64_t value : values) sum += value;
  return floor_divide(sum, static_cast<Int128>(values.size()));
}

}  // namespace patron::internal
