// Probabilities from log odds, to full precision at both ends.
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>

#include "lib/base/simd.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/lanes.h"
#include "lib/models/ltv/run_sums.h"

namespace patron::internal::ltv {

/// 1 / (1 + e^-log_odds); 0 and 1 at the infinities, NaN of NaN. V is double or Pack.
template <typename V>
PATRON_SIMD_INLINE V logistic(V log_odds) {
  const auto below = log_odds < 0.0;
  // At most 1; from 64 on it is nothing beside 1, and denormals are slow.
  const V small = exp(select(below, log_odds, -smaller(all_lanes<V>(64), log_odds)));
  return select(below, small, all_lanes<V>(1)) / (1.0 + small);
}

/// ln of it.
inline double log_logistic(double log_odds) {
  return log_odds < 0 ? log_odds - log1p(exp(log_odds)) : -log1p(exp(-log_odds));
}

/// out *= the probability, for columns.
inline void multiply_by_logistic(const double* log_odds, int64_t n, double* out) {
  run_with_best_simd([&]() PATRON_SIMD_LAMBDA {
    int64_t i = 0;
    for (; i + kPackLanes <= n; i += kPackLanes) {
      const Pack odds = load(log_odds + i);
      if (!all(odds >= 64.0)) store(load(out + i) * logistic(odds), out + i);  // else it is 1
    }
    const int64_t rest = n - i;
    store_part(load_part(out + i, rest, 0) * logistic(load_part(log_odds + i, rest, 0)), rest,
               out + i);
  });
}

}  // namespace patron::internal::ltv
