#include "lib/models/ltv/gamma_gamma_predict.h"

#include <algorithm>

#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/monotone_root.h"
#include "lib/models/ltv/negative_binomial.h"

namespace patron::internal::ltv {
namespace {

/// The smallest and largest share of v + x m that is told apart from none and from all there is.
constexpr double kLeastShare = 1e-300, kMostShare = 1e300;

/// The share at whose logarithm an increasing function passes 0.
template <typename F>
double share_where(const F& excess) {
  const double low = log(kLeastShare), high = log(kMostShare);
  if (excess(low) >= 0) return 0;
  if (excess(high) < 0) return kInfinity;
  return exp(monotone_root(excess, low, high));
}

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
  // The number of events of a rate that is Gamma(q', 1) exceeds p within z / v': a negative
  // binomial of a count that need not be whole.
  const NegativeBinomial orders{p_ * x + q_, 1};
  const double wanted = log(probability);
  const auto excess = [&](double log_share) {
    return orders.log_at_least(p_, exp(log_share)) - wanted;
  };
  return (x == 0 ? v_ : v_ + x * m) * share_where(excess);
}

double GammaGamma::order_upper_quantile(double x, double m, double probability) const {
  // v' / Z is distributed alike, with the two shapes changed over.
  const double shape = p_ * x + q_;
  const NegativeBinomial orders{p_, 1};
  const double wanted = log(probability);
  const auto excess = [&](double log_share) {
    return wanted - orders.log_at_least(shape, exp(-log_share));
  };
  return (x == 0 ? v_ : v_ + x * m) * share_where(excess);
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
