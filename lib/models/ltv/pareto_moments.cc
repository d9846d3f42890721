#include "lib/models/ltv/pareto_moments.h"

#include <algorithm>

namespace patron::internal::ltv {

LeavingSums<double> leaving_sums_by_panels(const LeavingDensity& d, double t, double T) {
  constexpr double kPanelGrowth = 6, kNegligible = 50;
  const double least = std::min(d.alpha, d.beta) + t;
  LeavingSums<double> sums;
  double past = 0, growth = 0;
  while (past < T - t && growth < kNegligible) {
    // L is concave, so its slope at the beginning bounds its growth; at least the width of a panel
    // doubles what is under the singularity.
    const double slope = d.c / (d.alpha + t + past) + d.s / (d.beta + t + past);
    const double width = std::min({kPanelGrowth / slope, least + past, T - t - past});
    if (!(past + width > past)) break;  // what is left is below the rounding of u
    for (size_t k = 0; k < kGauss20.node.size(); ++k)
      sums.add(d, t, past + width * kGauss20.node[k], width * kGauss20.weight[k]);
    past += width;
    growth = d.c * log1p(past / (d.alpha + t)) + d.s * log1p(past / (d.beta + t));
  }
  return sums;
}

}  // namespace patron::internal::ltv
