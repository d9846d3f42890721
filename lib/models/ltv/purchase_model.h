// A model of purchases: whether a customer is alive, and what she does if she is.
//
//   std::unique_ptr<PurchaseModel> model = make_purchase_model(LtvModel::kBgNbd, parameters);
//   model->log_odds_alive(customers, log_odds);
//   model->purchases(customers, 39, given_alive);      // expectation = P(alive) x given_alive
//
// Whoever has left buys nothing, so every expectation is P(alive) times one that supposes she is
// alive, and every probability is such a product or 1 less one: no differences. NBD, BG/NBD,
// MBG/NBD and Pareto/NBD are models of this kind; predictor.h makes answers of them.
//
// A customer never seen to buy again, with frequency, recency and T zero, is a new one: what is
// known of her is what is known of everybody.
//
// Thread class: a const model is shared.
#pragma once

#include <memory>

#include "lib/models/ltv/predictor.h"
#include "patron/ltv.h"

namespace patron::internal::ltv {

class PurchaseModel {
 public:
  virtual ~PurchaseModel() = default;

  /// What log_odds_alive() and purchases() take for a customer.
  virtual Cost odds_cost() const { return Cost::kMuch; }
  virtual Cost purchases_cost() const { return Cost::kMuch; }

  /// Whether purchases() takes less with customers of equal frequency side by side, once
  /// prepare_purchases() has worked out what they share for this horizon.
  virtual bool purchases_by_frequency() const { return false; }
  virtual void prepare_purchases(double /*horizon*/) {}

  /// ln P(alive now) / P(not), +infinity where nobody ever leaves, or not yet.
  virtual void log_odds_alive(const CustomerSpan& customers, double* out) const = 0;

  // What follows supposes that she is alive now, and depends on frequency and T alone. A horizon is
  // at least 0 and may be infinite.

  /// ln P(alive at now + horizon).
  virtual void log_survival(const CustomerSpan& customers, double horizon, double* out) const = 0;
  /// The expected purchases in (now, now + horizon]; NaN where they are infinite.
  virtual void purchases(const CustomerSpan& customers, double horizon, double* out) const = 0;
  /// The expected sum of e^(-discount t) over the purchases at now + t, t up to the horizon, for a
  /// discount of at least 0; NaN where it is infinite.
  virtual void discounted(const CustomerSpan& customers, double horizon, double discount,
                          double* out) const = 0;
  /// ln of that for a discount below 0, where it may exceed the largest double however unlikely it
  /// is that she is alive.
  virtual void log_discounted(const CustomerSpan& customers, double horizon, double discount,
                              double* out) const = 0;
  /// ln P(exactly `count` purchases in (now, now + horizon]).
  virtual void log_probability(const CustomerSpan& customers, double count, double horizon,
                               double* out) const = 0;
  /// ln P(at least `count`, which is 1 or more, purchases in (now, now + horizon]).
  virtual double log_at_least(const LtvCustomer& customer, double count, double horizon) const = 0;
  /// The time t until the next purchase with P(it comes within t) = probability, infinite where
  /// that is the chance that it ever comes, or more.
  virtual double next_purchase(const LtvCustomer& customer, double probability) const = 0;
  /// d ln P(the next purchase comes within t) / d ln t, above 0.
  virtual double next_purchase_slope(const LtvCustomer& customer, double t) const = 0;

  /// How far ln of a parameter may move before the expectation to an infinite horizon, without
  /// discount, is infinite.
  virtual double room() const = 0;
};

/// For the models of purchases, BG/BB among them.
std::unique_ptr<PurchaseModel> make_purchase_model(LtvModel model, const LtvParameters& parameters);

}  // namespace patron::internal::ltv
