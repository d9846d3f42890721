// What is left of logarithms and exponentials after their linear parts cancel, and the
// log-probabilities of counts that rest on it.
//
//   log_poisson(10'000, 9'950.5)
//
// A probability of a large count is the difference of numbers a million times larger than its
// logarithm: ln Gamma, x ln p and r ln q. Written with x - ln(1 + x), the deviance, and the
// remainder of Stirling's formula nothing cancels (Loader 2000, "Fast and accurate computation of
// binomial probabilities").
//
// Thread class of everything here: pure. NaN comes out for arguments outside of the domain.
#pragma once

namespace patron::internal::ltv {

/// x - ln(1 + x) for x > -1: >= 0, about x^2 / 2 near 0; below 4e-16 of itself.
double log1p_deficit(double x);
/// e^x - 1 - x: >= 0, about x^2 / 2 near 0; below 4e-16 of itself.
double expm1_excess(double x);

/// ln of u^a (1 - u)^b / B(a, b) for u = s / (s + t): the density of a beta distribution on the
/// logit scale, for a, b > 0 and s, t >= 0. Absolute error below 2e-14 (1 + what a relative change
/// of s or t by 1e-16 does).
double log_beta_kernel(double a, double b, double s, double t);
/// ln of x^a e^-x / Gamma(a), the gamma density times x, for a > 0, x >= 0.
double log_gamma_kernel(double a, double x);

/// ln P(X = n) for a Poisson distribution with the given mean >= 0, n = 0, 1, ...
double log_poisson(double n, double mean);
}  // namespace patron::internal::ltv
