// Sums of pages by hand; page_metrics_test.cc compares all of them with the plain way.
#include "lib/metrics/page_verbs.h"
#include "tests/metrics/page_orders.h"

namespace patron::internal {
namespace {

using PageSums = PageOrders;

TEST_F(PageSums, CountAddUpAndGiveMeans) {
  page_count(events(sales), block);
  EXPECT_EQ(integers(), (Integers{3, 1, 0}));
  block.reset(Shape::kInteger);
  page_sum(events(all), 0, block);
  EXPECT_EQ(integers(), (Integers{500, 999, 0}));
  block.reset(Shape::kInteger);
  page_mean(events(sales), 0, block);
  EXPECT_EQ(integers(), (Integers{217, 999, -1})) << "650 / 3 = 216.67";
}

TEST_F(PageSums, ShareOfAnother) {
  const Expression toys = *Expression::parse("category == 'toys'", schema);
  const int part = stream->add_selection(false, stream->add_condition(toys));
  block.reset(Shape::kNumber);
  page_share(events(part), events(all), 0, block);
  EXPECT_EQ(block.at(0).cell.number, 350.0 / 500);
  EXPECT_EQ(block.at(1).cell.number, 0);
  EXPECT_FALSE(block.at(2).known());
}

}  // namespace
}  // namespace patron::internal
