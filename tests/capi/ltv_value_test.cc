// What customers are worth, and customers as a model says they are.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "tests/capi/ltv_customers.h"
#include "tests/capi/stops.h"

namespace patron::test {
namespace {

class LtvValue : public testing::Test {
 protected:
  LtvValue()
      : purchases_(make_ltv(PATRON_LTV_MODEL_BG_NBD, kBgNbd)),
        spend_(make_ltv(PATRON_LTV_MODEL_GAMMA_GAMMA, {6.25, 3.74, 15.44})) {
    options_.columns = &columns_;
    options_.horizon = &horizon_;
  }
  patron_status value() {
    const Table table = customers_.table();
    patron_table* values = reinterpret_cast<patron_table*>(-1);
    patron_table* refused = reinterpret_cast<patron_table*>(-1);
    error_ = PATRON_ERROR_INIT;
    const patron_status status = patron_ltv_value(purchases_.get(), spend_.get(), table.get(),
                                                  &options_, &values, &refused, &error_);
    EXPECT_EQ(values == nullptr, status != PATRON_OK);
    EXPECT_EQ(refused == nullptr, status != PATRON_OK);
    values_.reset(values);
    refused_.reset(refused);
    return status;
  }
  std::vector<double> column_of(const char* name) const {
    return values_of<double>(values_.get(), name);
  }
  void expect_refused(patron_status wanted, const char* says) {
    EXPECT_EQ(value(), wanted) << error_.message;
    EXPECT_NE(std::strstr(error_.message, says), nullptr) << error_.message;
  }
  Customers customers_;
  Ltv purchases_, spend_;
  double horizon_ = 52;
  patron_ltv_columns columns_ = purchase_columns();
  patron_ltv_value_options options_ = PATRON_LTV_VALUE_OPTIONS_INIT;
  Table values_, refused_;
  patron_error error_ = PATRON_ERROR_INIT;
};

TEST_F(LtvValue, IsHowOftenTimesHowMuch) {
  options_.rate_per_year = 0.1;
  options_.margin = 0.3;
  ASSERT_EQ(value(), PATRON_OK) << error_.message;
  EXPECT_EQ(patron_table_rows(refused_.get()), 0);
  patron_ltv_query query = PATRON_LTV_QUERY_INIT;
  query.quantity = PATRON_LTV_QUANTITY_DISCOUNTED_PURCHASES;
  query.horizon = &horizon_;
  query.rate_per_year = 0.1;
  for (size_t i = 0; i < 12; ++i) {
    patron_ltv_customer who =
        customer(customers_.frequency[i], customers_.recency[i], customers_.age[i]);
    who.monetary = customers_.money[i];
    patron_ltv_prediction often = PATRON_LTV_PREDICTION_INIT, much = often;
    ASSERT_EQ(patron_ltv_predict_one(purchases_.get(), &who, &query, &often, nullptr), PATRON_OK);
    patron_ltv_query money = PATRON_LTV_QUERY_INIT;
    money.quantity = PATRON_LTV_QUANTITY_EXPECTED_SPEND;
    ASSERT_EQ(patron_ltv_predict_one(spend_.get(), &who, &money, &much, nullptr), PATRON_OK);
    EXPECT_EQ(column_of("discounted_purchases")[i], often.value);
    EXPECT_EQ(column_of("expected_spend")[i], much.value);
    EXPECT_EQ(column_of("value")[i], 0.3 * much.value * often.value);
    EXPECT_GT(column_of("expected_purchases")[i], often.value);
    EXPECT_LE(column_of("probability_alive")[i], 1);
  }
  const std::vector<double> year = column_of("value");
  options_.threads = 2;
  ASSERT_EQ(value(), PATRON_OK);
  EXPECT_EQ(column_of("value"), year);
  options_.horizon = nullptr;
  ASSERT_EQ(value(), PATRON_OK) << error_.message;
  for (size_t i = 0; i < 12; ++i) EXPECT_GT(column_of("value")[i], year[i]);
  EXPECT_EQ(patron_table_columns(values_.get()), 5);
}

TEST_F(LtvValue, HasAnIntervalWhereBothModelsWereFitted) {
  const Table table = customers_.table();
  patron_ltv_fit_options fitting = PATRON_LTV_FIT_OPTIONS_INIT;
  fitting.columns = &columns_;
  fitting.penalty = 0.01;
  options_.interval = PATRON_LTV_INTERVAL_CONFIDENCE;
  expect_refused(PATRON_E_ARGUMENT, "covariance");
  patron_ltv* fitted = nullptr;
  ASSERT_EQ(patron_ltv_fit(table.get(), PATRON_LTV_MODEL_MBG_NBD, &fitting, &fitted, &error_),
            PATRON_OK);
  purchases_.reset(fitted);
  ASSERT_EQ(patron_ltv_fit(table.get(), PATRON_LTV_MODEL_GAMMA_GAMMA, &fitting, &fitted, &error_),
            PATRON_OK);
  spend_.reset(fitted);
  ASSERT_EQ(value(), PATRON_OK) << error_.message;
  const std::vector<double> low = column_of("low");
  options_.level = 0.5;
  ASSERT_EQ(value(), PATRON_OK) << error_.message;
  for (size_t i = 0; i < 12; ++i) {
    EXPECT_GT(low[i], 0);
    EXPECT_LT(low[i], column_of("low")[i]);
    EXPECT_LT(column_of("low")[i], column_of("value")[i]);
    EXPECT_LT(column_of("value")[i], column_of("high")[i]);
  }
}

TEST_F(LtvValue, RefusesWhatItCannotDo) {
  customers_.money[2] = -40;
  customers_.recency[1] = 40;
  ASSERT_EQ(value(), PATRON_OK);
  EXPECT_EQ(values_of<int64_t>(refused_.get(), "row"), (Numbers{1, 2}));
  EXPECT_EQ(texts_of(refused_.get(), "column"), (Texts{"recency", "monetary"}));
  options_.on_bad_row = PATRON_BAD_ROW_FAIL;
  expect_refused(PATRON_E_ARGUMENT, "row 1");
  EXPECT_EQ(error_.row, 1);
  options_.on_bad_row = 2;
  expect_refused(PATRON_E_ARGUMENT, "options.on_bad_row");
  options_.on_bad_row = 0;
  for (const double margin : {-0.1, 1.5, std::nan("")}) {
    options_.margin = margin;
    expect_refused(PATRON_E_ARGUMENT, "margin");
  }
  options_.margin = 1;
  options_.interval = 3;
  expect_refused(PATRON_E_ARGUMENT, "options.interval");
  options_.interval = PATRON_LTV_INTERVAL_PREDICTION;
  expect_refused(PATRON_E_ARGUMENT, "prediction interval");
  options_.interval = 0;
  horizon_ = -3;
  expect_refused(PATRON_E_ARGUMENT, "horizon");
  horizon_ = 3;
  options_.rate_per_year = -1;
  expect_refused(PATRON_E_ARGUMENT, "rate_per_year");
  options_.rate_per_year = 0;
  options_.threads = -1;
  expect_refused(PATRON_E_ARGUMENT, "options.threads");
  options_.threads = 1;
  columns_.monetary = {nullptr, 0};
  expect_refused(PATRON_E_ARGUMENT, "columns.monetary");
  columns_.monetary = patron_str_of("money");
  expect_refused(PATRON_E_COLUMN, "money");
  columns_.monetary = patron_str_of("monetary");
  std::swap(purchases_, spend_);
  expect_refused(PATRON_E_ARGUMENT, "purchases");
  spend_ = make_ltv(PATRON_LTV_MODEL_NBD, {1, 1});
  purchases_ = make_ltv(PATRON_LTV_MODEL_NBD, {1, 1});
  expect_refused(PATRON_E_ARGUMENT, "spend");
  spend_ = make_ltv(PATRON_LTV_MODEL_GAMMA_GAMMA, {6.25, 3.74, 15.44});
  expect_stops(&options_, error_, [this] { return value(); });
}

class LtvSimulate : public testing::Test {
 protected:
  LtvSimulate() : model_(make_ltv(PATRON_LTV_MODEL_BG_NBD, kBgNbd)) {
    options_.customers = 200;
    options_.T = 52;
    options_.seed = 11;
  }
  patron_status simulate(bool with_events = true) {
    patron_table* customers = reinterpret_cast<patron_table*>(-1);
    patron_table* events = reinterpret_cast<patron_table*>(-1);
    error_ = PATRON_ERROR_INIT;
    const patron_status status = patron_ltv_simulate(model_.get(), &options_, &customers,
                                                     with_events ? &events : nullptr, &error_);
    EXPECT_EQ(customers == nullptr, status != PATRON_OK);
    customers_.reset(customers);
    if (with_events) events_.reset(events);
    return status;
  }
  void expect_refused(patron_status wanted, const char* says) {
    EXPECT_EQ(simulate(), wanted) << error_.message;
    EXPECT_EQ(events_.get(), nullptr);
    EXPECT_NE(std::strstr(error_.message, says), nullptr) << error_.message;
  }
  Numbers frequencies() const { return values_of<int64_t>(customers_.get(), "frequency"); }
  Ltv model_;
  patron_ltv_simulation options_ = PATRON_LTV_SIMULATION_INIT;
  Table customers_, events_;
  patron_error error_ = PATRON_ERROR_INIT;
};

TEST_F(LtvSimulate, GivesCustomersAndTheirPurchases) {
  ASSERT_EQ(simulate(), PATRON_OK) << error_.message;
  EXPECT_EQ(patron_table_rows(customers_.get()), 200);
  Numbers counted(200, 0);
  std::vector<double> last(200, 0);
  const Numbers who = values_of<int64_t>(events_.get(), "customer");
  const std::vector<double> when = values_of<double>(events_.get(), "time");
  for (size_t i = 0; i < who.size(); ++i) {
    const auto at = static_cast<size_t>(who[i]);
    ++counted[at];
    last[at] = std::max(last[at], when[i]);
  }
  EXPECT_EQ(frequencies(), counted);
  EXPECT_EQ(values_of<double>(customers_.get(), "recency"), last);
  EXPECT_EQ(values_of<double>(customers_.get(), "T"), std::vector<double>(200, 52));
  const Numbers first = frequencies();
  options_.threads = 2;
  ASSERT_EQ(simulate(false), PATRON_OK);
  EXPECT_EQ(frequencies(), first);
  options_.seed = 12;
  ASSERT_EQ(simulate(), PATRON_OK);
  EXPECT_NE(frequencies(), first);
  options_.seed = 11;
  std::vector<double> each(200, 52);
  each[7] = 3;
  options_.T_each = each.data();
  options_.T = 0;
  ASSERT_EQ(simulate(), PATRON_OK) << error_.message;
  EXPECT_EQ(values_of<double>(customers_.get(), "T"), each);
}

TEST_F(LtvSimulate, GivesSpendForEachNumberOfOrders) {
  model_ = make_ltv(PATRON_LTV_MODEL_GAMMA_GAMMA, {6.25, 3.74, 15.44});
  const Numbers orders{1, 2, 3, 1};
  options_.customers = 4;
  options_.orders_each = orders.data();
  ASSERT_EQ(simulate(false), PATRON_OK) << error_.message;
  EXPECT_EQ(frequencies(), orders);
  for (const double money : values_of<double>(customers_.get(), "monetary")) EXPECT_GT(money, 0);
}

TEST_F(LtvSimulate, RefusesWhatItCannotDo) {
  options_.customers = -1;
  expect_refused(PATRON_E_ARGUMENT, "options.customers is -1");
  options_.customers = 1;
  options_.threads = -1;
  expect_refused(PATRON_E_ARGUMENT, "options.threads");
  options_.threads = 1;
  for (const double T : {-1.0, std::nan(""), double{INFINITY}}) {
    options_.T = T;
    expect_refused(PATRON_E_ARGUMENT, "T");
  }
  options_.T = 1;
  expect_stops(&options_, error_, [this] { return simulate(); });
}

}  // namespace
}  // namespace patron::test
