#include "lib/base/buffer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <new>
#include <utility>

namespace patron::internal {
namespace {

TEST(Buffer, IsAlignedToACacheLineAndWritableToItsEnd) {
  for (const size_t size : {size_t{1}, size_t{63}, size_t{64}, size_t{65}, size_t{5} << 20}) {
    Buffer buffer(size);
    EXPECT_EQ(buffer.size(), size);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.data()) % 64, 0U);
    std::memset(buffer.data(), 7, size);
    EXPECT_EQ(buffer.data()[size - 1], 7);
  }
}

TEST(Buffer, OneOfNoBytesHasAnAddress) {
  EXPECT_NE(Buffer(0).data(), nullptr);
  EXPECT_EQ(Buffer(0).size(), 0U);
  EXPECT_EQ(Buffer().data(), nullptr);
}

TEST(Buffer, AMovedFromBufferIsEmpty) {
  Buffer a(16);
  const uint8_t* data = a.data();
  Buffer b(std::move(a));
  EXPECT_EQ(b.data(), data);
  EXPECT_EQ(a.data(), nullptr);  // NOLINT(bugprone-use-after-move): that is the test
  Buffer c(8);
  c = std::move(b);
  EXPECT_EQ(c.data(), data);
  EXPECT_EQ(c.size(), 16U);
}

TEST(Buffer, TruncateOnlyMakesItShorter) {
  Buffer buffer(16);
  buffer.truncate(20);
  EXPECT_EQ(buffer.size(), 16U);
  buffer.truncate(3);
  EXPECT_EQ(buffer.size(), 3U);
}

TEST(Buffer, ASizeThatNoMemoryHoldsIsBadAlloc) {
  EXPECT_THROW(Buffer(SIZE_MAX), std::bad_alloc);
  EXPECT_THROW(Buffer(SIZE_MAX / 2 - 1), std::bad_alloc);
}

}  // namespace
}  // namespace patron::internal
