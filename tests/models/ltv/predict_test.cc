// Ltv::predict for a table, beside one customer at a time.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/models/ltv/fitted_models.h"

namespace {

using patron::Code;
using patron::Ltv;
using patron::LtvCustomer;
using patron::LtvInterval;
using patron::LtvPrediction;
using patron::LtvPredictions;
using patron::LtvPredictOptions;
using patron::LtvQuantity;
using patron::LtvQuery;
using patron::Table;
using patron_test::ltv_query;

struct Customers {
  std::vector<LtvCustomer> rows;
  Table table() const {
    std::vector<int64_t> x;
    std::vector<double> t, T, m;
    for (const LtvCustomer& c : rows) {
      x.push_back(static_cast<int64_t>(c.frequency));
      t.push_back(c.recency), T.push_back(c.T), m.push_back(c.monetary);
    }
    return *patron::TableBuilder()
                .int64("x", x)
                .doubles("t", t)
                .doubles("T", T)
                .doubles("m", m)
                .finish();
  }
};

/// On a day grid, so that many are alike, or on instants that do not repeat.
Customers random_customers(int n, bool grid) {
  std::mt19937_64 random(5);
  const auto uniform = [&](double high) {
    return std::uniform_real_distribution<double>(0, high)(random);
  };
  Customers customers;
  for (int i = 0; i < n; ++i) {
    LtvCustomer c;
    c.T = 27 + uniform(12);
    c.frequency = std::floor(uniform(1) < 0.6 ? 0 : 1 + uniform(uniform(1) < 0.95 ? 5 : 500));
    if (c.frequency > 0) c.recency = uniform(c.T);
    if (grid) c.T = std::ceil(c.T), c.recency = std::floor(c.recency);
    c.monetary = c.frequency > 0 ? 10 + std::floor(uniform(50)) : NAN;
    customers.rows.push_back(c);
  }
  return customers;
}

LtvPredictOptions options_of(const LtvQuery& query, int threads = 1) {
  LtvPredictOptions options;
  options.columns = {.frequency = "x", .recency = "t", .T = "T", .monetary = "m"};
  options.query = query;
  options.threads = threads;
  return options;
}

double cell(const Table& table, int column, int64_t row) {
  for (const patron::Chunk& chunk : table.chunks(column)) {
    if (row < chunk.length)
      return chunk.valid(row) ? static_cast<const double*>(chunk.values)[chunk.offset + row] : NAN;
    row -= chunk.length;
  }
  return NAN;
}

bool same_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
}

void expect_rows_alone(const Ltv& model, const LtvQuery& query, const Customers& customers,
                       int threads) {
  const auto result = model.predict(customers.table(), options_of(query, threads));
  ASSERT_TRUE(result.ok()) << result.status().message();
  ASSERT_EQ(result->table.rows(), static_cast<int64_t>(customers.rows.size()));
  const bool interval = query.interval != LtvInterval::kNone;
  ASSERT_EQ(result->table.columns(), interval ? 3 : 1);
  int wrong = 0;
  for (size_t i = 0; i < customers.rows.size(); ++i) {
    const LtvPrediction alone = *model.predict(customers.rows[i], query);
    const auto row = static_cast<int64_t>(i);
    wrong += !same_bits(cell(result->table, 0, row), alone.value);
    if (interval) {
      wrong += !same_bits(cell(result->table, 1, row), alone.low);
      wrong += !same_bits(cell(result->table, 2, row), alone.high);
    }
  }
  EXPECT_EQ(wrong, 0);
}

// The law of the house: one customer alone gets what she gets among many, on any number of threads.
TEST(LtvPredict, ACustomerAloneGetsTheSameBits) {
  for (bool grid : {true, false}) {
    const Customers customers = random_customers(6000, grid);
    for (const Ltv& model : {patron_test::cdnow_bg(), patron_test::cdnow_mbg()}) {
      expect_rows_alone(model, ltv_query(LtvQuantity::kExpectedPurchases, 39), customers, 1);
      expect_rows_alone(model, ltv_query(LtvQuantity::kProbabilityAlive), customers, 3);
    }
    expect_rows_alone(patron_test::cdnow_spend(), ltv_query(LtvQuantity::kExpectedSpend), customers,
                      2);
  }
}

