// Four doubles at once, and the operations that arithmetic written once needs for one double and
// for four.
//
//   template <typename V>
//   PATRON_SIMD_INLINE V root_or_zero(V x) {                  // V is double or Pack
//     return select(x > 0.0, sqrt_of(x), all_lanes<V>(0));
//   }
//
// Pack is a vector of the compilers (GCC, Clang): + - * / < == and the bit operations work lane by
// lane, with AVX2 in one instruction, otherwise in two of SSE2 or NEON. As each of these is exact
// or correctly rounded, a function that uses nothing else gives the same bits for a lane as for a
// double alone, on every processor.
//
// What takes or returns a Pack must be PATRON_SIMD_INLINE, lambdas included: code compiled for AVX2
// and for the baseline passes it differently, and a call between the two would take the wrong
// registers.
//
// Thread class of everything here: pure.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "lib/base/simd.h"

namespace patron::internal::ltv {

inline constexpr int kPackLanes = 4;
using Pack = double __attribute__((vector_size(8 * kPackLanes)));
/// The bits of a Pack; shifts are logical, sums wrap.
using PackBits = uint64_t __attribute__((vector_size(8 * kPackLanes)));
/// What a comparison of Packs gives: all bits of a lane, or none.
using PackMask = int64_t __attribute__((vector_size(8 * kPackLanes)));

template <typename V>
using BitsOf = std::conditional_t<std::is_same_v<V, double>, uint64_t, PackBits>;

template <typename V>
PATRON_SIMD_INLINE BitsOf<V> bits_of(V x) {
  return __builtin_bit_cast(BitsOf<V>, x);
}
template <typename V>
PATRON_SIMD_INLINE V from_bits(BitsOf<V> bits) {
  return __builtin_bit_cast(V, bits);
}

/// The same value in every lane.
template <typename V>
PATRON_SIMD_INLINE V all_lanes(double x) {
  if constexpr (std::is_same_v<V, double>) {
    return x;
  } else {
    return Pack{x, x, x, x};
  }
}

/// Lane by lane: where the condition holds a, else b; both are computed.
PATRON_SIMD_INLINE double select(bool condition, double a, double b) { return condition ? a : b; }
PATRON_SIMD_INLINE Pack select(PackMask condition, Pack a, Pack b) {
  const auto mask = __builtin_bit_cast(PackBits, condition);
  return from_bits<Pack>((bits_of(a) & mask) | (bits_of(b) & ~mask));
}

PATRON_SIMD_INLINE bool any(bool condition) { return condition; }
PATRON_SIMD_INLINE bool any(PackMask condition) {
  return (condition[0] | condition[1] | condition[2] | condition[3]) != 0;
}
PATRON_SIMD_INLINE bool all(bool condition) { return condition; }
PATRON_SIMD_INLINE bool all(PackMask condition) {
  return (condition[0] & condition[1] & condition[2] & condition[3]) != 0;
}

template <typename V>
PATRON_SIMD_INLINE V absolute(V x) {
  return from_bits<V>(bits_of(x) & ~(uint64_t{1} << 63));
}
PATRON_SIMD_INLINE double sqrt_of(double x) { return std::sqrt(x); }
PATRON_SIMD_INLINE Pack sqrt_of(Pack x) {
  return Pack{std::sqrt(x[0]), std::sqrt(x[1]), std::sqrt(x[2]), std::sqrt(x[3])};
}
/// The smaller and the larger; of a NaN and a number, b.
template <typename V>
PATRON_SIMD_INLINE V smaller(V a, V b) {
  return select(a < b, a, b);
}
template <typename V>
PATRON_SIMD_INLINE V larger(V a, V b) {
  return select(a > b, a, b);
}

PATRON_SIMD_INLINE Pack load(const double* values) {
  Pack pack;
  std::memcpy(&pack, values, sizeof pack);
  return pack;
}
PATRON_SIMD_INLINE void store(Pack pack, double* values) {
  std::memcpy(values, &pack, sizeof pack);
}
/// The first `count` (0 to kPackLanes) of the values; the other lanes are `rest`.
PATRON_SIMD_INLINE Pack load_part(const double* values, int64_t count, double rest) {
  Pack pack = {rest, rest, rest, rest};
  for (int64_t i = 0; i < count; i++) pack[i] = values[i];
  return pack;
}
PATRON_SIMD_INLINE void store_part(Pack pack, int64_t count, double* values) {
  for (int64_t i = 0; i < count; i++) values[i] = pack[i];
}

/// A sum or product as the rounded value and, exactly, what the rounding took away.
template <typename V>
struct Exact {
  V value;
  V rest;
};

/// a + b; needs |a| >= |b| or a = 0 (Dekker 1971, "A floating-point technique for extending the
/// available precision").
template <typename V>
PATRON_SIMD_INLINE Exact<V> sum_of_ordered(V a, V b) {
  const V sum = a + b;
  return {sum, (a - sum) + b};
}
/// a + b (Knuth, The Art of Computer Programming 2, 4.2.2 theorem B).
template <typename V>
PATRON_SIMD_INLINE Exact<V> sum_of(V a, V b) {
  const V sum = a + b;
  const V b_part = sum - a;
  return {sum, (a - (sum - b_part)) + (b - b_part)};
}
/// a * b, for |a|, |b| < 1e300 and a product that is no denormal (Dekker 1971, Veltkamp's split).
template <typename V>
PATRON_SIMD_INLINE Exact<V> product_of(V a, V b) {
  constexpr double kSplit = 0x1p27 + 1;
  const V a_scaled = a * kSplit, b_scaled = b * kSplit;
  const V a_high = a_scaled - (a_scaled - a), b_high = b_scaled - (b_scaled - b);
  const V a_low = a - a_high, b_low = b - b_high;
  const V product = a * b;
  const V rest = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
  return {product, rest};
}

}  // namespace patron::internal::ltv
