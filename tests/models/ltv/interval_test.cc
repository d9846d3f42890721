#include "lib/models/ltv/interval.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "tests/models/ltv/fitted_models.h"

namespace {

using patron::Ltv;
using patron::LtvCustomer;
using patron::LtvInterval;
using patron::LtvPrediction;
using patron::LtvQuantity;
using patron::LtvQuery;
using patron_test::answer;
using patron_test::ltv_query;

LtvQuery with_interval(LtvQuery query, LtvInterval interval, double level = 0.95) {
  query.interval = interval;
  query.level = level;
  return query;
}

/// The plain twin of the delta method: the transformed value differentiated as a whole by small
/// central differences, two of them extrapolated.
LtvPrediction plain_delta(const Ltv& model, const LtvCustomer& customer, const LtvQuery& query,
                          bool probability) {
  LtvQuery plain = query;
  plain.interval = LtvInterval::kNone;
  const auto transformed = [&](double value) {
    return probability ? std::log(value / (1 - value)) : std::log(value);
  };
  const size_t n = patron::ltv_parameter_names(model.model()).size();
  std::vector<double> gradient(n);
  for (size_t k = 0; k < n; ++k) {
    const auto at = [&](double step) {
      patron::LtvParameters parameters = model.parameters();
      parameters[k] += step * parameters[k];
      const Ltv moved = patron::LtvAccess::make(model.model(), model.unit(), parameters,
                                                std::nullopt, patron::Table());
      return transformed(answer(moved, customer, plain).value);
    };
    const auto slope = [&](double h) { return (at(h) - at(-h)) / (2 * h * model.parameters()[k]); };
    gradient[k] = (4 * slope(5e-4) - slope(1e-3)) / 3;
  }
  double variance = 0;
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j)
      variance += gradient[i] * gradient[j] * model.fit()->covariance[i * 4 + j];
  }
  const double value = answer(model, customer, plain).value;
  const double width = 1.959963984540054 * std::sqrt(variance), t = transformed(value);
  const auto back = [&](double y) { return probability ? 1 / (1 + std::exp(-y)) : std::exp(y); };
  return {value, back(t - width), back(t + width)};
}

void expect_like_plain(const Ltv& model, const LtvCustomer& customer, const LtvQuery& query,
                       bool probability) {
  const LtvQuery asked = with_interval(query, LtvInterval::kConfidence);
  const LtvPrediction got = answer(model, customer, asked);
  const LtvPrediction plain = plain_delta(model, customer, asked, probability);
  EXPECT_EQ(got.value, plain.value);
  EXPECT_NEAR(got.low / plain.low, 1, 1e-6);
  EXPECT_NEAR(got.high / plain.high, 1, 1e-6);
  EXPECT_LT(got.low, got.value);
  EXPECT_GT(got.high, got.value);
}

TEST(Interval, ConfidenceIsTheDeltaMethodForEveryQuantityOfPurchases) {
  LtvQuery forever = ltv_query(LtvQuantity::kDiscountedPurchases, INFINITY);
  forever.rate_per_year = 0.15;
  for (const Ltv& model :
       {patron_test::fitted_bg(), patron_test::fitted_mbg(), patron_test::fitted_pareto()}) {
    SCOPED_TRACE(patron::ltv_model_name(model.model()));
    for (const LtvCustomer& customer : {LtvCustomer{2, 30.43, 38.86}, LtvCustomer{7, 20, 38.86}}) {
      expect_like_plain(model, customer, ltv_query(LtvQuantity::kProbabilityAlive), true);
      expect_like_plain(model, customer, ltv_query(LtvQuantity::kProbabilityAlive, 20), true);
      expect_like_plain(model, customer, ltv_query(LtvQuantity::kExpectedPurchases, 39), false);
      expect_like_plain(model, customer, ltv_query(LtvQuantity::kPurchaseProbability, 39, 0), true);
      expect_like_plain(model, customer, ltv_query(LtvQuantity::kPurchaseProbability, 39, 2), true);
      expect_like_plain(model, customer, forever, false);
      LtvQuery next = ltv_query(LtvQuantity::kNextPurchase);
      next.probability = 0.02;
      expect_like_plain(model, customer, next, false);
    }
  }
}

TEST(Interval, ConfidenceForNbdAndSpend) {
  expect_like_plain(patron_test::fitted_nbd(), {2, 0, 38.86},
                    ltv_query(LtvQuantity::kExpectedPurchases, 39), false);
  expect_like_plain(patron_test::fitted_spend(), {2, 0, 0, 40},
                    ltv_query(LtvQuantity::kExpectedSpend), false);
  expect_like_plain(patron_test::fitted_spend(), {0, 0, 0, 0},
                    ltv_query(LtvQuantity::kExpectedSpend), false);
}