TEST(LtvPredict, TheSlowQuantitiesToo) {
  const Customers customers = random_customers(300, true);
  LtvQuery forever = ltv_query(LtvQuantity::kDiscountedPurchases, INFINITY);
  forever.rate_per_year = 0.1;
  for (const Ltv& model : {patron_test::fitted_bg(), patron_test::fitted_pareto()}) {
    expect_rows_alone(model, ltv_query(LtvQuantity::kPurchaseProbability, 39, 2), customers, 2);
    expect_rows_alone(model, ltv_query(LtvQuantity::kNextPurchase), customers, 2);
    LtvQuery query = ltv_query(LtvQuantity::kExpectedPurchases, 39);
    query.interval = LtvInterval::kConfidence;
    expect_rows_alone(model, query, customers, 2);
    query.interval = LtvInterval::kPrediction;
    expect_rows_alone(model, query, customers, 1);
  }
  expect_rows_alone(patron_test::cdnow_pareto(), forever, customers, 2);
}

TEST(LtvPredict, ThreadsDoNotReachTheResult) {
  const Customers customers = random_customers(40000, false);
  const LtvQuery query = ltv_query(LtvQuantity::kExpectedPurchases, 39);
  const Ltv model = patron_test::cdnow_bg();
  const Table one = model.predict(customers.table(), options_of(query, 1))->table;
  const Table four = model.predict(customers.table(), options_of(query, 4))->table;
  for (int64_t i = 0; i < one.rows(); ++i)
    ASSERT_TRUE(same_bits(cell(one, 0, i), cell(four, 0, i))) << i;
}

TEST(LtvPredict, BadRowsAreRefusedWithTheirReasons) {
  Customers customers = random_customers(3000, true);
  customers.rows[7] = {2, 40, 39};
  customers.rows[1500] = {0, 3, 39};
  customers.rows[2999] = {2, 3, NAN};
  const LtvQuery query = ltv_query(LtvQuantity::kExpectedPurchases, 39);
  const auto result = patron_test::cdnow_bg().predict(customers.table(), options_of(query, 2));
  ASSERT_TRUE(result.ok()) << result.status().message();
  ASSERT_EQ(result->refused.rows(), 3);
  const auto* rows = static_cast<const int64_t*>(result->refused.chunks(0)[0].values);
  EXPECT_EQ(rows[0], 7);
  EXPECT_EQ(rows[1], 1500);
  EXPECT_EQ(rows[2], 2999);
  for (int64_t i = 0; i < 3000; ++i) {
    const bool refused = i == 7 || i == 1500 || i == 2999;
    EXPECT_EQ(std::isnan(cell(result->table, 0, i)), refused) << i;
  }
  LtvPredictOptions strict = options_of(query);
  strict.refuse_bad_rows = false;
  const auto failed = patron_test::cdnow_bg().predict(customers.table(), strict);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.status().row(), 7);
}

TEST(LtvPredict, WhatDoesNotExistIsNull) {
  const LtvQuery forever = ltv_query(LtvQuantity::kExpectedPurchases, INFINITY);
  const auto result =
      patron_test::cdnow_bg().predict(random_customers(20, true).table(), options_of(forever));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->table.chunks(0)[0].null_count, 20);
  EXPECT_EQ(result->refused.rows(), 0);
}

TEST(LtvPredict, WrongCallsAreRefused) {
  const Ltv bg = patron_test::cdnow_bg();
  const Table table = random_customers(5, true).table();
  LtvPredictOptions options = options_of(ltv_query(LtvQuantity::kExpectedPurchases, -1));
  EXPECT_EQ(bg.predict(table, options).status().code(), Code::kArgument);
  options = options_of(ltv_query(LtvQuantity::kExpectedPurchases, 1));
  options.threads = -1;
  EXPECT_EQ(bg.predict(table, options).status().code(), Code::kArgument);
  options = options_of(ltv_query(LtvQuantity::kExpectedPurchases, 1));
  options.columns.T = "nothing";
  EXPECT_EQ(bg.predict(table, options).status().code(), Code::kColumn);
  options.columns.T = "";
  EXPECT_EQ(bg.predict(table, options).status().code(), Code::kArgument);
  EXPECT_EQ(bg.predict({1, 50, 39}, ltv_query(LtvQuantity::kExpectedPurchases, 1)).status().code(),
            Code::kArgument);
}

TEST(LtvPredict, IsCancelled) {
  patron::CancelToken token;
  token.cancel();
  LtvPredictOptions options = options_of(ltv_query(LtvQuantity::kExpectedPurchases, 1));
  options.control = {&token, {}};
  EXPECT_EQ(patron_test::cdnow_bg()
                .predict(random_customers(5000, false).table(), options)
                .status()
                .code(),
            Code::kCancelled);
}

TEST(LtvPredict, AnEmptyTableGivesAnEmptyOne) {
  const auto result = patron_test::cdnow_bg().predict(
      Customers().table(), options_of(ltv_query(LtvQuantity::kExpectedPurchases, 1)));
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->table.rows(), 0);
}

}  // namespace
