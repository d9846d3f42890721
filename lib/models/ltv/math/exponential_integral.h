// The generalized exponential integral: what discounting at a constant rate leaves of something
// that falls like a power of time.
//
//   const ScaledExponentialIntegral integral(0.243);
//   integral(0.1)               // of e^(-0.1 u) (1 + u)^-1.243 over u > 0: e^0.1 E_1.243(0.1)
//
// From s = 2 on the continued fraction of Abramowitz and Stegun 5.1.22. Below, over y = ln(1 + u),
// up to where s (1 + u) is 2 the series of e^-(s e^y), term by term,
//
//   sum over m of (-2)^m / m! (q^R - q^m) / (m - R),   q = s / 2,
//
// and beyond it q^R E_(R+1)(2). A term where R is nearly m is no difference but a derivative, so
// that whole R are nothing special.
//
// Thread class: pure; a const integral is shared.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include "lib/base/simd.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/lanes.h"

namespace patron::internal::ltv {

class ScaledExponentialIntegral {
 public:
  /// R > 0. Some 0.3 microseconds.
  explicit ScaledExponentialIntegral(double R);

  /// e^s E_(R+1)(s) for s > 0; V is double or Pack. Relative error 1e-14. Some 50 ns.
  template <typename V>
  PATRON_SIMD_INLINE V operator()(V s) const {
    const auto small = s < kTurn;
    if (all(small)) return by_series(s);
    if (!any(small)) return by_fraction(s);
    return select(small, by_series(smaller(s, all_lanes<V>(kTurn))),
                  by_fraction(larger(s, all_lanes<V>(kTurn))));
  }

 private:
  static constexpr double kTurn = 2;
  static constexpr size_t kTerms = 27;  ///< 2^27 / 27! is 1e-20

  template <typename V>
  PATRON_SIMD_INLINE V by_series(V s) const {
    const V q = s / kTurn;
    const V log_q = log(q);
    const V power = exp(R_ * log_q);
    V sum = power * beyond_;
    V q_m = all_lanes<V>(1);
    for (size_t m = 0; m < kTerms; ++m) {
      sum = sum + coefficient_[m] * (power - q_m);
      if (m == nearest_) {
        const V x = (R_ - static_cast<double>(m)) * log_q;
        const V derivative = select(x == 0.0, all_lanes<V>(1), expm1(x) / x);
        sum = sum - nearest_coefficient_ * (q_m * (log_q * derivative));
      }
      q_m = q_m * q;
    }
    return exp(s) * sum;
  }

  /// How many it takes for 1e-16 of the value; most at R of some 10.
  static int levels(double s) { return 9 + static_cast<int>(100 / s); }
  template <typename V>
  PATRON_SIMD_INLINE V by_fraction(V s) const {
    double least = kTurn;
    if constexpr (std::is_same_v<V, double>) {
      least = s;
    } else {
      least = std::min({s[0], s[1], s[2], s[3]});
    }
    return fraction(R_ + 1, s, levels(least));
  }
  template <typename V>
  PATRON_SIMD_INLINE static V fraction(double n, V s, int levels) {
    const V start = s + n;
    V value = start + 2.0 * levels;
    for (int k = levels; k > 0; --k) value = (start + 2.0 * (k - 1)) - (k * (n + (k - 1))) / value;
    return 1.0 / value;
  }

  double R_, beyond_;
  std::array<double, kTerms> coefficient_;  ///< (-2)^m / m! / (m - R), 0 for the nearest m
  size_t nearest_;
  double nearest_coefficient_;
};

}  // namespace patron::internal::ltv