// By hand: NBD's expectation for ever known T has ln value = ln(r + x) - ln(alpha + T) + ln h.
TEST(Interval, ConfidenceOfNbdByHand) {
  const Ltv model = patron_test::fitted(patron_test::ltv_model(patron::LtvModel::kNbd, {1, 10}),
                                        {0.1, 2, 0, 0}, 0);
  const LtvQuery query =
      with_interval(ltv_query(LtvQuantity::kExpectedPurchases, 10), LtvInterval::kConfidence);
  const LtvPrediction got = answer(model, {3, 0, 30}, query);
  const double error = std::hypot(0.1 / 4, 2.0 / 40);
  EXPECT_NEAR(got.low, std::exp(-1.959963984540054 * error), 1e-9);
  EXPECT_NEAR(got.high, std::exp(1.959963984540054 * error), 1e-9);
}

// None in h of NBD has ln value = -(r + x) ln(1 + h / (alpha + T)), on which the logit is next to
// nothing more: the gradient is by hand.
TEST(Interval, ConfidenceOfNoPurchaseWhereItHardlyHappens) {
  const Ltv model = patron_test::fitted(patron_test::ltv_model(patron::LtvModel::kNbd, {8, 35}),
                                        {0.1, 2, 0, 0}, 0);
  for (const double h : {1e3, 1e7, 1e20}) {
    const LtvQuery query =
        with_interval(ltv_query(LtvQuantity::kPurchaseProbability, h, 0), LtvInterval::kConfidence);
    const LtvPrediction got = answer(model, {5, 4, 40}, query);
    const double by_r = std::log1p(h / 75), by_alpha = 13 * h / (75 * (75 + h));
    const double width = 1.959963984540054 * std::hypot(0.1 * by_r, 2 * by_alpha);
    EXPECT_NEAR(std::log(got.value / got.low) / width, 1, 1e-6) << h;
    EXPECT_NEAR(std::log(got.high / got.value) / width, 1, 1e-6) << h;
  }
}

TEST(Interval, ConfidenceOfNoPurchaseInShortAndLongTimes) {
  for (const Ltv& model :
       {patron_test::fitted_bg(), patron_test::fitted_mbg(), patron_test::fitted_pareto()}) {
    SCOPED_TRACE(patron::ltv_model_name(model.model()));
    for (const double h : {0.01, 5.0, 60.0, 2000.0}) {
      expect_like_plain(model, {26, 30.86, 31}, ltv_query(LtvQuantity::kPurchaseProbability, h, 0),
                        true);
    }
  }
}

// P(alive) of one with a million purchases turns from 0 to 1 within a millionth of alpha; its
// logit is smooth, and so is the answer.
TEST(Interval, ConfidenceWhereTheProbabilityTurnsSharply) {
  const LtvQuery query =
      with_interval(ltv_query(LtvQuantity::kProbabilityAlive), LtvInterval::kConfidence);
  const LtvPrediction got = answer(patron_test::fitted_bg(), {1e6, 38.8599, 38.86}, query);
  EXPECT_TRUE(got.low >= 0 && got.low <= got.value && got.value <= got.high && got.high <= 1);
  // By hand: d logit / d ln alpha = (r + x) alpha (T - t) / ((alpha + T) (alpha + t)), the rest is
  // next to nothing beside it but for a and b: 1 and b / (b + x - 1).
  const double alpha = 4.413602019, x = 1e6 + .242594522;
  const double slope = x * .0001 / ((alpha + 38.86) * (alpha + 38.8599));
  const double g[] = {-.0001 / (alpha + 38.8599), slope, -1 / .792922017, 1e-6};
  const double errors[] = {.0125574, .3782240, .1857338, .7054143};
  double variance = 0;
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j)
      variance += g[i] * g[j] * errors[i] * errors[j] * (i == j ? 1 : 0.4);
  }
  const double logit = std::log(got.value / (1 - got.value));
  EXPECT_NEAR(std::log(got.high / (1 - got.high)) - logit, 1.959963984540054 * std::sqrt(variance),
              1e-4);
}

