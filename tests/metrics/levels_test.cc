#include "lib/metrics/levels.h"

#include <gtest/gtest.h>

namespace patron::internal {
namespace {

TEST(Levels, ARangeEndsBeforeTheNextCut) {
  Levels levels;
  EXPECT_TRUE(levels.around(7).has(INT64_MIN));
  EXPECT_TRUE(levels.around(7).has(INT64_MAX));
  for (const int64_t cut : {100, 20, 100, 50}) levels.add(cut);
  EXPECT_EQ(levels.cuts, (std::vector<int64_t>{20, 50, 100}));
  EXPECT_EQ(levels.around(49).low, 21);
  EXPECT_EQ(levels.around(49).high, 49);
  EXPECT_EQ(levels.around(50).low, 50);
  EXPECT_EQ(levels.around(50).high, 50);
  EXPECT_EQ(levels.around(101).low, 101);
  EXPECT_EQ(levels.around(19).high, 19);
  levels.every = true;
  EXPECT_FALSE(levels.around(30).has(31));
}

}  // namespace
}  // namespace patron::internal
