#include "lib/models/ltv/gamma_gamma_predict.h"

#include <algorithm>

#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/monotone_root.h"
#include "lib/models/ltv/negative_binomial.h"

namespace patron::internal::ltv {
namespace {

/// The smallest and largest money that is told apart from none and from all there is.
constexpr double kLeastMoney = 1e-300, kMostMoney = 1e300;

}  // namespace

double GammaGamma::expected(double x, double m) const {
  const double exists = p_ * x + (q_ - 1);
  if (!(exists > 0)) return kNaN;
  return p_ * (x == 0 ? v_ : v_ + x * m) / exists;
}

LtvParameters GammaGamma::log_gradient(double x, double m) const {
  const double exists = p_ * x + (q_ - 1);
  return {(q_ - 1) / exists, -q_ / exists, x == 0 ? 1 : v_ / (v_ + x * m), 0};
}

double GammaGamma::order_quantile(double x, double m, double probability) const {
  // The number of events of a rate that is Gamma(q', v') exceeds p within z: a negative binomial of
  // a count that need not be whole.
  const NegativeBinomial orders{p_ * x + q_, x == 0 ? v_ : v_ + x * m};
  const double wanted = log(probability);
  const auto excess = [&](double log_money) {
    return orders.log_at_least(p_, exp(log_money)) - wanted;
  };
  const double low = log(kLeastMoney), high = log(kMostMoney);
  if (excess(low) >= 0) return 0;
  if (excess(high) < 0) return kInfinity;
  return exp(monotone_root(excess, low, high));
}

double GammaGamma::order_upper_quantile(double x, double m, double probability) const {
  // v'^2 / Z is distributed alike, with the two shapes changed over.
  const double rate = x == 0 ? v_ : v_ + x * m;
  const double shape = p_ * x + q_;
  const NegativeBinomial orders{p_, rate};
  const double wanted = log(probability);
  const auto excess = [&](double log_money) {
    return wanted - orders.log_at_least(shape, rate * (rate / exp(log_money)));
  };
  const double low = log(kLeastMoney), high = log(kMostMoney);
  if (excess(low) >= 0) return 0;
  if (excess(high) < 0) return kInfinity;
  return exp(monotone_root(excess, low, high));
}

void SpendPredictor::values(const CustomerSpan& customers, double* out) const {
  for (int64_t i = 0; i < customers.size; ++i)
    out[i] = spend_.expected(customers.frequency[i], customers.monetary[i]);
}

void SpendPredictor::terms(const CustomerSpan& customers, const double* /*at*/, double* log_odds,
                           double* log_given) const {
  std::fill_n(log_odds, customers.size, kInfinity);
  values(customers, log_given);
  for (int64_t i = 0; i < customers.size; ++i) log_given[i] = log(log_given[i]);
}

bool SpendPredictor::gradients(const CustomerSpan& customers, LtvParameters* out) const {
  for (int64_t i = 0; i < customers.size; ++i)
    out[i] = spend_.log_gradient(customers.frequency[i], customers.monetary[i]);
  return true;
}

void SpendPredictor::interval(const CustomerSpan& customers, double tail, double* low,
                              double* high) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    const double x = customers.frequency[i], m = customers.monetary[i];
    low[i] = spend_.order_quantile(x, m, tail);
    high[i] = spend_.order_upper_quantile(x, m, tail);
  }
}

}  // namespace patron::internal::ltv
