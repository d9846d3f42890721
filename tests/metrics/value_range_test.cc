#include "lib/metrics/value_range.h"

#include <gtest/gtest.h>

namespace patron::internal {
namespace {

TEST(ValueRange, IsCutToWhatIsInBoth) {
  ValueRange range;
  EXPECT_TRUE(range.everything());
  range.cut({3, 10});
  range.cut({-5, 7});
  EXPECT_EQ(range, (ValueRange{3, 7}));
  EXPECT_TRUE(range.has(3) && range.has(7));
  EXPECT_FALSE(range.has(2) || range.has(8) || range.everything());
  range.cut(ValueRange::none());
  EXPECT_EQ(range, ValueRange::none());
  EXPECT_FALSE(range.has(5));
}

}  // namespace
}  // namespace patron::internal
