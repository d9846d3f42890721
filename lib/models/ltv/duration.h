// The clock of the beta-discrete-Weibull model: periods T to T + k on the scale t^c.
//
//   const Duration from_third(0.5, 3);
//   from_third.growth(log(2.0));                 // ln((3 + 2) / 3)
//   from_third.span(from_third.growth(log(2.0))) // {5^c - 3^c, 0}
//
// t^c may leave the range of doubles, and (T + k)^c - T^c may be tiny beside both. Beyond 1e140 the
// survival B(alpha, beta + u) / B(alpha, beta) is a power of u to the last bit, so u stops there
// and the rest is kept as a logarithm.
//
// Thread class: pure.
#pragma once

#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {

class Duration {
 public:
  /// ln of the largest t^c that is held.
  static constexpr double kLargest = 322.361913019166395763;  // ln 1e140

  /// c > 0, T >= 0.
  Duration(double c, double T) : c_(c), T_(T), log_T_(T > 0 ? log(T) : 0) {
    const double power = c * log_T_;
    start_ = T > 0 ? exp(power < kLargest ? power : kLargest) : 0;
    held_ = power >= kLargest;
  }

  /// T^c, at most 1e140.
  double start() const { return start_; }

  /// ln((T + k) / T) for k = e^v; where T is 0, v itself.
  double growth(double v) const {
    if (T_ == 0) return v;
    const double ratio = v - log_T_;
    return ratio > 40 ? ratio : log1p(exp(ratio));
  }

  struct Span {
    double length;  ///< (T + k)^c - T^c, both at most 1e140
    double excess;  ///< ln of what u has grown by beyond 1e140
  };
  Span span(double growth) const {
    const double by = c_ * growth;
    const double end = c_ * log_T_ + by;
    if (end <= kLargest) return {T_ == 0 ? exp(by) : start_ * expm1(by), 0};
    const double largest = exp(kLargest);
    return {largest - start_, held_ ? by : end - kLargest};
  }

 private:
  double c_, T_, log_T_;
  double start_;
  bool held_;  // T^c is beyond kLargest already
};

}  // namespace patron::internal::ltv
