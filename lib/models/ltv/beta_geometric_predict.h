// Who may leave after each purchase: BG/NBD (Fader, Hardie and Lee 2005, "Counting your customers
// the easy way", Marketing Science 24(2)) and MBG/NBD, in which she may leave after the first one
// too (Batislam, Denizel and Filiztekin 2007, "Empirical validation and comparison of models for
// customer base analysis", IJRM 24(3)).
//
// Given that she is alive at T after x purchases, her rate is Gamma(R, A) with R = r + x and A =
// alpha + T, her chance p to leave after a purchase is Beta(a, b + x), or Beta(a, b + x + 1) where
// she was asked once more, and they are independent. All she will do follows from these.
//
// Thread class of everything here: pure.
#pragma once

#include <span>
#include <vector>

#include "lib/models/ltv/purchase_model.h"
#include "lib/models/ltv/purchase_series.h"

namespace patron::internal::ltv {

class BetaGeometricModel : public PurchaseModel {
 public:
  /// `first_too`: MBG/NBD.
  BetaGeometricModel(const LtvParameters& parameters, bool first_too)
      : r_(parameters[0]),
        alpha_(parameters[1]),
        a_(parameters[2]),
        b_(parameters[3]),
        asked_(first_too ? 1 : 0) {}

  Cost odds_cost() const override { return Cost::kLittle; }
  Cost purchases_cost() const override { return Cost::kSome; }
  void log_odds_alive(const CustomerSpan& customers, double* out) const override;
  bool purchases_by_frequency() const override { return true; }
  void prepare_purchases(double horizon) override;
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
  bool purchases_of_each(const double* x, std::span<const double> A, double horizon,
                         std::span<double> out) const;

  double r_, alpha_, a_, b_;
  double asked_;  ///< how often she is asked beyond once after each repeat purchase
  std::vector<PurchaseSeries> series_;  ///< of frequencies 0, 1, ..., once prepared
};

}  // namespace patron::internal::ltv
