// BG/BB (bg_bb_predict.h) as a model of purchases: opportunities are its clock.
//
// Thread class of everything here: pure.
#pragma once

#include "lib/models/ltv/bg_bb_predict.h"
#include "lib/models/ltv/purchase_model.h"

namespace patron::internal::ltv {

/// Horizons and counts are whole.
class BgBbModel : public PurchaseModel {
 public:
  explicit BgBbModel(const LtvParameters& parameters)
      : parameters_{parameters[0], parameters[1], parameters[2], parameters[3]} {}

  void log_odds_alive(const CustomerSpan& customers, double* out) const override;
  void log_survival(const CustomerSpan& customers, double horizon, double* out) const override;
  void purchases(const CustomerSpan& customers, double horizon, double* out) const override;
  void discounted(const CustomerSpan& customers, double horizon, double discount,
                  double* out) const override;
  void log_discounted(const CustomerSpan& customers, double horizon, double discount,
                      double* out) const override;
  /// The horizon is finite.
  void log_probability(const CustomerSpan& customers, double count, double horizon,
                       double* out) const override;
  double log_at_least(const LtvCustomer& customer, double count, double horizon) const override;
  /// The opportunity at which the chance reaches the probability: a whole number.
  double next_purchase(const LtvCustomer& customer, double probability) const override;
  /// NaN: whole numbers have no slope.
  double next_purchase_slope(const LtvCustomer& customer, double t) const override;
  double room() const override;

 private:
  BgBbParameters parameters_;
};

}  // namespace patron::internal::ltv
