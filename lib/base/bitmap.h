// Arrow bitmaps: bit i is bit i % 8 of byte i / 8.
//
//   int64_t there = count_bits(validity, chunk.offset, chunk.length);
//
// Thread class of everything here: pure.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace patron::internal {

inline bool get_bit(const uint8_t* bits, int64_t i) { return (bits[i >> 3] >> (i & 7) & 1) != 0; }
inline void set_bit(uint8_t* bits, int64_t i) {
  bits[i >> 3] = static_cast<uint8_t>(bits[i >> 3] | 1 << (i & 7));
}
inline void clear_bit(uint8_t* bits, int64_t i) {
  bits[i >> 3] = static_cast<uint8_t>(bits[i >> 3] & ~(1 << (i & 7)));
}

/// How many of the bits [begin, begin + length) are set. Reads no byte that holds none of them.
inline int64_t count_bits(const uint8_t* bits, int64_t begin, int64_t length) {
  int64_t count = 0;
  int64_t i = begin;
  const int64_t end = begin + length;
  for (; i < end && (i & 7) != 0; ++i) count += get_bit(bits, i);
  for (; i + 64 <= end; i += 64) {
    uint64_t word;
    std::memcpy(&word, bits + (i >> 3), sizeof(word));
    count += std::popcount(word);
  }
  for (; i < end; ++i) count += get_bit(bits, i);
  return count;
}

}  // namespace patron::internal
