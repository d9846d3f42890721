#include "lib/models/orders/partition.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <map>
#include <string>
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
  for (size_t i = 0; i < log.lines.size(); i++) log.lines[i].time = static_cast<int64_t>(i / 3);
  RowStats sorted;
  scattered(log, 1, 100, &sorted);
  EXPECT_TRUE(sorted.sorted);
  EXPECT_EQ(sorted.earliest, 0);
  EXPECT_EQ(sorted.latest, 999);
  for (const size_t at : {1u, 100u, 1024u, 2999u}) {  // within and between batches and blocks
    test::OrderLog broken = log;
    broken.lines[at].time = -1;
    RowStats stats;
    scattered(broken, 1, 100, &stats);
    EXPECT_FALSE(stats.sorted) << at;
  }
  log.lines[1500].defect = Refusal::kNullAmount;  // the rows of its block come one by one
  RowStats with_refused;
  scattered(log, 1, 100, &with_refused);
  EXPECT_TRUE(with_refused.sorted);
}

TEST(Partitions, ARefusedRowsTimeCountsForNothing) {
  test::OrderLog log = many_rows(6);
  log.lines.resize(2048);  // two whole blocks
  for (test::OrderLine& line : log.lines) line.time = 1000;
  log.lines[1024].time = -5;
  log.lines[1024].defect = Refusal::kNullAmount;
  RowStats stats;
  scattered(log, 1, 1024, &stats);
  EXPECT_EQ(stats.earliest, 1000);
  EXPECT_EQ(stats.latest, 1000);
  EXPECT_EQ(stats.first, 1000);
  EXPECT_EQ(stats.last, 1000);
  EXPECT_EQ(stats.accepted, 2047);
}

TEST(RowStats, AddUpBatchByBatch) {
  RowStats all, empty, one, next;
  EXPECT_TRUE(all.sorted);
  EXPECT_EQ(all.accepted + all.rounded + all.waiting, 0);
  one.accept(1, {40, 40, true}, 40, 40);
  next.accept(2, {50, 70, true}, 50, 60);
  next.accept(3, {60, 90, true}, 60, 80);
  next.rounded = 5, next.waiting = 6, next.earliest_waiting = 95;
  next.refused = {{7, Refusal::kNullTime}};
  EXPECT_EQ(next.first, 50);
  for (const RowStats& batch : {empty, one, empty, next, empty}) all.append(batch);
  EXPECT_EQ(all.accepted, 6);
  EXPECT_EQ(all.earliest, 40);
  EXPECT_EQ(all.latest, 90);
  EXPECT_EQ(all.first, 40);
  EXPECT_EQ(all.last, 80);
  EXPECT_TRUE(all.sorted);
  EXPECT_EQ(all.rounded, 5);
  EXPECT_EQ(all.waiting, 6);
  EXPECT_EQ(all.earliest_waiting, 95);
  EXPECT_EQ(all.refused.size(), 1u);
  RowStats equal = all, less = all, within = all;
  next = {};
  next.accept(1, {80, 80, true}, 80, 80);
  equal.append(next);
  EXPECT_TRUE(equal.sorted);
  less.append(empty);
  next = {};
  next.accept(1, {79, 79, true}, 79, 79);
  less.append(next);
  EXPECT_FALSE(less.sorted);
  within.accept(2, {81, 90, false}, 90, 81);
  EXPECT_FALSE(within.sorted);
}

/// Rows of every kind of column: texts, a margin, text orders; some cells are null or rounded.
struct Kinds {
  std::vector<std::string> who, order;
  std::vector<int64_t> when;
  std::vector<double> paid, earned;

