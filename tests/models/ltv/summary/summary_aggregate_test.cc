// Ids crafted to collide in the tables of aggregation: summaries are right, and a call stays far
// from quadratic (each of these would take minutes if it were not). And what the fast path does
// where money overflows.
#include "lib/models/ltv/summary/summary_aggregate.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/models/ltv/summary/summary_oracle.h"
#include "tests/models/rfm/crafted_ids.h"

namespace patron::internal {
namespace {

using test::Id;
using test::OrderLog;

OrderLog log_of(std::vector<Id> ids) {
  OrderLog log;
  log.text_ids = std::holds_alternative<std::string>(ids[0]);
  int64_t i = 0;
  for (Id& id : ids) {
    log.lines.push_back({std::move(id), i % 1000 * kMicrosPerDay, 1 + i % 7, Id(i % 3), false, {}});
    i++;
  }
  return log;
}

void expect_right(const OrderLog& log, bool by_order) {
  LtvSummaryOptions options;
  options.customer = "customer", options.time = "time", options.amount = "amount";
  if (by_order) options.order = "order";
  options.calibration_end = 700 * kMicrosPerDay;
  OrderLog with_orders = log;
  with_orders.options.order = options.order;
  const Result<LtvSummaryResult> result = ltv_summary(to_table(with_orders), options);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(test::difference(test::SummaryOracle(with_orders, options).run().rows,
                             test::lines(result->table)),
            "");
}

constexpr uint64_t kIds = 60'000;

TEST(SummaryAggregate, IntegersThatCollideAreToldApartWithoutQuadraticCost) {
  std::vector<Id> ids;
  for (uint64_t i = 0; i < 2 * kIds; i++) ids.emplace_back(test::colliding_id(i * 7 % kIds));
  const OrderLog log = log_of(std::move(ids));
  expect_right(log, false);
  expect_right(log, true);
}

TEST(SummaryAggregate, TextThatCollidesIsToldApartWithoutQuadraticCost) {
  std::vector<Id> ids;
  for (uint64_t i = 0; i < 2 * kIds; i++) ids.emplace_back(test::colliding_text(i * 7 % kIds));
  expect_right(log_of(std::move(ids)), false);
}

TEST(SummaryAggregate, SumsThatOverflowOnTheWayAreRightInTheEnd) {
  OrderLog log;
  log.amount = test::AmountColumn::kDecimals;
  LtvSummaryOptions options;
  options.customer = "customer", options.time = "time", options.amount = "amount";
  for (const int64_t minor : {int64_t{1}, INT64_MAX, int64_t{500}, int64_t{-600}})
    log.lines.push_back({Id(int64_t{7}),
                         static_cast<int64_t>(log.lines.size()) * kMicrosPerDay,
                         minor,
                         Id(int64_t{0}),
                         false,
                         {}});
  Result<LtvSummaryResult> result = ltv_summary(to_table(log), options);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(
      test::difference(test::SummaryOracle(log, options).run().rows, test::lines(result->table)),
      "");
  log.lines.pop_back();
  result = ltv_summary(to_table(log), options);
  EXPECT_EQ(result.status().code(), Code::kOverflow);
  EXPECT_EQ(result.status().message(),
            "the money of customer 7 exceeds 64-bit minor units at scale 2; check her amounts, or "
            "use a smaller scale");
}

}  // namespace
}  // namespace patron::internal
