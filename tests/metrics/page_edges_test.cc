// Edges of pages by hand; page_metrics_test.cc compares all of them with the plain way.
#include "lib/metrics/page_verbs.h"
#include "tests/metrics/page_orders.h"

namespace patron::internal {
namespace {

using PageEdges = PageOrders;

TEST_F(PageEdges, TheGreatest) {
  page_extreme(events(sales), 0, true, block);
  EXPECT_EQ(integers(), (Integers{300, 999, -1}));
}

TEST_F(PageEdges, OfTimeAndText) {
  page_edge(events(sales), kTimeColumn, true, block);
  EXPECT_EQ(integers(), (Integers{10 * kMicrosPerDay, 2 * kMicrosPerDay, -1}));
  block.reset(Shape::kText);
  page_edge(events(sales), 1, false, block);
  EXPECT_EQ(block.at(0).text, "toys");
  EXPECT_EQ(block.at(1).text, "books");
  EXPECT_FALSE(block.at(2).known());
}

}  // namespace
}  // namespace patron::internal
