// Who buys at a rate of her own until she leaves at a rate of her own: Pareto/NBD (Schmittlein,
// Morrison and Colombo 1987, "Counting your customers: who are they and what will they do next?",
// Management Science 33(1); Fader and Hardie 2005, note 009).
//
// Given that she is alive at T after x purchases, her purchase rate is Gamma(r + x, alpha + T), her
// rate of leaving Gamma(s, beta + T), and they are independent: the time until she leaves is Lomax.
//
// Thread class of everything here: pure.
#pragma once

#include "lib/models/ltv/purchase_model.h"

namespace patron::internal::ltv {

class ParetoModel : public PurchaseModel {
 public:
  explicit ParetoModel(const LtvParameters& parameters)
      : r_(parameters[0]), alpha_(parameters[1]), s_(parameters[2]), beta_(parameters[3]) {}

  Cost odds_cost() const override { return Cost::kSome; }
  Cost purchases_cost() const override { return Cost::kLittle; }
  /// The integral of note 009, equation 18 (there A_0), over when she left, by positive terms.
  void log_odds_alive(const CustomerSpan& customers, double* out) const override;
  void log_survival(const CustomerSpan& customers, double horizon, double* out) const override;
  /// Schmittlein et al., equation 22, without P(alive).
  void purchases(const CustomerSpan& customers, double horizon, double* out) const override;
  /// For an infinite horizon DERT (Fader, Hardie and Lee 2005, "RFM and CLV", equation 2).
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
  double log_odds(double x, double t, double T) const;
  double log_left_after(const LtvCustomer& customer, double count, double horizon) const;

  double r_, alpha_, s_, beta_;
};

}  // namespace patron::internal::ltv
