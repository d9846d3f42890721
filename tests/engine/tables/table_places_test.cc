// Where the customers of pages go in a table: one after the other, and with some left out.
#include "lib/engine/tables/table_places.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace patron::internal {
namespace {

TEST(TableOrder, SaysWhereTheCustomersOfAPageGo) {
  std::vector<uint32_t> rows(600);
  std::iota(rows.begin(), rows.end(), 0U);
  const TablePlaces last = TableOrder(rows, 600).of_page(2);
  EXPECT_EQ(last.n, 88U);
  EXPECT_EQ(last.first, 512U);
  EXPECT_EQ(last.place(87), 599U);
  rows.erase(rows.begin() + 5);
  const TableOrder fewer(rows, 600);
  EXPECT_EQ(fewer.pages(), 3U);
  EXPECT_EQ(fewer.of_page(0).first, kNoPlace);
  EXPECT_EQ(fewer.of_page(0).place(5), kNoPlace);
  EXPECT_EQ(fewer.of_page(0).place(6), 5U);
  EXPECT_EQ(fewer.of_page(1).first, 255U);
  EXPECT_EQ(fewer.of_page(1).place(1), 256U);
}

}  // namespace
}  // namespace patron::internal
