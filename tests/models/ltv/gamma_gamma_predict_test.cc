#include "lib/models/ltv/gamma_gamma_predict.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "tests/models/ltv/ltv_models.h"
#include "tests/models/ltv/reference_check.h"

namespace {

using patron::LtvModel;
using patron::LtvQuantity;
using patron::internal::ltv::GammaGamma;
using patron_test::answer;
using patron_test::ltv_model;
using patron_test::ltv_query;

TEST(GammaGammaPredict, AgreesWithHighPrecisionOverTwelveDecades) {
  patron_test::check_reference_rows(LtvModel::kGammaGamma, "gamma_gamma");
}

// A BTYD run (it stops 1e-6 from the optimum), and by hand p v / (q - 1).
TEST(GammaGammaPredict, CdnowCustomers) {
  const patron::Ltv spend = patron_test::cdnow_spend();
  const auto query = ltv_query(LtvQuantity::kExpectedSpend);
  EXPECT_NEAR(answer(spend, {2, 0, 0, 40}, query).value, 39.13052369, 2e-5);
  EXPECT_NEAR(spend.predict_new(query)->value, 35.17049924, 2e-4);
  EXPECT_DOUBLE_EQ(ltv_model(LtvModel::kGammaGamma, {6, 4, 15}).predict_new(query)->value, 30);
}

// Fader and Hardie, note 025: the first customers of the CDNOW sample; CLVTools allows .1.
TEST(GammaGammaPredict, TheCustomersOfTheNote) {
  constexpr std::array<std::array<double, 3>, 4> kCustomers{
      {{2, 22.35, 24.65}, {1, 11.77, 18.91}, {7, 73.74, 71.46}, {2, 25.55, 27.28}}};
  const patron::Ltv spend = patron_test::cdnow_spend();
  for (const auto& [x, m, expected] : kCustomers) {
    const auto query = ltv_query(LtvQuantity::kExpectedSpend);
    EXPECT_NEAR(answer(spend, {x, 0, 0, m}, query).value, expected, .01) << x << " " << m;
  }
}

TEST(GammaGammaPredict, WhoSpentNothingYetIsLikeEverybody) {
  const patron::Ltv spend = patron_test::cdnow_spend();
  const auto query = ltv_query(LtvQuantity::kExpectedSpend);
  EXPECT_EQ(answer(spend, {0, 0, 0, NAN}, query).value, spend.predict_new(query)->value);
}

TEST(GammaGammaPredict, AMeanThatIsInfiniteDoesNotExist) {
  const patron::Ltv spend = ltv_model(LtvModel::kGammaGamma, {6, .9, 15});
  const auto query = ltv_query(LtvQuantity::kExpectedSpend);
  EXPECT_TRUE(std::isnan(spend.predict_new(query)->value));
  EXPECT_DOUBLE_EQ(answer(spend, {1, 0, 0, 10}, query).value, 6 * 25 / 5.9);
}

// With p = 1 an order is exponential at a gamma rate, so Lomax: P(Z > z) = (v' / (v' + z))^q'.
TEST(GammaGammaPredict, OrdersOfExponentialMoneyAreLomax) {
  const GammaGamma spend({1, 2, 15, 0});
  const double v = 15 + 3 * 10, q = 2 + 3;
  for (double tail : {1e-9, .025, .5}) {
    EXPECT_NEAR(spend.order_quantile(3, 10, tail) / (v * std::expm1(-std::log1p(-tail) / q)), 1,
                1e-13);
    EXPECT_NEAR(spend.order_upper_quantile(3, 10, tail) / (v * std::expm1(-std::log(tail) / q)), 1,
                1e-13);
  }
}

TEST(GammaGammaPredict, TheGradientIsThatOfDifferences) {
  constexpr std::array<double, 3> kAt{6.25, 3.74, 15.44};
  for (double x : {0.0, 1.0, 7.0}) {
    const auto gradient = GammaGamma({kAt[0], kAt[1], kAt[2], 0}).log_gradient(x, 40);
    for (size_t k = 0; k < kAt.size(); ++k) {
      const auto moved = [&](double step) {
        patron::LtvParameters parameters{kAt[0], kAt[1], kAt[2], 0};
        parameters[k] *= std::exp(step);
        return std::log(GammaGamma(parameters).expected(x, 40));
      };
      EXPECT_NEAR(gradient[k], (moved(1e-5) - moved(-1e-5)) / 2e-5, 1e-9) << x << " " << k;
    }
  }
}

}  // namespace
