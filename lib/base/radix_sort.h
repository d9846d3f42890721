// Sorting many small values by numbers of up to 64 bits, a digit at a time from the lowest on.
//
//   radix_sort(std::span(dues), std::span(scratch), [](const Due& due) { return due.row; });
//   radix_sort(std::span(dues), std::span(scratch), [](const Due& due) { return due.time; });
//
// What has the same number keeps its order, so that sorting by the number that counts least comes
// first. Digits that are the same in all values cost nothing, and values that are in order a look.
//
// Thread class: pure.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace patron::internal {

/// From so many values on it is quicker than a sort that compares them.
inline constexpr size_t kRadixSortFrom = 2048;

/// `number_of` gives an unsigned number; the scratch is at least as long as the values, which
/// are trivially copied. Does not fail. Cost: two passes over all for each 11 bits that differ.
template <typename T, typename NumberOf>
void radix_sort(std::span<T> values, std::span<T> scratch, const NumberOf& number_of) {
  constexpr int kDigit = 11;
  constexpr uint64_t kMask = (uint64_t{1} << kDigit) - 1;
  if (values.empty()) return;
  const auto number = [&](const T& value) { return uint64_t{number_of(value)}; };
  uint64_t differing = 0;
  bool sorted = true;
  for (size_t i = 1; i < values.size(); ++i) {
    differing |= number(values[i]) ^ number(values[0]);
    sorted = sorted && number(values[i - 1]) <= number(values[i]);
  }
  if (sorted) return;
  std::span<T> from = values, to = scratch.first(values.size());
  while (differing != 0) {
    const int shift = std::countr_zero(differing);
    const auto digit = [&](const T& value) {
      return static_cast<size_t>(number(value) >> shift & kMask);
    };
    std::array<size_t, kMask + 1> places{};
    for (const T& value : from) ++places[digit(value)];
    size_t place = 0;
    for (size_t& one : places) one = std::exchange(place, place + one);
    for (const T& value : from) to[places[digit(value)]++] = value;
    std::swap(from, to);
    differing &= ~(kMask << shift);
  }
  if (from.data() != values.data()) std::copy(from.begin(), from.end(), values.begin());
}

}  // namespace patron::internal
