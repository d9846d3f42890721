#include "lib/models/ltv/predictor.h"

#include <algorithm>

#include "lib/models/ltv/contract_predictor.h"
#include "lib/models/ltv/gamma_gamma_predict.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/purchase_predictor.h"
#include "lib/models/ltv/query.h"

namespace patron::internal::ltv {

void Predictor::given(const CustomerSpan& customers, double* out) const { values(customers, out); }

void Predictor::combine(const CustomerSpan& /*customers*/, double* /*values*/) const {}

void Predictor::slopes(const CustomerSpan& customers, const double* /*at*/, double* out) const {
  std::fill_n(out, customers.size, kNaN);
}

bool Predictor::gradients(const CustomerSpan& /*customers*/, LtvParameters* /*out*/) const {
  return false;
}

void Predictor::interval(const CustomerSpan& customers, double /*tail*/, double* low,
                         double* high) const {
  std::fill_n(low, customers.size, kNaN);
  std::fill_n(high, customers.size, kNaN);
}

std::unique_ptr<Predictor> make_predictor(LtvModel model, const LtvParameters& parameters,
                                          LtvUnit unit, const LtvQuery& query) {
  const double discount = discount_of(query.rate_per_year, unit);
  switch (model) {
    case LtvModel::kGammaGamma:
      return std::make_unique<SpendPredictor>(parameters);
    case LtvModel::kSbg:
      return std::make_unique<ContractPredictor>(Contract{parameters[0], parameters[1], 1}, query,
                                                 discount);
    case LtvModel::kBdw:
      return std::make_unique<ContractPredictor>(
          Contract{parameters[0], parameters[1], parameters[2]}, query, discount);
    default:
      return std::make_unique<PurchasePredictor>(make_purchase_model(model, parameters), query,
                                                 discount);
  }
}

}  // namespace patron::internal::ltv
