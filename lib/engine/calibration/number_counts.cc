#include "lib/engine/calibration/number_counts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace patron::internal {
namespace {

constexpr uint64_t kSmall = 4096;

// Sorts keys by their bytes, the least significant first; those in which all agree cost nothing.
template <typename Key>
void sort_keys(std::vector<Key>& keys) {
  std::array<std::array<size_t, 256>, sizeof(Key)> starts{};
  const auto byte_of = [](Key key, size_t byte) { return key >> (8 * byte) & 255; };
  for (const Key key : keys) {
    for (size_t byte = 0; byte < sizeof(Key); ++byte) ++starts[byte][byte_of(key, byte)];
  }
  std::vector<Key> spare(keys.size());
  for (size_t byte = 0; byte < sizeof(Key); ++byte) {
    std::array<size_t, 256>& next = starts[byte];
    if (next[byte_of(keys[0], byte)] == keys.size()) continue;
    size_t sum = 0;
    for (size_t& start : next) sum += std::exchange(start, sum);
    for (const Key key : keys) spare[next[byte_of(key, byte)]++] = key;
    keys.swap(spare);
  }
}

// Adds numbers as distances from the least of them, which in nearly every column have four bytes.
template <typename Key>
void append_sorted(std::span<const int64_t> numbers, int64_t least, Multiset& rows) {
  std::vector<Key> keys(numbers.size());
  const auto base = static_cast<uint64_t>(least);
  for (size_t i = 0; i < keys.size(); ++i) {
    keys[i] = static_cast<Key>(static_cast<uint64_t>(numbers[i]) - base);
  }
  sort_keys(keys);
  for (size_t i = 0; i < keys.size();) {
    const size_t begin = i;
    while (i < keys.size() && keys[i] == keys[begin]) ++i;
    const auto number = static_cast<int64_t>(base + keys[begin]);
    rows.append(std::span(&number, 1), static_cast<int64_t>(i - begin));
  }
}

}  // namespace

void NumberCounts::add(std::span<const int64_t> numbers) {
  uint64_t bits = 0;
  for (const int64_t number : numbers) bits |= static_cast<uint64_t>(number);
  if (bits >= kSmall) {
    great_.insert(great_.end(), numbers.begin(), numbers.end());
    return;
  }
  if (small_.empty()) small_.resize(kSmall);
  for (const int64_t number : numbers) ++small_[static_cast<size_t>(number)];
}

void NumberCounts::into(Multiset& rows) {
  Multiset few(1), many(1);
  for (size_t number = 0; number < small_.size(); ++number) {
    const auto value = static_cast<int64_t>(number);
    few.append(std::span(&value, 1), small_[number]);
  }
  if (!great_.empty()) {
    const auto [least, most] = std::minmax_element(great_.begin(), great_.end());
    const uint64_t range = static_cast<uint64_t>(*most) - static_cast<uint64_t>(*least);
    range >> 32 == 0 ? append_sorted<uint32_t>(great_, *least, many)
                     : append_sorted<uint64_t>(great_, *least, many);
  }
  rows.seal();
  for (const Multiset* one : {&few, &many}) {
    if (rows.size() == 0) {
      rows = *one;
    } else if (one->size() > 0) {
      rows.merge(*one);
    }
  }
  small_.clear();
  great_.clear();
}

}  // namespace patron::internal
