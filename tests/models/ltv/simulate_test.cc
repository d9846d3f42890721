#include "lib/models/ltv/simulate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "lib/models/ltv/contract_predict.h"
#include "patron/ltv.h"

namespace patron::internal::ltv {
namespace {

constexpr int kDraws = 40'000;

struct PurchaseCase {
  LtvModel model;
  LtvParameters parameters;
  double T;
};
const std::vector<PurchaseCase> kPurchaseCases{
    {LtvModel::kNbd, {0.385, 12.07}, 39},
    {LtvModel::kBgNbd, {0.243, 4.414, 0.793, 2.426}, 39},
    {LtvModel::kMbgNbd, {0.525, 6.183, 0.891, 1.614}, 39},
    {LtvModel::kParetoNbd, {0.553, 10.578, 0.606, 11.669}, 39},
    {LtvModel::kBgBb, {1.204, 0.750, 0.657, 2.783}, 6},
};

/// Five standard errors: in a sound generator passed by chance once in two million.
void expect_mean(double sum, double square, double want, const char* what, LtvModel model) {
  const double mean = sum / kDraws;
  const double error = std::sqrt((square / kDraws - mean * mean) / kDraws);
  EXPECT_NEAR(mean, want, 5 * error) << what << " of " << ltv_model_name(model);
}

// Expectations and chances that the predictions of a new customer have, by formulas of their own.
TEST(Simulate, CustomersBuyAndStayAsThePredictionsSay) {
  for (const PurchaseCase& c : kPurchaseCases) {
    const Simulator simulator(c.model, c.parameters, 11);
    double count = 0, squares = 0, alive = 0, some = 0, several = 0;
    for (int i = 0; i < kDraws; i++) {
      const SimulatedCustomer customer = simulator.customer(i, c.T);
      count += customer.frequency;
      squares += customer.frequency * customer.frequency;
      alive += customer.alive;
      some += customer.frequency == 0;
      several += customer.frequency == 3;
      ASSERT_LE(customer.recency, c.T);
      ASSERT_EQ(customer.recency > 0, customer.frequency > 0);
    }
    const Ltv model = *Ltv::from_parameters(
        c.model, std::span(c.parameters).first(ltv_parameter_names(c.model).size()),
        LtvUnit::kWeek);
    const auto predicted = [&](LtvQuantity quantity, int64_t n) {
      const auto prediction = model.predict_new({.quantity = quantity, .horizon = c.T, .count = n});
      EXPECT_TRUE(prediction.ok()) << prediction.status().message();
      return prediction.ok() ? prediction->value : 0;
    };
    expect_mean(count, squares, predicted(LtvQuantity::kExpectedPurchases, 0), "count", c.model);
    if (c.model != LtvModel::kNbd)
      expect_mean(alive, alive, predicted(LtvQuantity::kProbabilityAlive, 0), "alive", c.model);
    expect_mean(some, some, predicted(LtvQuantity::kPurchaseProbability, 0), "none", c.model);
    expect_mean(several, several, predicted(LtvQuantity::kPurchaseProbability, 3), "three",
                c.model);
  }
}

TEST(Simulate, ContractsEndAsTheirSurvivalSays) {
  for (const double shape : {1.0, 0.6, 1.5}) {
    const LtvModel model = shape == 1 ? LtvModel::kSbg : LtvModel::kBdw;
    const Contract contract{0.7, 2, shape};
    const Simulator simulator(model, {0.7, 2, shape}, 5);
    std::vector<double> survived(9);
    for (int i = 0; i < kDraws; i++) {
      const SimulatedCustomer customer = simulator.customer(i, 8);
      ASSERT_EQ(customer.alive, customer.frequency == 0);
      ASSERT_TRUE(customer.T >= 1 && customer.T <= 8 && customer.T == std::floor(customer.T));
      for (size_t t = 1; t <= 8; t++)
        survived[t] += customer.T > static_cast<double>(t) || (customer.alive && t == 8);
    }
    for (size_t t = 1; t <= 8; t++) {
      expect_mean(survived[t], survived[t],
                  std::exp(contract_log_survival(contract, 0, static_cast<double>(t))), "survivors",
                  model);
    }
  }
}

// E[M] = p v / (q - 1), and of the mean of x orders E[M^2] = E[M]^2 (q - 1) / (q - 2) (1 + 1 / (p
// x)).
TEST(Simulate, SpendHasTheMomentsOfGammaGamma) {
  const double p = 6.25, q = 6, v = 15.44, x = 3;
  const Simulator simulator(LtvModel::kGammaGamma, {p, q, v}, 3);
  double sum = 0, square = 0, fourth = 0;
  for (int i = 0; i < kDraws; i++) {
    const double m = simulator.customer(i, x).monetary;
    sum += m, square += m * m, fourth += m * m * m * m;
  }
  const double mean = p * v / (q - 1);
  expect_mean(sum, square, mean, "money", LtvModel::kGammaGamma);
  expect_mean(square, fourth, mean * mean * (q - 1) / (q - 2) * (1 + 1 / (p * x)), "squares",
              LtvModel::kGammaGamma);
  EXPECT_EQ(simulator.customer(0, 0).monetary, 0);
}

TEST(Simulate, EventsAreThoseOfTheSummary) {
  for (const PurchaseCase& c : kPurchaseCases) {
    const Simulator simulator(c.model, c.parameters, 2);
    for (int i = 0; i < 2000; i++) {
      const SimulatedCustomer customer = simulator.customer(i, c.T);
      std::vector<double> times(static_cast<size_t>(customer.frequency));
      simulator.events(i, c.T, customer, times);
      ASSERT_TRUE(std::is_sorted(times.begin(), times.end()));
      if (times.empty()) continue;
      ASSERT_EQ(times.back(), customer.recency);
      ASSERT_GT(times.front(), 0);
    }
  }
}

// Given that a customer bought in two halves of her time the same Poisson process, events before
// the last are uniform: their mean is half the recency.
TEST(Simulate, EventsOfAContinuousClockAreUniformBeforeTheLast) {
  const Simulator simulator(LtvModel::kNbd, {2, 1, 0, 0}, 8);
  double sum = 0, count = 0;
  for (int i = 0; i < 5000; i++) {
    const SimulatedCustomer customer = simulator.customer(i, 10);
    std::vector<double> times(static_cast<size_t>(customer.frequency));
    simulator.events(i, 10, customer, times);
    for (size_t k = 0; k + 1 < times.size(); k++) sum += times[k] / customer.recency, count++;
  }
  EXPECT_NEAR(sum / count, 0.5, 5 / std::sqrt(12 * count));
}

TEST(Simulate, ExtremeParametersGiveFiniteTimes) {
  for (const double a : {1e-6, 1e6}) {
    for (const double b : {1e-6, 1e6}) {
      for (const PurchaseCase& c : kPurchaseCases) {
        const Simulator simulator(c.model, {a, b, b, a}, 1);
        for (int i = 0; i < 50; i++) {
          const SimulatedCustomer customer = simulator.customer(i, c.T);
          EXPECT_FALSE(std::isnan(customer.frequency));
          EXPECT_TRUE(customer.recency >= 0 && customer.recency <= c.T);
        }
      }
      for (const double shape : {1e-6, 1e6}) {
        const SimulatedCustomer contract =
            Simulator(LtvModel::kBdw, {a, b, shape}, 1).customer(0, 20);
        EXPECT_TRUE(contract.T >= 1 && contract.T <= 20);
      }
    }
  }
}

}  // namespace
}  // namespace patron::internal::ltv
