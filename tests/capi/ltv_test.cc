// Fits and models by their numbers: every option reaches the computation, and every result comes
// back. What the numbers mean in depth is tested with lib/models/ltv.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

#include "tests/capi/ltv_customers.h"
#include "tests/capi/stops.h"

namespace patron::test {
namespace {

template <size_t n>
bool same_bits(const double (&a)[n], const double (&b)[n]) {
  return std::equal(a, a + n, b, [](double x, double y) {
    return std::bit_cast<uint64_t>(x) == std::bit_cast<uint64_t>(y);
  });
}

class LtvFit : public testing::Test {
 protected:
  LtvFit() {
    options_.columns = &columns_;
    options_.penalty = 0.01;
  }
  Ltv fit(int32_t model = PATRON_LTV_MODEL_MBG_NBD) {
    const Table table = customers_.table();
    patron_error error = PATRON_ERROR_INIT;
    patron_ltv* out = nullptr;
    EXPECT_EQ(patron_ltv_fit(table.get(), model, &options_, &out, &error), PATRON_OK)
        << error.message;
    return Ltv(out);
  }
  patron_status refused(int32_t model = PATRON_LTV_MODEL_MBG_NBD) {
    const Table table = customers_.table();
    patron_ltv* out = reinterpret_cast<patron_ltv*>(-1);
    error_ = PATRON_ERROR_INIT;
    const patron_status status = patron_ltv_fit(table.get(), model, &options_, &out, &error_);
    EXPECT_EQ(out, nullptr);
    return status;
  }
  void expect_refused(patron_status wanted, const char* says) {
    EXPECT_EQ(refused(), wanted) << error_.message;
    EXPECT_NE(std::strstr(error_.message, says), nullptr) << error_.message;
  }
  static patron_ltv_report report(const Ltv& ltv) {
    patron_ltv_report report = PATRON_LTV_REPORT_INIT;
    EXPECT_EQ(patron_ltv_read_report(ltv.get(), &report, nullptr), PATRON_OK);
    return report;
  }
  static patron_ltv_parameters parameters(const Ltv& ltv) {
    patron_ltv_parameters parameters = PATRON_LTV_PARAMETERS_INIT;
    EXPECT_EQ(patron_ltv_read_parameters(ltv.get(), &parameters, nullptr), PATRON_OK);
    return parameters;
  }
  Customers customers_;
  patron_ltv_columns columns_ = purchase_columns();
  patron_ltv_fit_options options_ = PATRON_LTV_FIT_OPTIONS_INIT;
  patron_error error_ = PATRON_ERROR_INIT;
};

TEST_F(LtvFit, ReportsHowItWent) {
  options_.unit = PATRON_LTV_UNIT_MONTH;
  const Ltv ltv = fit();
  const patron_ltv_report went = report(ltv);
  EXPECT_EQ(went.verdict, PATRON_LTV_VERDICT_CONVERGED) << text(went.message);
  EXPECT_EQ(text(went.message).rfind("converged", 0), 0U) << text(went.message);
  EXPECT_EQ(went.rows, 12);
  EXPECT_EQ(went.excluded_rows, 0);
  EXPECT_EQ(went.unique_rows, 12);
  EXPECT_EQ(went.customers, 12);
  EXPECT_GT(went.iterations, 0);
  EXPECT_LT(went.gradient_norm, 1e-8);
  EXPECT_LT(went.log_likelihood, 0);
  EXPECT_GT(went.penalty, 0);
  EXPECT_NEAR(went.aic, 8 - 2 * went.log_likelihood, 1e-9);
  EXPECT_NEAR(went.bic, 4 * std::log(12) - 2 * went.log_likelihood, 1e-9);
  for (int i = 0; i < 4; ++i) {
    const double variance = went.covariance[5 * i];
    EXPECT_NEAR(went.standard_errors[i], std::sqrt(variance), 1e-12 * went.standard_errors[i]);
    for (int j = 0; j < i; ++j) EXPECT_EQ(went.covariance[4 * i + j], went.covariance[4 * j + i]);
  }
  const patron_ltv_parameters what = parameters(ltv);
  EXPECT_EQ(what.model, PATRON_LTV_MODEL_MBG_NBD);
  EXPECT_EQ(what.unit, PATRON_LTV_UNIT_MONTH);
  EXPECT_EQ(what.count, 4);
  for (const double value : what.values) EXPECT_GT(value, 0);
}

TEST_F(LtvFit, TakesEveryModel) {
  for (const int32_t model : {PATRON_LTV_MODEL_NBD, PATRON_LTV_MODEL_BG_NBD,
                              PATRON_LTV_MODEL_PARETO_NBD, PATRON_LTV_MODEL_GAMMA_GAMMA}) {
    EXPECT_EQ(parameters(fit(model)).model, model);
  }
  EXPECT_EQ(report(fit(PATRON_LTV_MODEL_GAMMA_GAMMA)).excluded_rows, 4);  // never bought again
  columns_.T = patron_str_of("periods");
  columns_.churned = patron_str_of("churned");
  const Ltv contracts = fit(PATRON_LTV_MODEL_SBG);
  EXPECT_EQ(parameters(contracts).count, 2);
  EXPECT_EQ(report(contracts).unique_rows, 6);  // ended at 1 to 4, kept for 1 and for 4
  EXPECT_EQ(parameters(fit(PATRON_LTV_MODEL_BDW)).count, 3);
  customers_.recency = {0, 1, 2, 0, 4, 3, 0, 1, 7, 2, 0, 5};
  columns_.T = patron_str_of("frequency");
  EXPECT_EQ(parameters(fit(PATRON_LTV_MODEL_BG_BB)).model, PATRON_LTV_MODEL_BG_BB);
}

TEST_F(LtvFit, TakesWeightsPenaltyAndIterations) {
  const Ltv plain = fit();
  columns_.weight = patron_str_of("weight");
  EXPECT_EQ(report(fit()).customers, 14.5);
  columns_.weight = {nullptr, 0};
  options_.penalty = 0.1;
  EXPECT_NE(parameters(fit()).values[0], parameters(plain).values[0]);
  options_.penalty = 0.01;
  options_.threads = 2;
  const patron_ltv_parameters again = parameters(fit());
  EXPECT_TRUE(same_bits(again.values, parameters(plain).values));
  options_.max_iterations = 1;
  const Ltv hasty = fit();
  EXPECT_EQ(report(hasty).verdict, PATRON_LTV_VERDICT_ITERATIONS) << text(report(hasty).message);
  EXPECT_TRUE(std::isnan(report(hasty).covariance[0]));
}

TEST_F(LtvFit, ListsTheRowsItLeavesOut) {
  customers_.frequency[3] = 1.5;
  customers_.recency[4] = 37.5;
  customers_.recency[6] = 1;
  customers_.age[7] = std::nan("");
  customers_.weight[1] = 0;
  columns_.weight = patron_str_of("weight");
  const Ltv ltv = fit();
  EXPECT_EQ(report(ltv).rows, 12);
  EXPECT_EQ(report(ltv).excluded_rows, 5);
  patron_table* table = nullptr;
  ASSERT_EQ(patron_ltv_excluded(ltv.get(), &table, nullptr), PATRON_OK);
  const Table excluded(table);
  EXPECT_EQ(values_of<int64_t>(table, "row"), (Numbers{1, 3, 4, 6, 7}));
  EXPECT_EQ(texts_of(table, "column"), (Texts{"weight", "frequency", "recency", "recency", "T"}));
  EXPECT_NE(texts_of(table, "reason")[2].find("above T"), std::string::npos);
  options_.on_bad_row = PATRON_BAD_ROW_FAIL;
  expect_refused(PATRON_E_ARGUMENT, "row 1");
  EXPECT_EQ(error_.row, 1);
  customers_.weight[1] = 1;
  customers_.frequency[3] = 0;
  customers_.recency[4] = 35.25;
  customers_.recency[6] = 0;
  expect_refused(PATRON_E_NUMBER, "row 7");
  EXPECT_EQ(error_.row, 7);
}

TEST_F(LtvFit, RefusesWhatItCannotDo) {
  EXPECT_EQ(refused(8), PATRON_E_ARGUMENT);
  EXPECT_NE(std::strstr(error_.message, "model"), nullptr) << error_.message;
  EXPECT_EQ(refused(-1), PATRON_E_ARGUMENT);
  options_.unit = 6;
  expect_refused(PATRON_E_ARGUMENT, "options.unit");
  options_.unit = PATRON_LTV_UNIT_WEEK;
  options_.on_bad_row = 2;
  expect_refused(PATRON_E_ARGUMENT, "options.on_bad_row");
  options_.on_bad_row = 0;
  options_.threads = -1;
  expect_refused(PATRON_E_ARGUMENT, "options.threads is -1");
  options_.threads = 1;
  for (const double penalty : {-1.0, std::nan(""), double{INFINITY}}) {
    options_.penalty = penalty;
    expect_refused(PATRON_E_ARGUMENT, "penalty");
  }
  options_.penalty = 0;
  options_.max_iterations = 0;
  expect_refused(PATRON_E_ARGUMENT, "max_iterations");
  options_.max_iterations = 10;
  columns_.recency = {nullptr, 0};
  expect_refused(PATRON_E_ARGUMENT, "columns.recency");
  columns_.recency = {"\xFF", 1};
  expect_refused(PATRON_E_UTF8, "options.columns.recency");
  columns_.recency = patron_str_of("rezency");
  expect_refused(PATRON_E_COLUMN, "rezency");
  columns_.recency = patron_str_of("churned");
  expect_refused(PATRON_E_TYPE, "churned");
  columns_.recency = patron_str_of("recency");
  customers_.frequency.assign(12, 0);
  customers_.recency.assign(12, 0);
  expect_refused(PATRON_E_EMPTY, "repeat");
  customers_.frequency.assign(12, -1);
  expect_refused(PATRON_E_EMPTY, "row 0");
  options_.columns = nullptr;
  expect_refused(PATRON_E_ARGUMENT, "options.columns is NULL");
}

TEST_F(LtvFit, StopsWhereTheCallerSays) {
  expect_stops(&options_, error_, [this] { return refused(); });
}

TEST_F(LtvFit, ComesBackFromItsDocument) {
  customers_.weight[1] = 0;
  columns_.weight = patron_str_of("weight");
  const Ltv ltv = fit();
  patron_buffer* json = nullptr;
  ASSERT_EQ(patron_ltv_to_json(ltv.get(), &json, nullptr), PATRON_OK);
  const Buffer kept(json);
  const patron_str document = patron_buffer_text(json);
  patron_ltv* read = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  ASSERT_EQ(patron_ltv_parse(document.data, document.size, &read, &error), PATRON_OK)
      << error.message;
  const Ltv again(read);
  EXPECT_TRUE(same_bits(parameters(ltv).values, parameters(again).values));
  const patron_ltv_report first = report(ltv), second = report(again);
  EXPECT_EQ(text(first.message), text(second.message));
  EXPECT_TRUE(same_bits(first.covariance, second.covariance));
  EXPECT_EQ(first.log_likelihood, second.log_likelihood);
  EXPECT_EQ(second.excluded_rows, 1);
  patron_table* excluded = nullptr;  // which are not in the document
  ASSERT_EQ(patron_ltv_excluded(again.get(), &excluded, nullptr), PATRON_OK);
  const Table none(excluded);
  EXPECT_EQ(patron_table_rows(excluded), 0);
  EXPECT_EQ(patron_table_columns(excluded), 3);

  EXPECT_EQ(patron_ltv_parse("{\"model\": ", 10, &read, &error), PATRON_E_SYNTAX);
  EXPECT_GE(error.byte_offset, 0);
  EXPECT_EQ(read, nullptr);
  EXPECT_EQ(patron_ltv_parse("{}", 2, &read, &error), PATRON_E_DOCUMENT);
  EXPECT_EQ(patron_ltv_parse("\xFF", 1, &read, &error), PATRON_E_UTF8);
}

TEST(LtvCreate, IsByNumbers) {
  const Ltv ltv = make_ltv(PATRON_LTV_MODEL_BG_NBD, kBgNbd);
  patron_error error = PATRON_ERROR_INIT;
  patron_ltv_report report = PATRON_LTV_REPORT_INIT;
  EXPECT_EQ(patron_ltv_read_report(ltv.get(), &report, &error), PATRON_E_STATE);
  EXPECT_STREQ(error.message, "ltv was made from parameters, so there is no fit to report");
  const auto refused = [&](int32_t model, std::vector<double> values, int32_t unit,
                           const char* says) {
    patron_ltv* out = reinterpret_cast<patron_ltv*>(-1);
    EXPECT_EQ(patron_ltv_create(model, values.data(), values.size(), unit, &out, &error),
              PATRON_E_ARGUMENT);
    EXPECT_EQ(out, nullptr);
    EXPECT_NE(std::strstr(error.message, says), nullptr) << error.message;
  };
  refused(PATRON_LTV_MODEL_BG_NBD, {1, 1, 1}, PATRON_LTV_UNIT_DAY, "r, alpha, a, b");
  refused(PATRON_LTV_MODEL_NBD, {1, 0}, PATRON_LTV_UNIT_DAY, "alpha is 0");
  refused(PATRON_LTV_MODEL_NBD, {1, std::nan("")}, PATRON_LTV_UNIT_DAY, "alpha");
  refused(PATRON_LTV_MODEL_NBD, {1, 1}, 6, "unit");
  refused(8, {1, 1}, PATRON_LTV_UNIT_DAY, "model");
}

TEST(LtvCreate, IsClosedOnce) {
  patron_ltv_close(make_ltv(PATRON_LTV_MODEL_BG_NBD, kBgNbd).release());
  patron_ltv_close(nullptr);
}

TEST(LtvNames, AreThoseOfThePapers) {
  EXPECT_EQ(text(patron_ltv_model_name(PATRON_LTV_MODEL_PARETO_NBD)), "pareto_nbd");
  EXPECT_EQ(text(patron_ltv_parameter_name(PATRON_LTV_MODEL_PARETO_NBD, 2)), "s");
  EXPECT_EQ(text(patron_ltv_parameter_name(PATRON_LTV_MODEL_GAMMA_GAMMA, 2)), "v");
  EXPECT_EQ(patron_ltv_model_name(8).data, nullptr);
  EXPECT_EQ(patron_ltv_model_name(-1).data, nullptr);
  EXPECT_EQ(patron_ltv_parameter_name(PATRON_LTV_MODEL_SBG, 2).data, nullptr);
  EXPECT_EQ(patron_ltv_parameter_name(PATRON_LTV_MODEL_SBG, -1).data, nullptr);
  EXPECT_EQ(patron_ltv_parameter_name(8, 0).data, nullptr);
}

}  // namespace
}  // namespace patron::test
