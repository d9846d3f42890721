// The integral of e^(growth t) f(t) over (0, h), f positive and falling like a power: the present
// value of a rate of purchases, growth being the rate of discount with its sign turned.
//
// Thread class: pure.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "lib/models/ltv/gauss_legendre.h"
#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {

/// f is analytic but for real t <= -scale, and d ln f / dt is between 0 and -power / (scale + t); h
/// may be infinite where growth is below 0. Panels over which neither factor changes the integrand
/// by more than e^6, until no more than e^-40 of it is left. Cost: |growth| h / 6 (at most 100),
/// power and log4(h / scale) panels of 20 evaluations.
template <typename F>
double growing_integral(double growth, double scale, double power, double h, const F& f) {
  constexpr double kPanelGrowth = 6, kWidest = 3, kLeast = 4e-18;
  double sum = 0;
  for (double t = 0; t < h && sum < kInfinity;) {
    const double slope = std::abs(growth) + power / (scale + t);
    const double width = std::min({kPanelGrowth / slope, kWidest * (scale + t), h - t});
    double panel = 0;
    for (size_t k = 0; k < kGauss20.node.size(); ++k) {
      const double at = t + width * kGauss20.node[k];
      panel += width * kGauss20.weight[k] * exp(growth * at) * f(at);
    }
    sum += panel;
    // What follows falls at least as fast as e^(growth t).
    if (growth < 0 && panel < kLeast * sum * width * -growth) break;
    t = width < h - t ? t + width : h;
  }
  return sum;
}

}  // namespace patron::internal::ltv
