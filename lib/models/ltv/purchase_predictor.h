// Answers of a model of purchases: P(alive), expectations, probabilities and times of
// purchase_model.h put together. Formulas: docs/ltv/predictions.md.
#pragma once

#include <memory>

#include "lib/models/ltv/predictor.h"
#include "lib/models/ltv/purchase_model.h"
#include "patron/ltv.h"

namespace patron::internal::ltv {

class PurchasePredictor : public Predictor {
 public:
  /// `discount` is continuous, per unit of the model's clock.
  PurchasePredictor(std::unique_ptr<PurchaseModel> model, const LtvQuery& query, double discount);

  Cost cost() const override;
  void values(const CustomerSpan& customers, double* out) const override;
  bool splits() const override;
  bool by_frequency() const override;
  void prepare() override;
  void given(const CustomerSpan& customers, double* out) const override;
  void combine(const CustomerSpan& customers, double* values) const override;
  ValueKind kind() const override;
  void terms(const CustomerSpan& customers, const double* at, double* log_odds,
             double* log_given) const override;
  void slopes(const CustomerSpan& customers, const double* at, double* out) const override;
  double room() const override;
  void interval(const CustomerSpan& customers, double tail, double* low,
                double* high) const override;

 private:
  bool grows() const;
  void next_purchases(const CustomerSpan& customers, double* out) const;
  double count_above(const LtvCustomer& customer, double log_odds, double log_tail) const;
  double count_reaching(const LtvCustomer& customer, double alive, double tail) const;

  std::unique_ptr<PurchaseModel> model_;
  LtvQuery query_;
  double discount_;
  double count_;
};

}  // namespace patron::internal::ltv
