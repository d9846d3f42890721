// Answers of the models of contracts, sBG and BdW (contract_predict.h).
//
// The customer's T is the renewals survived. Thread class of everything here: pure.
#pragma once

#include "lib/models/ltv/contract_predict.h"
#include "lib/models/ltv/predictor.h"
#include "patron/ltv.h"

namespace patron::internal::ltv {

class ContractPredictor : public Predictor {
 public:
  /// `discount` is continuous, per period.
  ContractPredictor(const Contract& contract, const LtvQuery& query, double discount)
      : contract_(contract), query_(query), discount_(discount) {}

  void values(const CustomerSpan& customers, double* out) const override;
  ValueKind kind() const override;
  void terms(const CustomerSpan& customers, const double* at, double* log_odds,
             double* log_given) const override;
  double room() const override;
  void interval(const CustomerSpan& customers, double tail, double* low,
                double* high) const override;

 private:
  /// ln of the value where that is a probability, else the value.
  double answer(double T) const;
  double renewals_worth(double renewals) const;

  Contract contract_;
  LtvQuery query_;
  double discount_;
};

}  // namespace patron::internal::ltv
