// Measuring in every way there is: fast path or plain, batches of any size, any number of threads.
#include "lib/models/rfm/measure.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/models/rfm/random_log.h"
#include "tests/models/rfm/table_lines.h"

namespace patron::internal {
namespace {

using test::Lines;
using test::OrderLog;

/// Everything measure() gives, a line for each customer and one for the report; or its failure.
Lines measured(const OrderLog& log, int threads, const MeasureTuning& tuning) {
  RfmOptions options = log.options;
  options.threads = threads;
  const Control control;
  Watch watch(control);
  MeasureReport report;
  const Table table = to_table(log);
  const Result<CustomerColumns> found =
      measure(table, options, *TimeZone::load(options.timezone), tuning, &watch, &report);
  if (!found.ok()) return {code_name(found.status().code()), found.status().message()};
  const CustomerColumns& c = *found;
  Lines result;
  int64_t never = 0;
  for (int64_t i = 0; i < c.customers; i++) {
    std::string line;
    if (c.text) {
      const int32_t* offsets = c.ids.as<int32_t>();
      line.assign(c.id_bytes.as<char>() + offsets[i],
                  static_cast<size_t>(offsets[i + 1] - offsets[i]));
    } else {
      line = std::to_string(c.ids.as<int64_t>()[i]);
    }
    const bool bought = c.bought.size() == 0 || (c.bought.data()[i / 8] >> (i % 8) & 1) != 0;
    never += !bought;
    line += bought ? " yes" : " no";
    for (const Buffer* column : {&c.first_order, &c.last_order, &c.recency_days, &c.orders,
                                 &c.order_days, &c.frequency, &c.monetary_minor})
      line += ' ' + std::to_string(column->as<int64_t>()[i]);
    result.push_back(line);
  }
  EXPECT_EQ(c.prospects, never);
  std::string line;
  for (const int64_t count :
       {report.as_of, report.rows, report.rounded, report.waiting, report.zero, report.refund})
    line += std::to_string(count) + ' ';
  for (const RefusedRow& row : report.refused)
    line += std::to_string(row.row) + ':' + std::to_string(static_cast<int>(row.reason)) + ' ';
  result.push_back(line);
  return result;
}

std::string differs(const OrderLog& log, std::initializer_list<int> threads,
                    std::initializer_list<int64_t> batches) {
  const Lines plain = measured(log, 1, {0, false});
  for (const int count : threads) {
    for (const int64_t rows : batches) {
      for (const bool fast : {true, false}) {
        const std::string why = test::difference(plain, measured(log, count, {rows, fast}));
        if (!why.empty())
          return std::to_string(count) + " threads, batches of " + std::to_string(rows) +
                 (fast ? ", fast, " : ", plain, ") + why;
      }
    }
  }
  return {};
}

TEST(Measure, TheFastPathAndBatchesOfAnySizeGiveThePlainResult) {
  test::check_random_logs(300, 50'000, [](const OrderLog& log) {
    return differs(log, {1}, {0, 1, 7, 64});
  });
}

TEST(Measure, ManyPartitionsGiveThePlainResult) {
  for (uint64_t seed = 50'500; seed < 50'504; seed++) {
    const OrderLog log = test::LogMaker(seed, 70'000).make();
    ASSERT_EQ(differs(log, {1}, {0, 1000}), "") << describe(log);
  }
}

TEST(Measure, ThreadsGiveThePlainResult) {
  test::check_random_logs(60, 51'000, [](const OrderLog& log) {
    return differs(log, {2, 3}, {1, 16});
  });
  const OrderLog log = test::LogMaker(51'100, 70'000).make();
  EXPECT_EQ(differs(log, {2, 3}, {1000}), "") << describe(log);
}

}  // namespace
}  // namespace patron::internal
