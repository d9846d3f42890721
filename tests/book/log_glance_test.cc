// A glance beside the log that is put together.
#include "lib/book/log_glance.h"

#include <gtest/gtest.h>

#include <random>

#include "lib/book/log_view.h"
#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::LogGlance;
using internal::LogReader;
using internal::LogRun;

Book make() {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  BookStream stream;
  stream.name = "s";
  stream.columns = {book_column("amount", Kind::kInt64), book_column("kind", Kind::kEnum)};
  spec.streams = {stream};
  return Book(*BookLayout::make(spec));
}

TEST(LogGlance, SeesTheFactsOfALogInTheOrderOfTime) {
  std::mt19937_64 random(3);
  Book book = make();
  const std::vector<std::string> kinds{"view", "cart", "click"};
  for (int batch = 0; batch < 60; ++batch) {
    std::vector<int64_t> customers, amounts;
    std::vector<Micros> times;
    std::vector<std::string> words;
    for (int i = 0; i < 25; ++i) {
      customers.push_back(static_cast<int64_t>(random() % 20));
      const auto late = random() % 4 == 0 ? random() % 600 : random() % 10;
      times.push_back(static_cast<Micros>(batch) * 10 + 600 - static_cast<Micros>(late));
      amounts.push_back(static_cast<int64_t>(random() % 100));
      words.push_back(kinds[random() % kinds.size()]);
    }
    BookReport report;
    ASSERT_TRUE(book.add("s",
                         *TableBuilder()
                              .int64("customer", customers)
                              .timestamps("time", times, "UTC")
                              .int64("amount", amounts)
                              .strings("kind", words)
                              .finish(),
                         {}, &report)
                    .ok());
    LogReader reader(book.state(), 0);
    LogGlance glance(book.state(), 0, {1, 0});
    uint32_t known = 0;
    for (uint32_t row = 0; row < book.customers(); ++row) {
      const Micros from = static_cast<Micros>(random() % 1200);
      const Micros now = from + static_cast<Micros>(random() % 900);
      ASSERT_TRUE(glance.read(row, from, now));
      std::vector<std::pair<Micros, int64_t>> seen, wanted;
      size_t views = 0, wanted_views = 0;
      for (size_t i = 0; i < glance.size(); ++i) {
        const Micros time = glance.times()[i];
        ASSERT_TRUE(seen.empty() || seen.back().first <= time);
        seen.emplace_back(time, glance.cells<int64_t>(1)[i]);
        views += glance.is_text(0, glance.cells<uint32_t>(0)[i], "view", known) ? 1 : 0;
      }
      for (const LogRun& run : reader.read(row).until(now).from(from)) {
        for (size_t i = 0; i < run.size; ++i) {
          wanted.emplace_back(run.times()[i], run.cells<int64_t>(0)[i]);
          wanted_views += reader.enum_text(1, run.cells<uint32_t>(1)[i]) == "view" ? 1 : 0;
        }
      }
      std::sort(seen.begin(), seen.end());
      std::sort(wanted.begin(), wanted.end());
      ASSERT_EQ(seen, wanted);
      ASSERT_EQ(views, wanted_views);
    }
  }
}

// Of a column that came later the base has nothing.
TEST(LogGlance, FillsWhatAPartHasNotWithNulls) {
  Book book = make();
  const auto add = [&](const Table& rows) {
    BookReport report;
    ASSERT_TRUE(book.add("s", rows, {}, &report).ok());
  };
  std::vector<int64_t> customers(300, 1), amounts;
  std::vector<Micros> times;
  for (int64_t i = 0; i < 300; ++i) times.push_back(i * 10), amounts.push_back(i);
  add(*TableBuilder().int64("customer", customers).timestamps("time", times, "UTC").finish());
  customers.resize(2), times = {5, 3000}, amounts = {7, 8};
  add(*TableBuilder()
           .int64("customer", customers)
           .timestamps("time", times, "UTC")
           .int64("amount", amounts)
           .finish());
  LogGlance glance(book.state(), 0, {1, 0});
  ASSERT_TRUE(glance.read(0, 0, 5000));
  ASSERT_EQ(glance.size(), 302u);
  EXPECT_EQ(glance.cells<uint32_t>(0), nullptr);
  for (size_t i = 0; i < 302; ++i) {
    const int64_t amount = glance.cells<int64_t>(1)[i];
    EXPECT_EQ(amount, i == 1 ? 7 : i == 301 ? 8 : internal::kNullInt) << i;
  }
  glance.let_go();
  EXPECT_EQ(glance.size(), 0u);
}

TEST(LogGlance, LeavesLinkedCustomersAndLongLogsToTheReader) {
  Book book = make();
  const auto add = [&](int64_t customer, int64_t count, Micros from) {
    std::vector<int64_t> customers(static_cast<size_t>(count), customer), amounts(customers);
    std::vector<Micros> times;
    for (int64_t i = 0; i < count; ++i) times.push_back(from + i);
    BookReport report;
    ASSERT_TRUE(book.add("s",
                         *TableBuilder()
                              .int64("customer", customers)
                              .timestamps("time", times, "UTC")
                              .int64("amount", amounts)
                              .finish(),
                         {}, &report)
                    .ok());
  };
  add(1, 5, 0), add(2, 5, 0), add(3, 3000, 0);
  LogGlance glance(book.state(), 0, {0});
  EXPECT_TRUE(glance.read(book.find({1, {}}), 0, 100));
  EXPECT_EQ(glance.size(), 5u);
  EXPECT_TRUE(glance.read(book.find({1, {}}), 3, 100));
  EXPECT_EQ(glance.size(), 2u);
  EXPECT_FALSE(glance.read(book.find({3, {}}), 0, 100));
  EXPECT_TRUE(glance.read(99, 0, 100));
  EXPECT_EQ(glance.size(), 0u);
  ASSERT_TRUE(book.link({1, {}}, {2, {}}, 1).ok());
  EXPECT_FALSE(glance.read(book.find({2, {}}), 0, 100));
}

}  // namespace
}  // namespace patron::book_test
