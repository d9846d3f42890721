// Normal and Student distributions, as far as intervals and tests need them: two-sided.
//
//   normal_quantile(0.95) == 1.959963984540054...;      // P(|Z| <= z) = 0.95
//   student_tail(2.5, 9);                               // P(|T| > 2.5) with 9 degrees of freedom
//
// Thread class of everything here: pure.
#pragma once

namespace patron::internal {

/// P(|Z| > |z|) for a standard normal Z.
double normal_tail(double z);
/// The z with P(|Z| <= z) = confidence, for a confidence in (0, 1); to 1e-14 of itself.
double normal_quantile(double confidence);

/// P(|T| > |t|) for Student's T with `degrees` > 0, which need not be whole; to 1e-10 of itself
/// (incomplete beta function by its continued fraction, Abramowitz and Stegun 26.5.8; above 1e5
/// degrees by their approximation 26.7.8).
double student_tail(double t, double degrees);
/// The t with P(|T| <= t) = confidence; to 1e-10 of itself.
double student_quantile(double confidence, double degrees);

}  // namespace patron::internal
