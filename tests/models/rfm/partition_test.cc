#include "lib/models/rfm/partition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "tests/models/rfm/random_log.h"

namespace patron::internal {
namespace {

using Keys = std::vector<uint64_t>;

Keys spread_keys(size_t n, uint64_t low, uint64_t step, uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  Keys keys;
  for (size_t i = 0; i < n; i++) keys.push_back(low + random() % 1'000'000 * step);
  return keys;
}

/// How many of the keys each partition gets.
std::vector<int64_t> shares(const Splitter& splitter, const Keys& keys) {
  const auto place = splitter.place<IntKey>();
  std::vector<int64_t> counts(static_cast<size_t>(splitter.partitions()), 0);
  for (const uint64_t key : keys) counts.at(place(IntKey{key}, 0))++;
  return counts;
}

void expect_ascending(const Splitter& splitter, Keys keys) {
  const auto place = splitter.place<IntKey>();
  std::sort(keys.begin(), keys.end());
  uint32_t before = 0;
  for (const uint64_t key : keys) {
    const uint32_t now = place(IntKey{key}, 0);
    ASSERT_GE(now, before) << key;
    ASSERT_LT(now, static_cast<uint32_t>(splitter.partitions()));
    before = now;
  }
}

TEST(Splitter, PartitionsFollowTheOrderOfKeysAndGetEqualShares) {
  for (const uint64_t step : {uint64_t{1}, uint64_t{1} << 40, uint64_t{18'000'000'000'000}}) {
    const Splitter splitter = Splitter::ordered(spread_keys(16'000, 12'345, step), 6);
    ASSERT_TRUE(splitter.is_ordered());
    const Keys keys = spread_keys(64'000, 12'345, step, 2);
    expect_ascending(splitter, keys);
    for (const int64_t share : shares(splitter, keys)) {
      EXPECT_GT(share, 500) << step;
      EXPECT_LT(share, 2000) << step;
    }
  }
}

TEST(Splitter, AFewOutliersDoNotStretchTheRange) {
  Keys sample = spread_keys(16'000, uint64_t{1} << 63, 1);
  for (int i = 0; i < 20; i++) sample.insert(sample.end(), {0, ~uint64_t{0}});
  const Splitter splitter = Splitter::ordered(sample, 5);
  ASSERT_TRUE(splitter.is_ordered());
  expect_ascending(splitter, sample);
  for (const int64_t share : shares(splitter, spread_keys(32'000, uint64_t{1} << 63, 1, 2)))
    EXPECT_LT(share, 2000);
}

TEST(Splitter, KeysOutsideTheSampleGoToTheEnds) {
  const Splitter splitter = Splitter::ordered(spread_keys(16'000, 1'000'000'000, 1000), 5);
  const auto place = splitter.place<IntKey>();
  EXPECT_EQ(place(IntKey{0}, 0), 0u);
  EXPECT_EQ(place(IntKey{~uint64_t{0}}, 0), 31u);
}

TEST(Splitter, KeysInTwoFarClustersGoByHash) {
  Keys sample = spread_keys(8000, 0, 1);
  const Keys other = spread_keys(8000, ~uint64_t{0} - 2'000'000, 1);
  sample.insert(sample.end(), other.begin(), other.end());
  const Splitter splitter = Splitter::ordered(sample, 5);
  EXPECT_FALSE(splitter.is_ordered());
  std::sort(sample.begin(), sample.end());
  sample.erase(std::unique(sample.begin(), sample.end()), sample.end());
  for (const int64_t share : shares(splitter, sample)) {
    EXPECT_GT(share, 250);
    EXPECT_LT(share, 1000);
  }
}

TEST(Splitter, OnePartitionTakesEverything) {
  for (const Splitter& splitter :
       {Splitter::hashed(0), Splitter::ordered({}, 0), Splitter::ordered({5, 9}, 0)}) {
    EXPECT_EQ(splitter.partitions(), 1);
    EXPECT_EQ(splitter.place<IntKey>()(IntKey{~uint64_t{0}}, 0), 0u);
    EXPECT_EQ(splitter.place<TextKey>()(TextKey{~uint64_t{0}, 3}, 11), 0u);
  }
}

TEST(Splitter, ASampleOfOneKeyIsAnsweredForEveryKey) {
  const Splitter splitter = Splitter::ordered(Keys(1000, 77), 3);
  for (const uint64_t key : {uint64_t{0}, uint64_t{77}, ~uint64_t{0}})
    EXPECT_LT(splitter.place<IntKey>()(IntKey{key}, 0), 8u);
}

/// The rows of every partition as (customer, time, minor), in order.
using Triples = std::vector<std::vector<std::array<int64_t, 3>>>;

Triples scattered(const test::OrderLog& log, int threads, int64_t segment_rows, RowStats* stats) {
  const Table table = to_table(log);
  const RowSource source = *RowSource::open(table, log.options, TimeZone());
  const Control control;
  Watch watch(control);
  const auto partitions =
      Partitions<PlainRow<IntKey>>::make(source, cut_segments(table, 0, segment_rows),
                                         log.options.as_of, true, threads, &watch, stats);
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

TEST(Partitions, ThreadsAndSegmentsDoNotMoveARow) {
  const test::OrderLog log = many_rows(4);
  RowStats stats;
  const Triples expected = scattered(log, 1, 1 << 20, &stats);
  EXPECT_EQ(scattered(log, 3, 777, &stats), expected);
  EXPECT_EQ(scattered(log, 2, 20'000, &stats), expected);
}

TEST(Partitions, SeeWhetherTimesAscendAcrossSegments) {
  test::OrderLog log = many_rows(5);
  log.lines.resize(3000);
  for (size_t i = 0; i < log.lines.size(); i++) log.lines[i].time = static_cast<int64_t>(i / 2);
  RowStats sorted;
  scattered(log, 1, 100, &sorted);
  EXPECT_TRUE(sorted.sorted);
  EXPECT_EQ(sorted.earliest, 0);
  EXPECT_EQ(sorted.latest, 1499);
  for (const size_t at : {1u, 100u, 1024u, 2999u}) {  // within and between segments and blocks
    test::OrderLog broken = log;
    broken.lines[at].time = -1;
    RowStats stats;
    scattered(broken, 1, 100, &stats);
    EXPECT_FALSE(stats.sorted) << at;
  }
}

}  // namespace
}  // namespace patron::internal
