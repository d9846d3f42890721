// Predictions for one customer, a new one and a table of them, and every way to ask in vain.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "tests/capi/ltv_customers.h"
#include "tests/capi/stops.h"

namespace patron::test {
namespace {

class LtvPredict : public testing::Test {
 protected:
  LtvPredict() : model_(make_ltv(PATRON_LTV_MODEL_BG_NBD, kBgNbd)) {
    query_.horizon = &horizon_;
    options_.columns = &columns_;
    options_.query = &query_;
  }
  patron_ltv_prediction one(const Ltv& ltv, const patron_ltv_customer* who) {
    patron_ltv_prediction prediction = PATRON_LTV_PREDICTION_INIT;
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(patron_ltv_predict_one(ltv.get(), who, &query_, &prediction, &error), PATRON_OK)
        << error.message;
    return prediction;
  }
  /// Of the customer whom the literature predicts: x = 2, t_x = 30.43, T = 38.86.
  double one(int32_t quantity) {
    query_.quantity = quantity;
    const patron_ltv_customer who = customer(2, 30.43, 38.86);
    return one(model_, &who).value;
  }
  void expect_refused(const patron_ltv_customer* who, patron_status wanted, const char* says) {
    patron_ltv_prediction prediction = PATRON_LTV_PREDICTION_INIT;
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(patron_ltv_predict_one(model_.get(), who, &query_, &prediction, &error), wanted)
        << error.message;
    EXPECT_NE(std::strstr(error.message, says), nullptr) << error.message;
  }
  patron_status predict(const Table& table) {
    patron_table* predictions = reinterpret_cast<patron_table*>(-1);
    patron_table* refused = reinterpret_cast<patron_table*>(-1);
    error_ = PATRON_ERROR_INIT;
    const patron_status status =
        patron_ltv_predict(model_.get(), table.get(), &options_, &predictions, &refused, &error_);
    EXPECT_EQ(predictions == nullptr, status != PATRON_OK);
    EXPECT_EQ(refused == nullptr, status != PATRON_OK);
    predictions_.reset(predictions);
    refused_.reset(refused);
    return status;
  }
  Customers customers_;
  Ltv model_;
  double horizon_ = 39;
  patron_ltv_columns columns_ = purchase_columns();
  patron_ltv_query query_ = PATRON_LTV_QUERY_INIT;
  patron_ltv_predict_options options_ = PATRON_LTV_PREDICT_OPTIONS_INIT;
  Table predictions_, refused_;
  patron_error error_ = PATRON_ERROR_INIT;
};

// Hardie's spreadsheet and the R package BTYD at these parameters.
TEST_F(LtvPredict, SaysWhatIsPublished) {
  EXPECT_NEAR(one(PATRON_LTV_QUANTITY_EXPECTED_PURCHASES), 1.226028175, 5e-9);
  query_.horizon = nullptr;
  EXPECT_NEAR(one(PATRON_LTV_QUANTITY_PROBABILITY_ALIVE), 0.7265785701, 5e-11);
  query_.horizon = &horizon_;
  query_.quantity = PATRON_LTV_QUANTITY_PURCHASE_PROBABILITY;
  query_.count = 2;
  EXPECT_NEAR(one(model_, nullptr).value, 0.08542975954, 5e-11);
  query_.quantity = PATRON_LTV_QUANTITY_EXPECTED_PURCHASES;
  horizon_ = 32;
  const Ltv fitted = make_ltv(PATRON_LTV_MODEL_BG_NBD, {0.2425945, 4.413602, 0.792922, 2.4259068});
  EXPECT_NEAR(one(fitted, nullptr).value, 1.0437, 5e-5);
}

TEST_F(LtvPredict, ReadsEachPartOfTheQuery) {
  query_.quantity = PATRON_LTV_QUANTITY_NEXT_PURCHASE;
  const double median = one(PATRON_LTV_QUANTITY_NEXT_PURCHASE);
  query_.probability = 0.25;
  EXPECT_LT(one(PATRON_LTV_QUANTITY_NEXT_PURCHASE), median);
  query_.probability = 0.75;  // more than the chance that she is still there
  EXPECT_EQ(one(PATRON_LTV_QUANTITY_NEXT_PURCHASE), INFINITY);
  const double undiscounted = one(PATRON_LTV_QUANTITY_DISCOUNTED_PURCHASES);
  EXPECT_NEAR(undiscounted, one(PATRON_LTV_QUANTITY_EXPECTED_PURCHASES), 1e-10);
  query_.rate_per_year = 0.1;
  const double discounted = one(PATRON_LTV_QUANTITY_DISCOUNTED_PURCHASES);
  EXPECT_LT(discounted, undiscounted);
  EXPECT_GT(discounted, undiscounted * std::pow(1.1, -39 / 52.1775));
  query_.horizon = nullptr;
  EXPECT_GT(one(PATRON_LTV_QUANTITY_DISCOUNTED_PURCHASES), discounted);
  query_.rate_per_year = 0;  // a is below 1, so for ever there are infinitely many
  EXPECT_TRUE(std::isnan(one(PATRON_LTV_QUANTITY_DISCOUNTED_PURCHASES)));
  query_.horizon = &horizon_;
  query_.interval = PATRON_LTV_INTERVAL_PREDICTION;
  query_.quantity = PATRON_LTV_QUANTITY_EXPECTED_PURCHASES;
  const patron_ltv_customer who = customer(26, 30.86, 31);
  const patron_ltv_prediction wide = one(model_, &who);
  query_.level = 0.5;
  const patron_ltv_prediction narrow = one(model_, &who);
  EXPECT_EQ(wide.value, narrow.value);
  EXPECT_EQ(wide.low, std::floor(wide.low));
  EXPECT_LT(wide.low, narrow.low);
  EXPECT_GT(wide.high, narrow.high);
  query_.interval = PATRON_LTV_INTERVAL_NONE;
  EXPECT_TRUE(std::isnan(one(model_, &who).low));
}

TEST_F(LtvPredict, KnowsContractsAndSpend) {
  const Ltv contracts = make_ltv(PATRON_LTV_MODEL_SBG, {0.668, 3.806});
  const patron_ltv_customer seven = customer(0, 0, 7);
  query_.quantity = PATRON_LTV_QUANTITY_RETENTION_RATE;
  const double retained = one(contracts, &seven).value;
  EXPECT_NEAR(retained, (3.806 + 7) / (0.668 + 3.806 + 7), 1e-15);  // Fader and Hardie (2007), 7
  horizon_ = 7;
  query_.quantity = PATRON_LTV_QUANTITY_PROBABILITY_ALIVE;
  double survival = 1;  // the product of the retention rates
  for (int t = 0; t < 7; ++t) survival *= (3.806 + t) / (0.668 + 3.806 + t);
  EXPECT_NEAR(one(contracts, nullptr).value, survival, 1e-14);
  query_.quantity = PATRON_LTV_QUANTITY_RESIDUAL_LIFETIME;
  horizon_ = 1;
  EXPECT_NEAR(one(contracts, &seven).value, retained, 1e-15);
  query_.quantity = PATRON_LTV_QUANTITY_DISCOUNTED_LIFETIME;
  query_.rate_per_year = 0.1;
  EXPECT_NEAR(one(contracts, &seven).value, retained / std::pow(1.1, 1 / 52.1775), 1e-12);
  const Ltv spend = make_ltv(PATRON_LTV_MODEL_GAMMA_GAMMA, {6.25, 3.74, 15.44});
  query_.quantity = PATRON_LTV_QUANTITY_EXPECTED_SPEND;
  patron_ltv_customer buyer = customer(2, 0, 0);
  buyer.monetary = 40;
  EXPECT_NEAR(one(spend, &buyer).value, 6.25 * (15.44 + 80) / (12.5 + 2.74), 1e-12);
  EXPECT_NEAR(one(spend, nullptr).value, 6.25 * 15.44 / 2.74, 1e-12);
  const Ltv heavy = make_ltv(PATRON_LTV_MODEL_GAMMA_GAMMA, {6.25, 0.9, 15.44});
  EXPECT_TRUE(std::isnan(one(heavy, nullptr).value));  // the mean does not exist
}

TEST_F(LtvPredict, RefusesCustomersAndQueriesOutOfTheirDomain) {
  const patron_ltv_customer sound = customer(2, 30, 38);
  for (const auto& [who, says] : {std::pair{customer(-1, 0, 38), "frequency"},
                                  {customer(1.5, 3, 38), "frequency"},
                                  {customer(2, 39, 38), "recency"},
                                  {customer(0, 3, 38), "recency"}}) {
    expect_refused(&who, PATRON_E_ARGUMENT, says);
  }
  const patron_ltv_customer nan = customer(2, 30, std::nan(""));
  expect_refused(&nan, PATRON_E_NUMBER, "T");
  horizon_ = -1;
  expect_refused(&sound, PATRON_E_ARGUMENT, "horizon: -1");
  horizon_ = std::nan("");
  expect_refused(nullptr, PATRON_E_ARGUMENT, "horizon");
  horizon_ = 39;
  query_.quantity = 9;
  expect_refused(&sound, PATRON_E_ARGUMENT, "query.quantity");
  query_.quantity = PATRON_LTV_QUANTITY_EXPECTED_SPEND;
  expect_refused(&sound, PATRON_E_ARGUMENT, "bg_nbd has no expected spend");
  query_.quantity = PATRON_LTV_QUANTITY_PURCHASE_PROBABILITY;
  query_.count = -1;
  expect_refused(&sound, PATRON_E_ARGUMENT, "count: -1");
  query_.quantity = PATRON_LTV_QUANTITY_NEXT_PURCHASE;
  query_.probability = 1;
  expect_refused(&sound, PATRON_E_ARGUMENT, "probability: 1");
  query_.quantity = PATRON_LTV_QUANTITY_DISCOUNTED_PURCHASES;
  query_.rate_per_year = -1;
  expect_refused(&sound, PATRON_E_ARGUMENT, "rate_per_year: -1");
  query_.rate_per_year = 0;
  query_.quantity = PATRON_LTV_QUANTITY_EXPECTED_PURCHASES;
  query_.interval = 3;
  expect_refused(&sound, PATRON_E_ARGUMENT, "query.interval");
  query_.interval = PATRON_LTV_INTERVAL_PREDICTION;
  query_.level = 1;
  expect_refused(&sound, PATRON_E_ARGUMENT, "level: 1");
  query_.level = 0.95;
  query_.interval = PATRON_LTV_INTERVAL_CONFIDENCE;
  expect_refused(&sound, PATRON_E_ARGUMENT, "Fit it");
  query_.interval = PATRON_LTV_INTERVAL_PREDICTION;
  query_.quantity = PATRON_LTV_QUANTITY_PROBABILITY_ALIVE;
  expect_refused(&sound, PATRON_E_ARGUMENT, "confidence");
}

TEST_F(LtvPredict, OfATableIsThatOfEachByThreads) {
  query_.interval = PATRON_LTV_INTERVAL_PREDICTION;
  for (const int32_t threads : {1, 2}) {
    options_.threads = threads;
    ASSERT_EQ(predict(customers_.table()), PATRON_OK) << error_.message;
    EXPECT_EQ(patron_table_rows(refused_.get()), 0);
    for (size_t i = 0; i < 12; ++i) {
      const patron_ltv_customer who =
          customer(customers_.frequency[i], customers_.recency[i], customers_.age[i]);
      const patron_ltv_prediction alone = one(model_, &who);
      EXPECT_EQ(values_of<double>(predictions_.get(), "value")[i], alone.value);
      EXPECT_EQ(values_of<double>(predictions_.get(), "low")[i], alone.low);
      EXPECT_EQ(values_of<double>(predictions_.get(), "high")[i], alone.high);
    }
  }
  query_.interval = PATRON_LTV_INTERVAL_NONE;
  ASSERT_EQ(predict(customers_.table()), PATRON_OK);
  EXPECT_EQ(patron_table_columns(predictions_.get()), 1);
}

TEST_F(LtvPredict, ListsTheRowsItRefuses) {
  customers_.recency[2] = -1;
  customers_.age[9] = std::nan("");
  ASSERT_EQ(predict(customers_.table()), PATRON_OK);
  EXPECT_EQ(values_of<int64_t>(refused_.get(), "row"), (Numbers{2, 9}));
  EXPECT_EQ(texts_of(refused_.get(), "column"), (Texts{"recency", "T"}));
  const patron_column value = view_of(predictions_.get(), "value");
  EXPECT_EQ(value.length, 12);
  ASSERT_NE(value.validity, nullptr);
  for (int64_t i = 0; i < 12; ++i) {
    const int64_t bit = value.offset + i;
    EXPECT_EQ(value.validity[bit / 8] >> (bit % 8) & 1, i == 2 || i == 9 ? 0 : 1) << i;
  }
  options_.on_bad_row = PATRON_BAD_ROW_FAIL;
  EXPECT_EQ(predict(customers_.table()), PATRON_E_ARGUMENT);
  EXPECT_EQ(error_.row, 2);
  customers_.recency[2] = 1;
  EXPECT_EQ(predict(customers_.table()), PATRON_E_NUMBER);
  EXPECT_EQ(error_.row, 9);
}

TEST_F(LtvPredict, RefusesOptionsThatAreNone) {
  const Table table = customers_.table();
  const auto refused = [&](patron_status wanted, const char* says) {
    EXPECT_EQ(predict(table), wanted) << error_.message;
    EXPECT_NE(std::strstr(error_.message, says), nullptr) << error_.message;
  };
  options_.on_bad_row = -1;
  refused(PATRON_E_ARGUMENT, "options.on_bad_row");
  options_.on_bad_row = 0;
  options_.threads = -2;
  refused(PATRON_E_ARGUMENT, "options.threads is -2");
  options_.threads = 1;
  options_.query = nullptr;
  refused(PATRON_E_ARGUMENT, "options.query is NULL");
  options_.query = &query_;
  query_.quantity = 9;
  refused(PATRON_E_ARGUMENT, "options.query.quantity");
  query_.quantity = 1;
  query_.interval = -1;
  refused(PATRON_E_ARGUMENT, "options.query.interval");
  query_.interval = 0;
  columns_.T = {nullptr, 0};
  refused(PATRON_E_ARGUMENT, "columns.T");
  columns_.T = patron_str_of("t");
  refused(PATRON_E_COLUMN, "\"t\"");
  options_.columns = nullptr;
  refused(PATRON_E_ARGUMENT, "options.columns is NULL");
  options_.columns = &columns_;
  columns_.T = patron_str_of("T");
  expect_stops(&options_, error_, [&] { return predict(table); });
}

}  // namespace
}  // namespace patron::test
