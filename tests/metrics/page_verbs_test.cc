// Verbs of pages by hand; page_metrics_test.cc compares all of them with the plain way.
#include "lib/metrics/page_verbs.h"

#include <string>
#include <vector>

#include "tests/metrics/page_orders.h"

namespace patron::internal {
namespace {

using Verbs = PageOrders;

TEST_F(Verbs, CountsAndSums) {
  page_count(events(sales), block);
  EXPECT_EQ(integers(), (Integers{3, 1, 0}));
  block.reset(Shape::kInteger);
  page_sum(events(all), 0, block);
  EXPECT_EQ(integers(), (Integers{500, 999, 0}));
  block.reset(Shape::kInteger);
  page_mean(events(sales), 0, block);
  EXPECT_EQ(integers(), (Integers{217, 999, -1})) << "650 / 3 = 216.67";
  block.reset(Shape::kInteger);
  page_extreme(events(sales), 0, true, block);
  EXPECT_EQ(integers(), (Integers{300, 999, -1}));
}

TEST_F(Verbs, EdgesOfTimeAndText) {
  page_edge(events(sales), kTimeColumn, true, block);
  EXPECT_EQ(integers(), (Integers{10 * kMicrosPerDay, 2 * kMicrosPerDay, -1}));
  block.reset(Shape::kText);
  page_edge(events(sales), 1, false, block);
  EXPECT_EQ(block.at(0).text, "toys");
  EXPECT_EQ(block.at(1).text, "books");
  EXPECT_FALSE(block.at(2).known());
}

TEST_F(Verbs, Streaks) {
  page_streak(events(sales), CalendarGrid({0, 7 * kMicrosPerDay}, zone), block);
  // 1970-01-13 lies in the third week since the Monday 1969-12-29; the first order in the first.
  EXPECT_EQ(integers(), (Integers{2, 0, 0}));
}

TEST_F(Verbs, TopDistinctAndPath) {
  block.reset(Shape::kText);
  page_top(events(sales), 1, kTimeColumn, 1, block);
  EXPECT_EQ(block.at(0).text, "toys") << "two toys, one art";
  block.reset(Shape::kText);
  page_top(events(all), 1, 0, 1, block);
  EXPECT_EQ(block.at(0).text, "toys") << "350 against 300 - 150";
  block.reset(Shape::kSet);
  page_top(events(all), 1, 0, 2, block);
  EXPECT_EQ(block.at(0).set, (std::vector<std::string>{"toys", "art"}));
  block.reset(Shape::kInteger);
  page_distinct(events(sales), 1, block);
  EXPECT_EQ(integers(), (Integers{2, 1, 0}));
  block.reset(Shape::kText);
  page_path(events(sales), 1, 2, block);
  EXPECT_EQ(block.at(0).text, "art>toys");
}

TEST_F(Verbs, SharesTrendsAndPoints) {
  const Expression toys = *Expression::parse("category == 'toys'", schema);
  const int part = stream->add_selection(false, stream->add_condition(toys));
  block.reset(Shape::kNumber);
  page_share(events(part), events(all), 0, block);
  EXPECT_EQ(block.at(0).cell.number, 350.0 / 500);
  EXPECT_EQ(block.at(1).cell.number, 0);
  EXPECT_FALSE(block.at(2).known());
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
