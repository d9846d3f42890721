// A model's predictions beside those of tests/models/ltv/reference/predictions.py.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <string>

#include "lib/models/ltv/predictor.h"
#include "tests/models/ltv/reference_rows.h"

namespace patron_test {

struct ReferenceQuestion {
  patron::LtvQuery query;
  patron::LtvCustomer customer;
  patron::LtvParameters parameters{};
};

/// The numbers of a row, by name. Rates in the file are continuous, and the unit a year.
inline ReferenceQuestion question_of(const ReferenceRow& row) {
  using patron::LtvQuantity;
  ReferenceQuestion q;
  size_t at = 0;
  const auto next = [&] { return row.numbers[at++]; };
  if (row.quantity == "alive" || row.quantity == "purchases") {
    q.query.quantity =
        row.quantity == "alive" ? LtvQuantity::kProbabilityAlive : LtvQuantity::kExpectedPurchases;
    q.query.horizon = next();
  } else if (row.quantity == "discounted") {
    q.query.quantity = LtvQuantity::kDiscountedPurchases;
    q.query.horizon = next();
    q.query.rate_per_year = std::expm1(next());
  } else if (row.quantity == "pmf") {
    q.query.quantity = LtvQuantity::kPurchaseProbability;
    q.query.count = static_cast<int64_t>(next());
    q.query.horizon = next();
  } else if (row.quantity == "next") {
    q.query.quantity = LtvQuantity::kNextPurchase;
    q.query.probability = next();
  } else {
    q.query.quantity = LtvQuantity::kExpectedSpend;
  }
  q.customer.frequency = next();
  if (q.query.quantity == LtvQuantity::kExpectedSpend) {
    q.customer.monetary = next();
  } else {
    q.customer.recency = next();
    q.customer.T = next();
  }
  for (size_t k = 0; at < row.numbers.size(); ++k) q.parameters[k] = next();
  return q;
}

/// The error in units of what is allowed: 1e-10 of the value, 1e-12 of a probability, and 16 ulp
/// for each unit of condition.
inline double reference_error(double value, const ReferenceRow& row) {
  if (std::isnan(row.value)) return std::isnan(value) ? 0 : 1e300;
  if (std::isinf(row.value)) return value == row.value ? 0 : 1e300;
  const bool chance = row.quantity == "alive" || row.quantity == "pmf";
  const double allowed = (chance ? 1e-12 : 1e-10) + 16 * 0x1p-53 * row.condition;
  const double error = std::abs(value - row.value) / (allowed * row.value);
  return error >= 0 ? error : 1e300;
}

/// Checks the rows of tests/models/ltv/reference/<name>.txt, and of the file PATRON_LTV_REFERENCE
/// names with %s for the name: fresh rows of a soak.
inline void check_reference_rows(patron::LtvModel model, const std::string& name) {
  std::vector<ReferenceRow> rows = reference_rows("tests/models/ltv/reference/" + name + ".txt");
  ASSERT_GT(rows.size(), 0u);
  if (const char* fresh = std::getenv("PATRON_LTV_REFERENCE"); fresh != nullptr) {
    const std::vector<ReferenceRow> more = reference_rows(std::string(fresh) + "/" + name + ".txt");
    EXPECT_GT(more.size(), 0u) << fresh;
    rows.insert(rows.end(), more.begin(), more.end());
  }
  int bad = 0;
  std::map<std::string, double> worst;
  for (const ReferenceRow& row : rows) {
    const ReferenceQuestion q = question_of(row);
    const auto predictor =
        patron::internal::ltv::make_predictor(model, q.parameters, patron::LtvUnit::kYear, q.query);
    double value = 0;
    predictor->values(
        {1, &q.customer.frequency, &q.customer.recency, &q.customer.T, &q.customer.monetary},
        &value);
    const double error = reference_error(value, row);
    worst[row.quantity] = std::max(worst[row.quantity], error);
    if (error > 1 && ++bad <= 10) {
      ADD_FAILURE() << row.text << "\n  is " << testing::PrintToString(value) << ", " << error
                    << " times what is allowed away";
    }
  }
  EXPECT_EQ(bad, 0) << "of " << rows.size();
  for (const auto& [quantity, error] : worst)
    testing::Test::RecordProperty("worst_" + quantity, std::to_string(error));
}

}  // namespace patron_test
