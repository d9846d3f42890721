#include "lib/book/key_index.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace patron::internal {
namespace {

std::vector<Micros> times_of(const KeyIndex& index, uint64_t hash) {
  std::vector<Micros> times;
  const bool found = index.find(hash, [&](Micros time) {
    times.push_back(time);
    return false;
  });
  EXPECT_FALSE(found);
  std::sort(times.begin(), times.end());
  return times;
}

TEST(KeyIndex, NamesEveryInstantOfAHash) {
  KeyIndex index;
  index.add(7, 100);
  index.add(8, 200);
  index.add(7, 50);
  index.add(7, 100);
  EXPECT_EQ(times_of(index, 7), (std::vector<Micros>{50, 100}));
  EXPECT_EQ(times_of(index, 8), std::vector<Micros>{200});
  EXPECT_TRUE(times_of(index, 9).empty());
  EXPECT_TRUE(index.find(7, [](Micros time) { return time == 50; }));
}

TEST(KeyIndex, SaysWhenItIsWorn) {
  KeyIndex index;
  for (Micros time = 0; time < 60; ++time) index.add(1, time);
  EXPECT_FALSE(index.worn());
  for (Micros time = 60; time < 200; ++time) index.add(1, time);
  EXPECT_TRUE(index.worn());
  EXPECT_GT(index.memory(), 0u);
}

}  // namespace
}  // namespace patron::internal
