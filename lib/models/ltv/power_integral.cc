#include "lib/models/ltv/power_integral.h"

#include <algorithm>
#include <cmath>

#include "lib/base/simd.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/outward_integral.h"
#include "lib/models/ltv/run_sums.h"

namespace patron::internal::ltv {
namespace {

/// Where c = P t/(A + t) + Q t/(B + t), c < P + Q: the positive root of a quadratic equation, in
/// units of A.
double mode_of_powers(const PowerIntegrand& f) {
  if (f.Q == 0) return f.A * (f.c / f.end);
  const double B = f.B / f.A;
  const double square = f.end;
  const double linear = f.past * B + (f.Q - f.c);
  const double none = f.c * B;
  if (linear == 0) return f.A * std::sqrt(none / square);
  const double root = std::sqrt(1 + 4 * (square / linear) * (none / linear));
  return f.A *
         (linear > 0 ? 2 * (none / linear) / (1 + root) : (1 + root) / 2 * (-linear / square));
}

/// The same with D t on the right, by Newton's method for logarithms. The right side increases with
/// t, but it may stay flat over decades before D t counts: a step that leaves the bracket is
/// replaced by the bracket's geometric middle. P is at least 0.
double mode_with_decay(const PowerIntegrand& f) {
  double low = f.c / (f.P / f.A + f.Q / f.B + f.D), high = f.c / f.D;
  double t = low;
  for (int i = 0; i < 60; ++i) {
    const double u = t / (f.A + t), v = t / (f.B + t);
    const double value = f.P * u + f.Q * v + f.D * t;
    const double slope = f.P * u * (1 - u) + f.Q * v * (1 - v) + f.D * t;
    const double step = log(f.c / value) * value / slope;
    if (!(std::abs(step) > 0.01 / std::sqrt(f.c))) break;
    (step > 0 ? low : high) = t;
    t *= exp(step);
    if (!(t > low && t < high)) t = std::sqrt(low) * std::sqrt(high);
  }
  return t;
}

PATRON_SIMD_INLINE PowerIntegral integrate(const PowerIntegrand& f, double h) {
  const double at = std::min(f.D > 0 ? mode_with_decay(f) : mode_of_powers(f), h);
  const PowerDrop drop(f, at);
  const double end = h == kInfinity ? h : log(h / at);
  // Where 1 + t/A is 1, or t/A, to the last bit of its power.
  const double P = std::abs(f.P);
  const double far = std::max(f.A * std::max(P, 1.0), f.B * std::max(f.Q, 1.0));
  const double near = 1 / (P / f.A + f.Q / f.B + f.D);
  const double above = f.D > 0 || h < kInfinity ? kInfinity : log(1e17 * far / at);
  const double below = log(1e-17 * near / at);
  return {at, outward_integral(drop, -kInfinity, std::min(below, -1.0), f.c) +
                  outward_integral(drop, end, std::max(above, 1.0), f.end)};
}

}  // namespace

PowerDrop::PowerDrop(const PowerIntegrand& f, double t)
    : P(f.P),
      Q(f.Q),
      D(f.D * t),
      from_A(f.P != 0 && t > f.A),
      from_B(f.Q != 0 && t > f.B),
      // A factor that is not there must not be 0 times infinity.
      u(f.P == 0 ? 0 : (from_A ? f.A : t) / (f.A + t)),
      v(f.Q == 0 ? 0 : (from_B ? f.B : t) / (f.B + t)) {
  if (from_A && from_B) {
    linear = f.D > 0 ? f.c - f.P - f.Q : -f.end;
  } else {
    linear = from_A ? -f.past : from_B ? f.c - f.Q : f.c;
  }
}

PowerIntegral power_integral(const PowerIntegrand& integrand, double h) {
  return run_with_best_simd([&]() PATRON_SIMD_LAMBDA { return integrate(integrand, h); });
}

double log_power(const PowerIntegrand& f, double t) {
  return f.c * log(t) - (f.P * log1p(t / f.A) + (f.Q * log1p(t / f.B) + f.D * t));
}

}  // namespace patron::internal::ltv
