#include "lib/models/ltv/bg_bb_model.h"

#include <algorithm>

#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {
namespace {

BgBbHistory history_at(const CustomerSpan& customers, int64_t i) {
  return {customers.frequency[i], customers.recency[i], customers.T[i]};
}

BgBbAlive state_of(const BgBbParameters& parameters, const LtvCustomer& customer) {
  return bg_bb_alive(parameters, {customer.frequency, customer.recency, customer.T});
}

}  // namespace

void BgBbModel::log_odds_alive(const CustomerSpan& customers, double* out) const {
  for (int64_t i = 0; i < customers.size; ++i)
    out[i] = bg_bb_log_odds_alive(parameters_, history_at(customers, i));
}

void BgBbModel::log_survival(const CustomerSpan& customers, double horizon, double* out) const {
  if (horizon == kInfinity) return void(std::fill_n(out, customers.size, -kInfinity));
  for (int64_t i = 0; i < customers.size; ++i)
    out[i] = bg_bb_log_survival(bg_bb_alive(parameters_, history_at(customers, i)), horizon);
}

void BgBbModel::purchases(const CustomerSpan& customers, double horizon, double* out) const {
  for (int64_t i = 0; i < customers.size; ++i)
    out[i] = bg_bb_purchases(bg_bb_alive(parameters_, history_at(customers, i)), horizon);
}

void BgBbModel::discounted(const CustomerSpan& customers, double horizon, double discount,
                           double* out) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    const BgBbAlive state = bg_bb_alive(parameters_, history_at(customers, i));
    out[i] = bg_bb_discounted(state, horizon, discount);
  }
}

void BgBbModel::log_discounted(const CustomerSpan& customers, double horizon, double discount,
                               double* out) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    const BgBbAlive state = bg_bb_alive(parameters_, history_at(customers, i));
    out[i] = bg_bb_log_discounted(state, horizon, discount);
  }
}

void BgBbModel::log_probability(const CustomerSpan& customers, double count, double horizon,
                                double* out) const {
  for (int64_t i = 0; i < customers.size; ++i) {
    const BgBbAlive state = bg_bb_alive(parameters_, history_at(customers, i));
    out[i] = bg_bb_log_probability(state, count, horizon);
  }
}

double BgBbModel::log_at_least(const LtvCustomer& customer, double count, double horizon) const {
  return count > horizon ? -kInfinity
                         : bg_bb_log_at_least(state_of(parameters_, customer), count, horizon);
}

double BgBbModel::next_purchase(const LtvCustomer& customer, double probability) const {
  return bg_bb_next_purchase(state_of(parameters_, customer), probability);
}

double BgBbModel::next_purchase_slope(const LtvCustomer& /*customer*/, double /*t*/) const {
  return kNaN;
}

/// Those who never leave: E[1 / theta] exists for gamma > 1.
double BgBbModel::room() const {
  const double room = log(parameters_.gamma);
  return room > 0 ? room : kInfinity;
}

}  // namespace patron::internal::ltv
