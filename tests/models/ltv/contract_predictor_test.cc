#include "lib/models/ltv/contract_predictor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/ltv/ltv_models.h"

namespace {

using patron::LtvInterval;
using patron::LtvModel;
using patron::LtvQuantity;
using patron_test::answer;
using patron_test::ltv_query;

patron::Ltv regular() {
  return patron_test::ltv_model(LtvModel::kSbg, {.704077, 1.182043}, patron::LtvUnit::kYear);
}

// Fader and Hardie (2007), "Regular": the model has 17.0 per cent survive twelve years; the rate of
// retention at renewal t is (beta + t - 1) / (alpha + beta + t - 1).
TEST(ContractPredictor, SurvivalAndRetentionOfThePaper) {
  EXPECT_NEAR(regular().predict_new(ltv_query(LtvQuantity::kProbabilityAlive, 12))->value, .1700,
              5e-5);
  const patron::LtvCustomer held{0, 0, 3};
  EXPECT_NEAR(answer(regular(), held, ltv_query(LtvQuantity::kRetentionRate)).value,
              (1.182043 + 3) / (.704077 + 1.182043 + 3), 1e-14);
  EXPECT_EQ(answer(regular(), held, ltv_query(LtvQuantity::kProbabilityAlive, INFINITY)).value, 0);
}

// The sum of survivals, one by one.
TEST(ContractPredictor, ResidualLifetimeIsASumOfSurvivals) {
  double sum = 0, worth = 0;
  const patron::LtvCustomer held{0, 0, 2};
  for (int k = 1; k <= 5; ++k) {
    const double alive =
        answer(regular(), held, ltv_query(LtvQuantity::kProbabilityAlive, k)).value;
    sum += alive;
    worth += alive * std::pow(1.1, -k);
  }
  EXPECT_NEAR(answer(regular(), held, ltv_query(LtvQuantity::kResidualLifetime, 5)).value, sum,
              1e-13);
  auto discounted = ltv_query(LtvQuantity::kDiscountedLifetime, 5);
  discounted.rate_per_year = 0.1;
  EXPECT_NEAR(answer(regular(), held, discounted).value, worth, 1e-13);
}

// The smallest number of renewals that is not exceeded with 97.5 per cent, and so on, by survival.
TEST(ContractPredictor, PredictionIntervalsAreQuantilesOfRenewals) {
  auto query = ltv_query(LtvQuantity::kResidualLifetime, INFINITY);
  query.interval = LtvInterval::kPrediction;
  query.level = 0.8;
  const auto interval = regular().predict_new(query);
  ASSERT_TRUE(interval.ok()) << interval.status().message();
  const auto alive = [](double n) {
    return regular().predict_new(ltv_query(LtvQuantity::kProbabilityAlive, n))->value;
  };
  EXPECT_EQ(interval->low, 0) << "37 per cent go at the first renewal";
  EXPECT_LE(alive(interval->high + 1), 0.1);
  EXPECT_GT(alive(interval->high), 0.1);
  // Discounted, it is what so many renewals are worth.
  query.quantity = LtvQuantity::kDiscountedLifetime;
  query.rate_per_year = 0.1;
  double worth = 0;
  for (int k = 1; k <= interval->high; ++k) worth += std::pow(1.1, -k);
  EXPECT_NEAR(regular().predict_new(query)->high, worth, 1e-12);
}

}  // namespace
