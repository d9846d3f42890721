// The gamma function's family for positive real arguments: logarithms, derivatives, and ratios that
// do not cancel.
//
//   log_rising(0.25, 3)       // ln Gamma(3.25) / Gamma(0.25) = ln(0.25 * 1.25 * 2.25)
//   log_beta_ratio(a, b, 1, 0)                     // ln a / (a + b), exact for a = 1e6 and b =
//   1e-6
//
// A difference of two log-gammas loses every digit that they share: ln Gamma(1e6 + 1) - ln
// Gamma(1e6) has ten left. Here ratios are computed as such: shifted to arguments of at least 10 by
// products, whose logarithms are taken of 1 + (a sum of positive terms), and from there by the
// difference of Stirling's series, term by term.
//
// Errors of the result itself, measured against mpmath over arguments log-uniform in 1e-6 .. 1e6
// and near the zeros (tests/models/ltv/reference/gamma.py): log_beta_ratio, the two derivatives of
// log_rising and trigamma below 1e-15, log_gamma and digamma below 4e-15, at their zeros too;
// stirling_rest below 7e-15; log_rising, log_beta and log_choose below 2e-15, except that where
// log_rising of a fractional n or log_beta passes through zero the absolute error is up to 1e-15
// (whole n up to 12 have the relative accuracy there too).
//
// Sources: Abramowitz and Stegun 6.1.40, 6.3.18, 6.4.12 (Stirling's series and its derivatives);
// DiDonato and Morris 1992, ACM TOMS 18, 360-373 (the same idea for the beta function).
//
// Thread class of everything here: pure. NaN comes out for arguments outside of the domain.
#pragma once

namespace patron::internal::ltv {

/// ln sqrt(2 pi), of Stirling's formula.
inline constexpr double kLogRootTwoPi = 0x1.d67f1c864beb5p-1;

/// ln Gamma(a), a > 0; +infinity at 0.
double log_gamma(double a);
/// The first derivative of log_gamma, a > 0.
double digamma(double a);
/// The second, a > 0.
double trigamma(double a);

/// ln Gamma(a + n) / Gamma(a), the logarithm of the rising factorial, for a > 0 and real n >= 0.
double log_rising(double a, double n);
/// Its first derivative with respect to a, digamma(a + n) - digamma(a): positive, relative accuracy
/// everywhere. (With respect to n it is digamma(a + n).)
double log_rising_first(double a, double n);
/// Its second, trigamma(a + n) - trigamma(a): negative, relative accuracy everywhere.
double log_rising_second(double a, double n);

/// ln B(a, b) = ln Gamma(a) Gamma(b) / Gamma(a + b), for a, b > 0.
double log_beta(double a, double b);
/// ln B(a + i, b + j) / B(a, b) <= 0, for a, b > 0 and real i, j >= 0; relative accuracy
/// everywhere.
double log_beta_ratio(double a, double b, double i, double j);

/// ln of the binomial coefficient n over k, for real 0 <= k <= n.
double log_choose(double n, double k);

/// The remainder of Stirling's formula: ln Gamma(x) - ((x - 1/2) ln x - x + ln sqrt(2 pi)), x > 0.
/// It is 1 / (12 x) - 1 / (360 x^3) + ...: what probabilities of large counts need apart, because
/// the rest cancels (Loader 2000, "Fast and accurate computation of binomial probabilities").
double stirling_rest(double x);

}  // namespace patron::internal::ltv
