#include "lib/models/ltv/nbd_predict.h"

#include <algorithm>

#include "lib/models/ltv/gamma_waiting.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/negative_binomial.h"

namespace patron::internal::ltv {

void NbdModel::log_odds_alive(const CustomerSpan& customers, double* out) const {
  std::fill_n(out, customers.size, kInfinity);
}

void NbdModel::log_survival(const CustomerSpan& customers, double /*horizon*/, double* out) const {
  std::fill_n(out, customers.size, 0.0);
}

void NbdModel::purchases(const CustomerSpan& customers, double horizon, double* out) const {
  discounted(customers, horizon, 0, out);
}

/// The rate times the present value of a unit of time.
void NbdModel::discounted(const CustomerSpan& customers, double horizon, double discount,
                          double* out) const {
  const bool exists = horizon < kInfinity || discount > 0;
  double time = discount == 0 ? horizon : -expm1(-discount * horizon) / discount;
  if (!exists) time = kNaN;
  for (int64_t i = 0; i < customers.size; ++i) {
    out[i] = (r_ + customers.frequency[i]) / (alpha_ + customers.T[i]) * time;
  }
}

void NbdModel::log_discounted(const CustomerSpan& customers, double horizon, double discount,
                              double* out) const {
  // ln((e^g - 1) / -discount) with g = -discount horizon.
  const double growth = -discount * horizon;
  const double log_time = horizon < kInfinity ? growth + log1m_exp(-growth) - log(-discount) : kNaN;
  for (int64_t i = 0; i < customers.size; ++i)
    out[i] = log((r_ + customers.frequency[i]) / (alpha_ + customers.T[i])) + log_time;
}

void NbdModel::log_probability(const CustomerSpan& customers, double count, double horizon,
                               double* out) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    const NegativeBinomial purchases{r_ + customers.frequency[i], alpha_ + customers.T[i]};
    out[i] = purchases.log_probability(count, horizon);
  }
}

double NbdModel::log_at_least(const LtvCustomer& customer, double count, double horizon) const {
  return NegativeBinomial{r_ + customer.frequency, alpha_ + customer.T}.log_at_least(count,
                                                                                     horizon);
}

double NbdModel::next_purchase(const LtvCustomer& customer, double probability) const {
  return gamma_waiting_quantile(r_ + customer.frequency, alpha_ + customer.T, probability);
}

double NbdModel::next_purchase_slope(const LtvCustomer& customer, double t) const {
  return gamma_waiting_slope(r_ + customer.frequency, alpha_ + customer.T, t);
}

double NbdModel::room() const { return kInfinity; }

}  // namespace patron::internal::ltv
