// Who buys at a rate of her own, for ever: NBD (Ehrenberg 1959, "The pattern of consumer
// purchases"). Her rate is Gamma(r + x, alpha + T) once x purchases in T are known.
//
// Thread class of everything here: pure.
#pragma once

#include "lib/models/ltv/purchase_model.h"

namespace patron::internal::ltv {

class NbdModel : public PurchaseModel {
 public:
  explicit NbdModel(const LtvParameters& parameters) : r_(parameters[0]), alpha_(parameters[1]) {}

  Cost odds_cost() const override { return Cost::kLittle; }
  Cost purchases_cost() const override { return Cost::kLittle; }
  void log_odds_alive(const CustomerSpan& customers, double* out) const override;
  void log_survival(const CustomerSpan& customers, double horizon, double* out) const override;
  void purchases(const CustomerSpan& customers, double horizon, double* out) const override;
  void discounted(const CustomerSpan& customers, double horizon, double discount,
                  double* out) const override;
  void log_discounted(const CustomerSpan& customers, double horizon, double discount,
                      double* out) const override;
  void log_probability(const CustomerSpan& customers, double count, double horizon,
                       double* out) const override;
  double log_at_least(const LtvCustomer& customer, double count, double horizon) const override;
  double next_purchase(const LtvCustomer& customer, double probability) const override;
  double next_purchase_slope(const LtvCustomer& customer, double t) const override;
  double room() const override;

 private:
  double r_, alpha_;
};

}  // namespace patron::internal::ltv
