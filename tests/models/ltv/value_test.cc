#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/models/ltv/fitted_models.h"

namespace {

using patron::Code;
using patron::LtvInterval;
using patron::LtvQuantity;
using patron::LtvQuery;
using patron::LtvValueOptions;
using patron::Table;
using patron_test::answer;
using patron_test::ltv_query;

Table customers() {
  return *patron::TableBuilder()
              .int64("x", {2, 0, 7, 3})
              .doubles("t", {30.43, 0, 29.43, 50})
              .doubles("T", {38.86, 38.86, 38.86, 38.86})
              .doubles("m", {22.35, 0, 73.74, 10})
              .finish();
}

LtvValueOptions value_options() {
  LtvValueOptions options;
  options.columns = {.frequency = "x", .recency = "t", .T = "T", .monetary = "m"};
  options.horizon = 52;
  options.rate_per_year = 0.1;
  options.margin = 0.3;
  return options;
}

double at(const Table& table, const char* column, int64_t row) {
  const patron::Chunk& chunk = table.chunks(*table.require(column))[0];
  return chunk.valid(row) ? static_cast<const double*>(chunk.values)[row] : NAN;
}

TEST(LtvValue, IsMarginTimesSpendTimesDiscountedPurchases) {
  const auto bg = patron_test::cdnow_bg(), spend = patron_test::cdnow_spend();
  const auto result = ltv_value(bg, spend, customers(), value_options());
  ASSERT_TRUE(result.ok()) << result.status().message();
  const patron::LtvCustomer customer{2, 30.43, 38.86, 22.35};
  LtvQuery discounted = ltv_query(LtvQuantity::kDiscountedPurchases, 52);
  discounted.rate_per_year = 0.1;
  const double alive = answer(bg, customer, ltv_query(LtvQuantity::kProbabilityAlive)).value;
  const double expected =
      answer(bg, customer, ltv_query(LtvQuantity::kExpectedPurchases, 52)).value;
  const double worth = answer(bg, customer, discounted).value;
  const double money = answer(spend, customer, ltv_query(LtvQuantity::kExpectedSpend)).value;
  EXPECT_EQ(at(result->table, "probability_alive", 0), alive);
  EXPECT_EQ(at(result->table, "expected_purchases", 0), expected);
  EXPECT_EQ(at(result->table, "discounted_purchases", 0), worth);
  EXPECT_EQ(at(result->table, "expected_spend", 0), money);
  EXPECT_NEAR(at(result->table, "value", 0), 0.3 * worth * money, 1e-13);
  EXPECT_LT(worth, expected);
}

// Who never came back is worth the spend of everybody; who came after T is refused.
TEST(LtvValue, OneTimeBuyersAndBadRows) {
  const auto result =
      ltv_value(patron_test::cdnow_mbg(), patron_test::cdnow_spend(), customers(), value_options());
  ASSERT_TRUE(result.ok());
  EXPECT_NEAR(at(result->table, "expected_spend", 1), 35.1704, 1e-3);
  EXPECT_GT(at(result->table, "value", 1), 0);
  ASSERT_EQ(result->refused.rows(), 1);
  EXPECT_EQ(static_cast<const int64_t*>(result->refused.chunks(0)[0].values)[0], 3);
  EXPECT_TRUE(std::isnan(at(result->table, "value", 3)));
}

TEST(LtvValue, AnEndlessHorizonHasAValueWhereThereIsADiscount) {
  LtvValueOptions options = value_options();
  options.horizon = INFINITY;
  const auto result =
      ltv_value(patron_test::cdnow_bg(), patron_test::cdnow_spend(), customers(), options);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(std::isnan(at(result->table, "expected_purchases", 0))) << "a is below 1";
  EXPECT_GT(at(result->table, "value", 0), 0);
}

// The two models are fitted to different facts: the variances of the logarithms add up.
TEST(LtvValue, ConfidenceCombinesBothModels) {
  const auto bg = patron_test::fitted_bg(), spend = patron_test::fitted_spend();
  LtvValueOptions options = value_options();
  options.interval = LtvInterval::kConfidence;
  const auto result = ltv_value(bg, spend, customers(), options);
  ASSERT_TRUE(result.ok()) << result.status().message();
  const patron::LtvCustomer customer{7, 29.43, 38.86, 73.74};
  LtvQuery discounted = ltv_query(LtvQuantity::kDiscountedPurchases, 52);
  discounted.rate_per_year = 0.1;
  discounted.interval = LtvInterval::kConfidence;
  LtvQuery money = ltv_query(LtvQuantity::kExpectedSpend);
  money.interval = LtvInterval::kConfidence;
  const auto often = answer(bg, customer, discounted), much = answer(spend, customer, money);
  const double width =
      std::hypot(std::log(often.high / often.value), std::log(much.high / much.value));
  const double value = at(result->table, "value", 2);
  EXPECT_NEAR(at(result->table, "high", 2) / (value * std::exp(width)), 1, 1e-12);
  EXPECT_NEAR(at(result->table, "low", 2) / (value * std::exp(-width)), 1, 1e-12);
}

TEST(LtvValue, WrongModelsAndOptionsAreRefused) {
  const auto bg = patron_test::cdnow_bg(), spend = patron_test::cdnow_spend();
  const auto code = [&](const patron::Ltv& a, const patron::Ltv& b, const LtvValueOptions& o) {
    return ltv_value(a, b, customers(), o).status().code();
  };
  EXPECT_EQ(code(spend, spend, value_options()), Code::kArgument);
  EXPECT_EQ(code(bg, bg, value_options()), Code::kArgument);
  LtvValueOptions options = value_options();
  options.margin = 1.5;
  EXPECT_EQ(code(bg, spend, options), Code::kArgument);
  options = value_options();
  options.interval = LtvInterval::kConfidence;
  EXPECT_EQ(code(bg, spend, options), Code::kArgument) << "neither was fitted";
  options.interval = LtvInterval::kPrediction;
  EXPECT_EQ(code(bg, spend, options), Code::kArgument);
  options = value_options();
  options.columns.monetary = "money";
  EXPECT_EQ(code(bg, spend, options), Code::kColumn);
}

}  // namespace
