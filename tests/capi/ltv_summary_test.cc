// Every option reaches the computation, and every result comes back. What the numbers mean in depth
// is tested with lib/models/ltv/summary.
#include <cmath>
#include <cstring>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

using Doubles = std::vector<double>;
using Numbers = std::vector<int64_t>;

template <typename T>
std::vector<T> values_of(const patron_table* table, const char* name) {
  const patron_column view = view_of(table, name);
  const T* values = static_cast<const T*>(view.values) + view.offset;
  return {values, values + view.length};
}

/// Orders of the world: customers 1, 1, 2, 3, 3, 3 on days 20454, 20484, 20470, 20460, 20475, 20490
/// for 30, 20, 15.50, 9.90, 12 and 60.10.
class LtvSummaryCompute : public testing::Test {
 protected:
  Table summary(patron_ltv_counts* counts = nullptr) {
    const Table table = orders_.table();
    patron_error error = PATRON_ERROR_INIT;
    patron_ltv_summary* out = nullptr;
    EXPECT_EQ(patron_ltv_summary_compute(table.get(), &options_, &out, &error), PATRON_OK)
        << error.message;
    const LtvSummary made(out);
    if (counts != nullptr) {
      EXPECT_EQ(patron_ltv_summary_counts(made.get(), counts, nullptr), PATRON_OK);
    }
    patron_table* result = nullptr;
    EXPECT_EQ(patron_ltv_summary_table(made.get(), &result, nullptr), PATRON_OK);
    return Table(result);
  }
  void expect_refused(patron_status wanted, const char* says) {
    const Table table = orders_.table();
    patron_ltv_summary* out = reinterpret_cast<patron_ltv_summary*>(-1);
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(patron_ltv_summary_compute(table.get(), &options_, &out, &error), wanted);
    EXPECT_EQ(out, nullptr);
    EXPECT_NE(std::strstr(error.message, says), nullptr) << error.message;
  }
  Orders orders_;
  patron_ltv_summary_options options_ = summary_options();
};

TEST_F(LtvSummaryCompute, GivesWeeksAndTheMeanOfTheRepeats) {
  const Table table = summary();
  EXPECT_EQ(values_of<int64_t>(table.get(), "customer"), (Numbers{1, 2, 3}));
  EXPECT_EQ(values_of<int64_t>(table.get(), "frequency"), (Numbers{1, 0, 2}));
  EXPECT_EQ(values_of<double>(table.get(), "recency"), (Doubles{30 / 7.0, 0, 30 / 7.0}));
  EXPECT_EQ(values_of<double>(table.get(), "T"), (Doubles{36 / 7.0, 20 / 7.0, 30 / 7.0}));
  EXPECT_EQ(values_of<double>(table.get(), "monetary"), (Doubles{20, 0, 36.05}));
}

TEST_F(LtvSummaryCompute, ReadsEveryOption) {
  const int64_t calibration = 20475 * kDay, observation = 20484 * kDay;
  options_.unit = PATRON_LTV_UNIT_DAY;
  options_.calibration_end = &calibration;
  options_.observation_end = &observation;
  options_.first_order = PATRON_LTV_FIRST_ORDER_KEEP;
  options_.money = PATRON_LTV_MONEY_TOTAL;
  options_.threads = 2;
  patron_ltv_counts counts = PATRON_LTV_COUNTS_INIT;
  Table table = summary(&counts);
  EXPECT_EQ(values_of<double>(table.get(), "monetary"), (Doubles{30, 15.5, 21.9}));
  EXPECT_EQ(values_of<int64_t>(table.get(), "frequency_holdout"), (Numbers{1, 0, 0}));
  EXPECT_EQ(values_of<double>(table.get(), "monetary_holdout"), (Doubles{20, 0, 0}));
  EXPECT_EQ(values_of<double>(table.get(), "duration_holdout"), (Doubles{9, 9, 9}));
  EXPECT_EQ(counts.customers, 3);
  EXPECT_EQ(counts.waiting_rows, 1);
  EXPECT_EQ(counts.calibration_end, calibration);
  EXPECT_EQ(counts.observation_end, observation);
  options_.collapse = PATRON_LTV_COLLAPSE_UNIT;
  options_.unit = PATRON_LTV_UNIT_MONTH;
  options_.calibration_end = nullptr;
  table = summary();
  EXPECT_EQ(values_of<int64_t>(table.get(), "frequency"), (Numbers{0, 0, 0}));  // all in January
  options_.amount = patron_str_of("");
  int32_t place = 0;
  EXPECT_EQ(patron_table_find(summary().get(), "monetary", 8, &place, nullptr), PATRON_E_COLUMN);
}

TEST_F(LtvSummaryCompute, RefundsZerosAndBadRowsAreTreatedAsAsked) {
  orders_.amount = {30.00, -20.00, 0, 9.90, std::nan(""), 60.10};
  patron_ltv_counts counts = PATRON_LTV_COUNTS_INIT;
  EXPECT_EQ(values_of<int64_t>(summary(&counts).get(), "frequency"), (Numbers{0, 0, 1}));
  EXPECT_EQ(counts.refused_rows, 1);
  EXPECT_EQ(counts.refund_rows, 1);
  EXPECT_EQ(counts.zero_rows, 1);
  options_.zero = PATRON_ZERO_IGNORE;
  EXPECT_EQ(values_of<int64_t>(summary(&counts).get(), "customer"), (Numbers{1, 3}));
  EXPECT_EQ(counts.without_orders, 1);
  options_.on_bad_row = PATRON_BAD_ROW_FAIL;
  expect_refused(PATRON_E_NUMBER, "row 4: amount is NaN or infinite");
}

