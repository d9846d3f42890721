#include "lib/engine/quick/quick_memory.h"

#include <gtest/gtest.h>

namespace patron::internal {
namespace {

TEST(QuickMemory, KeepsWordsOfEachCustomerUntilSheIsForgotten) {
  QuickMemory memory(2, 3);  // 1 + 2 x 2 + 3 words
  for (uint32_t row = 0; row < 5; ++row) {
    int64_t* hers = memory.of(row, 5);
    for (int i = 0; i < 8; ++i) {
      EXPECT_EQ(hers[i], 0);
      hers[i] = row * 10 + i;
    }
  }
  memory.of(9, 10)[0] = 7;  // more customers came
  EXPECT_EQ(memory.of(4, 10)[7], 47);
  EXPECT_EQ(memory.of(5, 10)[0], 0);
  EXPECT_GE(memory.bytes(), 10u * 8 * sizeof(int64_t));
  memory.forget(3);
  memory.forget(1000);  // of whom nothing is kept
  for (int i = 0; i < 8; ++i) EXPECT_EQ(memory.of(3, 10)[i], 0);
  EXPECT_EQ(memory.of(2, 10)[7], 27);
  EXPECT_EQ(memory.of(4, 10)[0], 40);
  memory.clear(8);  // of the flags alone
  EXPECT_EQ(memory.of(4, 10)[0], 40 - 8);
  EXPECT_EQ(memory.of(4, 10)[1], 41);
  EXPECT_EQ(memory.of(2, 10)[0], 20);
  memory.forget_all();
  EXPECT_EQ(memory.of(9, 10)[0], 0);
}

TEST(QuickMemory, KeepsWordsOfManyCustomers) {
  constexpr uint32_t kCustomers = 20'000;
  QuickMemory memory(1, 0);
  for (uint32_t row = 0; row < kCustomers; ++row) memory.of(row, row + 1)[2] = row + 1;
  for (uint32_t row = 0; row < kCustomers; row += 3) memory.forget(row);
  for (uint32_t row = 0; row < kCustomers; ++row) {
    ASSERT_EQ(memory.of(row, kCustomers)[2], row % 3 == 0 ? 0 : row + 1);
  }
  memory.forget_all();
  for (uint32_t row = 0; row < kCustomers; ++row) ASSERT_EQ(memory.of(row, kCustomers)[2], 0);
}

TEST(QuickMemory, OfTooManySlotsKeepsNothing) {
  QuickMemory memory(QuickMemory::kMostSlots + 1, 0);
  EXPECT_EQ(memory.of(0, 1), nullptr);
  EXPECT_EQ(memory.bytes(), 0u);
}

}  // namespace
}  // namespace patron::internal
