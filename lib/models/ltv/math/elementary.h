// exp, expm1, log and log1p that give the same bits on every processor, for one double and for
// four.
//
//   double survival = exp(-rate * t);                 // patron::internal::ltv::exp
//   run_with_best_simd([&] {
//     for (int64_t i = 0; i + kPackLanes <= n; i += kPackLanes) store(log1p(load(x + i)), y + i);
//   });
//
// The C library's functions choose fused instructions at run time, so that their last bit differs
// between processors. These use only + - * / and bit operations, in one order: a lane of a Pack has
// the bits that the double alone has. Infinities, NaN, zeros of both signs and denormals come out
// as C's Annex F says, without errno and without floating-point exceptions that mean anything;
// round to nearest is taken for granted.
//
// Largest errors, measured against mpmath (tests/models/ltv/reference/elementary.py): exp 0.57 ulp,
// log 0.74, log1p 0.6, expm1 0.82. About 2 ns an element in Packs with AVX2, 5 ns alone.
//
// Method: x = k ln 2 + r and a polynomial in r for exp and expm1; x = 2^k m with sqrt(1/2) <= m <
// sqrt(2), s = (m - 1) / (m + 1) and a polynomial in s^2 for log and log1p (Muller, Elementary
// Functions, 3rd ed., chapters 4 and 11); the leading sum is kept with its rounding error. The
// coefficients are those of tests/models/ltv/reference/polynomials.py.
//
// Thread class of everything here: pure.
#pragma once

#include <limits>

#include "lib/models/ltv/math/lanes.h"

