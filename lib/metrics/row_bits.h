// RowBits: one bit for each row of a page, such as which rows a selection has.
//
//   RowBits bits;
//   bits.pack(mask, rows);                       // a byte of 0 or 1 for each row
//   const RowBitsView set = bits.view();
//   set.count(begin, end);                       // how many of rows begin .. end - 1 are set
//   set.each(begin, end, [&](uint32_t row) {});  // those that are, in order
//
// A customer's rows are mostly a few, so that a window costs two shifts instead of a loop over
// rows.
//
// Thread class: const is shared; changing is serial.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "lib/base/simd.h"

namespace patron::internal {

/// Eight bytes of 0 or 1 as eight bits, the first the lowest.
PATRON_SIMD_INLINE uint64_t eight_bits(const uint8_t* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  // Byte i comes to bit 56 + i of the product, and no two of them to one place.
  return (word * 0x0102040810204080U) >> 56;
}

/// Words x 64 bytes of 0 or 1 as bits.
void pack_words(const uint8_t* bytes, size_t words, uint64_t* out);

/// Reads bits: a pointer, to be copied into loops. Good until they are changed.
class RowBitsView {
 public:
  explicit RowBitsView(const uint64_t* words) : words_(words) {}

  /// The rows from `begin` on, of which n <= 64 count.
  PATRON_SIMD_INLINE uint64_t at(uint32_t begin, uint32_t n) const {
    const uint64_t* words = words_ + begin / 64;
    const uint32_t shift = begin % 64;
    const uint64_t all = words[0] >> shift | words[1] << 1 << (63 - shift);
    return n >= 64 ? all : all & ((uint64_t{1} << n) - 1);
  }
  PATRON_SIMD_INLINE uint32_t count(uint32_t begin, uint32_t end) const {
    uint32_t out = count_of(at(begin, end - begin));
    while (end - begin > 64) begin += 64, out += count_of(at(begin, end - begin));
    return out;
  }
  template <typename Visit>
  PATRON_SIMD_INLINE void each(uint32_t begin, uint32_t end, const Visit& visit) const {
    for (;;) {
      for (uint64_t left = at(begin, end - begin); left != 0; left &= left - 1) {
        visit(begin + static_cast<uint32_t>(std::countr_zero(left)));
      }
      if (end - begin <= 64) return;
      begin += 64;
    }
  }
  /// The first of rows begin .. end - 1 that is set and for which `take` is true; `end` where there
  /// is none.
  template <typename Take>
  PATRON_SIMD_INLINE uint32_t first(uint32_t begin, uint32_t end, const Take& take) const {
    for (; begin < end; begin += 64) {
      for (uint64_t left = at(begin, end - begin); left != 0; left &= left - 1) {
        const uint32_t row = begin + static_cast<uint32_t>(std::countr_zero(left));
        if (take(row)) return row;
      }
      if (end - begin <= 64) break;
    }
    return end;
  }
  /// The last of them.
  template <typename Take>
  PATRON_SIMD_INLINE uint32_t last(uint32_t begin, uint32_t end, const Take& take) const {
    for (uint32_t top = end; top > begin;) {
      const uint32_t n = top - begin < 64 ? top - begin : 64;
      for (uint64_t left = at(top - n, n); left != 0;) {
        const auto bit = static_cast<uint32_t>(63 - std::countl_zero(left));
        if (take(top - n + bit)) return top - n + bit;
        left &= ~(uint64_t{1} << bit);
      }
      top -= n;
    }
    return end;
  }
  bool has(uint32_t row) const { return (words_[row / 64] >> row % 64 & 1) != 0; }

 private:
  PATRON_SIMD_INLINE static uint32_t count_of(uint64_t word) {
    return static_cast<uint32_t>(__builtin_popcountll(word));
  }
  const uint64_t* words_;
};

class RowBits {
 public:
  /// Takes over a byte of 0 or 1 for each row. This and what follows throw std::bad_alloc.
  void pack(const uint8_t* bytes, size_t rows);
  /// The rows whose value is `least` or more.
  void pack_not_less(const int64_t* values, size_t rows, int64_t least);
  /// The rows whose code is this one.
  void pack_equal(const uint32_t* codes, size_t rows, uint32_t code);
  /// The rows whose value is not that of the row before, and the first.
  void pack_changes(const int64_t* values, size_t rows);
  /// All rows.
  void fill(size_t rows);
  /// Leaves out what another one of as many rows has not.
  void keep(const RowBits& other);

  RowBitsView view() const { return RowBitsView(words_.data()); }

 private:
  std::vector<uint64_t> words_;  ///< and one behind them
};

}  // namespace patron::internal
