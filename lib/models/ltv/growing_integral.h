// The integral of e^(growth t) f(t) over (0, h), f positive and falling like a power: what a
// negative rate of discount asks for.
//
// Thread class: pure.
#pragma once

#include <algorithm>
#include <cstddef>

#include "lib/models/ltv/gauss_legendre.h"
#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {

/// f is analytic but for real t <= -scale, and d ln f / dt is between 0 and -power / (scale + t).
/// Panels over which neither changes the integrand by more than e^6. Cost: growth h / 6, power and
/// log2(h / scale) panels of 20 evaluations; growth h is some 700 at most before e^(growth h) is
/// infinite, and so is the result.
template <typename F>
double growing_integral(double growth, double scale, double power, double h, const F& f) {
  constexpr double kPanelGrowth = 6;
  double sum = 0;
  for (double t = 0; t < h && sum < kInfinity;) {
    const double slope = growth + power / (scale + t);
    const double width = std::min({kPanelGrowth / slope, scale + t, h - t});
    for (size_t k = 0; k < kGauss20.node.size(); ++k) {
      const double at = t + width * kGauss20.node[k];
      sum += width * kGauss20.weight[k] * exp(growth * at) * f(at);
    }
    t = width < h - t ? t + width : h;
  }
  return sum;
}

}  // namespace patron::internal::ltv
