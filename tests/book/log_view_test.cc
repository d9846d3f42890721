#include "lib/book/log_view.h"

#include <gtest/gtest.h>

#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::LogReader;
using internal::LogRun;
using internal::LogView;

class Views : public testing::Test {
 protected:
  Views() : book_(make()) {}
  static Book make() {
    BookSpec spec;
    spec.customer = Kind::kInt64;
    BookStream stream;
    stream.name = "s";
    stream.columns = {book_column("amount", Kind::kMoney)};
    stream.columns[0].sums = true;
    spec.streams = {stream};
    return Book(*BookLayout::make(spec));
  }
  void add(std::vector<Micros> times, std::vector<int64_t> customers) {
    std::vector<int64_t> amounts(times.begin(), times.end());
    BookReport report;
    const Table table = *TableBuilder()
                             .int64("customer", std::move(customers))
                             .timestamps("time", std::move(times), "UTC")
                             .int64("amount", std::move(amounts))
                             .finish();
    ASSERT_TRUE(book_.add("s", table, {}, &report).ok());
  }
  std::vector<Micros> times(LogView view) {
    std::vector<Micros> all;
    for (const LogRun& run : view) all.insert(all.end(), run.times(), run.times() + run.size);
    return all;
  }
  Book book_;
};

TEST_F(Views, UntilAndFromCutAtInstants) {
  add({5, 1, 3, 3, 9}, {1, 1, 1, 1, 1});
  LogReader reader(book_.state(), 0);
  EXPECT_EQ(times(reader.read(0)), (std::vector<Micros>{1, 3, 3, 5, 9}));
  EXPECT_EQ(times(reader.read(0).until(3)), (std::vector<Micros>{1, 3, 3}));
  EXPECT_EQ(times(reader.read(0).until(0)), std::vector<Micros>{});
  EXPECT_EQ(times(reader.read(0).until(100)).size(), 5u);
  EXPECT_EQ(times(reader.read(0).from(3)), (std::vector<Micros>{3, 3, 5, 9}));
  EXPECT_EQ(times(reader.read(0).until(5).from(4)), std::vector<Micros>{5});
  EXPECT_EQ(times(reader.read(0).from(10)), std::vector<Micros>{});
  EXPECT_EQ(reader.read(0).size(), 5u);
  EXPECT_TRUE(reader.read(77).empty());
}

// New facts lie behind the base, before it or within it.
TEST_F(Views, NewFactsAreReadWhereverTheyFall) {
  std::vector<Micros> first;
  for (Micros t = 0; t < 100; ++t) first.push_back(t * 10);
  add(first, std::vector<int64_t>(100, 1));
  LogReader reader(book_.state(), 0);
  EXPECT_EQ(reader.read(0).runs().size(), 1u);
  add({2000, 1500}, {1, 1});
  EXPECT_EQ(reader.read(0).runs().size(), 2u);
  std::vector<Micros> want = first;
  want.push_back(1500);
  want.push_back(2000);
  EXPECT_EQ(times(reader.read(0)), want);
  EXPECT_EQ(times(reader.read(0).from(990)), (std::vector<Micros>{990, 1500, 2000}));
  EXPECT_EQ(times(reader.read(0).until(1700)).size(), 101u);
  add({35}, {1});
  want.insert(want.begin() + 4, 35);
  EXPECT_EQ(times(reader.read(0)), want);
}

TEST_F(Views, PagesGiveEveryCustomersPart) {
  add({1, 2, 3, 4, 5}, {10, 20, 10, 30, 20});
  internal::PageReader pages(book_.state(), 0);
  ASSERT_EQ(pages.pages(), 1u);
  const internal::LogPage page = pages.read(0);
  EXPECT_EQ(std::vector<uint32_t>(page.offsets.begin(), page.offsets.end()),
            (std::vector<uint32_t>{0, 2, 4, 5}));
  EXPECT_EQ(std::vector<Micros>(page.run.times(), page.run.times() + 5),
            (std::vector<Micros>{1, 3, 2, 5, 4}));
  EXPECT_TRUE(page.apart.empty());
}

}  // namespace
}  // namespace patron::book_test
