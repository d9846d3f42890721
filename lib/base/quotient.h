// Quotients of integers, rounded once.
//
//   nearest_quotient(1234, 700);    // 1.7628571428571427: the double nearest to 1234 / 700
//   divide_half_even(7, 2);         // 4, as 9 / 2 is
//
// Thread class of everything here: pure.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "lib/base/int128.h"

namespace patron::internal {

/// The double nearest to numerator / denominator, ties to even; denominator > 0.
inline double nearest_quotient(int64_t numerator, int64_t denominator) {
  constexpr int64_t kExact = int64_t{1} << 53;  // up to here a double holds every whole number
  if (numerator >= -kExact && numerator <= kExact && denominator <= kExact)
    return static_cast<double>(numerator) / static_cast<double>(denominator);
  if (numerator == 0) return 0;
  const uint64_t magnitude =
      numerator < 0 ? ~static_cast<uint64_t>(numerator) + 1 : static_cast<uint64_t>(numerator);
  const int zeros = std::countl_zero(magnitude);
  const Uint128 shifted = static_cast<Uint128>(magnitude << zeros) << 64;
  const Uint128 divisor = static_cast<uint64_t>(denominator);
  Uint128 quotient = shifted / divisor;  // 64 bits or more
  bool rest = shifted % divisor != 0;
  int exponent = -64 - zeros;
  const auto high = static_cast<uint64_t>(quotient >> 64);
  const int excess = 64 - std::countl_zero(high);
  if (excess > 0) {
    rest |= (quotient & ((Uint128{1} << excess) - 1)) != 0;
    quotient >>= excess;
    exponent += excess;
  }
  // The lowest of 64 bits stands for all that follow it; only 53 survive the conversion.
  const uint64_t bits = static_cast<uint64_t>(quotient) | (rest ? 1 : 0);
  const double value = std::ldexp(static_cast<double>(bits), exponent);
  return numerator < 0 ? -value : value;
}

/// numerator / denominator to the nearest whole number, half to even; 0 < denominator < 2^126.
inline Int128 divide_half_even(Int128 numerator, Int128 denominator) {
  Int128 quotient = numerator / denominator;
  Int128 rest = numerator % denominator;
  if (rest < 0) {
    rest += denominator;
    --quotient;
  }
  const Int128 twice = 2 * rest;
  if (twice > denominator || (twice == denominator && (quotient & 1) != 0)) ++quotient;
  return quotient;
}

}  // namespace patron::internal
