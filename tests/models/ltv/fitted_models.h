// Models as a fit leaves them, with the covariance of the CDNOW optimum, for tests of intervals.
#pragma once

#include <cmath>

#include "lib/models/ltv/model.h"
#include "patron/ltv.h"
#include "tests/models/ltv/ltv_models.h"

namespace patron_test {

/// The model with a converged fit of these standard errors and one correlation for all pairs.
inline patron::Ltv fitted(const patron::Ltv& model, const patron::LtvParameters& errors,
                          double correlation) {
  patron::LtvFit fit;
  fit.message = "converged";
  fit.standard_errors = errors;
  for (size_t i = 0; i < errors.size(); ++i) {
    for (size_t j = 0; j < errors.size(); ++j) {
      fit.covariance[i * errors.size() + j] = errors[i] * errors[j] * (i == j ? 1 : correlation);
    }
  }
  return patron::LtvAccess::make(model.model(), model.unit(), model.parameters(), fit,
                                 patron::Table());
}

// Standard errors of the CDNOW optima; the correlation is a round number, not theirs.
inline patron::Ltv fitted_bg() {
  return fitted(cdnow_bg(), {.0125574, .3782240, .1857338, .7054143}, 0.4);
}
inline patron::Ltv fitted_mbg() {
  return fitted(cdnow_mbg(), {.0832684, .6956215, .1547900, .5374957}, 0.4);
}
inline patron::Ltv fitted_pareto() {
  return fitted(cdnow_pareto(), {.0476280, .8427230, .1872822, 6.2111461}, 0.4);
}
inline patron::Ltv fitted_nbd() { return fitted(cdnow_nbd(), {.0209854, .8087232, 0, 0}, 0.4); }
inline patron::Ltv fitted_spend() {
  return fitted(cdnow_spend(), {1.1900699, .2901354, 4.1594778, 0}, 0.4);
}

}  // namespace patron_test
