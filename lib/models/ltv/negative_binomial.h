// The number of purchases in a time, where the rate is gamma distributed: negative binomial.
//
//   NegativeBinomial count{.shape = 2.24, .rate = 43.27};         // r + x, alpha + T
//   exp(count.log_probability(3, 39))                             // of three in 39 weeks
//
// P(N = n) = Gamma(shape + n) / (Gamma(shape) n!) (rate / (rate + t))^shape (t / (rate + t))^n, the
// NBD (Ehrenberg 1959); P(N >= n) = I_u(n, shape) with u = t / (rate + t).
//
// Thread class of everything here: pure.
#pragma once

namespace patron::internal::ltv {

struct NegativeBinomial {
  double shape = 1;  ///< of the rate of purchases, above 0
  double rate = 1;   ///< its rate: a time, above 0

  /// ln P(N = count) in a time, which is at least 0 and may be infinite.
  double log_probability(double count, double time) const;
  /// ln P(N >= count), count >= 1.
  double log_at_least(double count, double time) const;
  /// ln P(N = 0) = -shape ln(1 + time / rate).
  double log_none(double time) const;
};

}  // namespace patron::internal::ltv
