// Verbs of pages by hand; page_metrics_test.cc compares all of them with the plain way.
#include "lib/metrics/page_verbs.h"

#include "tests/metrics/page_orders.h"

namespace patron::internal {
namespace {

using Verbs = PageOrders;

TEST_F(Verbs, Streaks) {
  page_streak(events(sales), CalendarGrid({0, 7 * kMicrosPerDay}, zone), block);
  // 1970-01-13 lies in the third week since the Monday 1969-12-29; the first order in the first.
  EXPECT_EQ(integers(), (Integers{2, 0, 0}));
}

TEST_F(Verbs, TrendsAndPoints) {
  block.reset(Shape::kNumber);
  page_trend(events(sales), kTimeColumn, CalendarGrid({0, 4 * kMicrosPerDay}, zone), 3, block);
  // Whole periods of four days since 1970-01-05: days 0-3, 4-7, 8-11 have 2, 0, 1 sales; now is in
  // the fourth. The slope is (1 - 2) / 2, the mean 1.
  EXPECT_EQ(block.at(0).cell.number, -0.5);
  const Expression each = *Expression::parse("double(amount) * 10.0", schema);
  block.reset(Shape::kNumber);
  page_points(events(sales), each, {}, block);
  EXPECT_EQ(block.at(0).cell.number, 65);
  EXPECT_EQ(block.at(2).cell.number, 0);
}

TEST_F(Verbs, SomeColumnsAreLeftToThePlainWay) {
  CellColumn column;
  column.cell = CellType::kText;
  EXPECT_FALSE(page_takes(column, Verb::kTop, false));
  EXPECT_TRUE(page_takes(column, Verb::kLast, false));
  EXPECT_FALSE(page_takes(column, Verb::kLast, true)) << "a text that is a set";
  column.cell = CellType::kCustomer;
  EXPECT_FALSE(page_takes(column, Verb::kDistinct, false));
  column.cell = CellType::kInt;
  EXPECT_FALSE(page_takes(column, Verb::kPath, false));
  EXPECT_TRUE(page_takes(column, Verb::kTop, false));
}

}  // namespace
}  // namespace patron::internal
