// The time to the next purchase at a rate that is gamma distributed: Lomax.
//
// P(W > t) = (rate / (rate + t))^shape. Thread class of everything here: pure.
#pragma once

#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {

/// The t with P(W <= t) = probability, for a probability in (0, 1).
inline double gamma_waiting_quantile(double shape, double rate, double probability) {
  return rate * expm1(-log1p(-probability) / shape);
}

/// d ln P(W <= t) / d ln t = shape u / ((1 - u)^-shape - 1), u = t / (rate + t); 1 as t goes to 0.
inline double gamma_waiting_slope(double shape, double rate, double t) {
  const double ratio = t / rate;
  if (ratio == 0) return 1;
  const double none = expm1(shape * log1p(ratio));
  return none < kInfinity ? shape * (ratio / (1 + ratio)) / none : 0;
}

}  // namespace patron::internal::ltv
