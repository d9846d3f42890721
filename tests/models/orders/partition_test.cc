#include "lib/models/orders/partition.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <vector>

#include "lib/models/rfm/measure.h"
#include "tests/models/rfm/random_log.h"

namespace patron::internal {
namespace {

/// The rows of every partition as (customer, time, minor), in order.
using Triples = std::vector<std::vector<std::array<int64_t, 3>>>;

Triples scattered(const test::OrderLog& log, int threads, int64_t batch_rows, RowStats* stats) {
  const Table table = to_table(log);
  const RowSource source = *RowSource::open(table, order_columns(log.options), TimeZone());
  const Control control;
  Watch watch(control);
  Result<Partitions<PlainRow<IntKey>>> partitions =
      Partitions<PlainRow<IntKey>>::make(source, cut_batches(table, 0, batch_rows),
                                         log.options.as_of, true, threads, nullptr, &watch, stats);
  EXPECT_TRUE(partitions.ok());
  Triples result;
  for (int p = 0; p < partitions->count(); p++) {
    result.emplace_back();
    for (const auto& run : partitions->runs(p)) {
      for (const auto* row = run.begin; row != run.end; row++)
        result.back().push_back({row->key.value(),
                                 kRowOrigin + static_cast<int64_t>(When::micros(row->when)),
                                 row->minor});
    }
    EXPECT_EQ(static_cast<int64_t>(result.back().size()), partitions->rows(p));
  }
  return result;
}

test::OrderLog many_rows(uint64_t seed) {
  test::OrderLog log;
  log.options.customer = "customer", log.options.time = "time", log.options.amount = "amount";
  test::Random random(seed);
  for (int64_t i = 0; i < 70'000; i++)
    log.lines.push_back(
        {int64_t{random.below(5000)}, random.below(kMicrosPerDay * 900), i, int64_t{0}, false, {}});
  return log;
}

TEST(Partitions, HoldEveryRowOnceInInputOrderWithTheOthersOfItsCustomer) {
  test::OrderLog log = many_rows(3);
  for (size_t i = 0; i < log.lines.size(); i += 97) log.lines[i].defect = Refusal::kNullAmount;
  log.options.as_of = kMicrosPerDay * 800;
  RowStats stats;
  const Triples found = scattered(log, 1, 5000, &stats);
  EXPECT_GT(found.size(), 1u);
  std::map<int64_t, size_t> partition_of;
  size_t rows = 0;
  for (size_t p = 0; p < found.size(); p++) {
    int64_t before = -1;
    for (const auto& [customer, time, minor] : found[p]) {
      ASSERT_EQ(partition_of.try_emplace(customer, p).first->second, p);
      ASSERT_GT(minor, before);  // the amount is the number of the row
      before = minor;
      const test::OrderLine& line = log.lines[static_cast<size_t>(minor)];
      ASSERT_EQ(test::Id(customer), line.customer);
      ASSERT_EQ(time, line.time);
      rows++;
    }
  }
  int64_t refused = 0, waiting = 0;
  for (const test::OrderLine& line : log.lines) {
    refused += line.defect.has_value();
    waiting += !line.defect && line.time > *log.options.as_of;
  }
  EXPECT_EQ(static_cast<int64_t>(stats.refused.size()), refused);
  EXPECT_EQ(stats.waiting, waiting);
  EXPECT_EQ(stats.accepted, 70'000 - refused - waiting);
  EXPECT_EQ(static_cast<int64_t>(rows), stats.accepted);
  EXPECT_FALSE(stats.sorted);
  EXPECT_LE(stats.latest, *log.options.as_of);
}

TEST(Partitions, ThreadsAndBatchesDoNotMoveARow) {
  const test::OrderLog log = many_rows(4);
  RowStats stats;
  const Triples expected = scattered(log, 1, 1 << 20, &stats);
  EXPECT_EQ(scattered(log, 3, 777, &stats), expected);
  EXPECT_EQ(scattered(log, 2, 20'000, &stats), expected);
}

TEST(Partitions, SeeWhetherTimesAscendAcrossBatches) {
  test::OrderLog log = many_rows(5);
  log.lines.resize(3000);
  for (size_t i = 0; i < log.lines.size(); i++) log.lines[i].time = static_cast<int64_t>(i / 2);
  RowStats sorted;
  scattered(log, 1, 100, &sorted);
  EXPECT_TRUE(sorted.sorted);
  EXPECT_EQ(sorted.earliest, 0);
  EXPECT_EQ(sorted.latest, 1499);
  for (const size_t at : {1u, 100u, 1024u, 2999u}) {  // within and between batches and blocks
    test::OrderLog broken = log;
    broken.lines[at].time = -1;
    RowStats stats;
    scattered(broken, 1, 100, &stats);
    EXPECT_FALSE(stats.sorted) << at;
  }
}

}  // namespace
}  // namespace patron::internal
