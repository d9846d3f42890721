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
  /// Her words, zero at first; of `customers` rows. Throws std::bad_alloc. Good until the next
  /// call.
  int64_t* of(uint32_t row, uint32_t customers) {
    if (stride_ == 0) return nullptr;
    const size_t size = size_t{customers} * stride_;
    if (words_.size() < size) words_.resize(size);
    return words_.data() + size_t{row} * stride_;
  }
  void fetch(uint32_t row) const {
    const size_t begin = size_t{row} * stride_;
    if (begin + stride_ > words_.size()) return;
    for (size_t at = 0; at < stride_; at += 8) __builtin_prefetch(words_.data() + begin + at, 1);
  }
  /// Zeroes what is kept of her. Does not fail.
  void forget(uint32_t row) {
    const size_t begin = size_t{row} * stride_;
    if (begin + stride_ > words_.size()) return;
    std::fill_n(words_.begin() + static_cast<std::ptrdiff_t>(begin), stride_, int64_t{0});
  }
  /// Of everybody. Does not fail.
  void forget_all() { std::fill(words_.begin(), words_.end(), int64_t{0}); }
  size_t bytes() const { return words_.capacity() * sizeof(int64_t); }

 private:
  size_t slots_ = 0, stride_ = 0;
  WipedVector<int64_t> words_;
};

}  // namespace patron::internal
