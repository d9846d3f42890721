// The distribution function of a beta distribution, both tails, their logarithms, and quantiles.
//
//   const double z = t / (alpha + t), complement = alpha / (alpha + t);
//   double more_than_half = incomplete_beta(a, b, {z, complement}).upper;
//   UnitPoint median = incomplete_beta_inverse(a, b, {0.5, 0.5});
//
// Arguments and probabilities come with their complements, so that neither loses digits near 1.
//
// Methods: the continued fraction of DiDonato and Morris 1992 (ACM TOMS 18, 360-373, equation 9,
// whose terms do not cancel below the mean) where it ends within 200 terms; else the integral in
// the logarithm of the distance from z by integral.h, above all for parameters that are huge
// together or a tail that is 1 less something. Errors against mpmath over a, b in 1e-6 .. 1e6
// (tests/models/ltv/reference/ incomplete_beta.py): both tails below 5e-14 of themselves and their
// logarithms below 1e-13, plus what a relative change of the arguments by 1e-15 does.
//
// Thread class of everything here: pure. Cost: 0.3 to 1 microsecond, up to 20 by the integral; a
// quantile some five times that.
#pragma once

#include "lib/models/ltv/math/tails.h"

namespace patron::internal::ltv {

/// I_z(a, b) = P(X <= z) as `lower` and P(X > z) as `upper`, X ~ Beta(a, b), for a, b > 0 and z in
/// [0, 1].
Tails incomplete_beta(double a, double b, UnitPoint z);

/// The z with I_z(a, b) = p; to 1e-13 of the smaller of z and 1 - z, plus what a relative change of
/// p and the parameters by 1e-15 does. 0 where it is too small for a double.
UnitPoint incomplete_beta_inverse(double a, double b, UnitPoint p);

}  // namespace patron::internal::ltv
