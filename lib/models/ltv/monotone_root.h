// The zero of an increasing function between two points.
//
//   monotone_root([](double t) { return t * t - 2; }, 0, 2);    // 1.414...
#pragma once

#include <algorithm>
#include <cmath>

namespace patron::internal::ltv {

/// The point in [low, high], to an ulp or two of it, where the increasing f turns from below 0 to 0
/// or above; `high` where it does not, `low` where it is 0 or above at once. Some 10 evaluations
/// where f is smooth, as many as bisection needs at worst (Chandrupatla 1997, "A new hybrid
/// quadratic/bisection algorithm for finding the zero of a nonlinear function without using
/// derivatives").
template <typename F>
double monotone_root(const F& f, double low, double high) {
  double fa = f(high), fb = f(low);
  if (fb >= 0) return low;
  if (fa < 0) return high;
  // The root is between a and b; c is the point before. b is the latest.
  double a = high, b = low, c = high, fc = fa;
  double share = 0.5;
  for (int i = 0; i < 200; ++i) {
    const double x = a + share * (b - a);
    const double fx = f(x);
    const bool same = (fx < 0) == (fa < 0);
    c = same ? a : b;
    fc = same ? fa : fb;
    if (!same) {
      b = a;
      fb = fa;
    }
    a = x;
    fa = fx;
    const double best = std::abs(fa) < std::abs(fb) ? a : b;
    const double tolerance = 0x1p-52 * std::abs(best) + 0x1p-1070;
    const double least = tolerance / std::abs(b - a);
    if (fa == 0 || least > 0.5) return best;
    const double xi = (a - b) / (c - b), phi = (fa - fb) / (fc - fb);
    share = 0.5;
    if (phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi) {
      // Inverse quadratic interpolation is safe here.
      share = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb);
    }
    share = std::min(std::max(share, least), 1 - least);
  }
  return std::abs(fa) < std::abs(fb) ? a : b;
}

}  // namespace patron::internal::ltv
