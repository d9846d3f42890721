// Tables that are read where they stand, beside the batch that copies them.
#include "lib/book/table_scan.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::EventBatch;
using internal::LogState;
using internal::LogWriter;
using internal::Meter;
using internal::StreamLayout;
using internal::TableColumns;
using internal::TableScan;

constexpr size_t kScanRows = 90'000;

BookLayout orders() {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.streams = {*built_in_stream("orders", spec), *built_in_stream("referrals", spec)};
  return *BookLayout::make(spec);
}

Table some_orders() {
  std::mt19937_64 random(9);
  std::vector<int64_t> ids(kScanRows), times(kScanRows);
  std::vector<double> amounts(kScanRows);
  std::vector<std::string> words(kScanRows);
  for (size_t i = 0; i < kScanRows; ++i) {
    ids[i] = static_cast<int64_t>(random() % 4000);
    times[i] = static_cast<int64_t>(i / 2);
    amounts[i] = static_cast<double>(random() % 900);
    words[i] = "word " + std::to_string(random() % (i < 60'000 ? 9 : 300));
  }
  return *TableBuilder()
              .int64("customer", ids)
              .timestamps("time", times, "UTC")
              .doubles("amount", amounts)
              .strings("category", words)
              .finish();
}

// A log and its writer.
struct Log {
  explicit Log(const BookLayout& layout)
      : state(layout.data().streams[0]),
        writer(layout.data().streams[0], std::make_shared<Meter>()) {
    writer.begin(state);
  }
  LogState state;
  LogWriter writer;
};

TEST(TableScan, SortsWhatABatchHoldsThreads) {
  const BookLayout layout = orders();
  const StreamLayout& stream = layout.data().streams[0];
  const Table table = some_orders();
  EventBatch want;
  BookReport report;
  Log plain(layout);
  ASSERT_TRUE(internal::read_batch(table, stream, layout.data(), kEndTime, want, report).ok());
  want.customers.resize(kScanRows);
  for (size_t i = 0; i < kScanRows; ++i) want.customers[i] = static_cast<uint32_t>(want.int_ids[i]);
  plain.writer.resolve_codes(want, plain.state);
  const LogWriter::PageGroups groups = plain.writer.sort_by_page(want);
  for (const int threads : {1, 2, 4}) {
    TableColumns columns(stream, layout.data());
    ASSERT_TRUE(internal::open_columns(table, columns, layout.data()).ok());
    ASSERT_TRUE(TableScan::can_take(columns));
    Log log(layout);
    TableScan scan(table, columns, layout.data(), kEndTime - 1);
    ASSERT_TRUE(scan.look_at_ids(threads));
    std::vector<uint32_t> customers;
    for (const std::span<const int64_t> run : scan.ids().runs) {
      for (const int64_t id : run) customers.push_back(static_cast<uint32_t>(id));
    }
    ASSERT_EQ(customers.size(), kScanRows);
    EXPECT_TRUE(scan.ids().bounds.within(0, 3999));
    EventBatch batch;
    LogWriter::PageGroups sorted;
    ASSERT_TRUE(scan.sort(customers, batch, log.writer, log.state, threads, sorted));
    EXPECT_EQ(sorted.ends, groups.ends);
    EXPECT_EQ(sorted.pages, groups.pages);
    const auto same = [](const auto& a, const auto& b) {
      return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
    };
    EXPECT_TRUE(same(batch.times, want.times)) << threads;
    EXPECT_TRUE(same(batch.customers, want.customers)) << threads;
    EXPECT_TRUE(same(log.writer.codes(3), plain.writer.codes(3))) << threads;
    for (size_t c = 0; c < stream.columns.size(); ++c) {
      EXPECT_EQ(batch.columns[c].given, want.columns[c].given) << c;
      EXPECT_TRUE(same(batch.columns[c].cells, want.columns[c].cells)) << c;
    }
    ASSERT_EQ(log.state.texts[3].size(), plain.state.texts[3].size());
    for (uint32_t code = 0; code < log.state.texts[3].size(); ++code) {
      EXPECT_EQ(log.state.texts[3].text(code), plain.state.texts[3].text(code)) << threads;
    }
  }
}

// The last row is bad, whichever column says so.
TEST(TableScan, SaysThatARowIsBadThreads) {
  const BookLayout layout = orders();
  const std::vector<int64_t> ids(kScanRows, 7);
  for (const std::string_view bad : {"none", "time", "late", "amount", "category"}) {
    std::vector<int64_t> times(kScanRows, 5);
    std::vector<double> amounts(kScanRows, 1);
    std::vector<std::string> words(kScanRows, "tea");
    if (bad == "time") times.back() = INT64_MIN;
    if (bad == "late") times.back() = 9;
    if (bad == "amount") amounts.back() = 1e300;
    if (bad == "category") words.back() = std::string(70'000, 'w');
    const Table table = *TableBuilder()
                             .int64("customer", ids)
                             .timestamps("time", times, "UTC")
                             .doubles("amount", amounts)
                             .strings("category", words)
                             .finish();
    for (const int threads : {1, 3}) {
      TableColumns columns(layout.data().streams[0], layout.data());
      ASSERT_TRUE(internal::open_columns(table, columns, layout.data()).ok());
      Log log(layout);
      TableScan scan(table, columns, layout.data(), 8);
      ASSERT_TRUE(scan.look_at_ids(threads));
      const std::vector<uint32_t> customers(kScanRows, 0);
      EventBatch batch;
      LogWriter::PageGroups groups;
      EXPECT_EQ(scan.sort(customers, batch, log.writer, log.state, threads, groups), bad == "none")
          << bad << threads;
    }
  }
}

TEST(TableScan, SaysThatAnIdIsNone) {
  const BookLayout layout = orders();
  const std::vector<int64_t> nine(9, 1);
  std::vector<int64_t> ids(9, 7);
  ids[4] = INT64_MIN;
  const Table table = *TableBuilder()
                           .int64("customer", ids)
                           .timestamps("time", nine, "UTC")
                           .doubles("amount", std::vector<double>(9, 1))
                           .finish();
  TableColumns columns(layout.data().streams[0], layout.data());
  ASSERT_TRUE(internal::open_columns(table, columns, layout.data()).ok());
  EXPECT_FALSE(TableScan(table, columns, layout.data(), 8).look_at_ids(1));
}

TEST(TableScan, LeavesReferralsAndForeignMoneyToABatch) {
  const BookLayout layout = orders();
  TableColumns referrals(layout.data().streams[1], layout.data());
  EXPECT_FALSE(TableScan::can_take(referrals));
  const Table foreign = *TableBuilder()
                             .int64("customer", {1})
                             .timestamps("time", {1}, "UTC")
                             .doubles("amount", {1})
                             .strings("currency", std::vector<std::string>{"EUR"})
                             .finish();
  TableColumns columns(layout.data().streams[0], layout.data());
  ASSERT_TRUE(internal::open_columns(foreign, columns, layout.data()).ok());
  EXPECT_FALSE(TableScan::can_take(columns));
}

}  // namespace
}  // namespace patron::book_test
