#include "lib/base/small_vector.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/base/fail_alloc.h"

namespace patron::internal {
namespace {

// Long enough that each has memory of its own, which the sanitizers watch.
std::string text(uint64_t number) {
  return "a text that no string keeps in itself: " + std::to_string(number);
}

template <typename List>
class SmallVectorOf : public testing::Test {};
using Lists = testing::Types<SmallVector<std::string>, SmallVector<std::string, 1>,
                             SmallVector<std::string, 3>>;
TYPED_TEST_SUITE(SmallVectorOf, Lists);

// Two lists through random calls, beside two vectors.
TYPED_TEST(SmallVectorOf, DoesWhatAVectorDoes) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    TypeParam lists[2];
    std::vector<std::string> models[2];
    for (int step = 0; step < 60; ++step) {
      const size_t which = random() % 2, count = random() % 7;
      TypeParam& list = lists[which];
      std::vector<std::string>& model = models[which];
      switch (random() % 11) {
        case 0:
          list.resize(count), model.resize(count);
          break;
        case 1:
          list.push_back(text(count)), model.push_back(text(count));
          break;
        case 2:
          list.emplace_back(count, 'x'), model.emplace_back(count, 'x');
          break;
        case 3:
          list = lists[1 - which], model = models[1 - which];
          break;
        case 4:
          list = std::move(lists[1 - which]), model = std::move(models[1 - which]);
          EXPECT_TRUE(lists[1 - which].empty());
          models[1 - which].clear();
          break;
        case 5:
          std::swap(lists[0], lists[1]), std::swap(models[0], models[1]);
          break;
        case 6: {
          const size_t first = random() % (model.size() + 1);
          const size_t last = first + random() % (model.size() - first + 1);
          const auto* const next = list.erase(list.begin() + first, list.begin() + last);
          EXPECT_EQ(next, list.begin() + first);
          model.erase(model.begin() + static_cast<std::ptrdiff_t>(first),
                      model.begin() + static_cast<std::ptrdiff_t>(last));
          break;
        }
        case 7: {
          const auto goes = [&](const std::string& one) { return one == text(count); };
          erase_if(list, goes), std::erase_if(model, goes);
          break;
        }
        case 8:
          list.assign(count, text(step)), model.assign(count, text(step));
          break;
        case 9:
          if (!model.empty()) list.push_back(list.front()), model.push_back(model.front());
          break;
        default:
          list = TypeParam(list), list.reserve(count);
          break;
      }
      for (size_t l = 0; l < 2; ++l) {
        ASSERT_EQ(std::vector<std::string>(lists[l].begin(), lists[l].end()), models[l]);
        ASSERT_EQ(lists[l].empty(), models[l].empty());
        ASSERT_GE(lists[l].capacity(), lists[l].size());
      }
      ASSERT_EQ(lists[0] == lists[1], models[0] == models[1]);
    }
  }
}

TYPED_TEST(SmallVectorOf, IsAsItWasWhereMemoryRunsOut) {
  const auto fill = [](TypeParam& list) {
    for (uint64_t i = 0; i < 4; ++i) list.push_back(text(i));
  };
  TypeParam whole;
  fill(whole);
  int64_t failures = 0;
  for (int64_t at = 1;; ++at) {
    TypeParam list, other;
    list.push_back(text(9));
    bool threw = false;
    try {
      const test::FailAllocation failing(at);
      other = whole;
      list.resize(5);
      list.push_back(other[2]);
    } catch (const std::bad_alloc&) {
      threw = true, ++failures;
    }
    EXPECT_EQ(list[0], text(9));
    EXPECT_TRUE(other.empty() || other == whole);
    if (!threw) {
      EXPECT_EQ(list.size(), 6u);
      EXPECT_EQ(list.back(), text(2));
      break;
    }
    EXPECT_TRUE(list.size() == 1 || list.size() == 5);
  }
  EXPECT_GT(failures, 4);
}

TEST(SmallVector, IsAsLargeAsItSays) {
  EXPECT_EQ(sizeof(SmallVector<int64_t>), sizeof(void*));
  SmallVector<int64_t, 2> two{1, 2};
  EXPECT_EQ(two.heap_bytes(), 0u);
  EXPECT_GE(reinterpret_cast<char*>(two.data()), reinterpret_cast<char*>(&two));
  EXPECT_LT(reinterpret_cast<char*>(two.data()), reinterpret_cast<char*>(&two + 1));
  two.push_back(3);
  EXPECT_EQ(two.heap_bytes(), two.capacity() * sizeof(int64_t));
  SmallVector<int64_t> none;
  EXPECT_EQ(none.heap_bytes(), 0u);
  none.push_back(1);
  EXPECT_EQ(none.heap_bytes(), 8 + none.capacity() * sizeof(int64_t));
}

TEST(SmallVector, KeepsTheMemoryOfWhatIsAssignedTo) {
  SmallVector<std::string, 1> a{text(1)};
  const SmallVector<std::string, 1> b{text(2)};
  const char* const before = a[0].data();
  a = b;
  EXPECT_EQ(a[0].data(), before);
}

}  // namespace
}  // namespace patron::internal
