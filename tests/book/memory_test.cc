// Memory by part, against arithmetic, and against what the allocator has handed out.
#include <gtest/gtest.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <numeric>

#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

TEST(BookMemory, AnOrderTakesWhatItsColumnsTake) {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.streams = {*built_in_stream("orders", spec)};
  spec.streams[0].columns.push_back(book_column("order_id", Kind::kString));
  spec.streams[0].key = "order_id";
  Book book(*BookLayout::make(spec));
  constexpr int64_t kOrders = 40'000, kCustomers = 4'000;
  std::vector<int64_t> customers, times;
  std::vector<double> amounts;
  std::vector<std::string> ids;
  for (int64_t i = 0; i < kOrders; ++i) {
    customers.push_back(i % kCustomers);
    times.push_back(i);
    amounts.push_back(1);
    ids.push_back(std::to_string(i));
  }
  BookReport report;
  ASSERT_TRUE(book.add("orders",
                       *TableBuilder()
                            .int64("customer", customers)
                            .timestamps("time", times, "UTC")
                            .doubles("amount", amounts)
                            .strings("order_id", ids)
                            .finish(),
                       {}, &report)
                  .ok());
  const BookMemory memory = book.memory();
  EXPECT_EQ(memory.events, kOrders * (8 + 8));
  EXPECT_EQ(memory.event_keys, kOrders * 16);
  EXPECT_LE(memory.customers, kCustomers * 128);
  EXPECT_EQ(memory.total, memory.customers + memory.events + memory.event_keys + memory.attributes +
                              memory.texts + memory.identities + memory.slack);
  EXPECT_LE(memory.total, (kOrders * (20 + 16) + kCustomers * 128) * 11 / 10);
}

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
int64_t allocated() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<int64_t>(info.uordblks + info.hblkhd);
}

// 20 bytes an order, 8 for its number, 128 a customer: what is reported is less, and what was
// allocated is what is reported, however the orders came.
TEST(BookMemory, WhatIsReportedIsWhatIsAllocated) {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.streams = {*built_in_stream("orders", spec)};
  spec.streams[0].columns.push_back(book_column("number", Kind::kInt64));
  spec.streams[0].key = "number";
  const BookLayout layout = *BookLayout::make(spec);
  constexpr int64_t kOrders = 400'000, kCustomers = 40'000;
  for (const int64_t size : {kOrders, int64_t{1000}}) {
    RandomFacts random(size, 1, 1);
    const int64_t before = allocated();
    Book book(layout);
    for (int64_t begin = 0; begin < kOrders; begin += size) {
      std::vector<int64_t> customers, times, numbers;
      for (int64_t i = begin; i < begin + size; ++i) {
        customers.push_back(static_cast<int64_t>(random.below(kCustomers)));
        times.push_back(i);
        numbers.push_back(i);
      }
      BookReport report;
      ASSERT_TRUE(book.add("orders",
                           *TableBuilder()
                                .int64("customer", customers)
                                .timestamps("time", times, "UTC")
                                .doubles("amount", std::vector<double>(customers.size(), 1))
                                .int64("number", numbers)
                                .finish(),
                           {}, &report)
                      .ok());
      ASSERT_EQ(report.accepted, size);
    }
    const BookMemory memory = book.memory();
    EXPECT_LE(memory.total, (kOrders * (20 + 8) + kCustomers * 128) * 11 / 10);
    const double share =
        static_cast<double>(allocated() - before) / static_cast<double>(memory.total);
    EXPECT_GT(share, 0.9) << "in batches of " << size;
    EXPECT_LT(share, 1.1) << "in batches of " << size;
  }
}
#endif

TEST(BookMemory, WhatSnapshotsHoldIsSlackUntilTheyGo) {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.streams = {wide_stream("")};
  Book book(*BookLayout::make(spec));
  RandomFacts random(3, 200, 100);
  BookReport report;
  const auto add = [&] {
    std::vector<Event> events(2000);
    for (Event& event : events) event = random.event();
    ASSERT_TRUE(give(book, 0, events, {}, report).ok());
  };
  add();
  const int64_t alone = book.memory().slack;
  {
    const BookSnapshot snapshot = book.snapshot();
    add();
    EXPECT_GT(book.memory().slack, alone + 20'000);
  }
  const BookMemory after = book.memory();
  EXPECT_LT(after.slack, after.events);
  EXPECT_GT(after.texts, 0);
}

// 10,000 of them share one layout.
TEST(BookMemory, AnEmptyBookIsSmall) {
  BookSpec spec;
  for (const char* name : {"orders", "interactions", "surveys", "referrals", "costs"}) {
    spec.streams.push_back(*built_in_stream(name, spec));
  }
  for (int i = 0; i < 30; ++i) {
    BookAttribute attribute;
    attribute.field = book_column("a" + std::to_string(i), Kind::kInt64).field;
    spec.attributes.push_back(attribute);
  }
  const BookLayout layout = *BookLayout::make(spec);
  std::vector<Book> books;
  for (int i = 0; i < 10'000; ++i) books.emplace_back(layout);
  EXPECT_EQ(books.back().memory().total, 0);
}

}  // namespace
}  // namespace patron::book_test
