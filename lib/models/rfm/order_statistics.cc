#include "lib/models/rfm/order_statistics.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "lib/base/int128.h"

namespace patron::internal {
namespace {

constexpr int kLog2Steps = 10;
constexpr size_t kRanges = size_t{55} << kLog2Steps;
constexpr size_t kSelect = size_t{1} << 16;  // the most values to select from at once

/// The range that a distance from the smallest value falls into: ranges of one value up to 2^11,
/// from there 2^10 to each power of two. So a range is narrow beside its values however long the
/// tail.
size_t range_of(uint64_t distance) {
  const int shift = std::max(0, static_cast<int>(std::bit_width(distance)) - kLog2Steps - 1);
  return (static_cast<size_t>(shift) << kLog2Steps) + (distance >> shift);
}
bool is_one_value(size_t range) { return range < (size_t{2} << kLog2Steps); }

/// Calls step with every value; false where it was told to stop on the way.
template <typename Step>
bool each_value(std::span<const int64_t> values, const Pause& pause, Step step) {
  constexpr size_t kValuesAtOnce = size_t{1} << 20;
  for (size_t begin = 0; begin < values.size(); begin += kValuesAtOnce) {
    if (pause.stop()) return false;
    for (const int64_t value :
         values.subspan(begin, std::min(kValuesAtOnce, values.size() - begin)))
      step(value);
  }
  return true;
}

int64_t floor_divide(Int128 value, Int128 divisor) {
  const Int128 quotient = value / divisor;
  return static_cast<int64_t>(quotient - (value % divisor < 0 ? 1 : 0));
}

}  // namespace

std::vector<int64_t> order_statistics(std::span<const int64_t> values,
                                      std::span<const int64_t> ranks, const Pause& pause) {
  const uint64_t lowest = static_cast<uint64_t>(*std::min_element(values.begin(), values.end()));
  const auto range_of_value = [lowest](int64_t value) {
    return range_of(static_cast<uint64_t>(value) - lowest);
  };
  std::vector<uint32_t> counts(kRanges, 0);  // there are no 2^32 customers
  if (!each_value(values, pause, [&](int64_t value) { counts[range_of_value(value)]++; }))
    return std::vector<int64_t>(ranks.size(), 0);

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
  std::vector<uint32_t> slot(counts.size(), 0);  // 1 + which of `held` a range's values go to
  std::vector<std::vector<int64_t>> held;
  for (const size_t r : range) {
    if (slot[r] != 0 || is_one_value(r)) continue;
    held.emplace_back().reserve(counts[r]);
    slot[r] = static_cast<uint32_t>(held.size());
  }
  const auto hold = [&](int64_t value) {
    const uint32_t s = slot[range_of_value(value)];
    if (s != 0) [[unlikely]]
      held[s - 1].push_back(value);
  };
  if (!held.empty() && !each_value(values, pause, hold))
    return std::vector<int64_t>(ranks.size(), 0);
  for (size_t i = 0; i < ranks.size(); i++) {
    if (is_one_value(range[i])) {
      result[i] = static_cast<int64_t>(lowest + range[i]);
      continue;
    }
    std::vector<int64_t>& values_of_range = held[slot[range[i]] - 1];
    const int64_t rank = ranks[i] - before[i];
    if (values_of_range.size() > kSelect) {  // beside their own lowest they are far apart
      result[i] = order_statistics(values_of_range, {&rank, 1}, pause)[0];
      continue;
    }
    const auto nth = values_of_range.begin() + rank;
    std::nth_element(values_of_range.begin(), nth, values_of_range.end());
    result[i] = *nth;
  }
  return result;
}

int64_t CountedValues::size() const {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

std::vector<int64_t> order_statistics(const CountedValues& values, std::span<const int64_t> ranks,
                                      const Pause& pause) {
  std::vector<int64_t> result(ranks.size(), 0);
  if (pause.stop()) return result;
  std::vector<size_t> order(ranks.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return ranks[a] < ranks[b]; });
  size_t at = 0;
  int64_t end = values.counts[0];  // the first rank behind this value
  for (const size_t i : order) {
    while (end <= ranks[i]) end += values.counts[++at];
    result[i] = values.values[at];
  }
  return result;
}

namespace {

template <typename Values>
std::vector<int64_t> type7_floors_of(const Values& values, int parts, const Pause& pause) {
  const int64_t last = static_cast<int64_t>(values.size()) - 1;
  std::vector<int64_t> ranks;
  for (int k = 1; k < parts; k++) {
    const int64_t rank = last * k / parts;
    ranks.push_back(rank);
    ranks.push_back(std::min(rank + 1, last));
  }
  const std::vector<int64_t> found = order_statistics(values, ranks, pause);
  std::vector<int64_t> floors;
  for (int k = 1; k < parts; k++) {
    const Int128 low = found[static_cast<size_t>(2 * k - 2)];
    const Int128 high = found[static_cast<size_t>(2 * k - 1)];
    floors.push_back(static_cast<int64_t>(low + (high - low) * (last * k % parts) / parts));
  }
  return floors;
}

template <typename Values>
std::vector<int64_t> nearest_ranks_of(const Values& values, int parts, const Pause& pause) {
  const int64_t n = static_cast<int64_t>(values.size());
  std::vector<int64_t> ranks;
  for (int k = 1; k < parts; k++) ranks.push_back((n * k + parts - 1) / parts - 1);
  return order_statistics(values, ranks, pause);
}

}  // namespace

std::vector<int64_t> type7_floors(std::span<const int64_t> values, int parts, const Pause& pause) {
  return type7_floors_of(values, parts, pause);
}
std::vector<int64_t> type7_floors(const CountedValues& values, int parts, const Pause& pause) {
  return type7_floors_of(values, parts, pause);
}

std::vector<int64_t> nearest_ranks(std::span<const int64_t> values, int parts, const Pause& pause) {
  return nearest_ranks_of(values, parts, pause);
}
std::vector<int64_t> nearest_ranks(const CountedValues& values, int parts, const Pause& pause) {
  return nearest_ranks_of(values, parts, pause);
}

int64_t floor_mean(std::span<const int64_t> values, const Pause& pause) {
  // The high and the low halves apart: neither sum leaves 64 bits.
  int64_t high = 0;
  uint64_t low = 0;
  each_value(values, pause, [&](int64_t value) {
    high += value >> 32;
    low += static_cast<uint64_t>(value) & 0xffff'ffffu;
  });
  const Int128 sum = static_cast<Int128>(high) * (int64_t{1} << 32) + static_cast<Int128>(low);
  return floor_divide(sum, static_cast<Int128>(values.size()));
}

int64_t floor_mean(const CountedValues& values, const Pause&) {
  Int128 sum = 0;
  for (size_t i = 0; i < values.values.size(); ++i) {
    sum += static_cast<Int128>(values.values[i]) * values.counts[i];
  }
  return floor_divide(sum, static_cast<Int128>(values.size()));
}

}  // namespace patron::internal
