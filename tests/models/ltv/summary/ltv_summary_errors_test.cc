// What ltv_summary() refuses, and what it says then.
#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "patron/ltv_historic.h"
#include "patron/ltv_summary.h"
#include "tests/models/rfm/table_lines.h"

namespace patron {
namespace {

constexpr Micros kDay = kMicrosPerDay;

Table orders(std::vector<int64_t> days, std::vector<double> amounts) {
  std::vector<std::string> times;
  std::vector<int64_t> customers;
  for (size_t i = 0; i < days.size(); i++) {
    times.push_back(format_time(days[i] * kDay));
    customers.push_back(static_cast<int64_t>(i / 2));
  }
  return *TableBuilder()
              .int64("customer", std::move(customers))
              .strings("time", times)
              .doubles("amount", std::move(amounts))
              .finish();
}

LtvSummaryOptions named() {
  LtvSummaryOptions options;
  options.customer = "customer", options.time = "time", options.amount = "amount";
  return options;
}

void expect_error(const Table& table, const LtvSummaryOptions& options, Code code,
                  const std::string& message, int64_t row = -1) {
  const Result<LtvSummaryResult> result = ltv_summary(table, options);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), code);
  EXPECT_EQ(result.status().message(), message);
  EXPECT_EQ(result.status().row(), row);
}

TEST(LtvSummaryErrors, OptionsAreChecked) {
  const Table table = orders({0, 7}, {1, 2});
  LtvSummaryOptions options = named();
  options.customer = "";
  expect_error(table, options, Code::kArgument, "name the customer and time columns");
  options.customer = "custmer";
  expect_error(table, options, Code::kColumn,
               "no column \"custmer\"; did you mean \"customer\"? The columns are \"customer\", "
               "\"time\", \"amount\"");
  options = named();
  options.amount = "price";
  EXPECT_EQ(ltv_summary(table, options).status().code(), Code::kColumn);
  options = named();
  options.order = "amount";
  EXPECT_EQ(ltv_summary(table, options).status().code(), Code::kType);
  options = named();
  options.timezone = "Mars/Base";
  EXPECT_EQ(ltv_summary(table, options).status().code(), Code::kZone);
  options = named();
  options.scale = 10;
  expect_error(table, options, Code::kArgument, "scale is 10; it must be 0 to 9");
  options = named();
  options.threads = -1;
  expect_error(table, options, Code::kArgument,
               "threads is -1; give a number above zero, or 0 for one for each core");
  options = named();
  options.calibration_end = kEndTime;
  expect_error(table, options, Code::kTime, "calibration_end is outside the years 0001 to 9999");
  options = named();
  options.observation_end = kMinTime - 1;
  expect_error(table, options, Code::kTime, "observation_end is outside the years 0001 to 9999");
}

TEST(LtvSummaryErrors, EndsMustLieInOrderAndAfterTheFirstOrder) {
  const Table table = orders({10, 17}, {1, 2});
  LtvSummaryOptions options = named();
  options.calibration_end = 18 * kDay;
  expect_error(table, options, Code::kArgument,
               "calibration_end 1970-01-19T00:00:00Z is after the newest order "
               "(1970-01-18T00:00:00Z); give an earlier one, or none where nothing is held out");
  options.observation_end = 16 * kDay;
  expect_error(table, options, Code::kArgument,
               "calibration_end 1970-01-19T00:00:00Z is after observation_end "
               "1970-01-17T00:00:00Z; give an earlier one, or none where nothing is held out");
  options.calibration_end = 9 * kDay;
  expect_error(table, options, Code::kTime,
               "calibration_end 1970-01-10T00:00:00Z is before the first order "
               "(1970-01-11T00:00:00Z); give a later one");
  options = named();
  options.observation_end = 9 * kDay + kMicrosPerHour;
  expect_error(table, options, Code::kTime,
               "observation_end 1970-01-10T01:00:00Z is before the first order "
               "(1970-01-11T00:00:00Z); give a later observation_end");
  options.observation_end = 10 * kDay + kMicrosPerHour;  // the day counts whole
  EXPECT_TRUE(ltv_summary(table, options).ok());
}

TEST(LtvSummaryErrors, ATimeThatIsNoTimeIsToldAsItStands) {
  const Table table = *TableBuilder()
                           .int64("customer", std::vector<int64_t>{1, 2})
                           .strings("time", std::vector<std::string>{"soon", "later"})
                           .doubles("amount", std::vector<double>{1, 2})
                           .finish();
  const std::string message =
      "all 2 rows were refused, row 0 first: time is no ISO 8601 date or time: \"soon\"";
  expect_error(table, named(), Code::kEmpty, message, 0);
  LtvHistoricOptions options;
  options.customer = "customer", options.time = "time", options.amount = "amount";
  EXPECT_EQ(ltv_historic(table, options).status().message(), message);
}

TEST(LtvSummaryErrors, ThereMustBeAnOrder) {
  expect_error(orders({}, {}), named(), Code::kEmpty,
               "the orders have no rows; a summary needs at least one order");
  expect_error(orders({0, 1}, {-1, -2}), named(), Code::kEmpty,
               "no row is an order: all amounts are below zero, or zero where zero does not count");
  expect_error(orders({0, 1}, {NAN, INFINITY}), named(), Code::kEmpty,
               "all 2 rows were refused, row 0 first: amount is NaN or infinite", 0);
  LtvSummaryOptions options = named();
  options.calibration_end = 5 * kDay;
  expect_error(orders({0, 9}, {-1, 2}), options, Code::kEmpty,
               "nobody ordered before the hold-out; give a later calibration_end");
}

TEST(LtvSummaryErrors, BadRowsAreListedOrFailTheCall) {
  const Table table = orders({0, 7, 1, 2}, {1, 2, 3, NAN});
  LtvSummaryOptions options = named();
  Result<LtvSummaryResult> result = ltv_summary(table, options);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(test::lines(result->table), (test::Lines{"0 1 1 1 2", "1 0 0 0.8571428571428571 0"}));
  EXPECT_EQ(test::lines(result->refused),
            (test::Lines{"3 \"amount\" \"amount is NaN or infinite\""}));
  EXPECT_EQ(result->refused_rows, 1);
  options.refuse_bad_rows = false;
  expect_error(table, options, Code::kNumber, "row 3: amount is NaN or infinite", 3);
  options.amount.reset();  // then nobody looks at amounts
  result = ltv_summary(table, options);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(test::lines(result->table),
            (test::Lines{"0 1 1 1", "1 1 0.14285714285714285 0.8571428571428571"}));
}

TEST(LtvSummaryErrors, ACancelledCallSaysSo) {
  CancelToken token;
  token.cancel();
  LtvSummaryOptions options = named();
  options.control.cancel = &token;
  EXPECT_EQ(ltv_summary(orders({0, 1}, {1, 2}), options).status().code(), Code::kCancelled);
}

}  // namespace
}  // namespace patron