namespace patron::internal::ltv {

inline constexpr double kLn2 = 0x1.62e42fefa39efp-1;
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

namespace elementary {

inline constexpr double kLn2High = 0x1.62e42fee00000p-1;  // 32 bits
inline constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
inline constexpr double kOneOverLn2 = 0x1.71547652b82fep+0;
/// Adding it rounds to a whole number, whose two's complement is then in the low bits.
inline constexpr double kRounder = 0x1.8p52;

/// 2^k for -1022 <= k <= 1023.
template <typename V>
PATRON_SIMD_INLINE V power_of_two(BitsOf<V> k) {
  return from_bits<V>((k + 1023) << 52);
}

/// x = k ln 2 + r, |r| <= ln 2 / 2: e^r - 1 = head + tail.
template <typename V>
struct Reduced {
  V head, tail;
  V whole;          // k
  BitsOf<V> power;  // k, in two's complement
};

template <typename V>
PATRON_SIMD_INLINE Reduced<V> reduce(V x) {
  const V rounded = x * kOneOverLn2 + kRounder;
  const V k = rounded - kRounder;
  const V high = x - k * kLn2High;  // exact
  const V low = k * kLn2Low;
  const V r = high - low;
  const V rest = (high - r) - low;  // r + rest is the reduced argument
  const V r2 = r * r;
  const V r4 = r2 * r2;
  // (e^r - 1 - r) / r^2
  const V p0 = r * 0x1.5555555555557p-3 + 0.5;
  const V p2 = r * 0x1.11111111100dfp-7 + 0x1.5555555555556p-5;
  const V p4 = r * 0x1.a01a01abe63a9p-13 + 0x1.6c16c16c162d6p-10;
  const V p6 = r * 0x1.71de02372dd4ep-19 + 0x1.a01a01a6d787dp-16;
  const V p8 = r * 0x1.af4dddd8d7f8cp-26 + 0x1.27e4db679d0c0p-22;
  const V high_part = (r2 * 0x1.1f72fca335d17p-29 + p8) * r4 + (p6 * r2 + p4);
  const V polynomial = high_part * r4 + (p2 * r2 + p0);
  return {r, polynomial * r2 + (rest + rest * r), k,
          bits_of(rounded) - __builtin_bit_cast(uint64_t, kRounder)};
}

/// y 2^k for -2044 <= k <= 2046, rounded once where the result is a denormal.
template <typename V>
PATRON_SIMD_INLINE V scale(V y, BitsOf<V> k) {
  const BitsOf<V> half = ((k + 4096) >> 1) - 2048;
  return y * power_of_two<V>(half) * power_of_two<V>(k - half);
}

template <typename V>
PATRON_SIMD_INLINE V exp(V x) {
  // The bounds lie beyond overflow and underflow; a NaN passes both.
  x = select(x > 710.0, all_lanes<V>(710), x);
  x = select(x < -746.0, all_lanes<V>(-746), x);
  const Reduced<V> r = reduce(x);
  const Exact<V> sum = sum_of_ordered(all_lanes<V>(1), r.head);
  return scale(sum.value + (sum.rest + r.tail), r.power);
}

template <typename V>
PATRON_SIMD_INLINE V expm1(V x) {
  const V given = x;
  x = select(x > 710.0, all_lanes<V>(710), x);
  x = select(x < -40.0, all_lanes<V>(-40), x);
  const Reduced<V> r = reduce(x);
  // 2^k (e^r - (1 - 2^-k) ...): what is left of 1 after scaling, exact where it matters.
  const V left = 1.0 - select(r.whole > 60.0, all_lanes<V>(0), power_of_two<V>(0 - r.power));
  const Exact<V> sum = sum_of_ordered(left, r.head);
  const V result = scale(sum.value + (sum.rest + r.tail), r.power);
  return select(given == 0.0, given, result);  // keeps the sign of zero
}

/// ln(2^k m), m = 1 + f, |f| <= sqrt(2) - 1; `rest` is a small addition to f.
template <typename V>
PATRON_SIMD_INLINE V log_of_parts(V k, V f, V rest) {
  const V s = f / (2.0 + f);
  const V z = s * s;
  const V z2 = z * z;
  const V z4 = z2 * z2;
  const V p0 = z * 0x1.9999999999a38p-2 + 0x1.5555555555555p-1;
  const V p2 = z * 0x1.c71c720159177p-3 + 0x1.2492492476cccp-2;
  const V p4 = z * 0x1.3b1c355a8f7a2p-3 + 0x1.745cf9048dd95p-3;
  const V p6 = z * 0x1.0c039c49989c6p-3 + 0x1.0fbe95d716020p-3;
  const V polynomial = (p6 * z2 + p4) * z4 + (p2 * z2 + p0);
  const V half_square = 0.5 * f * f;
  const Exact<V> sum = sum_of_ordered(k * kLn2High, f);
  const V small = (s * (half_square + z * polynomial) - half_square) + (k * kLn2Low + rest);
  return sum.value + (sum.rest + small);
}

/// The parts of a positive normal number: k and f with x = 2^k (1 + f).
template <typename V>
struct Parts {
  V k, f;
  BitsOf<V> power;  // k + 1023
};

template <typename V>
PATRON_SIMD_INLINE Parts<V> parts_of(V x) {
  constexpr uint64_t kRootHalf = 0x3fe6a09e667f3bcd;  // sqrt(1/2)
  constexpr uint64_t kOne = 0x3ff0000000000000;
  const BitsOf<V> shifted = bits_of(x) + (kOne - kRootHalf);
  const BitsOf<V> power = shifted >> 52;
  const V m = from_bits<V>((shifted & 0x000fffffffffffff) + kRootHalf);
  // A small whole number in the low bits of 2^52 is added to it.
  const V k = from_bits<V>(power | __builtin_bit_cast(uint64_t, 0x1p52)) - (0x1p52 + 1023);
  return {k, m - 1.0, power};
}

/// ln at the edges of its domain, else `result`.
template <typename V>
PATRON_SIMD_INLINE V log_edges(V x, V result) {
  result = select(x < kInfinity, result, x);  // infinity and NaN
  result = select(x < 0.0, all_lanes<V>(kNaN), result);
  return select(x == 0.0, all_lanes<V>(-kInfinity), result);
}

template <typename V>
PATRON_SIMD_INLINE V log(V x) {
  const auto denormal = x < 0x1p-1022;
  const Parts<V> parts = parts_of(select(denormal, x * 0x1p54, x));
  const V k = parts.k - select(denormal, all_lanes<V>(54), all_lanes<V>(0));
  return log_edges(x, log_of_parts(k, parts.f, all_lanes<V>(0)));
}

template <typename V>
PATRON_SIMD_INLINE V log1p(V x) {
  const V u = 1.0 + x;
  const V lost = select(x > 1.0, 1.0 - (u - x), x - (u - 1.0));  // u + lost = 1 + x
  const Parts<V> parts = parts_of(u);
  // Where 1 + x needs no scaling f is x itself; else what was lost is added, and what that loses.
  const auto near = parts.k == 0.0;
  const V scaled =
      lost * select(parts.k > 60.0, all_lanes<V>(0), power_of_two<V>(1023 - parts.power));
  const V f = select(near, x, parts.f + scaled);
  const V rest = select(near, all_lanes<V>(0), ((parts.f - f) + scaled) * (1.0 - f));
  const V result = log_edges(u, log_of_parts(parts.k, f, rest));
  return select(x == 0.0, x, result);  // keeps the sign of zero
}

template <typename V>
PATRON_SIMD_INLINE V log1m_exp(V x) {
  const auto near = x > -kLn2;
  if constexpr (std::is_same_v<V, double>) {
    return near ? elementary::log(-elementary::expm1(x)) : elementary::log1p(-elementary::exp(x));
  } else {
    return select(near, elementary::log(-elementary::expm1(x)),
                  elementary::log1p(-elementary::exp(x)));
  }
}

template <typename V>
PATRON_SIMD_INLINE V log_add_exp(V a, V b) {
  const V high = larger(a, b);
  const V low = select(a > b, b, a);
  const V difference = select(high == low, all_lanes<V>(0), low - high);
  return high + elementary::log1p(elementary::exp(difference));
}

template <typename V>
PATRON_SIMD_INLINE V log_diff_exp(V a, V b) {
  return select(a == b, all_lanes<V>(-kInfinity), a + elementary::log1m_exp(b - a));
}

}  // namespace elementary

/// e^x. Overflows to infinity above 709.78, underflows to 0 below -745.13.
inline double exp(double x) { return elementary::exp(x); }
PATRON_SIMD_INLINE Pack exp(Pack x) { return elementary::exp(x); }

/// e^x - 1, without cancellation for small x.
inline double expm1(double x) { return elementary::expm1(x); }
PATRON_SIMD_INLINE Pack expm1(Pack x) { return elementary::expm1(x); }

/// The natural logarithm; -infinity at 0, NaN below.
inline double log(double x) { return elementary::log(x); }
PATRON_SIMD_INLINE Pack log(Pack x) { return elementary::log(x); }

/// ln(1 + x), without cancellation for small x; -infinity at -1, NaN below.
inline double log1p(double x) { return elementary::log1p(x); }
PATRON_SIMD_INLINE Pack log1p(Pack x) { return elementary::log1p(x); }

/// ln(1 - e^x) for x <= 0 (Maechler 2012, "Accurately computing log(1 - exp(-|a|))"); -infinity at
/// 0.
inline double log1m_exp(double x) { return elementary::log1m_exp(x); }
PATRON_SIMD_INLINE Pack log1m_exp(Pack x) { return elementary::log1m_exp(x); }

/// ln(e^a + e^b): the sum of two probabilities given as logarithms, -infinity being none.
inline double log_add_exp(double a, double b) { return elementary::log_add_exp(a, b); }
PATRON_SIMD_INLINE Pack log_add_exp(Pack a, Pack b) { return elementary::log_add_exp(a, b); }

/// ln(e^a - e^b) for a >= b; -infinity where they are equal.
inline double log_diff_exp(double a, double b) { return elementary::log_diff_exp(a, b); }
PATRON_SIMD_INLINE Pack log_diff_exp(Pack a, Pack b) { return elementary::log_diff_exp(a, b); }

}  // namespace patron::internal::ltv
