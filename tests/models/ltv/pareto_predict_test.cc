#include "lib/models/ltv/pareto_predict.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "tests/models/ltv/ltv_models.h"
#include "tests/models/ltv/reference_check.h"

namespace {

using patron::Ltv;
using patron::LtvModel;
using patron::LtvQuantity;
using patron_test::answer;
using patron_test::ltv_model;
using patron_test::ltv_query;

TEST(ParetoPredict, AgreesWithHighPrecisionOverTwelveDecades) {
  patron_test::check_reference_rows(LtvModel::kParetoNbd, "pareto_nbd");
}

/// What the R package BTYD 2.4.3 finds.
Ltv btyd() { return ltv_model(LtvModel::kParetoNbd, {.5533971, 10.5802, .6060625, 11.65622}); }

// BTYD's walkthrough, at parameters of its own run: 25.45647 and .997874, which lifetimes tests to
// .01 and .001; here at the optimum.
TEST(ParetoPredict, Customer1516OfTheWalkthrough) {
  const patron::LtvCustomer customer{26, 30.857143, 31};
  const Ltv pareto = patron_test::cdnow_pareto();
  EXPECT_NEAR(answer(pareto, customer, ltv_query(LtvQuantity::kExpectedPurchases, 52)).value,
              25.45647, .002);
  EXPECT_NEAR(answer(pareto, customer, ltv_query(LtvQuantity::kProbabilityAlive)).value, .997874,
              1e-6);
  EXPECT_NEAR(pareto.predict_new(ltv_query(LtvQuantity::kExpectedPurchases, 52))->value, 1.473434,
              5e-7);
}

// BTYD's manual prints these beside r = .55, alpha = 10.56, s = .61, beta = 11.64.
TEST(ParetoPredict, NewCustomersBuyAsInTheManual) {
  constexpr std::array<double, 10> kManual{0,         .05077821, .09916088, .14542507, .18979930,
                                           .23247466, .27361274, .31335159, .35181024, .38909211};
  const Ltv pareto = ltv_model(LtvModel::kParetoNbd, {.55, 10.56, .61, 11.64});
  for (size_t t = 0; t < kManual.size(); ++t) {
    const auto query = ltv_query(LtvQuantity::kExpectedPurchases, static_cast<double>(t));
    EXPECT_NEAR(pareto.predict_new(query)->value, kManual[t], 5e-9) << t;
  }
}

// The walkthrough's table, at parameters of its own run that differ in the fourth digit.
TEST(ParetoPredict, TheParadoxOfIncreasingFrequency) {
  constexpr std::array<std::array<double, 2>, 4> kPrinted{
      {{10, .7062289}, {15, .1442396}, {20, .02250658}, {25, .00309267}}};
  for (const auto& [x, expected] : kPrinted) {
    const auto query = ltv_query(LtvQuantity::kExpectedPurchases, 52);
    EXPECT_NEAR(answer(btyd(), {x, 20, 39}, query).value, expected, 5e-4 * expected) << x;
  }
}

// A BTYD run at the same parameters.
TEST(ParetoPredict, NumbersOfPurchasesAreDistributedAsInBtyd) {
  constexpr std::array<double, 6> kRun{.5935692918,  .165585279,   .0824992288,
                                       .04904723399, .03170044853, .02148802519};
  for (size_t n = 0; n < kRun.size(); ++n) {
    const auto query = ltv_query(LtvQuantity::kPurchaseProbability, 39, static_cast<int64_t>(n));
    EXPECT_NEAR(btyd().predict_new(query)->value, kRun[n], 5e-11) << n;
  }
}

// lifetimes' test of neighbours that its old code told apart wrongly. Its own last digits are
// rounding: 40 digits give these.
TEST(ParetoPredict, OneMorePurchaseIsWorthALittleMore) {
  const Ltv pareto = ltv_model(LtvModel::kParetoNbd, {.55, 10.58, .61, 11.67});
  const auto query = ltv_query(LtvQuantity::kExpectedPurchases, 10);
  EXPECT_NEAR(answer(pareto, {132, 200, 200}, query).value, 6.2060517889632418, 1e-12);
  EXPECT_NEAR(answer(pareto, {133, 200, 200}, query).value, 6.2528722475748113, 1e-12);
}

// CLVTools' issue 100: these were NaN.
TEST(ParetoPredict, ChancesThatOnceWereNoNumbers) {
  const Ltv pareto = ltv_model(LtvModel::kParetoNbd, {.5143, 2.8845, .2856, 14.1087});
  constexpr std::array<std::array<double, 3>, 4> kCustomers{
      {{221, 103.43, 103.57}, {254, 97.14, 97.29}, {161, 94.71, 98}, {204, 98.57, 99.43}}};
  for (const auto& [x, t, T] : kCustomers) {
    const double alive = answer(pareto, {x, t, T}, ltv_query(LtvQuantity::kProbabilityAlive)).value;
    EXPECT_TRUE(alive > 0 && alive < 1) << x;
  }
}

// By hand: a stay is Lomax, so that for s = 1 its mean up to h is B ln(1 + h/B), and for ever it
// has none.
TEST(ParetoPredict, AtAShapeOfOneTheMeanStayIsALogarithm) {
  const Ltv pareto = ltv_model(LtvModel::kParetoNbd, {2, 10, 1, 5});
  const auto query = ltv_query(LtvQuantity::kExpectedPurchases, 20);
  EXPECT_NEAR(pareto.predict_new(query)->value, 0.2 * 5 * std::log(5.0), 1e-14);
  const auto forever = ltv_query(LtvQuantity::kExpectedPurchases, INFINITY);
  EXPECT_TRUE(std::isnan(pareto.predict_new(forever)->value));
  // For s = 3 it is B / 2.
  const Ltv leaving = ltv_model(LtvModel::kParetoNbd, {2, 10, 3, 5});
  EXPECT_DOUBLE_EQ(leaving.predict_new(forever)->value, 0.2 * 2.5);
}

// What the quantile says is what the distribution of the number of purchases says: at the median
// of the next purchase the chance of none is one half.
TEST(ParetoPredict, AtTheMedianOfTheNextPurchaseNoneIsAsLikely) {
  const Ltv pareto = patron_test::cdnow_pareto();
  for (double probability : {1e-6, .1, .5, .9, .95}) {
    const patron::LtvCustomer customer{26, 30.857143, 31};
    auto query = ltv_query(LtvQuantity::kNextPurchase);
    query.probability = probability;
    const double t = answer(pareto, customer, query).value;
    const auto none = ltv_query(LtvQuantity::kPurchaseProbability, t, 0);
    EXPECT_NEAR(1 - answer(pareto, customer, none).value, probability, 1e-13) << t;
  }
  auto query = ltv_query(LtvQuantity::kNextPurchase);
  query.probability = .99;
  EXPECT_EQ(answer(pareto, {3, 10, 30}, query).value, INFINITY) << "she may have left";
}

TEST(ParetoPredict, AllIsFinite) {
  for (double alpha : {1e-6, 1.0, 1e6}) {
    for (double s : {1e-6, 1.0, 1e6}) {
      const Ltv ltv = ltv_model(LtvModel::kParetoNbd, {.25, alpha, s, 1});
      for (double x : {0.0, 1.0, 1e3, 1e6}) {
        for (double T : {1e-9, 1.0, 1e12}) {
          for (double t : {0.0, T / 2, T}) {
            for (double h : {1e-9, 1.0, 1e12}) {
              for (LtvQuantity quantity :
                   {LtvQuantity::kProbabilityAlive, LtvQuantity::kExpectedPurchases,
                    LtvQuantity::kPurchaseProbability}) {
                const patron::LtvCustomer customer{x, x == 0 ? 0 : t, T};
                const double value = answer(ltv, customer, ltv_query(quantity, h, 10000)).value;
                EXPECT_TRUE(std::isfinite(value) && value >= 0)
                    << alpha << " " << s << " " << x << " " << t << " " << T << " " << h;
              }
            }
          }
        }
      }
    }
  }
}

}  // namespace