// With a at 1.001 the endless expectation hardly exists: ln(a - 1) has the slope a / (a - 1).
TEST(Interval, ConfidenceNearTheEdgeOfExistence) {
  const Ltv model = patron_test::fitted(
      patron_test::ltv_model(patron::LtvModel::kBgNbd, {1, 10, 1.001, 2}), {0, 0, 1e-6, 0}, 0);
  const LtvQuery query =
      with_interval(ltv_query(LtvQuantity::kExpectedPurchases, INFINITY), LtvInterval::kConfidence);
  const LtvPrediction got = answer(model, {0, 0, 0}, query);
  // ln(1 + b / (a - 1)) with b = 2: its derivative in a is 1 / (a + 1) - 1 / (a - 1).
  const double slope = 1 / 0.001 - 1 / 2.001;
  EXPECT_NEAR(std::log(got.high / got.value), 1.959963984540054 * slope * 1e-6, 1e-9);
}

// Quantiles of the number of purchases: the probabilities of fewer and of more.
TEST(Interval, PredictionOfPurchasesCutsOffTheTails) {
  for (const Ltv& model : {patron_test::cdnow_nbd(), patron_test::cdnow_bg(),
                           patron_test::cdnow_mbg(), patron_test::cdnow_pareto()}) {
    SCOPED_TRACE(patron::ltv_model_name(model.model()));
    for (const LtvCustomer& customer :
         {LtvCustomer{2, 30.43, 38.86}, LtvCustomer{26, 30.8, 31}, LtvCustomer{0, 0, 20}}) {
      const LtvPrediction got = answer(model, customer,
                                       with_interval(ltv_query(LtvQuantity::kExpectedPurchases, 52),
                                                     LtvInterval::kPrediction, 0.8));
      double below_low = 0, up_to_low = 0, below_high = 0, up_to_high = 0;
      for (int n = 0; n <= got.high; ++n) {
        const double p =
            answer(model, customer, ltv_query(LtvQuantity::kPurchaseProbability, 52, n)).value;
        if (n < got.low) below_low += p;
        if (n <= got.low) up_to_low += p;
        if (n < got.high) below_high += p;
        up_to_high += p;
      }
      EXPECT_GE(up_to_low, 0.1);
      EXPECT_LT(below_low, 0.1);
      EXPECT_GE(up_to_high, 0.9);
      EXPECT_LT(below_high, 0.9);
    }
  }
}

TEST(Interval, PredictionOfTheNextPurchaseAreItsQuantiles) {
  const Ltv model = patron_test::cdnow_pareto();
  const LtvCustomer customer{26, 30.857143, 31};
  const LtvPrediction got =
      answer(model, customer,
             with_interval(ltv_query(LtvQuantity::kNextPurchase), LtvInterval::kPrediction, .8));
  LtvQuery quantile = ltv_query(LtvQuantity::kNextPurchase);
  quantile.probability = 0.1;
  EXPECT_NEAR(got.low, answer(model, customer, quantile).value, 1e-12);
  quantile.probability = 0.9;
  EXPECT_NEAR(got.high, answer(model, customer, quantile).value, 1e-10);
}

// A million purchases: nothing is counted one by one.
TEST(Interval, PredictionOfHugeCounts) {
  const LtvPrediction got = answer(
      patron_test::cdnow_nbd(), {1e6, 0, 39},
      with_interval(ltv_query(LtvQuantity::kExpectedPurchases, 39e3), LtvInterval::kPrediction));
  // The rate is known to 1e-3 and its Poisson number to 4e-5: normal, mean +- 1.96 deviations.
  const double deviation = std::sqrt(got.value + got.value * got.value / (1e6 + .384766136));
  EXPECT_NEAR((got.low - got.value) / deviation, -1.96, 0.01);
  EXPECT_NEAR((got.high - got.value) / deviation, 1.96, 0.01);
}

TEST(Interval, BoundsStayInTheDomain) {
  using patron::internal::ltv::confidence_bounds;
  using patron::internal::ltv::ValueKind;
  double low = 0, high = 0;
  confidence_bounds(ValueKind::kProbability, 1e-12, 1, &low, &high);
  EXPECT_NEAR(low / (1e-12 * std::exp(-1)), 1, 1e-11);
  EXPECT_NEAR(high / (1e-12 * std::exp(1)), 1, 1e-11);
  confidence_bounds(ValueKind::kProbability, 0.5, 1000, &low, &high);
  EXPECT_EQ(low, 0);
  EXPECT_EQ(high, 1);
  confidence_bounds(ValueKind::kPositive, 0, INFINITY, &low, &high);
  EXPECT_EQ(low, 0);
  EXPECT_EQ(high, 0);
}

}  // namespace
