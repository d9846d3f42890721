#include "lib/base/int_bounds.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace patron::internal {
namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

TEST(IntBounds, AreTheLeastAndTheLargest) {
  std::mt19937_64 random(1);
  for (size_t n = 1; n < 70; ++n) {
    std::vector<int64_t> values(n);
    for (int64_t& value : values) value = static_cast<int64_t>(random()) >> (random() % 60);
    const IntBounds bounds = bounds_of(values);
    EXPECT_EQ(bounds.least, *std::min_element(values.begin(), values.end()));
    EXPECT_EQ(bounds.most, *std::max_element(values.begin(), values.end()));
  }
  const IntBounds ends = bounds_of(std::vector<int64_t>{3, kMost, kLeast, 4});
  EXPECT_EQ(ends.least, kLeast);
  EXPECT_EQ(ends.most, kMost);
}

TEST(IntBounds, SayWhetherAllAreInARange) {
  EXPECT_TRUE(bounds_of({}).within(5, 5));
  IntBounds bounds = bounds_of(std::vector<int64_t>{4, 6});
  EXPECT_TRUE(bounds.within(4, 6));
  EXPECT_FALSE(bounds.within(5, 6));
  EXPECT_FALSE(bounds.within(4, 5));
  bounds.add(bounds_of(std::vector<int64_t>{9}));
  EXPECT_FALSE(bounds.within(4, 6));
  EXPECT_TRUE(bounds.within(4, 9));
}

}  // namespace
}  // namespace patron::internal
