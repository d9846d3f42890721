// QuickMemory: what the last settling of each customer found, so that the next one computes anew
// only what may have changed: what is made of facts that came, and what time has changed.
//
//   QuickMemory memory(slots, words);
//   int64_t* hers = memory.of(row, customers);         // null: nothing is kept
//   hers[0], hers[1 + 2 * slot], hers[2 + 2 * slot];   // flags; a value, and until when it holds
//
// It is no part of her state: without it the same comes out. Of each customer there are a word of
// flags, a value and an instant for each slot, and some words of the owner's.
//
// Thread class: serial.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/prefetch.h"
#include "lib/base/wiped.h"
#include "patron/time.h"

namespace patron::internal {

class QuickMemory {
 public:
  static constexpr size_t kMostSlots = 48;

  QuickMemory() = default;
  /// `more`: words of the owner's. Beyond kMostSlots nothing is kept.
  QuickMemory(size_t slots, size_t more)
      : slots_(slots), stride_(slots > kMostSlots ? 0 : 1 + 2 * slots + more) {}

  size_t slots() const { return slots_; }
  bool keeps() const { return stride_ > 0; }
  /// Her words, zero at first; of `customers` rows. Throws std::bad_alloc. Good until the next
  /// call.
  int64_t* of(uint32_t row, uint32_t customers) {
    const size_t page = row / kRows, begin = row % kRows * stride_;
    const bool there = page < pages_.size() && begin + stride_ <= pages_[page].size();
    return there ? pages_[page].data() + begin : make(row, customers);
  }
  void fetch(uint32_t row) const {
    const std::span<const int64_t> words = kept(row);
    for (size_t at = 0; at < words.size(); at += 8) fetch_line_to_write(words.data() + at);
  }
  /// Zeroes what is kept of her. Does not fail.
  void forget(uint32_t row) {
    if (!kept(row).empty()) std::fill_n(of(row, row + 1), stride_, int64_t{0});
  }
  /// Clears these of everybody's flags. Does not fail.
  void clear(uint64_t flags) {
    for (WipedVector<int64_t>& page : pages_) {
      for (size_t at = 0; at < page.size(); at += stride_) page[at] &= ~static_cast<int64_t>(flags);
    }
  }
  /// Of everybody. Does not fail.
  void forget_all() {
    for (WipedVector<int64_t>& page : pages_) std::fill(page.begin(), page.end(), int64_t{0});
  }
  size_t bytes() const {
    size_t words = 0;
    for (const WipedVector<int64_t>& page : pages_) words += page.capacity();
    return words * sizeof(int64_t) + pages_.capacity() * sizeof(WipedVector<int64_t>);
  }

 private:
  static constexpr uint32_t kRows = 4096;  // of a page: so few that it takes no time to move it

  // As of(), where there is no room for her yet.
  int64_t* make(uint32_t row, uint32_t customers);

  std::span<const int64_t> kept(uint32_t row) const {
    const size_t page = row / kRows, begin = row % kRows * stride_;
    if (page >= pages_.size() || begin + stride_ > pages_[page].size()) return {};
    return {pages_[page].data() + begin, stride_};
  }

  size_t slots_ = 0, stride_ = 0;
  std::vector<WipedVector<int64_t>> pages_;
};

[[gnu::noinline]] inline int64_t* QuickMemory::make(uint32_t row, uint32_t customers) {
  if (stride_ == 0) return nullptr;
  const size_t page = row / kRows;
  if (pages_.size() <= page) pages_.resize(page + 1);
  const size_t rows = std::min<size_t>(customers - page * kRows, kRows);
  if (pages_[page].size() < rows * stride_) pages_[page].resize(rows * stride_);
  return pages_[page].data() + row % kRows * stride_;
}

}  // namespace patron::internal
