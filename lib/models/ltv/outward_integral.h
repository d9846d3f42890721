// The integral of e^drop(d) over d from 0 outward, where drop(0) = 0 and drop falls: one side of a
// peak.
//
//   outward_integral([](auto d) { return -0.5 * d * d; }, kInfinity, kInfinity, 0);    // 1.2533...
//
// Panels of Gauss and Legendre's rule of 20 nodes, at most 5 wide, over each of which the
// integrand falls by at most e^6. For logarithms of positive integrands that are analytic within pi
// of the real line, as powers of 1 + e^d are, that is right to 1e-14 of the result.
//
// Thread class of everything here: pure.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "lib/base/simd.h"
#include "lib/models/ltv/gauss_legendre.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/lanes.h"

namespace patron::internal::ltv {

/// The integral of e^drop over (d, d + width).
template <typename Drop>
PATRON_SIMD_INLINE double peak_panel(const Drop& drop, double d, double width) {
  Pack sum{};
  for (size_t k = 0; k < kGauss20.node.size(); k += kPackLanes) {
    const Pack at = d + width * load(&kGauss20.node[k]);
    sum += load(&kGauss20.weight[k]) * exp(drop(at));
  }
  return width * ((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

/// To `end`, which is signed and may be infinite, or until e^-40 is left. From `power` on, signed
/// alike, drop is to the last bit a straight line that falls by `exponent` in a unit of d, and what
/// it still holds is known; infinite where that is not so. `drop` is called with double and Pack;
/// inside run_with_best_simd().
template <typename Drop>
PATRON_SIMD_INLINE double outward_integral(const Drop& drop, double end, double power,
                                           double exponent) {
  constexpr double kWidest = 5, kMostFall = 6, kNegligible = 40;
  const double sign = end < 0 ? -1 : 1;
  double d = 0, here = 0, sum = 0;
  while (std::abs(d) < std::abs(end) && here > -kNegligible) {
    double width = std::min(kWidest, std::abs(end - d));
    double there = drop(d + sign * width);
    for (int i = 0; i < 60 && std::abs(there - here) > kMostFall; ++i) {
      width /= 2;
      there = drop(d + sign * width);
    }
    sum += peak_panel(drop, std::min(d, d + sign * width), width);
    d += sign * width;
    here = there;
    if (std::abs(d) > std::abs(power)) return sum + exp(here) / exponent;
  }
  return sum;
}

}  // namespace patron::internal::ltv
