// Multiset: distinct rows of whole numbers, sorted, and how often each occurs.
//
//   Multiset days(1);
//   days.add({30}), days.add({12}), days.add({30});
//   days.seal();                                     // 12 once, 30 twice
//   days.merge(other);                               // both sealed: counts add up
//
// What comes out depends on the rows alone, not on their order or on how they were split into
// parts. Doubles go in as order_key().
//
// Thread class: serial; a sealed const one is shared.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace patron::internal {

/// A whole number for each double that is not NaN, in the order of the doubles; -0 is 0.
inline int64_t order_key(double value) {
  const auto bits = std::bit_cast<int64_t>(value == 0 ? 0.0 : value);
  return bits < 0 ? static_cast<int64_t>(~static_cast<uint64_t>(bits) ^ uint64_t{1} << 63) : bits;
}
/// The double of that key.
inline double from_order_key(int64_t key) {
  return std::bit_cast<double>(
      key < 0 ? static_cast<int64_t>(~(static_cast<uint64_t>(key) ^ uint64_t{1} << 63)) : key);
}

class Multiset {
 public:
  /// Of rows of `width` numbers, 1 to 4.
  explicit Multiset(size_t width = 1) : width_(width) {}

  size_t width() const { return width_; }
  /// Not sealed any more.
  void add(std::initializer_list<int64_t> row);
  /// Sorts what was added and makes it distinct.
  void seal();
  /// As seal() would make it of the rows of both. Both are sealed, of one width.
  void merge(const Multiset& other);

  /// Distinct rows.
  size_t size() const { return counts_.size(); }
  std::span<const int64_t> row(size_t i) const { return {rows_.data() + i * width_, width_}; }
  int64_t count(size_t i) const { return counts_[i]; }
  /// The sum of the counts.
  int64_t total() const;
  /// Of width 1: every value as often as it occurs, ascending.
  std::vector<int64_t> values() const;

  /// A row that is greater than all there are, or the same as the last: for readers of bytes. False
  /// where it is not, or the count is below 1.
  bool append(std::span<const int64_t> row, int64_t count);
  bool operator==(const Multiset&) const = default;

 private:
  size_t width_;
  std::vector<int64_t> rows_;    // width_ numbers each
  std::vector<int64_t> counts_;  // of the sealed rows; those behind are not sealed
};

}  // namespace patron::internal
