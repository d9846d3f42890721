// Days and their gaps by hand; page_metrics_test.cc compares them with the plain way.
#include <vector>

#include "lib/metrics/page_verbs.h"
#include "tests/metrics/page_orders.h"

namespace patron::internal {
namespace {

using PageDays = PageOrders;

TEST_F(PageDays, AreCountedOnce) {
  page_days_active(events(sales), block);
  EXPECT_EQ(integers(), (Integers{3, 1, 0}));
  block.reset(Shape::kInteger);
  page_days_active(events(all), block);
  EXPECT_EQ(integers(), (Integers{4, 1, 0}));
}

TEST_F(PageDays, GapsLieBetweenThem) {
  page_gap(events(sales), Verb::kGapMedian, block);
  EXPECT_EQ(integers(), (Integers{5 * kMicrosPerDay, -1, -1})) << "gaps of 3 and 7 days";
  block.reset(Shape::kInteger);
  page_gap(events(all), Verb::kGapMedian, block);
  EXPECT_EQ(integers(), (Integers{3 * kMicrosPerDay, -1, -1})) << "gaps of 3, 6 and 1 days";
  block.reset(Shape::kInteger);
  page_gap(events(all), Verb::kGapLast, block);
  EXPECT_EQ(integers(), (Integers{kMicrosPerDay, -1, -1}));
}

}  // namespace
}  // namespace patron::internal
