#include "lib/models/ltv/contract_predictor.h"

#include <cmath>

#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {

double ContractPredictor::answer(double T) const {
  switch (query_.quantity) {
    case LtvQuantity::kProbabilityAlive:
      if (query_.horizon == kInfinity) return -kInfinity;
      return contract_log_survival(contract_, T, query_.horizon);
    case LtvQuantity::kRetentionRate:
      return contract_log_survival(contract_, T, 1);
    case LtvQuantity::kDiscountedLifetime:
      return contract_discounted_lifetime(contract_, T, query_.horizon, discount_);
    default:
      return contract_lifetime(contract_, T, query_.horizon);
  }
}

ValueKind ContractPredictor::kind() const {
  return query_.quantity == LtvQuantity::kProbabilityAlive ||
                 query_.quantity == LtvQuantity::kRetentionRate
             ? ValueKind::kProbability
             : ValueKind::kPositive;
}

void ContractPredictor::values(const CustomerSpan& customers, double* out) const {
  const bool share = kind() == ValueKind::kProbability;
  for (int64_t i = 0; i < customers.size; ++i) {
    const double value = answer(customers.T[i]);
    out[i] = share ? exp(value) : value;
  }
}

void ContractPredictor::terms(const CustomerSpan& customers, const double* /*at*/, double* log_odds,
                              double* log_given) const {
  const bool share = kind() == ValueKind::kProbability;
  for (int64_t i = 0; i < customers.size; ++i) {
    log_odds[i] = kInfinity;
    const double value = answer(customers.T[i]);
    log_given[i] = share ? value : log(value);
  }
}

/// An endless expectation exists for c alpha > 1; both logarithms may move.
double ContractPredictor::room() const {
  const bool endless = query_.horizon == kInfinity && kind() == ValueKind::kPositive;
  const double room = log(contract_.c * contract_.alpha);
  return endless && discount_ == 0 && room > 0 ? room : kInfinity;
}

/// The sum of e^(-discount k) over k = 1 ... renewals.
double ContractPredictor::renewals_worth(double renewals) const {
  if (query_.quantity != LtvQuantity::kDiscountedLifetime || discount_ == 0) return renewals;
  return expm1(-discount_ * renewals) / -expm1(discount_);
}

void ContractPredictor::interval(const CustomerSpan& customers, double tail, double* low,
                                 double* high) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    const double T = customers.T[i];
    low[i] = renewals_worth(contract_lifetime_quantile(contract_, T, query_.horizon, tail));
    high[i] = renewals_worth(contract_lifetime_quantile(contract_, T, query_.horizon, 1 - tail));
  }
}

}  // namespace patron::internal::ltv