TEST_F(LtvSummaryCompute, RefusesWhatIsNoOption) {
  options_.unit = 6;
  expect_refused(PATRON_E_ARGUMENT, "options.unit");
  options_ = summary_options();
  options_.collapse = 3;
  expect_refused(PATRON_E_ARGUMENT, "options.collapse");
  options_ = summary_options();
  options_.first_order = -1;
  expect_refused(PATRON_E_ARGUMENT, "options.first_order");
  options_ = summary_options();
  options_.money = 2;
  expect_refused(PATRON_E_ARGUMENT, "options.money");
  options_ = summary_options();
  options_.refunds = 3;
  expect_refused(PATRON_E_ARGUMENT, "options.refunds");
  options_ = summary_options();
  options_.timezone = patron_str_of("Mars");
  expect_refused(PATRON_E_ZONE, "Mars");
}

TEST(LtvHistoric, ComesWithMarginAndInterest) {
  const Orders orders;
  const Table table = orders.table();
  patron_ltv_historic_options options = historic_options();
  options.margin = patron_str_of("amount");
  options.rate_per_year = 1;
  const int64_t as_of = 20490 * kDay;
  options.as_of = &as_of;
  patron_error error = PATRON_ERROR_INIT;
  patron_ltv_historic* out = nullptr;
  ASSERT_EQ(patron_ltv_historic_compute(table.get(), &options, &out, &error), PATRON_OK)
      << error.message;
  const LtvHistoric historic(out);
  patron_table* made = nullptr;
  ASSERT_EQ(patron_ltv_historic_table(historic.get(), &made, nullptr), PATRON_OK);
  const Table result(made);
  EXPECT_EQ(values_of<double>(result.get(), "revenue"), (Doubles{50, 15.5, 82}));
  EXPECT_EQ(values_of<double>(result.get(), "margin"), (Doubles{50, 15.5, 82}));
  EXPECT_NEAR(values_of<double>(result.get(), "revenue_at_as_of")[1],
              15.5 * std::pow(2, 20 / 365.2425), 1e-12);
  EXPECT_EQ(values_of<int64_t>(result.get(), "first_order")[0], 20454 * kDay);
  patron_ltv_counts counts = PATRON_LTV_COUNTS_INIT;
  EXPECT_EQ(patron_ltv_historic_counts(historic.get(), &counts, nullptr), PATRON_OK);
  EXPECT_EQ(counts.observation_end, as_of);
  patron_table* refused = nullptr;
  ASSERT_EQ(patron_ltv_historic_refused(historic.get(), &refused, nullptr), PATRON_OK);
  EXPECT_EQ(patron_table_rows(Table(refused).get()), 0);
  options.rate_per_year = -2;
  EXPECT_EQ(patron_ltv_historic_compute(table.get(), &options, &out, &error), PATRON_E_ARGUMENT);
  options.struct_size = 3;
  EXPECT_EQ(patron_ltv_historic_compute(table.get(), &options, &out, &error), PATRON_E_UNSUPPORTED);
}

TEST(LtvHandles, CloseOnceOrNotAtAll) {
  const Orders orders;
  const Table table = orders.table();
  const patron_ltv_summary_options weeks = summary_options();
  const patron_ltv_historic_options past = historic_options();
  patron_ltv_summary* summary = nullptr;
  patron_ltv_historic* historic = nullptr;
  ASSERT_EQ(patron_ltv_summary_compute(table.get(), &weeks, &summary, nullptr), PATRON_OK);
  ASSERT_EQ(patron_ltv_historic_compute(table.get(), &past, &historic, nullptr), PATRON_OK);
  patron_table* out = nullptr;
  // A handle of the other kind is none of this.
  EXPECT_EQ(
      patron_ltv_summary_table(reinterpret_cast<patron_ltv_summary*>(historic), &out, nullptr),
      PATRON_E_HANDLE);
  EXPECT_EQ(patron_ltv_summary_table(nullptr, &out, nullptr), PATRON_E_HANDLE);
  EXPECT_EQ(patron_ltv_historic_table(historic, nullptr, nullptr), PATRON_E_ARGUMENT);
  patron_ltv_summary_close(summary);
  patron_ltv_summary_close(nullptr);
  patron_ltv_historic_close(historic);
  patron_ltv_historic_close(nullptr);
}

TEST(LtvPlainValues, AreSpendTimesYears) {
  const double spend[] = {240, 100}, years[] = {5, 0.5}, before[] = {5, -1};
  double values[] = {-7, -7};
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_ltv_plain_values(spend, before, 2, 0.5, 0, values, &error), PATRON_E_ARGUMENT);
  EXPECT_EQ(error.row, 1);
  EXPECT_EQ(values[0], -7);
  EXPECT_EQ(patron_ltv_plain_values(spend, years, 2, 0.5, 0, values, &error), PATRON_OK);
  EXPECT_EQ(values[0], 600);
  EXPECT_EQ(values[1], 25);
  EXPECT_EQ(patron_ltv_plain_values(nullptr, years, 2, 1, 0, values, &error), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_ltv_plain_values(nullptr, nullptr, 0, 1, 0, nullptr, &error), PATRON_OK);
}

}  // namespace
}  // namespace patron::test
