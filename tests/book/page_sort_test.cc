#include "lib/book/page_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "lib/book/event_page.h"
#include "tests/book/book_oracle.h"

namespace patron::book_test {
namespace {

using internal::BatchVector;
using internal::kPageCustomers;
using internal::PageSort;

// As the standard's stable sort has it, by pages, and by 4 of them where there are 4 x 256.
TEST(PageSort, IsAStableSortByPages) {
  for (const uint32_t customers : {1U, 300U, 60'000U, 256U * 256 * 4}) {
    const uint32_t together = customers > 256U * 256 ? 4 : 1;
    RandomFacts random(customers, 1, 1);
    std::vector<uint32_t> rows(20'000);
    for (uint32_t& row : rows) row = static_cast<uint32_t>(random.below(customers));
    rows.back() = customers - 1;
    std::vector<uint32_t> want(rows.size());
    std::iota(want.begin(), want.end(), 0U);
    const auto page = [&](uint32_t i) { return rows[i] / kPageCustomers / together; };
    std::stable_sort(want.begin(), want.end(),
                     [&](uint32_t a, uint32_t b) { return page(a) < page(b); });
    const PageSort sort(rows);
    BatchVector<uint32_t> column(rows.size());
    std::iota(column.begin(), column.end(), 0U);
    BatchVector<uint8_t> spare;
    for (const size_t width : {1, 4, 8, 16}) {
      BatchVector<uint8_t> cells(rows.size() * width);
      for (size_t i = 0; i < rows.size(); ++i) cells[i * width] = static_cast<uint8_t>(i * 7);
      sort.apply(cells, width, spare);
      ASSERT_EQ(cells.size(), rows.size() * width);
      for (size_t i = 0; i < rows.size(); ++i) {
        ASSERT_EQ(cells[i * width], static_cast<uint8_t>(want[i] * 7));
      }
    }
    sort.apply(column, sizeof(uint32_t), spare);
    EXPECT_TRUE(std::equal(column.begin(), column.end(), want.begin()));
  }
}

// Ranges that are planned apart and placed in any order: as all of them in one.
TEST(PageSort, RangesComeOutInTheirOrderThreads) {
  RandomFacts random(5, 1, 1);
  std::vector<uint32_t> rows(30'000);
  for (uint32_t& row : rows) row = static_cast<uint32_t>(random.below(90'000));
  const PageSort want(rows);
  for (const std::vector<size_t>& ends : {std::vector<size_t>{30'000}, {10, 10, 17'000, 30'000}}) {
    internal::PagePlan plan(rows, ends, 2);
    EXPECT_EQ(plan.ends(), want.ends());
    EXPECT_EQ(plan.pages(), want.pages());
    std::vector<uint32_t> places(rows.size());
    for (size_t r = ends.size(); r-- > 0;) {
      const size_t begin = r == 0 ? 0 : ends[r - 1], middle = (begin + ends[r]) / 2;
      plan.place(r, std::span(rows).subspan(begin, middle - begin), places.data() + begin);
      plan.place(r, std::span(rows).subspan(middle, ends[r] - middle), places.data() + middle);
    }
    EXPECT_TRUE(std::equal(places.begin(), places.end(), want.places().begin()));
  }
}

TEST(PageSort, GroupsEndWherePagesDo) {
  // Three pages of 50 rows, one of none, one of 1,000.
  std::vector<uint32_t> rows;
  const size_t counts[] = {50, 50, 50, 0, 1000};
  for (uint32_t page = 0; page < 5; ++page) {
    rows.insert(rows.end(), counts[page], page * kPageCustomers);
  }
  const PageSort sort(rows);
  EXPECT_EQ(sort.ends(), (std::vector<size_t>{50, 100, 150, 150, 1150}));
  EXPECT_EQ(sort.pages(), 1U);
  EXPECT_EQ(PageSort(std::vector<uint32_t>{256 * 256}).pages(), 2U);
}

}  // namespace
}  // namespace patron::book_test
