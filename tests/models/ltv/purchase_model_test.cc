// What holds for every model of purchases, whatever its formulas.
#include "lib/models/ltv/purchase_model.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

#include "lib/models/ltv/customers.h"

namespace patron::internal::ltv {
namespace {

constexpr std::array kModels{LtvModel::kNbd, LtvModel::kBgNbd, LtvModel::kMbgNbd,
                             LtvModel::kParetoNbd, LtvModel::kBgBb};

struct Case {
  LtvModel model = LtvModel::kNbd;
  LtvCustomer customer;
  LtvParameters parameters{};
  double horizon = 1;
};

/// Customers and parameters over some decades; whole where the model wants it.
Case random_case(LtvModel model, std::mt19937_64* random) {
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(*random);
  };
  Case c;
  c.model = model;
  c.horizon = std::pow(10, uniform(-1, 2));
  for (double& parameter : c.parameters) parameter = std::pow(10, uniform(-1, 1.5));
  c.customer.T = std::pow(10, uniform(0, 2));
  c.customer.frequency = std::floor(uniform(0, 8));
  if (model == LtvModel::kBgBb) {
    c.horizon = std::ceil(c.horizon);
    c.customer.T = std::ceil(c.customer.T) + 8;
    if (c.customer.frequency > 0)
      c.customer.recency = std::floor(uniform(c.customer.frequency, c.customer.T));
  } else if (c.customer.frequency > 0) {
    c.customer.recency = c.customer.T * uniform(0.1, 1);
  }
  return c;
}

template <typename Check>
void for_random_cases(const Check& check) {
  std::mt19937_64 random(20261128);
  for (LtvModel model : kModels) {
    for (int i = 0; i < 40; ++i) {
      const Case c = random_case(model, &random);
      SCOPED_TRACE(testing::Message() << ltv_model_name(model) << " case " << i);
      const std::unique_ptr<PurchaseModel> purchases = make_purchase_model(model, c.parameters);
      check(*purchases,
            CustomerSpan{1, &c.customer.frequency, &c.customer.recency, &c.customer.T, nullptr}, c);
    }
  }
}

TEST(PurchaseModel, ProbabilitiesOfCountsAddUp) {
  for_random_cases([](const PurchaseModel& model, const CustomerSpan& customer, const Case& c) {
    double sum = 0;
    for (int n = 0; n < 6; ++n) {
      double log_p = 0;
      model.log_probability(customer, n, c.horizon, &log_p);
      sum += std::exp(log_p);
      EXPECT_NEAR(sum + std::exp(model.log_at_least(c.customer, n + 1, c.horizon)), 1, 1e-12) << n;
    }
  });
}

// E[N] is the sum over m >= 1 of P(N >= m); 400 terms and what the ratio of the last two leaves.
TEST(PurchaseModel, TheExpectationIsThatOfTheCounts) {
  for_random_cases([](const PurchaseModel& model, const CustomerSpan& customer, const Case& c) {
    double sum = 0, term = 1;
    for (int m = 1; m <= 3000 && term > 1e-13 * sum; ++m) {
      term = std::exp(model.log_at_least(c.customer, m, c.horizon));
      sum += term;
    }
    double expected = 0;
    model.purchases(customer, c.horizon, &expected);
    if (term <= 1e-13 * sum) {
      EXPECT_NEAR(sum / expected, 1, 1e-9);
    }
  });
}

TEST(PurchaseModel, ALittleDiscountIsNone) {
  for_random_cases([](const PurchaseModel& model, const CustomerSpan& customer, const Case& c) {
    std::array<double, 3> value{};
    model.purchases(customer, c.horizon, &value[0]);
    model.discounted(customer, c.horizon, 1e-13, &value[1]);
    model.log_discounted(customer, c.horizon, -1e-13, &value[2]);
    value[2] = std::exp(value[2]);
    EXPECT_NEAR(value[1] / value[0], 1, 1e-10);
    EXPECT_NEAR(value[2] / value[0], 1, 1e-10);
  });
}

TEST(PurchaseModel, TheQuantileOfTheNextPurchaseIsTheInverseOfItsDistribution) {
  for_random_cases([](const PurchaseModel& model, const CustomerSpan&, const Case& c) {
    if (c.model == LtvModel::kBgBb) return;  // in whole steps: bg_bb_model_test.cc
    for (double probability : {0.01, 0.3, 0.6}) {
      const double t = model.next_purchase(c.customer, probability);
      if (!std::isfinite(t)) continue;
      EXPECT_NEAR(std::exp(model.log_at_least(c.customer, 1, t)), probability, 1e-12);
      const double slope = (model.log_at_least(c.customer, 1, t * std::exp(1e-4)) -
                            model.log_at_least(c.customer, 1, t * std::exp(-1e-4))) /
                           2e-4;
      EXPECT_NEAR(model.next_purchase_slope(c.customer, t), slope, 1e-7);
    }
  });
}

TEST(PurchaseModel, WhoWasSeenJustNowIsAliveOrWasAskedJustNow) {
  for_random_cases([](const PurchaseModel& model, const CustomerSpan&, const Case& c) {
    double odds = 0;
    const double T = c.customer.T;
    const double x = c.customer.frequency > 0 ? c.customer.frequency : 1;
    model.log_odds_alive({1, &x, &T, &T, nullptr}, &odds);
    const bool asked = c.model == LtvModel::kBgNbd || c.model == LtvModel::kMbgNbd;
    if (!asked) {
      EXPECT_EQ(odds, INFINITY);
      return;
    }
    // The chance to have stayed after the last purchase: b + x - 1 to a, one more for MBG/NBD.
    const double stays = c.parameters[3] + x - (c.model == LtvModel::kBgNbd ? 1 : 0);
    EXPECT_NEAR(odds, std::log(stays / c.parameters[2]), 1e-13);
  });
}

// The same bits in a column of thousands and alone.
TEST(PurchaseModel, ACustomerAloneGetsTheBitsOfTheColumn) {
  std::mt19937_64 random(7);
  for (LtvModel model : kModels) {
    std::array<double, 37> x, t, T, column, alone;
    const LtvParameters parameters = random_case(model, &random).parameters;
    for (size_t i = 0; i < x.size(); ++i) {
      const Case c = random_case(model, &random);
      x[i] = c.customer.frequency, t[i] = c.customer.recency, T[i] = c.customer.T;
    }
    const std::unique_ptr<PurchaseModel> purchases = make_purchase_model(model, parameters);
    const auto same_bits = [&](const auto& ask) {
      ask(CustomerSpan{37, x.data(), t.data(), T.data(), nullptr}, column.data());
      for (size_t i = 0; i < x.size(); ++i)
        ask(CustomerSpan{1, &x[i], &t[i], &T[i], nullptr}, &alone[i]);
      EXPECT_EQ(column, alone) << ltv_model_name(model);
    };
    same_bits([&](const auto& c, double* out) { purchases->log_odds_alive(c, out); });
    same_bits([&](const auto& c, double* out) { purchases->purchases(c, 10, out); });
    same_bits([&](const auto& c, double* out) { purchases->log_survival(c, 10, out); });
    same_bits([&](const auto& c, double* out) { purchases->log_probability(c, 3, 10, out); });
    same_bits([&](const auto& c, double* out) { purchases->discounted(c, 10, 0.01, out); });
  }
}

}  // namespace
}  // namespace patron::internal::ltv
