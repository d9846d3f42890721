#include "lib/models/ltv/negative_binomial.h"

#include <algorithm>
#include <cmath>

#include "lib/models/ltv/math/deviance.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/power_integral.h"

namespace patron::internal::ltv {
double NegativeBinomial::log_none(double time) const { return -shape * log1p(time / rate); }

double NegativeBinomial::log_probability(double count, double time) const {
  if (count == 0) return log_none(time);
  if (time == 0 || time == kInfinity) return -kInfinity;
  return log_beta_kernel(count, shape, time, rate) - log(count);
}

double NegativeBinomial::log_at_least(double count, double time) const {
  if (time == 0) return -kInfinity;
  if (time == kInfinity) return 0;
  // Over the time of the count-th purchase.
  const PowerIntegral bought = power_integral(
      {.c = count, .P = shape + count, .A = rate, .past = shape, .end = shape}, time);
  return std::min(log_beta_kernel(count, shape, bought.at, rate) + log(bought.area), 0.0);
}

}  // namespace patron::internal::ltv
