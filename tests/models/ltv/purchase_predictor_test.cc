#include "lib/models/ltv/purchase_predictor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/ltv/ltv_models.h"

namespace {

using patron::Ltv;
using patron::LtvModel;
using patron::LtvQuantity;
using patron_test::answer;
using patron_test::ltv_model;
using patron_test::ltv_query;

// MBG/NBD with r = 1, alpha = 10, a = 1, b = 3 and x = 0, T = 20: alive with 1/2, by hand.
Ltv by_hand() { return ltv_model(LtvModel::kMbgNbd, {1, 10, 1, 3}); }
constexpr patron::LtvCustomer kOnce{0, 0, 20};

// Given alive P(W > t) = 30 / (30 + t); 1/4 is half of 1/2, at t = 30.
TEST(PurchasePredictor, TheNextPurchaseOfWhoMayHaveLeft) {
  auto query = ltv_query(LtvQuantity::kNextPurchase);
  query.probability = 0.25;
  EXPECT_NEAR(answer(by_hand(), kOnce, query).value, 30, 1e-12);
  query.probability = 0.5;
  EXPECT_EQ(answer(by_hand(), kOnce, query).value, INFINITY) << "never, with one half";
}

// None in 30: she left, 1/2, or did not come, 1/2 x 1/2. At least one, so, is 1/4.
TEST(PurchasePredictor, NoPurchaseIsHavingLeftOrNotComing) {
  EXPECT_NEAR(answer(by_hand(), kOnce, ltv_query(LtvQuantity::kPurchaseProbability, 30, 0)).value,
              0.75, 1e-15);
  double sum = 0;
  for (int n = 0; n < 2000; ++n)
    sum += answer(by_hand(), kOnce, ltv_query(LtvQuantity::kPurchaseProbability, 30, n)).value;
  EXPECT_NEAR(sum, 1, 1e-12);
}

// P(alive) and P(left) are rounded alike, so that their sum may be an ulp off 1.
TEST(PurchasePredictor, NoPurchaseInNoTimeIsCertain) {
  const Ltv model = ltv_model(LtvModel::kParetoNbd, {2, 0.5, 0.5, 0.5});
  for (int x = 0; x < 200; ++x) {
    const patron::LtvCustomer customer{1.0 * x, x == 0 ? 0.0 : 20.0, 39};
    EXPECT_EQ(answer(model, customer, ltv_query(LtvQuantity::kPurchaseProbability, 0, 0)).value, 1);
  }
}

TEST(PurchasePredictor, NothingHappensInNoTime) {
  for (LtvModel model :
       {LtvModel::kNbd, LtvModel::kBgNbd, LtvModel::kMbgNbd, LtvModel::kParetoNbd}) {
    const Ltv ltv =
        model == LtvModel::kNbd ? ltv_model(model, {1, 10}) : ltv_model(model, {1, 10, 2, 3});
    const patron::LtvCustomer customer{2, 5, 20};
    EXPECT_EQ(answer(ltv, customer, ltv_query(LtvQuantity::kExpectedPurchases, 0)).value, 0);
    EXPECT_EQ(answer(ltv, customer, ltv_query(LtvQuantity::kDiscountedPurchases, 0)).value, 0);
    EXPECT_EQ(answer(ltv, customer, ltv_query(LtvQuantity::kPurchaseProbability, 0, 0)).value, 1);
    EXPECT_EQ(answer(ltv, customer, ltv_query(LtvQuantity::kPurchaseProbability, 0, 1)).value, 0);
    EXPECT_EQ(answer(ltv, customer, ltv_query(LtvQuantity::kProbabilityAlive, 0)).value,
              answer(ltv, customer, ltv_query(LtvQuantity::kProbabilityAlive)).value);
  }
}

TEST(PurchasePredictor, ChancesOfBeingAliveFallWithTime) {
  for (LtvModel model : {LtvModel::kBgNbd, LtvModel::kMbgNbd, LtvModel::kParetoNbd}) {
    const Ltv ltv = ltv_model(model, {1, 10, 2, 3});
    double before = 1;
    for (double h : {0.0, 1.0, 10.0, 100.0, 1e4, 1e8}) {
      const double alive =
          answer(ltv, {2, 5, 20}, ltv_query(LtvQuantity::kProbabilityAlive, h)).value;
      EXPECT_LT(alive, before);
      before = alive;
    }
    EXPECT_EQ(answer(ltv, {2, 5, 20}, ltv_query(LtvQuantity::kProbabilityAlive, INFINITY)).value,
              0);
  }
}

}  // namespace
