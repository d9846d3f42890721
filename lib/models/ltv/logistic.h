// Probabilities from log odds, to full precision at both ends.
#pragma once

#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {

/// 1 / (1 + e^-log_odds); 0 and 1 at the infinities, NaN of NaN.
inline double logistic(double log_odds) {
  const double small = exp(log_odds < 0 ? log_odds : -log_odds);  // at most 1
  return (log_odds < 0 ? small : 1) / (1 + small);
}

}  // namespace patron::internal::ltv
