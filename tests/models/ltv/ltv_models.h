// Models and questions that the tests of lifetime value share.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

#include "lib/models/ltv/model.h"
#include "patron/ltv.h"

namespace patron_test {

inline patron::Ltv ltv_model(patron::LtvModel model, std::initializer_list<double> parameters,
                             patron::LtvUnit unit = patron::LtvUnit::kWeek) {
  const std::vector<double> values(parameters);
  patron::Result<patron::Ltv> result = patron::Ltv::from_parameters(model, values, unit);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return *result;
}

inline patron::LtvQuery ltv_query(patron::LtvQuantity quantity, double horizon = 0,
                                  int64_t count = 0) {
  patron::LtvQuery query;
  query.quantity = quantity;
  query.horizon = horizon;
  query.count = count;
  return query;
}

/// The whole answer, of a query that must be sound.
inline patron::LtvPrediction answer(const patron::Ltv& model, const patron::LtvCustomer& customer,
                                    const patron::LtvQuery& query) {
  const patron::Result<patron::LtvPrediction> result = model.predict(customer, query);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return result.ok() ? *result : patron::LtvPrediction{};
}

// The CDNOW optima of docs/ltv/bg-nbd.md and its neighbours, to all digits that were printed.
inline patron::Ltv cdnow_nbd() {
  return ltv_model(patron::LtvModel::kNbd, {.384766136, 12.072022845});
}
inline patron::Ltv cdnow_bg() {
  return ltv_model(patron::LtvModel::kBgNbd, {.242594522, 4.413602019, .792922017, 2.425906777});
}
inline patron::Ltv cdnow_mbg() {
  return ltv_model(patron::LtvModel::kMbgNbd, {.524843159, 6.183085280, .891359391, 1.614002240});
}
inline patron::Ltv cdnow_pareto() {
  return ltv_model(patron::LtvModel::kParetoNbd,
                   {.553277047, 10.577683463, .606239989, 11.668735289});
}
inline patron::Ltv cdnow_spend() {
  return ltv_model(patron::LtvModel::kGammaGamma, {6.249572271, 3.744224667, 15.443520963});
}

}  // namespace patron_test
