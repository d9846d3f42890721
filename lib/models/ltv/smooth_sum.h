// Sums of very many positive terms t(k), k whole, that change slowly with k: 1e15 of them, or all.
//
// By Euler and Maclaurin's formula in its midpoint form the sum over k = first..last is
//
//   integral of t from first - 1/2 to last + 1/2, less 1/24 of the difference of t' between these
//   ends, plus 7/5760 of that of t''', ...
//
// and the integral is taken in v = ln k by Gauss and Legendre's rule on panels that grow with v:
// the number of evaluations is logarithmic in the number of terms. A caller first adds the terms up
// to a `first` from which on |d ln t / dk| <= kSmoothSlope and that is at least kSmoothFirst; the
// formula is then exact to 1e-14 of the whole sum.
//
//   struct Terms {
//     double log_term(double v) const;     // ln t(e^v)
//     double slope(double v) const;        // d ln t / dv
//     double shift;      // ln t(k) is analytic in the plane but for real k <= 0, and smooth on the
//                        // scale of k where k is well above this; at least 1
//     double frequency(double v) const;  // where ln t(k) is a function of k^c at e^v, c; else 1
//     double falls_from; // v from which on t falls, if it falls and rises before; may be infinite
//     double power_from; // v from which on t(k) is c k^(-1 - fall) to the last bit, or infinity
//     double fall;       // above 0 where `last` is infinite and power_from is not
//   };
//
// Thread class: pure.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {

inline constexpr double kSmoothFirst = 1000;
inline constexpr double kSmoothSlope = 0.01;

/// Positive half of the 16-point rule on [-1, 1] (Abramowitz and Stegun, table 25.4).
struct GaussNode {
  double x, weight;
};
inline constexpr std::array<GaussNode, 8> kGaussNodes{{
    {0x1.852bd6676a9f9p-4, 0x1.83feae80e4dfcp-3},
    {0x1.205cae642337cp-2, 0x1.75f8c77e0c00fp-3},
    {0x1.d50259a43a772p-2, 0x1.5a6ebbb5a75fcp-3},
    {0x1.3c5a466d5e8b8p-1, 0x1.325f61bca3cbfp-3},
    {0x1.82c45dda4726bp-1, 0x1.fe7af2bad386ap-4},
    {0x1.bb3403514e483p-1, 0x1.85c4ee79cc258p-4},
    {0x1.e39f56616f9b0p-1, 0x1.fdfb1a2c1265dp-5},
    {0x1.fa92c264d787ep-1, 0x1.bcddab4b7c211p-6},
}};

namespace smooth {

/// t' / 24 - 7 t''' / 5760 at k = e^v, with t''' by the slope and how it changes alone.
template <typename Terms>
double end_correction(const Terms& terms, double v) {
  constexpr double kStep = 1e-3;
  const double slope = terms.slope(v) * exp(-v);
  const double bend = (terms.slope(v + kStep) * exp(-kStep) - terms.slope(v - kStep) * exp(kStep)) /
                      (2 * kStep) * exp(-2 * v);
  const double first = exp(terms.log_term(v)) * slope;
  return first * (1.0 / 24 - (slope * slope + 3 * bend) * (7.0 / 5760));
}

template <typename Terms>
double panel(const Terms& terms, double v, double width) {
  const double half = width / 2;
  const double middle = v + half;
  double sum = 0;
  for (const GaussNode& node : kGaussNodes) {
    const double left = middle - half * node.x;
    const double right = middle + half * node.x;
    sum += node.weight * (exp(left + terms.log_term(left)) + exp(right + terms.log_term(right)));
  }
  return sum * half;
}

/// A width over which the integrand e^v t(e^v) is smooth, and changes by some e^4.
template <typename Terms>
double panel_width(const Terms& terms, double v) {
  double width = std::max(1.0, 0.5 * (v - log(terms.shift)));
  width = std::min(width, 1.5 / terms.frequency(v));
  const double here = std::fabs(1 + terms.slope(v));
  for (int i = 0; i < 60; i++) {
    const double there = std::fabs(1 + terms.slope(v + width));
    if (std::max(here, there) * width <= 4) break;
    width /= 2;
  }
  return width;
}

/// Where, before the last peak at `peak`, e^v t(e^v) ceases to be nothing beside e^log_sum; `peak`
/// itself where that is nothing too. At v it is.
template <typename Terms>
double rises_from(const Terms& terms, double v, double peak, double log_sum) {
  constexpr double kNothing = 60;
  const auto nothing = [&](double at) { return at + terms.log_term(at) < log_sum - kNothing; };
  if (nothing(peak)) return peak;
  double low = v, high = peak;
  while (high - low > 1e-15 * high) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    (nothing(middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace smooth

/// The sum over k = first..last, last whole or infinite (then the sum is finite); `before` is what
/// the caller has added already, to know what is negligible.
template <typename Terms>
double smooth_sum(const Terms& terms, double first, double last, double before) {
  constexpr double kNegligible = 1e-18;
  double v = log(first - 0.5);
  const double end = std::isinf(last) ? last : log(last + 0.5);
  double sum = smooth::end_correction(terms, v);
  double integral = 0;
  bool leapt = false;  // over a valley
  while (v < end) {
    const double slope = 1 + terms.slope(v);
    const double value = exp(v + terms.log_term(v));
    if (std::isinf(end) && v >= terms.power_from)
      return before + (integral + sum + value / terms.fall);
    if (slope < -1e-3 && value < kNegligible * -slope * (before + integral)) {
      const double peak = std::min(end, terms.falls_from);
      if (leapt || v >= peak) break;
      leapt = true;
      v = smooth::rises_from(terms, v, peak, log(before + integral));
      continue;
    }
    const double width = std::min(smooth::panel_width(terms, v), end - v);
    integral += smooth::panel(terms, v, width);
    if (std::isinf(integral)) return integral;
    v = v + width < end ? v + width : end;
  }
  if (v == end) sum -= smooth::end_correction(terms, v);
  return before + (integral + sum);
}

}  // namespace patron::internal::ltv
