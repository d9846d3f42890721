#include "lib/models/ltv/math/incomplete_beta.h"

#include <algorithm>
#include <cmath>

#include "lib/models/ltv/math/deviance.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"
#include "lib/models/ltv/math/integral.h"

namespace patron::internal::ltv {
namespace {

/// a (1 - z) - b z: positive below the mean.
double below_mean(double a, double b, UnitPoint z) {
  const Exact<double> left = product_of(a, z.complement), right = product_of(b, z.value);
  return (left.value - right.value) + (left.rest - right.rest);
}

/// DiDonato and Morris 1992, equation 9, by Lentz's method: I_z(a, b) B(a, b) / (z^a (1-z)^b) for z
/// not above the mean. 0 where it has not converged.
double continued_fraction(double a, double b, UnitPoint z, double below) {
  constexpr int kMostTerms = 200;
  double c = 0, d = 0, value = 0;
  for (int n = 0; n < kMostTerms; n++) {
    const double odd = a + 2 * n - 1;
    const double beta = n + (n == 0 ? 0.0 : n * (b - n) * z.value / odd) +
                        (a + n) / (odd + 2) * (below + 1 + n * (1 + z.complement));
    if (n == 0) {
      value = c = beta;
      continue;
    }
    const double alpha =
        ((a + n - 1) / odd) * ((a + b + n - 1) / odd) * z.value * z.value * n * (b - n);
    d = 1 / (beta + alpha * d);
    c = beta + alpha / c;
    const double factor = c * d;
    value *= factor;
    if (std::fabs(factor - 1) < 2e-16) return 1 / value;
  }
  return 0;
}

/// ln of the integral from 0 to z of t^(a-1) (1-t)^(b-1), over z^a (1-z)^b: with u = logit t, the
/// integral over the distance s below logit z of exp(-a s) (t-dependent rest).
double log_tail_by_integral(double a, double b, UnitPoint z, double below) {
  const double sum = a + b;
  const auto exponent = [&](Above distance) {
    const double s = distance.value;
    if (s > 30 || (s > 1 && z.value <= 0.5))
      return -a * s - sum * log(z.complement + z.value * exp(-s));
    // ln(1 + w) less its linear part; the linear parts make up below * s.
    if (z.value <= 0.5) {
      const double w = z.value * expm1(-s);
      return -below * s - sum * (z.value * expm1_excess(-s) - log1p_deficit(w));
    }
    const double w = z.complement * expm1(s);
    if (s > 1) return b * s - sum * log1p(w);
    return -below * s - sum * (z.complement * expm1_excess(s) - log1p_deficit(w));
  };
  // Where the exponent has fallen by 1, roughly.
  const double slope = std::fabs(below) + std::sqrt(sum * z.value * z.complement) + a;
  return log_integral_above(exponent, -log(slope)).log_value;
}

/// ln I_z(a, b), with the relative accuracy of I.
double log_lower(double a, double b, UnitPoint z, double below) {
  const double kernel = log_beta_kernel(a, b, z.value, z.complement);
  if (below >= 0) {
    const double fraction = continued_fraction(a, b, z, below);
    if (fraction > 0) return kernel + log(fraction);
  }
  return kernel + log_tail_by_integral(a, b, z, below);
}

/// ln I_z(a, b) for b z <= 0.2, with its own relative accuracy however near to 0 it is: DiDonato
/// and Morris 1992, equation 7, DLMF 8.17.7 with all of it over 1. a < 1.
double log_lower_near_one(double a, double b, UnitPoint z) {
  double sum = 0, term = 1;
  for (int n = 1; n < 60; n++) {
    term *= (n - b) / n * z.value;
    const double added = term / (a + n);
    sum += added;
    if (std::fabs(added) < 1e-17 * std::fabs(sum)) break;
  }
  return (a * log(z.value) + (log_rising(b, a) - log_rising(1, a))) + log1p(a * sum);
}

/// The tails, for z not above the mean.
Tails tails_below_mean(double a, double b, UnitPoint z, double below) {
  Tails tails;
  tails.log_lower = std::min(log_lower(a, b, z, below), 0.0);
  tails.lower = exp(tails.log_lower);
  if (tails.lower < 0.9) {
    tails.upper = 1 - tails.lower;
    tails.log_upper = log1p(-tails.lower);
    return tails;
  }
  if (b * z.value <= 0.2 && z.value < 0.5) {
    tails.log_lower = std::min(log_lower_near_one(a, b, z), 0.0);
    tails.lower = exp(tails.log_lower);
    tails.upper = -expm1(tails.log_lower);
    tails.log_upper = log(tails.upper);
    return tails;
  }
  tails.log_upper = std::min(log_lower(b, a, {z.complement, z.value}, -below), 0.0);
  tails.upper = exp(tails.log_upper);
  tails.lower = 1 - tails.upper;
  tails.log_lower = log1p(-tails.upper);
  return tails;
}

/// The quantile where it lies below the mean: Newton's method on ln I as a function of logit z,
/// which is concave (so from the left it comes nearer with every step) and nearly a line there.
UnitPoint inverse_of_lower(double a, double b, double log_p) {
  // I_z <= z^a (1 + ...) / (a B(a, b)): where z is so small that nothing else counts, this is
  // exact.
  const double log_scale = log_beta(a, b) + log(a);
  double u = (log_p + log_scale) / a;
  if (u < -600) {
    const double z = exp(u);
    return {z, 1 - z};
  }
  u = std::min(u, log(a) - log(b));
  UnitPoint z{};
  for (int i = 0; i < 100; i++) {
    const double e = exp(-std::fabs(u));
    const double near = e / (1 + e), far = 1 / (1 + e);
    z = u < 0 ? UnitPoint{near, far} : UnitPoint{far, near};
    if (near == 0) break;
    const double log_value = incomplete_beta(a, b, z).log_lower;
    // d ln I / du = z^a (1-z)^b / (B(a, b) I).
    const double slope = exp(log_beta_kernel(a, b, z.value, z.complement) - log_value);
    const double step = (log_p - log_value) / slope;
    if (!(std::fabs(step) < kInfinity)) break;
    u += step;
    if (std::fabs(step) < 1e-15 * std::max(1.0, std::fabs(u)) || (i > 8 && std::fabs(step) < 1e-13))
      break;
  }
  return z;
}

}  // namespace

Tails incomplete_beta(double a, double b, UnitPoint z) {
  if (!(a > 0) || !(b > 0) || !(z.value >= 0) || !(z.complement >= 0))
    return {kNaN, kNaN, kNaN, kNaN};
  if (z.value == 0) return {0, 1, -kInfinity, 0};
  if (z.complement == 0) return {1, 0, 0, -kInfinity};
  const double below = below_mean(a, b, z);
  if (below >= 0) return tails_below_mean(a, b, z, below);
  const Tails t = tails_below_mean(b, a, {z.complement, z.value}, -below);
  return {t.upper, t.lower, t.log_upper, t.log_lower};
}

UnitPoint incomplete_beta_inverse(double a, double b, UnitPoint p) {
  if (!(a > 0) || !(b > 0) || !(p.value >= 0) || !(p.complement >= 0)) return {kNaN, kNaN};
  if (p.value == 0) return {0, 1};
  if (p.complement == 0) return {1, 0};
  const double log_p = p.value > 0.5 ? log1p(-p.complement) : log(p.value);
  const double log_q = p.value > 0.5 ? log(p.complement) : log1p(-p.value);
  const double ratio = a / b;
  const UnitPoint mean = {ratio / (1 + ratio), 1 / (1 + ratio)};
  if (log_p <= incomplete_beta(a, b, mean).log_lower) return inverse_of_lower(a, b, log_p);
  const UnitPoint z = inverse_of_lower(b, a, log_q);
  return {z.complement, z.value};
}

}  // namespace patron::internal::ltv
