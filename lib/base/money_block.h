// Doubles in major units to int64 minor units, one or a block of them.
//
//   minor_from_doubles(amounts, n, kPowersOfTen[2], minor, flags);   // about a nanosecond each
//
// The block converter rounds by adding and subtracting 1.5 x 2^52, which leaves the nearest whole
// number, half to even, in the low bits of the double for every value below 2^51; values that are
// larger, infinite or NaN are done again one by one. It needs the default rounding mode.
//
// Thread class of everything here: pure.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

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

/// value x pow10, rounded to double and then to the nearest whole number, half to even. *minor is 0
/// where the flag is kNotFinite or kOverflow.
inline AmountFlag minor_from_double(double value, double pow10, int64_t* minor) {
  *minor = 0;
  if (!std::isfinite(value)) return AmountFlag::kNotFinite;
  const double product = value * pow10;
  const double nearest = std::nearbyint(product);
  if (!(nearest >= -0x1p63 && nearest < 0x1p63)) return AmountFlag::kOverflow;
  *minor = static_cast<int64_t>(nearest);
  return std::fabs(product - nearest) > 1e-6 ? AmountFlag::kRounded : AmountFlag::kOk;
}

/// minor_from_double on n values; flags[i] is an AmountFlag as a number.
inline void minor_from_doubles(const double* in, int64_t n, double pow10, int64_t* out,
                               uint8_t* flags) {
  constexpr int64_t kBlock = 128;
  constexpr double kMagic = 0x1.8p52;
  constexpr double kFastLimit = 0x1p51;
  for (int64_t begin = 0; begin < n; begin += kBlock) {
    const int64_t size = n - begin < kBlock ? n - begin : kBlock;
    const double* x = in + begin;
    int64_t* minor = out + begin;
    uint8_t* flag = flags + begin;
    uint64_t far[kBlock];
    for (int64_t i = 0; i < size; ++i) {
      const double product = x[i] * pow10;
      const double shifted = product + kMagic;
      minor[i] = std::bit_cast<int64_t>(shifted) - std::bit_cast<int64_t>(kMagic);
      far[i] = std::fabs(product - (shifted - kMagic)) > 1e-6 ? 1 : 0;
    }
    uint64_t slow = 0;
    for (int64_t i = 0; i < size; ++i) {
      slow |= std::fabs(x[i] * pow10) < kFastLimit ? 0 : 1;
      flag[i] = static_cast<uint8_t>(far[i]);
    }
    for (int64_t i = 0; slow != 0 && i < size; ++i) {
      flag[i] = static_cast<uint8_t>(minor_from_double(x[i], pow10, &minor[i]));
    }
  }
}

}  // namespace patron::internal
