#include "lib/models/ltv/query.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/models/ltv/fitted_models.h"

namespace {

using patron::Code;
using patron::Ltv;
using patron::LtvInterval;
using patron::LtvModel;
using patron::LtvQuantity;
using patron::LtvQuery;
using patron_test::ltv_model;
using patron_test::ltv_query;

/// The message of a refusal; empty where the query is sound.
std::string refusal(const Ltv& model, const LtvQuery& query) {
  const patron::Status status = patron::internal::ltv::check_query(model, query);
  EXPECT_TRUE(status.ok() || status.code() == Code::kArgument);
  return status.message();
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

TEST(LtvQueryCheck, ARefusalNamesTheFieldAndTheValue) {
  const Ltv bg = patron_test::cdnow_bg();
  LtvQuery query = ltv_query(LtvQuantity::kExpectedPurchases, -1);
  EXPECT_TRUE(says(refusal(bg, query), "horizon: -1 is no length of time; want weeks, 0 or more"));
  query.horizon = NAN;
  EXPECT_TRUE(says(refusal(bg, query), "horizon: nan"));
  query = ltv_query(LtvQuantity::kPurchaseProbability, 1, -3);
  EXPECT_TRUE(says(refusal(bg, query), "count: -3"));
  query = ltv_query(LtvQuantity::kNextPurchase);
  query.probability = 1;
  EXPECT_TRUE(says(refusal(bg, query), "probability: 1 is not between 0 and 1"));
  query = ltv_query(LtvQuantity::kDiscountedPurchases, 10);
  query.rate_per_year = -1;
  EXPECT_TRUE(says(refusal(bg, query), "rate_per_year: -1"));
  query.rate_per_year = INFINITY;
  EXPECT_TRUE(says(refusal(bg, query), "rate_per_year: inf"));
  query.quantity = static_cast<LtvQuantity>(9);
  EXPECT_TRUE(says(refusal(bg, query), "quantity: 9 is none; want 0 to 8"));
}

TEST(LtvQueryCheck, WhatAQuantityDoesNotReadIsNotLookedAt) {
  LtvQuery query = ltv_query(LtvQuantity::kNextPurchase, -1, -1);
  query.rate_per_year = -7;
  query.level = 7;
  EXPECT_EQ(refusal(patron_test::cdnow_bg(), query), "");
}

TEST(LtvQueryCheck, AModelSaysWhatItHas) {
  const LtvQuery spend = ltv_query(LtvQuantity::kExpectedSpend);
  EXPECT_EQ(refusal(patron_test::cdnow_bg(), spend),
            "quantity: bg_nbd has no expected spend; it has probability alive, expected purchases, "
            "purchase probability, next purchase, discounted purchases");
  EXPECT_EQ(refusal(patron_test::cdnow_spend(), spend), "");
  const Ltv sbg = ltv_model(LtvModel::kSbg, {1, 1});
  EXPECT_EQ(refusal(sbg, ltv_query(LtvQuantity::kRetentionRate)), "");
  EXPECT_NE(refusal(sbg, ltv_query(LtvQuantity::kExpectedPurchases)), "");
}

TEST(LtvQueryCheck, DiscreteModelsWantWholeHorizons) {
  const Ltv donors = ltv_model(LtvModel::kBgBb, {1, 1, 1, 1});
  EXPECT_TRUE(says(refusal(donors, ltv_query(LtvQuantity::kExpectedPurchases, 1.5)),
                   "horizon: 1.5 is not whole"));
  EXPECT_EQ(refusal(donors, ltv_query(LtvQuantity::kExpectedPurchases, 2)), "");
  EXPECT_EQ(refusal(donors, ltv_query(LtvQuantity::kExpectedPurchases, INFINITY)), "");
  EXPECT_TRUE(says(refusal(donors, ltv_query(LtvQuantity::kPurchaseProbability, INFINITY)),
                   "finite horizon"));
  EXPECT_EQ(refusal(patron_test::cdnow_bg(), ltv_query(LtvQuantity::kExpectedPurchases, 1.5)), "");
}

TEST(LtvQueryCheck, ConfidenceNeedsACovariance) {
  LtvQuery query = ltv_query(LtvQuantity::kExpectedPurchases, 10);
  query.interval = LtvInterval::kConfidence;
  EXPECT_TRUE(says(refusal(patron_test::cdnow_bg(), query), "Fit it to customers"));
  EXPECT_EQ(refusal(patron_test::fitted_bg(), query), "");
  patron::LtvFit fit = *patron_test::fitted_bg().fit();
  fit.verdict = patron::LtvVerdict::kFlatRidge;
  fit.message = "a flat ridge";
  const Ltv ridge =
      patron::LtvAccess::make(LtvModel::kBgNbd, patron::LtvUnit::kWeek,
                              patron_test::cdnow_bg().parameters(), fit, patron::Table());
  EXPECT_TRUE(says(refusal(ridge, query), "no optimum: a flat ridge"));
  query.level = 1;
  EXPECT_TRUE(says(refusal(patron_test::fitted_bg(), query), "level: 1 is not between"));
  query.interval = static_cast<LtvInterval>(3);
  EXPECT_TRUE(says(refusal(patron_test::fitted_bg(), query), "interval: 3 is none"));
}

TEST(LtvQueryCheck, PredictionIsForWhatTheCustomerDoes) {
  const Ltv bg = patron_test::cdnow_bg();
  const auto predicted = [&](LtvQuantity quantity) {
    LtvQuery query = ltv_query(quantity, 10);
    query.interval = LtvInterval::kPrediction;
    return refusal(bg, query);
  };
  EXPECT_EQ(predicted(LtvQuantity::kExpectedPurchases), "");
  EXPECT_EQ(predicted(LtvQuantity::kNextPurchase), "");
  EXPECT_EQ(predicted(LtvQuantity::kProbabilityAlive),
            "interval: probability alive is a number about the customer and not what she will do, "
            "so it has no prediction interval; ask for confidence, or for the prediction interval "
            "of expected purchases or of next purchase");
  EXPECT_TRUE(says(predicted(LtvQuantity::kPurchaseProbability), "ask for confidence"));
  EXPECT_TRUE(says(predicted(LtvQuantity::kDiscountedPurchases),
                   "the prediction interval of expected purchases within the same horizon"));
  LtvQuery kept = ltv_query(LtvQuantity::kRetentionRate);
  kept.interval = LtvInterval::kPrediction;
  EXPECT_TRUE(says(refusal(ltv_model(LtvModel::kSbg, {1, 1}), kept),
                   "of residual lifetime or of discounted lifetime"));
}

TEST(LtvQueryCheck, DiscountsAreContinuousAndPerUnit) {
  using patron::internal::ltv::discount_of;
  EXPECT_DOUBLE_EQ(discount_of(0.1, patron::LtvUnit::kYear), std::log1p(0.1));
  EXPECT_DOUBLE_EQ(discount_of(0.1, patron::LtvUnit::kMonth), std::log1p(0.1) / 12);
  EXPECT_EQ(discount_of(0, patron::LtvUnit::kWeek), 0);
}

TEST(LtvQueryCheck, ACustomerIsNamedByItsField) {
  using patron::internal::ltv::customer_fault;
  using patron::internal::ltv::customer_status;
  const patron::LtvCustomer late{2, 40, 39};
  const auto fault = customer_fault(LtvModel::kBgNbd, late);
  EXPECT_TRUE(patron::internal::ltv::bars_prediction(fault));
  EXPECT_EQ(customer_status(late, fault).message(),
            "recency 40 is above T; the last purchase cannot be later than now");
  const patron::LtvCustomer once{0, 0, 0, -1};
  EXPECT_FALSE(patron::internal::ltv::bars_prediction(customer_fault(LtvModel::kGammaGamma, once)));
}

}  // namespace
