#include "lib/models/ltv/bg_bb_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/ltv/ltv_models.h"

namespace {

using patron::LtvQuantity;
using patron_test::answer;
using patron_test::ltv_query;

// Fader, Hardie and Shang (2010) at rounded parameters, a BTYD run: x = 3, t_x = 4, n = 6. BTYD and
// the paper's table 6 ask who is alive at n + 1.
TEST(BgBbModel, ADonorOfThePaper) {
  const patron::Ltv donors = patron_test::ltv_model(patron::LtvModel::kBgBb, {1.20, .75, .66, 2.78},
                                                    patron::LtvUnit::kYear);
  const patron::LtvCustomer donor{3, 4, 6};
  EXPECT_NEAR(answer(donors, donor, ltv_query(LtvQuantity::kExpectedPurchases, 10)).value,
              1.840812702, 5e-10);
  EXPECT_NEAR(answer(donors, donor, ltv_query(LtvQuantity::kProbabilityAlive, 1)).value,
              .4383438546, 5e-11);
}

// The paper's note 010 as BTYD's walkthrough has it, at parameters of its own run: E[X(10)] of a
// new donor.
TEST(BgBbModel, ANewDonor) {
  const patron::Ltv donors = patron_test::ltv_model(
      patron::LtvModel::kBgBb, {1.203510, .749712, .656745, 2.783611}, patron::LtvUnit::kYear);
  EXPECT_NEAR(donors.predict_new(ltv_query(LtvQuantity::kExpectedPurchases, 10))->value, 3.179805,
              5e-5);
}

TEST(BgBbModel, EndlessHorizons) {
  const patron::Ltv donors = patron_test::ltv_model(patron::LtvModel::kBgBb, {1.2, .75, .66, 2.78},
                                                    patron::LtvUnit::kYear);
  EXPECT_EQ(donors.predict_new(ltv_query(LtvQuantity::kProbabilityAlive, INFINITY))->value, 0);
  const auto forever = ltv_query(LtvQuantity::kExpectedPurchases, INFINITY);
  EXPECT_TRUE(std::isnan(donors.predict_new(forever)->value)) << "gamma is below 1";
}

// The median opportunity of the next purchase is the first by which its chance is a half.
TEST(BgBbModel, TheNextPurchaseFallsOnAnOpportunity) {
  const patron::Ltv donors = patron_test::ltv_model(patron::LtvModel::kBgBb, {1.2, .75, .66, 2.78},
                                                    patron::LtvUnit::kYear);
  auto query = ltv_query(LtvQuantity::kNextPurchase);
  query.probability = 0.6;
  const double k = donors.predict_new(query)->value;
  const auto none = [&](double n) {
    return donors.predict_new(ltv_query(LtvQuantity::kPurchaseProbability, n, 0))->value;
  };
  EXPECT_EQ(k, std::floor(k));
  EXPECT_LE(none(k), 0.4);
  EXPECT_GT(none(k - 1), 0.4);
}

// A million million opportunities, as many purchases: all chances to buy alike and nobody leaving,
// any number is as likely.
TEST(BgBbModel, BoundsOfVeryManyPurchasesAreFoundInNoTime) {
  const patron::Ltv loyal =
      patron_test::ltv_model(patron::LtvModel::kBgBb, {1, 1, 1e-30, 1}, patron::LtvUnit::kDay);
  for (double h : {1e3, 1e6, 1e12, 9e15}) {
    auto query = ltv_query(LtvQuantity::kExpectedPurchases, h);
    query.interval = patron::LtvInterval::kPrediction;
    const patron::LtvPrediction bounds = *loyal.predict_new(query);
    EXPECT_NEAR(bounds.low / h, 0.025, 1e-9 + 1 / h) << h;
    EXPECT_NEAR(bounds.high / h, 0.975, 1e-9 + 1 / h) << h;
  }
  for (double p : {1e-6, 1.0, 1e6}) {
    for (double q : {1e-6, 1.0, 1e6}) {
      for (double x : {0.0, 1e6}) {
        const patron::Ltv ltv =
            patron_test::ltv_model(patron::LtvModel::kBgBb, {p, q, q, p}, patron::LtvUnit::kDay);
        for (double h : {1e6, 9e15, double{INFINITY}}) {
          auto query = ltv_query(LtvQuantity::kExpectedPurchases, h);
          query.interval = patron::LtvInterval::kPrediction;
          const patron::LtvPrediction bounds = answer(ltv, {x, x, 2e6}, query);
          EXPECT_TRUE(bounds.low >= 0 && bounds.low <= bounds.high && bounds.high <= h) << p << q;
          auto next = ltv_query(LtvQuantity::kNextPurchase);
          EXPECT_GT(answer(ltv, {x, x, 2e6}, next).value, 0);
        }
      }
    }
  }
}

}  // namespace
