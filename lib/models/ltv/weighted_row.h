// Adding what one row contributes to a sum of log-likelihoods.
#pragma once

#include "lib/models/ltv/likelihood.h"

namespace patron::internal::ltv {

/// sum += weight * row, of the first `parameters` parameters.
inline void add_weighted(const Derivatives& row, double weight, int parameters, Derivatives* sum) {
  sum->value += weight * row.value;
  for (int i = 0; i < parameters; i++) {
    sum->gradient[static_cast<size_t>(i)] += weight * row.gradient[static_cast<size_t>(i)];
    for (int j = 0; j <= i; j++) sum->at(i, j) += weight * row.at(i, j);
  }
}

}  // namespace patron::internal::ltv
