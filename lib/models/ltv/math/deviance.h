// What is left of logarithms and exponentials after their linear parts cancel, and the
// log-probabilities of counts that rest on it.
//
//   log_negative_binomial(10'000, r, alpha / (alpha + t), t / (alpha + t))
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

/// ln of z^a (1 - z)^b / B(a, b), the beta density times z (1 - z), for a, b > 0, z + complement
/// = 1. Absolute error below 2e-14 (1 + what a relative change of z or complement by 1e-16 does).
double log_beta_kernel(double a, double b, double z, double complement);
/// ln of x^a e^-x / Gamma(a), the gamma density times x, for a > 0, x >= 0.
double log_gamma_kernel(double a, double x);

/// ln P(X = n) for a Poisson distribution with the given mean >= 0, n = 0, 1, ...
double log_poisson(double n, double mean);
/// ln P(X = n), n = 0, 1, ..., for the negative binomial distribution Gamma(r + n) / (Gamma(r) n!)
/// p^r q^n: of a Poisson number whose rate is Gamma(r, alpha), over t, with p = alpha / (alpha + t)
/// and q = t / (alpha + t), both given. (Fader, Hardie and Lee 2005, the first factor of
/// equation 8.)
double log_negative_binomial(double n, double r, double p, double q);
/// ln P(X = n) for n of `trials` with probability p, q = 1 - p.
double log_binomial(double n, double trials, double p, double q);

}  // namespace patron::internal::ltv
