// The heaviest values of pages by hand; page_metrics_test.cc compares all of them with the plain
// way.
#include <string>
#include <vector>

#include "lib/metrics/page_verbs.h"
#include "tests/metrics/page_orders.h"

namespace patron::internal {
namespace {

using PageTops = PageOrders;

TEST_F(PageTops, HeaviestDistinctAndOnTheWay) {
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

}  // namespace
}  // namespace patron::internal
