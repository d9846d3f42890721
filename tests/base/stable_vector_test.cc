#include "lib/base/stable_vector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "tests/base/fail_alloc.h"

namespace patron::internal {
namespace {

TEST(StableVector, HasWhatAVectorHas) {
  StableVector<int64_t> stable;
  std::vector<int64_t> model;
  EXPECT_TRUE(stable.empty());
  EXPECT_EQ(stable.capacity(), 0u);
  for (const size_t count :
       {1,    7,    8,    9,      24, 25, 5,      6,      1000, 1001,    900, 4087,  4088,
        4089, 8184, 8185, 30'000, 0,  3,  69'624, 69'625, 100,  856'057, 0,   70'000}) {
    const size_t before = model.size();
    stable.resize(count);
    model.resize(count);
    for (size_t i = before; i < count; ++i) {
      EXPECT_EQ(stable[i], 0) << i;  // also where something was before
      stable[i] = model[i] = static_cast<int64_t>(count * 10'000 + i);
    }
    ASSERT_EQ(stable.size(), model.size());
    EXPECT_GE(stable.capacity(), count);
    EXPECT_TRUE(std::equal(stable.begin(), stable.end(), model.begin(), model.end()));
  }
}

TEST(StableVector, ElementsNeverMove) {
  StableVector<int> stable;
  std::vector<const int*> where;
  for (size_t i = 0; i < 100'000; ++i) {
    stable.resize(i + 1);
    where.push_back(&stable[i]);
  }
  for (size_t i = 0; i < where.size(); ++i) EXPECT_EQ(where[i], &stable[i]);
}

TEST(StableVector, AddsCopies) {
  StableVector<int> stable;
  for (int i = 0; i < 20'000; ++i) {
    stable.push_back(i);
    EXPECT_EQ(stable.size(), static_cast<size_t>(i) + 1);
  }
  for (int i = 0; i < 20'000; ++i) EXPECT_EQ(stable[static_cast<size_t>(i)], i);
  const StableVector<int> other = std::move(stable);
  EXPECT_EQ(stable.capacity(), 0u);  // NOLINT(bugprone-use-after-move): it is empty
  EXPECT_GE(other.capacity(), 20'000u);
}

TEST(StableVector, HandsItsElementsOver) {
  StableVector<int> stable;
  stable.resize(20'000);
  int* const first = &stable[0];
  StableVector<int> other = std::move(stable);
  EXPECT_EQ(other.size(), 20'000u);
  EXPECT_EQ(&other[0], first);
  EXPECT_EQ(stable.size(), 0u);  // NOLINT(bugprone-use-after-move): it is empty
  stable.resize(3);
  EXPECT_NE(&stable[0], first);
}

TEST(StableVector, EndsItsElements) {
  static int alive;
  struct Counted {
    Counted() { ++alive; }
    ~Counted() { --alive; }
  };
  alive = 0;
  {
    StableVector<Counted> stable;
    stable.resize(100);
    EXPECT_EQ(alive, 100);
    stable.resize(30);
    EXPECT_EQ(alive, 30);
  }
  EXPECT_EQ(alive, 0);
}

TEST(StableVector, IsAsItWasWhereMemoryRunsOut) {
  for (int64_t k = 0;; ++k) {
    StableVector<int> stable;
    stable.resize(8);
    std::iota(stable.begin(), stable.end(), 1);
    const test::FailAllocation failing(k);
    try {
      stable.resize(15'000);
      EXPECT_GT(k, 12);  // 9 that grow, less the first, 3 of 4,096 and their list
      return;
    } catch (const std::bad_alloc&) {
      ASSERT_EQ(stable.size(), 8u);
      EXPECT_EQ(stable[7], 8);
    }
  }
}

}  // namespace
}  // namespace patron::internal
