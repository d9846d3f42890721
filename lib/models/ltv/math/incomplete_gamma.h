// The distribution function of a gamma distribution, both tails, their logarithms, and quantiles.
//
//   incomplete_gamma(r, alpha * rate).lower           // P(a customer's rate is below `rate`)
//   incomplete_gamma(n + 1, mean).upper               // P(a Poisson number is at most n)
//
// Methods (Abramowitz and Stegun 6.5.29 and 6.5.31): the series of positive terms below the mean,
// Legendre's continued fraction above it where they end within 200 terms; the logarithm of the
// whole lower tail where it is near 1 for a small a; else the integral over the logarithm of x
// (integral.h). Errors against mpmath over a in 1e-6 .. 1e6
// (tests/models/ltv/reference/incomplete_gamma.py): both tails below 5e-14 of themselves and their
// logarithms below 1e-13, plus what a relative change of the arguments by 1e-15 does.
//
// Thread class of everything here: pure. Cost: 0.1 to 1 microsecond, up to 20 by the integral; a
// quantile some five times that. NaN comes out for arguments outside of the domain.
#pragma once

#include "lib/models/ltv/math/tails.h"

namespace patron::internal::ltv {

/// P(a, x) = P(X <= x) as `lower` and Q(a, x) = P(X > x) as `upper`, X ~ Gamma(a, 1), a > 0, x >=
/// 0.
Tails incomplete_gamma(double a, double x);

/// The x with P(a, x) = p; 0 where it is too small for a double, infinity for p = 1.
double incomplete_gamma_inverse(double a, UnitPoint p);

}  // namespace patron::internal::ltv
