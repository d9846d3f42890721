// RFM on real orders, every column of every customer by the oracle. Skipped where ../shared/data is
// not there.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "patron/rfm.h"
#include "tests/models/rfm/oracle.h"

namespace patron {
namespace {

using test::Lines;
using test::lines;
using test::OrderLog;

/// The rows of a CSV file without quotes, or none where it is absent. Tests run in the project's
/// folder.
std::vector<std::vector<std::string>> read_csv(const std::string& name) {
  std::ifstream file("../shared/data/" + name);
  std::vector<std::vector<std::string>> rows;
  std::string line, cell;
  std::getline(file, line);  // the names of the columns
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    rows.emplace_back();
    while (std::getline(cells, cell, ',')) rows.back().push_back(cell);
  }
  return rows;
}

/// "11.7" as 1170 hundredths; without floating point.
int64_t cents(std::string text) {
  const bool negative = text[0] == '-';
  if (negative) text.erase(0, 1);
  const size_t point = std::min(text.find('.'), text.size());
  std::string digits = point == text.size() ? "" : text.substr(point + 1);
  digits.resize(2, '0');
  const int64_t value = std::stoll(text.substr(0, point)) * 100 + std::stoll(digits);
  return negative ? -value : value;
}

OrderLog cdnow() {
  OrderLog log;
  log.options.customer = "customer", log.options.time = "time", log.options.amount = "amount";
  log.options.table = *SegmentTable::named("eleven");
  for (const std::vector<std::string>& row : read_csv("cdnow/orders.csv"))
    log.lines.push_back({int64_t{std::stoll(row[0])},
                         *parse_time(row[1], TimeZone()),
                         cents(row[3]),
                         int64_t{0},
                         false,
                         {}});
  return log;
}

OrderLog groceries() {
  OrderLog log;
  log.options.customer = "customer", log.options.time = "time", log.options.amount = "amount";
  log.options.order = "order";
  log.options.timezone = "America/New_York";
  log.options.table = *SegmentTable::named("eleven");
  log.time = test::TimeColumn::kWalls;
  const TimeZone zone = *TimeZone::load(log.options.timezone);
  for (const std::vector<std::string>& row : read_csv("completejourney/order_lines.csv"))
    log.lines.push_back({int64_t{std::stoll(row[0])},
                         *parse_time(row[2], zone),
                         cents(row[7]),
                         int64_t{std::stoll(row[1])},
                         false,
                         {}});
  return log;
}

void expect_the_oracles(const OrderLog& log) {
  const Result<RfmResult> result = rfm(to_table(log), log.options);
  ASSERT_TRUE(result.ok()) << result.status().message();
  const test::OracleResult expected = test::oracle(log);
  EXPECT_EQ(expected.error, Code::kOk);
  EXPECT_EQ(test::difference(expected.rows, lines(result->table)), "");
  EXPECT_EQ(result->zero_rows, expected.zero);
  EXPECT_EQ(result->refused_rows, 0);
}

TEST(RfmData, EveryCustomerOfCdnowIsWhatTheDefinitionSays) {
  OrderLog log = cdnow();
  if (log.lines.empty()) GTEST_SKIP() << "../shared/data/cdnow is not there";
  ASSERT_EQ(log.lines.size(), 69'659u);
  Result<RfmResult> result = rfm(to_table(log), log.options);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->table.rows(), 23'570);
  EXPECT_EQ(result->as_of, *parse_time("1998-06-30", TimeZone()));
  expect_the_oracles(log);
  // The calibration period of the literature: its last 26 weeks as a window.
  log.options.as_of = *parse_time("1997-09-30", TimeZone());
  log.options.window = *parse_period("26w");
  log.options.zero = ZeroAmounts::kCount;
  expect_the_oracles(log);
  for (RfmAxis* axis : {&log.options.recency, &log.options.frequency, &log.options.monetary}) {
    axis->method = RfmMethod::kNearestRank;
    axis->bins = 10;
  }
  log.options.table.reset();
  log.options.window = *parse_period("6mo");
  expect_the_oracles(log);
}

TEST(RfmData, EveryHouseholdOfTheGroceriesIsWhatTheDefinitionSays) {
  OrderLog log = groceries();
  if (log.lines.empty()) GTEST_SKIP() << "../shared/data/completejourney is not there";
  ASSERT_EQ(log.lines.size(), 75'000u);
  std::set<test::Id> baskets, households;
  for (const test::OrderLine& line : log.lines) {
    baskets.insert(line.order);
    households.insert(line.customer);
  }
  Result<RfmResult> result = rfm(to_table(log), log.options);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->table.rows(), static_cast<int64_t>(households.size()));
  int64_t orders = 0;
  for (const std::string& count : lines(result->table, {"orders"})) orders += std::stoll(count);
  EXPECT_LE(orders, static_cast<int64_t>(baskets.size()));
  EXPECT_GT(orders, static_cast<int64_t>(baskets.size()) * 9 / 10);
  expect_the_oracles(log);
  log.options.window = *parse_period("3mo");
  expect_the_oracles(log);
}

}  // namespace
}  // namespace patron
