#include "lib/models/ltv/nbd_predict.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/ltv/ltv_models.h"
#include "tests/models/ltv/reference_check.h"

namespace {

using patron::LtvModel;
using patron::LtvQuantity;
using patron_test::answer;
using patron_test::ltv_query;

TEST(NbdPredict, AgreesWithHighPrecisionOverTwelveDecades) {
  patron_test::check_reference_rows(LtvModel::kNbd, "nbd");
}

TEST(NbdPredict, NobodyLeaves) {
  const patron::Ltv nbd = patron_test::cdnow_nbd();
  for (double horizon : {0.0, 39.0, 1e9}) {
    EXPECT_EQ(answer(nbd, {3, 0, 30}, ltv_query(LtvQuantity::kProbabilityAlive, horizon)).value, 1);
  }
}

// Purchases in the next 10 weeks are (r + x) / (alpha + T) x 10, by hand with r = 1, alpha = 10.
TEST(NbdPredict, ExpectationIsTheMeanRateTimesTheHorizon) {
  const patron::Ltv nbd = patron_test::ltv_model(LtvModel::kNbd, {1, 10});
  EXPECT_DOUBLE_EQ(answer(nbd, {3, 0, 30}, ltv_query(LtvQuantity::kExpectedPurchases, 10)).value,
                   1);
  const double forever =
      answer(nbd, {3, 0, 30}, ltv_query(LtvQuantity::kExpectedPurchases, INFINITY)).value;
  EXPECT_TRUE(std::isnan(forever)) << "infinite, so it does not exist";
}

// For ever at ten per cent a year: the rate per week over ln(1.1) / 52.1775.
TEST(NbdPredict, DiscountedForEverIsThePerpetuity) {
  const patron::Ltv nbd = patron_test::ltv_model(LtvModel::kNbd, {1, 10});
  patron::LtvQuery query = ltv_query(LtvQuantity::kDiscountedPurchases, INFINITY);
  query.rate_per_year = 0.1;
  EXPECT_NEAR(answer(nbd, {3, 0, 30}, query).value, 0.1 * 52.1775 / std::log(1.1), 1e-10);
}

// With shape 1 the time to the next purchase is Lomax: P(W > t) = 10 / (10 + t), its median 10.
TEST(NbdPredict, MedianTimeToTheNextPurchaseIsThatOfLomax) {
  const patron::Ltv nbd = patron_test::ltv_model(LtvModel::kNbd, {1, 10});
  EXPECT_NEAR(nbd.predict_new(ltv_query(LtvQuantity::kNextPurchase))->value, 10, 1e-13);
}

}  // namespace
