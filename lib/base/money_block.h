// Doubles in major units to int64 minor units, one or a block of them.
//
//   minor_from_doubles(amounts, n, kPowersOfTen[2], minor, flags);   // under a nanosecond each
//
// Adding and subtracting 1.5 x 2^52 rounds every value below 2^51 to the nearest whole number, half
// to even, and leaves that number in the low bits of the double on the way. The block converter
// does so two values at a time and notes whether one of the block needs a closer look (it is large,
// not finite, or no whole number of minor units); then the block is done again one by one. Both
// need the default rounding mode.
//
// Thread class of everything here: pure.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "lib/base/simd.h"
#include "patron/money.h"

namespace patron::internal {

enum class AmountFlag : uint8_t {
  kOk = 0,
  kRounded = 1,    ///< more than 1e-6 away from a whole minor unit
  kNotFinite = 2,  ///< NaN or infinite
  kOverflow = 3,   ///< outside int64
};

/// 10^scale for the scales 0 to kMaxMoneyScale.
inline constexpr std::array<double, 10> kPowersOfTen{1e0, 1e1, 1e2, 1e3, 1e4,
                                                     1e5, 1e6, 1e7, 1e8, 1e9};

inline constexpr double kRoundingMagic = 0x1.8p52;
/// Below this the magic rounds right.
inline constexpr double kMagicLimit = 0x1p51;
/// An amount that is further from a whole minor unit counts as rounded.
inline constexpr double kRoundedBound = 1e-6;

/// value x pow10, rounded to double and then to the nearest whole number, half to even. *minor is 0
/// where the flag is kNotFinite or kOverflow.
inline AmountFlag minor_from_double(double value, double pow10, int64_t* minor) {
  const double product = value * pow10;
  double nearest = (product + kRoundingMagic) - kRoundingMagic;
  if (!(std::fabs(product) < kMagicLimit)) [[unlikely]] {
    *minor = 0;
    if (!std::isfinite(value)) return AmountFlag::kNotFinite;
    nearest = std::nearbyint(product);
    if (!(nearest >= -0x1p63 && nearest < 0x1p63)) return AmountFlag::kOverflow;
  }
  *minor = static_cast<int64_t>(nearest);
  return std::fabs(product - nearest) > kRoundedBound ? AmountFlag::kRounded : AmountFlag::kOk;
}

/// Whether every one of n values is a finite multiple of the minor unit below kMagicLimit; then out
/// holds the minor units, else nothing of use.
inline bool clean_minor_from_doubles(const double* in, int64_t n, double pow10, int64_t* out) {
  typedef double Doubles __attribute__((vector_size(16)));
  typedef uint64_t Ints __attribute__((vector_size(16)));
  const Ints magic_bits = Ints{} + std::bit_cast<uint64_t>(kRoundingMagic);
  const Ints magnitude_bits = Ints{} + (UINT64_MAX >> 1);
  Ints clean = ~Ints{};
  int64_t i = 0;
  for (; i + 2 <= n; i += 2) {
    Doubles product;
    std::memcpy(&product, in + i, sizeof product);
    product *= pow10;
    const Doubles shifted = product + kRoundingMagic;
    const Doubles apart = product - (shifted - kRoundingMagic);
    clean &= std::bit_cast<Doubles>(std::bit_cast<Ints>(apart) & magnitude_bits) <= kRoundedBound;
    clean &= std::bit_cast<Doubles>(std::bit_cast<Ints>(product) & magnitude_bits) < kMagicLimit;
    const Ints minor = std::bit_cast<Ints>(shifted) - magic_bits;
    std::memcpy(out + i, &minor, sizeof minor);
  }
  bool last = true;
  for (; i < n; ++i) last = minor_from_double(in[i], pow10, &out[i]) == AmountFlag::kOk;
  return last && (clean[0] & clean[1]) != 0;
}

/// minor_from_double on n values; flags[i] is an AmountFlag as a number. in and out may not
/// overlap.
PATRON_SIMD_INLINE void minor_from_doubles(const double* in, int64_t n, double pow10, int64_t* out,
                                           uint8_t* flags) {
  constexpr int64_t kBlock = 256;
  for (int64_t begin = 0; begin < n; begin += kBlock) {
    const int64_t size = n - begin < kBlock ? n - begin : kBlock;
    if (clean_minor_from_doubles(in + begin, size, pow10, out + begin)) {
      std::memset(flags + begin, 0, static_cast<size_t>(size));
      continue;
    }
    for (int64_t i = begin; i < begin + size; ++i) {
      flags[i] = static_cast<uint8_t>(minor_from_double(in[i], pow10, &out[i]));
    }
  }
}

/// money_to_double on n amounts.
inline void doubles_from_minor(const int64_t* in, int64_t n, int scale, double* out) {
  constexpr int64_t kExact = int64_t{1} << 53;  // up to here a double holds every whole number
  const double pow10 = kPowersOfTen[static_cast<size_t>(scale)];
  for (int64_t i = 0; i < n; ++i) {
    const bool exact = in[i] >= -kExact && in[i] <= kExact;
    out[i] = exact ? static_cast<double>(in[i]) / pow10 : money_to_double(in[i], scale);
  }
}

}  // namespace patron::internal
