#include "lib/book/customer_ids.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace patron::internal {
namespace {

TEST(CustomerIds, GivesRowsInTheOrderOfArrival) {
  CustomerIds ints(false);
  const std::vector<int64_t> ids{50, -3, 50, 9};
  std::vector<uint32_t> rows(4);
  ASSERT_TRUE(ints.resolve(ids, rows).ok());
  EXPECT_EQ(rows, (std::vector<uint32_t>{0, 1, 0, 2}));
  EXPECT_EQ(ints.id(1).number, -3);
  EXPECT_EQ(ints.find({7, {}}), kNoCustomer);
  EXPECT_LT(ints.compare_own(1, 0), 0);
  EXPECT_GT(ints.compare_own(0, 2), 0);
  EXPECT_EQ(ints.compare_own(2, 2), 0);
  ints.truncate(1);
  EXPECT_EQ(ints.size(), 1u);
  EXPECT_EQ(ints.find({-3, {}}), kNoCustomer);
}

TEST(CustomerIds, TheFirstOfManyGetRowsInTheOrderOfTheirIds) {
  CustomerIds ints(false);
  std::vector<int64_t> ids;
  for (int64_t i = 0; i < 9000; ++i) ids.push_back(i * 7919 % 3001 - 1500);
  std::vector<uint32_t> rows(ids.size());
  ASSERT_TRUE(ints.resolve(ids, rows).ok());
  ASSERT_EQ(ints.size(), 3001u);
  for (size_t i = 0; i < ids.size(); ++i) {
    ASSERT_EQ(rows[i], static_cast<uint32_t>(ids[i] + 1500));
    ASSERT_EQ(ints.id(rows[i]).number, ids[i]);
    ASSERT_EQ(ints.find({ids[i], {}}), rows[i]);
  }
  // Those who come later stand behind them, and leave first.
  const std::vector<int64_t> more{-9000, 9000};
  std::vector<uint32_t> behind(2);
  ASSERT_TRUE(ints.resolve(more, behind).ok());
  EXPECT_EQ(behind, (std::vector<uint32_t>{3001, 3002}));
  ints.truncate(0);
  EXPECT_EQ(ints.find({0, {}}), kNoCustomer);
  ASSERT_TRUE(ints.resolve(more, behind).ok());
  EXPECT_EQ(behind, (std::vector<uint32_t>{0, 1}));
}

TEST(CustomerIds, TextsAreComparedByTheirBytes) {
  CustomerIds texts(true);
  const std::vector<std::string_view> ids{"b", "", "ab"};
  std::vector<uint32_t> rows(3);
  ASSERT_TRUE(texts.resolve(ids, rows).ok());
  EXPECT_LT(texts.compare_own(1, 2), 0);
  EXPECT_LT(texts.compare_own(2, 0), 0);
  EXPECT_GT(texts.compare_own(0, 1), 0);
  EXPECT_EQ(texts.find({0, "ab"}), 2u);
  EXPECT_EQ(texts.id(2).text, "ab");
}

TEST(CustomerIds, AreFoundWhileAThreadAddsThreads) {
  CustomerIds ids(false);
  constexpr int64_t kIds = 20'000;
  std::atomic<int64_t> added{0};
  std::thread reader([&] {
    int64_t known = 0;
    while (known < kIds) {
      known = added.load(std::memory_order_acquire);
      if (known == 0) continue;
      ASSERT_EQ(ids.find({(known - 1) * 3, {}}), static_cast<uint32_t>(known - 1));
      ASSERT_EQ(ids.id(static_cast<uint32_t>((known - 1) / 2)).number, (known - 1) / 2 * 3);
    }
  });
  for (int64_t i = 0; i < kIds; ++i) {
    const int64_t id = i * 3;
    uint32_t row = 0;
    ASSERT_TRUE(ids.resolve(std::span(&id, 1), std::span(&row, 1)).ok());
    added.store(i + 1, std::memory_order_release);
  }
  reader.join();
}

}  // namespace
}  // namespace patron::internal
