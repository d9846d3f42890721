#include "lib/models/ltv/purchase_predictor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

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

patron::LtvPrediction bounds(const Ltv& model, const patron::LtvCustomer& customer,
                             double horizon) {
  auto query = ltv_query(LtvQuantity::kExpectedPurchases, horizon);
  query.interval = patron::LtvInterval::kPrediction;
  return answer(model, customer, query);
}

/// ln of the chance of so many purchases or more is `tail` between n - 1 and n.
void expect_quantile(double n, double tail, const std::function<double(double)>& log_at_least) {
  const double near = 1e-12 * n;
  EXPECT_GT(log_at_least(std::floor(n - near)), std::log(tail)) << n;
  EXPECT_LE(log_at_least(std::ceil(n + 1 + near)), std::log(tail) + 1e-12) << n;
}

// With r = 1 counts are geometric, and P(N >= n) is u^n, times the chance 1 / n to stay after n - 1
// purchases in BG/NBD with a = b = 1.
TEST(PurchasePredictor, BoundsOfHugeCountsAreFoundInNoTime) {
  for (double mean : {10.0, 1e6, 1e12, 1e17, 1e25, 1e100, 1e290}) {
    const double log_u = -std::log1p(1 / mean);
    const patron::LtvPrediction nbd = bounds(ltv_model(LtvModel::kNbd, {1, 1 / mean}), {}, 1);
    const auto geometric = [=](double n) { return n * log_u; };
    expect_quantile(nbd.high, 0.025, geometric);
    if (nbd.low > 0) {
      expect_quantile(nbd.low, 0.975, geometric);
    }
    const Ltv bg = ltv_model(LtvModel::kBgNbd, {1, 1 / mean, 1, 1});
    const patron::LtvPrediction stays = bounds(bg, {}, 1);
    const auto staying = [=](double n) { return n < 1 ? 0 : n * log_u - std::log(n); };
    expect_quantile(stays.high, 0.025, staying);
  }
}

// The rate is exponential with mean 1 / alpha, the stay P(> t) = 1 / (1 + t): for ever, counts are
// their product where they are huge, and P(N > y) = 1 - z e^z E1(z) with z = alpha y: .975 at z =
// .00533431 and .025 at 38.0477 (mpmath).
TEST(PurchasePredictor, BoundsOfWhoMayLeaveAtAnyTime) {
  for (double alpha : {1e-12, 1e-17, 1e-30}) {
    const patron::LtvPrediction pareto =
        bounds(ltv_model(LtvModel::kParetoNbd, {1, alpha, 1, 1}), {}, INFINITY);
    EXPECT_NEAR(pareto.low * alpha / 0.00533431150586782278, 1,
                1e-9 + 1e-5 * std::sqrt(alpha * 1e12))
        << alpha;
    EXPECT_NEAR(pareto.high * alpha / 38.0477205260014658, 1, 1e-9 + 1e-5 * std::sqrt(alpha * 1e12))
        << alpha;
  }
}

// Each answer of a prediction interval ends, whatever the parameters.
TEST(PurchasePredictor, BoundsExistForAllParameters) {
  for (double r : {1e-6, 1.0, 1e6}) {
    for (double alpha : {1e-15, 1.0, 1e15}) {
      for (double leaving : {1e-6, 1.0, 1e6}) {
        for (double horizon : {1e-9, 1.0, 1e15}) {
          for (LtvModel model :
               {LtvModel::kNbd, LtvModel::kBgNbd, LtvModel::kMbgNbd, LtvModel::kParetoNbd}) {
            const Ltv ltv = model == LtvModel::kNbd ? ltv_model(model, {r, alpha})
                                                    : ltv_model(model, {r, alpha, leaving, 1});
            for (const patron::LtvCustomer& c :
                 {patron::LtvCustomer{0, 0, 0}, {1, 20, 39}, {1e6, 1e9, 1e9}}) {
              const patron::LtvPrediction many = bounds(ltv, c, horizon);
              EXPECT_GE(many.low, 0);
              EXPECT_GE(many.high, many.low);
              EXPECT_LT(many.high, INFINITY);
            }
          }
        }
      }
    }
  }
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

// A rate below 0 lets a purchase count the more the later it comes: e^(g h) at the horizon. Neither
// that nor P(alive) need be a double for their product to be one.
TEST(PurchasePredictor, GrowthBeyondAnyDoubleMeetsAChanceBelowAnyDouble) {
  const double g = 0.7 / 52.1775;  // a rate of e^-0.7 - 1 a year, in weeks
  const patron::LtvCustomer gone{300, 1, 1000};
  for (LtvModel model : {LtvModel::kBgNbd, LtvModel::kMbgNbd, LtvModel::kParetoNbd}) {
    const Ltv ltv = ltv_model(model, {1, 10, 1e-9, 1e9});
    auto query = ltv_query(LtvQuantity::kDiscountedPurchases, 0);
    query.rate_per_year = std::expm1(-0.7);
    // P(alive) is some 1e-490. Nobody leaves any more, so that a horizon more is worth e^(g) more.
    for (double horizon : {1e4, 6e4, 1e5}) {
      query.horizon = horizon;
      const double value = answer(ltv, gone, query).value;
      query.horizon = horizon + 1;
      const double later = answer(ltv, gone, query).value;
      EXPECT_FALSE(std::isnan(value)) << horizon;
      if (value > 1e-290) {
        EXPECT_NEAR(later / value, std::exp(g), 1e-6) << horizon;
      }
    }
    query.horizon = 1e5;
    EXPECT_GT(answer(ltv, gone, query).value, 1e-290);
    EXPECT_LT(answer(ltv, gone, query).value, INFINITY);
    query.horizon = 1e9;
    EXPECT_EQ(answer(ltv, gone, query).value, INFINITY) << "finite, but beyond any double";
    query.horizon = INFINITY;
    EXPECT_TRUE(std::isnan(answer(ltv, gone, query).value)) << "infinite";
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
