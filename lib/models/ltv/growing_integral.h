// The integral of e^(growth t) f(t) over (0, h), f positive and falling: the present value of a
// rate of purchases, growth being the rate of discount with its sign turned.
//
//   log_growing_integral(0.5, 1, 10, [](double t) { return -log1p(t); },
//                        [](double t) { return 1 / (1 + t); });     // ln that of e^(t/2) / (1 + t)
//
// Thread class: pure.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "lib/models/ltv/gauss_legendre.h"
#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {

/// The logarithm of the integral, which may exceed the largest double itself. log_f(t) is ln f(t),
/// a convex function with f(0) = 1 that is analytic but for real t <= -scale, and fall(t) its slope
/// with the sign turned; h is above 0, and may be infinite where growth is below 0.
///
/// The logarithm of the integrand is convex as well, so that panels are laid inward from both ends,
/// the higher one first, until what is between them, which is below both, no longer counts: a
/// customer who buys a million times in a unit has bought all she will within the first of a
/// million panels. Over none of them does either factor change by more than e^6. Cost: some 200
/// panels of 20 evaluations, and sqrt(h fall) more where both ends count.
template <typename LogF, typename Fall>
double log_growing_integral(double growth, double scale, double h, const LogF& log_f,
                            const Fall& fall) {
  constexpr double kPanelGrowth = 6, kWidest = 3, kLeast = 4e-18;
  const double at_end = h < kInfinity ? growth * h + log_f(h) : -kInfinity;
  const double top = std::max(at_end, 0.0);
  const auto integrand = [&](double t) { return exp(growth * t + log_f(t) - top); };
  const auto panel = [&](double begin, double width) {
    double sum = 0;
    for (size_t k = 0; k < kGauss20.node.size(); ++k)
      sum += kGauss20.weight[k] * integrand(begin + width * kGauss20.node[k]);
    return width * sum;
  };
  const double most = growth < 0 ? -1 / growth : kInfinity;
  double sum = 0, begin = 0, end = h;
  const auto negligible = [&](double t) {
    return std::min(end - begin, most) * integrand(t) < kLeast * sum;
  };
  const auto from_begin = [&] {
    while (begin < end && !negligible(begin)) {
      const double smooth = 1 / (std::abs(growth) / kPanelGrowth + fall(begin) / 2);
      const double width = std::min({smooth, kWidest * (scale + begin), end - begin});
      sum += panel(begin, width);
      begin = width < end - begin ? begin + width : end;
    }
  };
  // Leftward f becomes steeper.
  const auto from_end = [&] {
    while (begin < end && !negligible(end)) {
      const double smooth = 1 / (std::abs(growth) / kPanelGrowth + 2 * fall(end));
      const double width = std::min({smooth, (scale + end) / 4, end - begin});
      sum += panel(end - width, width);
      end = width < end - begin ? end - width : begin;
    }
  };
  if (at_end > 0) from_end();
  from_begin();
  if (!(at_end > 0)) from_end();
  return top + log(sum);
}

}  // namespace patron::internal::ltv
