#include "lib/models/ltv/negative_binomial.h"

#include <algorithm>
#include <cmath>

#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/gamma.h"
#include "lib/models/ltv/power_integral.h"

namespace patron::internal::ltv {
namespace {

constexpr double kTwoPi = 6.283185307179586477;

/// ln(have / want), where have - want = difference is known better than have.
double log_ratio(double have, double want, double difference) {
  const double share = difference / want;
  return std::abs(share) < 0.5 ? log1p(share) : log(have / want);
}

}  // namespace

double log_beta_power(double a, double b, double s, double t) {
  // (a t - b s) / (s + t) is how far the shares of a + b are from a and b.
  const double n = a + b;
  const double x = s / (s + t), y = t / (s + t);
  const double difference = (b * s - a * t) / (s + t);
  const double deviance =
      a * log_ratio(n * x, a, difference) + b * log_ratio(n * y, b, -difference);
  const double rests = stirling_rest(n) - (stirling_rest(a) + stirling_rest(b));
  return deviance + (rests + 0.5 * log(a / n * b / kTwoPi));
}

double NegativeBinomial::log_none(double time) const { return -shape * log1p(time / rate); }

double NegativeBinomial::log_probability(double count, double time) const {
  if (count == 0) return log_none(time);
  if (time == 0 || time == kInfinity) return -kInfinity;
  return log_beta_power(count, shape, time, rate) - log(count);
}

double NegativeBinomial::log_at_least(double count, double time) const {
  if (time == 0) return -kInfinity;
  if (time == kInfinity) return 0;
  // Over the time of the count-th purchase.
  const PowerIntegral bought =
      power_integral({.c = count, .P = shape + count, .A = rate, .end = shape}, time);
  return std::min(log_beta_power(count, shape, bought.at, rate) + log(bought.area), 0.0);
}

}  // namespace patron::internal::ltv
