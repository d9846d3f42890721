#include "lib/models/ltv/math/incomplete_gamma.h"

#include <algorithm>
#include <cmath>

#include "lib/models/ltv/math/deviance.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"
#include "lib/models/ltv/math/integral.h"

namespace patron::internal::ltv {
namespace {

constexpr int kMostTerms = 200;

/// P(a, x) Gamma(a) / (x^a e^-x) by the series of positive terms; 0 where it has not converged.
double lower_series(double a, double x) {
  double term = 1 / a, sum = term;
  for (int n = 1; n < kMostTerms; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < 1e-17 * sum) return sum;
  }
  return 0;
}

/// Q(a, x) Gamma(a) / (x^a e^-x) by Legendre's continued fraction, with Lentz's method.
double upper_fraction(double a, double x) {
  double beta = x + 1 - a;
  double c = beta, d = 0, value = beta;
  for (int n = 1; n < kMostTerms; n++) {
    const double alpha = n * (a - n);
    beta += 2;
    d = 1 / (beta + alpha * d);
    c = beta + alpha / c;
    const double factor = c * d;
    value *= factor;
    if (std::fabs(factor - 1) < 2e-16) return 1 / value;
  }
  return 0;
}

/// The same for either tail by the integral over the distance of ln x to one side.
double log_tail_by_integral(double a, double x, double side) {
  const auto exponent = [&](Above distance) {
    const double s = side * distance.value;
    return -std::fabs(x - a) * distance.value - x * expm1_excess(s);
  };
  return log_integral_above(exponent, -log(std::fabs(x - a) + std::sqrt(x))).log_value;
}

/// ln P(a, x) with its own relative accuracy however near to 0 it is, for a < 1, x <= 1/2.
double log_lower_near_one(double a, double x) {
  double sum = 0, term = 1;
  for (int n = 1; n < 40; n++) {
    term *= -x / n;
    sum += term / (a + n);
    if (std::fabs(term) < 1e-18) break;
  }
  return (a * log(x) - log_rising(1, a)) + log1p(a * sum);
}

Tails of_log_lower(double log_lower) {
  const double log_value = std::min(log_lower, 0.0);
  return {exp(log_value), -expm1(log_value), log_value, log1m_exp(log_value)};
}

/// Newton's method on ln P as a function of ln x, concave; for a quantile below the mean.
double inverse_of_lower(double a, double log_p) {
  const double highest = log(a);
  double u =
      std::min((log_p + log_rising(1, a)) / a, highest);  // x^a / Gamma(a + 1) where x is small
  if (u < -600) return exp(u);
  for (int i = 0; i < 60; i++) {
    const double x = exp(u);
    const double log_value = incomplete_gamma(a, x).log_lower;
    const double step = (log_p - log_value) / exp(log_gamma_kernel(a, x) - log_value);
    if (!(std::fabs(step) < kInfinity)) break;
    u = std::min(u + step, highest);
    if (std::fabs(step) < 1e-15 || (i > 8 && std::fabs(step) < 1e-13)) break;
  }
  return exp(u);
}

/// Newton's method on ln Q as a function of x, nearly a line; for a quantile above the mean.
double inverse_of_upper(double a, double log_q) {
  double x = a;
  for (int i = 0; i < 60; i++) {
    const double log_value = incomplete_gamma(a, x).log_upper;
    const double slope = -exp(log_gamma_kernel(a, x) - log_value) / x;
    const double step = (log_q - log_value) / slope;
    if (!(std::fabs(step) < kInfinity)) break;
    x = std::max(x + step, a);
    if (std::fabs(step) < 1e-15 * x || (i > 8 && std::fabs(step) < 1e-13 * x)) break;
  }
  return x;
}

}  // namespace

Tails incomplete_gamma(double a, double x) {
  if (!(a > 0) || !(x >= 0)) return {kNaN, kNaN, kNaN, kNaN};
  if (x == 0) return {0, 1, -kInfinity, 0};
  if (x == kInfinity) return {1, 0, 0, -kInfinity};
  if (a < 1 && x <= 0.5) return of_log_lower(log_lower_near_one(a, x));
  const double kernel = log_gamma_kernel(a, x);
  const bool below = x < a;
  const double quick = below ? lower_series(a, x) : upper_fraction(a, x);
  const double log_integral = quick > 0 ? log(quick) : log_tail_by_integral(a, x, below ? -1 : 1);
  const Tails tail = of_log_lower(kernel + log_integral);
  return below ? tail : Tails{tail.upper, tail.lower, tail.log_upper, tail.log_lower};
}

double incomplete_gamma_inverse(double a, UnitPoint p) {
  if (!(a > 0) || !(p.value >= 0) || !(p.complement >= 0)) return kNaN;
  if (p.value == 0) return 0;
  if (p.complement == 0) return kInfinity;
  const double log_p = p.value > 0.5 ? log1p(-p.complement) : log(p.value);
  const double log_q = p.value > 0.5 ? log(p.complement) : log1p(-p.value);
  return log_p <= incomplete_gamma(a, a).log_lower ? inverse_of_lower(a, log_p)
                                                   : inverse_of_upper(a, log_q);
}

}  // namespace patron::internal::ltv