  explicit Kinds(int64_t rows) {
    for (int64_t i = 0; i < rows; i++) {
      who.push_back("customer " + std::to_string(i % 5));
      order.push_back("the order with number " + std::to_string(i / 2));
      when.push_back(1000 + i);
      paid.push_back(static_cast<double>(i));
      earned.push_back(static_cast<double>(-i));
    }
  }
  /// What a row comes to: the amount, the margin and the order in one text, in the order of input.
  template <typename Row>
  std::vector<std::string> scattered(const OrderColumns& columns, RowStats* stats) const {
    const Table table = *TableBuilder()
                             .strings("who", who)
                             .timestamps("when", when, "UTC")
                             .doubles("paid", paid)
                             .doubles("earned", earned)
                             .strings("order", order)
                             .finish();
    const RowSource source = *RowSource::open(table, columns, TimeZone());
    const Control control;
    Watch watch(control);
    auto partitions = Partitions<Row>::make(source, cut_batches(table, 0, 1 << 16), {}, true, 1,
                                            nullptr, &watch, stats);
    EXPECT_TRUE(partitions.ok());
    EXPECT_EQ(partitions->count(), 1);
    std::vector<std::string> found;
    for (const auto& run : partitions->runs(0)) {
      for (const Row* row = run.begin; row != run.end; row++) {
        std::string text(TextKey::text(row->key, When::code(row->when)));
        text += " at " + std::to_string(kRowOrigin + static_cast<int64_t>(When::micros(row->when)));
        text += ": " + std::to_string(row->minor);
        if constexpr (Row::kMargin) text += " of which " + std::to_string(row->margin);
        if constexpr (Row::kOrders) text += " in " + std::string(TextRef::unpack(row->order));
        found.push_back(text);
      }
    }
    return found;
  }
};

using WholeRow = WithMargin<OrderRow<TextKey>>;

OrderColumns whole_columns() {
  OrderColumns columns;
  columns.customer = "who", columns.time = "when", columns.amount = "paid";
  columns.margin = "earned", columns.order = "order";
  return columns;
}

TEST(Partitions, KeepMarginsAndOrders) {
  const Kinds kinds(1500);
  RowStats stats;
  const std::vector<std::string> found = kinds.scattered<WholeRow>(whole_columns(), &stats);
  ASSERT_EQ(found.size(), 1500u);
  for (size_t i = 0; i < found.size(); i++)
    EXPECT_EQ(found[i], kinds.who[i] + " at " + std::to_string(1000 + i) + ": " +
                            std::to_string(i * 100) + " of which " +
                            (i == 0 ? "0" : "-" + std::to_string(i * 100)) + " in " +
                            kinds.order[i]);
  EXPECT_EQ(stats.rounded, 0);
}

TEST(Partitions, WithoutAmountsARowIsOneMinorUnit) {
  OrderColumns columns = whole_columns();
  columns.amount.reset(), columns.margin.reset(), columns.order.reset();
  RowStats stats;
  const auto found = Kinds(1030).scattered<PlainRow<TextKey>>(columns, &stats);
  ASSERT_EQ(found.size(), 1030u);
  EXPECT_EQ(found[1029], "customer 4 at 2029: 1");
}

TEST(Partitions, RefuseARowForAnyOneOfItsCells) {
  const double inf = std::numeric_limits<double>::infinity();
  for (const Refusal reason :
       {Refusal::kAmountNotFinite, Refusal::kMarginNotFinite, Refusal::kTimeOutOfRange,
        Refusal::kOrderTooLong, Refusal::kCustomerTooLong, Refusal::kMarginOverflow}) {
    Kinds kinds(1100);
    if (reason == Refusal::kAmountNotFinite) kinds.paid[3] = inf;
    if (reason == Refusal::kMarginNotFinite) kinds.earned[3] = -inf;
    if (reason == Refusal::kTimeOutOfRange) kinds.when[3] = kEndTime;
    if (reason == Refusal::kOrderTooLong) kinds.order[3].assign(65'536, 'o');
    if (reason == Refusal::kCustomerTooLong) kinds.who[3].assign(65'536, 'c');
    if (reason == Refusal::kMarginOverflow) kinds.earned[3] = 1e30;
    RowStats stats;
    const auto found = kinds.scattered<WholeRow>(whole_columns(), &stats);
    EXPECT_EQ(found.size(), 1099u);
    ASSERT_EQ(stats.refused.size(), 1u) << static_cast<int>(reason);
    EXPECT_EQ(stats.refused[0].row, 3);
    EXPECT_EQ(stats.refused[0].reason, reason);
    EXPECT_EQ(stats.accepted, 1099);
  }
}

TEST(Partitions, CountARowOnceWhoseMoneyIsRounded) {
  Kinds kinds(20);
  kinds.paid[2] = 0.123;
  kinds.earned[3] = 0.123;
  kinds.paid[4] = kinds.earned[4] = 0.123;
  RowStats stats;
  kinds.scattered<WholeRow>(whole_columns(), &stats);
  EXPECT_EQ(stats.rounded, 3);
  OrderColumns columns = whole_columns();
  columns.margin.reset();
  RowStats without_margin;
  kinds.scattered<OrderRow<TextKey>>(columns, &without_margin);
  EXPECT_EQ(without_margin.rounded, 2);
}

}  // namespace
}  // namespace patron::internal
