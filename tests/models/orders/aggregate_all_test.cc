// Customers of all partitions, whether these follow the order of ids or go by hash.
#include "lib/models/orders/aggregate_all.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "lib/models/rfm/aggregate.h"
#include "patron/rfm.h"
#include "tests/models/rfm/table_lines.h"

namespace patron::internal {
namespace {

constexpr int64_t kRows = 600'000;  // 16 partitions

/// Ids in two clusters that lie so far apart that ranges of ids would be two partitions.
std::vector<int64_t> clustered_ids() {
  std::mt19937_64 random(21);
  std::vector<int64_t> ids;
  for (int64_t i = 0; i < kRows; i++) {
    const auto id = static_cast<int64_t>(random() % 20'000);
    ids.push_back(random() % 2 == 0 ? id : INT64_MAX - id);
  }
  return ids;
}

std::string text_of(int64_t id) {
  char text[32];
  std::snprintf(text, sizeof(text), id < 20'000 ? "a-%05d" : "\x7f-%05d",
                static_cast<int>(id < 20'000 ? id : INT64_MAX - id));
  return text;
}

/// The lines of a map of ids to the number of orders and their money.
template <typename Id>
test::Lines lines_of(const std::map<Id, std::pair<int64_t, int64_t>>& customers) {
  test::Lines result;
  for (const auto& [id, measures] : customers) {
    std::string line;
    if constexpr (std::is_same_v<Id, std::string>)
      line = '"' + id + '"';
    else
      line = std::to_string(id);
    result.push_back(line + " " + std::to_string(measures.first) + " " +
                     std::to_string(measures.second));
  }
  return result;
}

test::Lines found(const Table& orders, int threads) {
  RfmOptions options;
  options.customer = "customer", options.time = "time", options.amount = "amount";
  options.threads = threads;
  const Result<RfmResult> result = rfm(orders, options);
  EXPECT_TRUE(result.ok()) << result.status().message();
  if (!result.ok()) return {};
  return test::lines(result->table, {"customer", "orders", "monetary_minor"});
}

bool goes_by_hash(const Table& orders) {
  OrderColumns columns;
  columns.customer = "customer", columns.time = "time", columns.amount = "amount";
  const RowSource source = *RowSource::open(orders, columns, TimeZone());
  return !Splitter::choose(source, cut_batches(orders, 0, 100'000), 4).is_ordered();
}

TEST(AggregateAll, CustomersOfHashedPartitionsComeInTheOrderOfTheirIdsOnAnyNumberOfThreads) {
  const std::vector<int64_t> ids = clustered_ids();
  std::vector<std::string> texts;
  std::vector<int32_t> days;
  std::vector<double> amounts;
  std::map<int64_t, std::pair<int64_t, int64_t>> by_id;
  std::map<std::string, std::pair<int64_t, int64_t>> by_text;
  for (size_t i = 0; i < ids.size(); i++) {
    texts.push_back(text_of(ids[i]));
    days.push_back(static_cast<int32_t>(i % 700));
    const auto amount = static_cast<int64_t>(i % 97 + 1);
    amounts.push_back(static_cast<double>(amount));
    for (auto* measures : {&by_id[ids[i]], &by_text[texts[i]]}) {
      measures->first++;
      measures->second += 100 * amount;
    }
  }
  const auto log = [&](auto&& with_customers) {
    TableBuilder builder;
    with_customers(builder);
    return *builder.dates("time", days).doubles("amount", amounts).finish();
  };
  const Table numbers = log([&](TableBuilder& b) { b.int64("customer", ids); });
  const Table words = log([&](TableBuilder& b) { b.strings("customer", texts); });
  ASSERT_TRUE(goes_by_hash(numbers));
  ASSERT_TRUE(goes_by_hash(words));
  for (const int threads : {1, 3}) {
    EXPECT_EQ(test::difference(lines_of(by_id), found(numbers, threads)), "") << threads;
    EXPECT_EQ(test::difference(lines_of(by_text), found(words, threads)), "") << threads;
  }
}

TEST(KeepCustomers, GoWhereTheRowsWereWhileThereIsRoom) {
  using Row = PlainRow<IntKey>;
  static_assert(2 * sizeof(Row) == sizeof(Customer<IntKey>));
  for (size_t count = 0; count <= 5; count++) {
    std::vector<Row> rows(10, Row{IntKey::of(-1), 0, 0});
    // Room for one, for none, for two, for one.
    const std::vector<RowRun<Row>> runs = {
        {&rows[0], &rows[3]}, {&rows[3], &rows[4]}, {&rows[4], &rows[8]}, {&rows[8], &rows[9] + 1}};
    KeptCustomers<Customer<IntKey>> kept;
    keep_customers(
        count,
        [](size_t i) {
          Customer<IntKey> customer{};
          customer.key = IntKey::of(static_cast<int64_t>(i));
          return customer;
        },
        runs, &kept);
    EXPECT_EQ(kept.count, count);
    EXPECT_EQ(kept.own.size(), count <= 4 ? 0 : count);
    int64_t next = 0;
    kept.each([&](const Customer<IntKey>& c) { EXPECT_EQ(c.key.value(), next++); });
    EXPECT_EQ(next, static_cast<int64_t>(count));
    for (const auto& run : kept.runs) EXPECT_FALSE(run.empty() && count > 0);
    EXPECT_EQ(rows[3].key.value(), -1) << "a run too short for a customer is left";
  }
}

TEST(CheckSomeRows, AcceptsOneAndSaysWhyThereIsNone) {
  RowStats stats;
  stats.accepted = 1;
  EXPECT_TRUE(check_some_rows(stats, 1, "as_of", {}, {}).ok());
  stats = {};
  stats.waiting = 1;
  stats.earliest_waiting = 5;
  EXPECT_EQ(check_some_rows(stats, 1, "as_of", Micros{3}, {}).code(), Code::kTime);
  stats = {};
  stats.refused = {{4, Refusal::kNullTime}};
  const Status status = check_some_rows(stats, 1, "as_of", {}, {});
  EXPECT_EQ(status.code(), Code::kEmpty);
  EXPECT_EQ(status.row(), 4);
}

}  // namespace
}  // namespace patron::internal
