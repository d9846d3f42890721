// ExactSum: a sum without rounding, so that neither the order of the terms nor the size of the
// table can move a customer across a boundary.
//
// An unsigned integer of N 64-bit limbs counts multiples of one unit: the minor unit of a decimal,
// or 2^-1074, of which every finite double is a multiple (Kulisch's long accumulator). The caller
// picks N so that no sum can overflow.
//
//   ExactSum<4> total;
//   total.add(80, 0), total.add(20, 0);
//   ExactSum<36> doubles;  // 2,098 bits, and 64 for the count
//   doubles.add(magnitude_of(0.1));
//
// Thread class: serial.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "lib/base/int128.h"

namespace patron::internal {

/// fraction x 2^exponent, with a fraction below 2^64; 0 is {0, 0}.
struct ScaledDouble {
  double fraction = 0;
  int exponent = 0;
};

/// a / b for b > 0; error below 2 units in the last place.
inline double ratio(const ScaledDouble& a, const ScaledDouble& b) {
  return std::ldexp(a.fraction / b.fraction, a.exponent - b.exponent);
}

/// A value as sign, whole number and power of two, in its domain's unit.
struct Magnitude {
  Uint128 digits = 0;
  unsigned shift = 0;
  bool negative = false;
};

/// A finite double in units of 2^-1074.
inline Magnitude magnitude_of(double value) {
  const auto bits = std::bit_cast<uint64_t>(value);
  const auto exponent = static_cast<unsigned>(bits >> 52 & 0x7FF);
  const uint64_t fraction = bits & ((uint64_t{1} << 52) - 1);
  const bool negative = bits >> 63 != 0;
  if (exponent == 0) return {fraction, 0, negative};
  return {fraction | uint64_t{1} << 52, exponent - 1, negative};
}

template <size_t N>
class ExactSum {
 public:
  /// += term x 2^shift
  void add(Uint128 term, unsigned shift) { accumulate(term, shift, Add()); }
  /// The same; the sign is not looked at.
  void add(const Magnitude& value) { add(value.digits, value.shift); }
  /// -= term x 2^shift. What is taken away in all must not exceed what was added.
  void subtract(Uint128 term, unsigned shift) { accumulate(term, shift, Subtract()); }

  void subtract(const ExactSum& other) {
    bool borrow = false;
    untouched_ = std::min(untouched_, other.untouched_);
    for (size_t i = 0; i < used_; ++i) borrow = Subtract()(limbs_[i], other.limbs_[i], borrow);
  }

  void multiply(uint64_t factor) {
    uint64_t carry = 0;
    used_ = std::min(used_ + 1, N);
    for (size_t i = 0; i < used_; ++i) {
      const Uint128 product = static_cast<Uint128>(limbs_[i]) * factor + carry;
      limbs_[i] = static_cast<uint64_t>(product);
      carry = static_cast<uint64_t>(product >> 64);
    }
  }
  /// The quotient, rounded up.
  void divide_up(uint64_t divisor) {
    uint64_t remainder = 0;
    untouched_ = 0;
    for (size_t i = used_; i-- > 0;) {
      const Uint128 part = (static_cast<Uint128>(remainder) << 64) | limbs_[i];
      limbs_[i] = static_cast<uint64_t>(part / divisor);
      remainder = static_cast<uint64_t>(part % divisor);
    }
    if (remainder != 0) add(1, 0);
  }

  bool operator<(const ExactSum& other) const {
    for (size_t i = std::max(used_, other.used_); i-- > 0;) {
      if (limbs_[i] != other.limbs_[i]) return limbs_[i] < other.limbs_[i];
    }
    return false;
  }

  /// The nearest double, ties to even, as fraction and exponent.
  ScaledDouble rounded() const {
    size_t top = used_;
    while (top > 0 && limbs_[top - 1] == 0) --top;
    if (top == 0) return {};
    const size_t high = top - 1;
    const int zeros = std::countl_zero(limbs_[high]);
    uint64_t bits = limbs_[high] << zeros;
    uint64_t below = 0;
    if (high > 0) {
      if (zeros > 0) bits |= limbs_[high - 1] >> (64 - zeros);
      below = zeros > 0 ? limbs_[high - 1] << zeros : limbs_[high - 1];
      for (size_t i = untouched_; i + 1 < high && below == 0; ++i) below |= limbs_[i];
    }
    // The lowest of 64 bits stands for all that follow it; only 53 survive the conversion.
    if (below != 0) bits |= 1;
    return {static_cast<double>(bits), static_cast<int>(64 * high) - zeros};
  }

 private:
  struct Add {
    bool operator()(uint64_t& limb, uint64_t part, bool carry) const {
      const Uint128 sum = static_cast<Uint128>(limb) + part + carry;
      limb = static_cast<uint64_t>(sum);
      return (sum >> 64) != 0;
    }
  };
  struct Subtract {
    bool operator()(uint64_t& limb, uint64_t part, bool carry) const {
      const Uint128 difference = static_cast<Uint128>(limb) - part - carry;
      limb = static_cast<uint64_t>(difference);
      return (difference >> 64) != 0;
    }
  };

  template <typename Step>
  void accumulate(Uint128 term, unsigned shift, Step step) {
    const unsigned bits = shift % 64;
    const auto low = static_cast<uint64_t>(term);
    const auto high = static_cast<uint64_t>(term >> 64);
    const std::array<uint64_t, 3> parts{low << bits,
                                        bits == 0 ? high : (high << bits) | (low >> (64 - bits)),
                                        bits == 0 ? 0 : high >> (64 - bits)};
    size_t at = shift / 64;
    untouched_ = std::min(untouched_, at);
    bool carry = false;
    for (uint64_t part : parts) {
      if (at == N) break;
      carry = step(limbs_[at++], part, carry);
    }
    for (; carry && at < N; ++at) carry = step(limbs_[at], 0, carry);
    used_ = std::max(used_, at);
  }

  std::array<uint64_t, N> limbs_{};  ///< the least first
  size_t used_ = 0;                  ///< all limbs from here on are zero
  size_t untouched_ = N;             ///< all limbs below are zero
};

}  // namespace patron::internal
