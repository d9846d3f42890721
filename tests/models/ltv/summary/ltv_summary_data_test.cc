// Summaries of real orders: the published totals of CDNOW, and every customer by the oracle.
// Skipped where ../shared/data is not there.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "patron/ltv_summary.h"
#include "tests/models/ltv/summary/summary_oracle.h"

namespace patron {
namespace {

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

int64_t cents(const std::string& text) { return std::llround(std::stod(text) * 100); }

/// CDNOW's orders; of the sample of Fader, Hardie and Lee alone.
OrderLog cdnow_sample() {
  std::set<int64_t> sample;
  for (const auto& row : read_csv("cdnow/sample_customers.csv")) sample.insert(std::stoll(row[0]));
  OrderLog log;
  for (const auto& row : read_csv("cdnow/orders.csv")) {
    const int64_t customer = std::stoll(row[0]);
    if (!sample.contains(customer)) continue;
    log.lines.push_back(
        {customer, *parse_time(row[1], TimeZone()), cents(row[3]), int64_t{0}, false, {}});
  }
  return log;
}

template <typename T>
std::vector<T> column(const Table& table, const char* name) {
  const Chunk& chunk = table.chunks(table.find(name))[0];
  const T* values = static_cast<const T*>(chunk.values) + chunk.offset;
  return {values, values + chunk.length};
}

LtvSummaryOptions weeks() {
  LtvSummaryOptions options;
  options.customer = "customer", options.time = "time", options.amount = "amount";
  options.calibration_end = *parse_time("1997-09-30", TimeZone());
  return options;
}

TEST(LtvSummaryData, CdnowComesToTheTotalsThatItsPapersStartFrom) {
  const OrderLog log = cdnow_sample();
  if (log.lines.empty()) GTEST_SKIP() << "../shared/data/cdnow is not there";
  const Result<LtvSummaryResult> result = ltv_summary(to_table(log), weeks());
  ASSERT_TRUE(result.ok()) << result.status().message();
  const Table& table = result->table;
  // Fader, Hardie and Lee (2005): 2,357 customers, 946 of whom bought again, in weeks of 7 days.
  ASSERT_EQ(table.rows(), 2357);
  int64_t x = 0, later = 0, repeaters = 0;
  Micros times = 0, ages = 0;
  const auto frequency = column<int64_t>(table, "frequency");
  const auto recency = column<double>(table, "recency"), T = column<double>(table, "T");
  const auto holdout = column<int64_t>(table, "frequency_holdout");
  for (size_t i = 0; i < frequency.size(); i++) {
    x += frequency[i], later += holdout[i], repeaters += frequency[i] > 0;
    times += std::llround(recency[i] * 7);
    ages += std::llround(T[i] * 7);
  }
  EXPECT_EQ(x, 2457);
  EXPECT_EQ(repeaters, 946);
  EXPECT_EQ(times, 112'949);  // days: 16135.571429 weeks
  EXPECT_EQ(ages, 539'779);   // days: 77111.285714 weeks
  EXPECT_EQ(later, 1882);
  EXPECT_EQ(column<double>(table, "duration_holdout")[0], 39);  // to 1998-06-30
  EXPECT_EQ(result->later_customers, 0);
}

TEST(LtvSummaryData, EveryCustomerOfCdnowIsAsTheOracleSays) {
  const OrderLog log = cdnow_sample();
  if (log.lines.empty()) GTEST_SKIP() << "../shared/data/cdnow is not there";
  for (const LtvCollapse collapse : {LtvCollapse::kDay, LtvCollapse::kUnit, LtvCollapse::kNone}) {
    for (const LtvUnit unit : {LtvUnit::kWeek, LtvUnit::kMonth, LtvUnit::kYear}) {
      LtvSummaryOptions options = weeks();
      options.collapse = collapse, options.unit = unit;
      const Result<LtvSummaryResult> result = ltv_summary(to_table(log), options);
      ASSERT_TRUE(result.ok()) << result.status().message();
      EXPECT_EQ(test::difference(test::SummaryOracle(log, options).run().rows,
                                 test::lines(result->table)),
                "");
    }
  }
}

}  // namespace
}  // namespace patron
