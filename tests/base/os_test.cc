#include "lib/base/os.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace patron::internal {
namespace {

TEST(Os, ThereIsAtLeastOneCoreAndNoMoreThanTheMachineHas) {
  EXPECT_GE(usable_cores(), 1);
  EXPECT_LE(usable_cores(), static_cast<int>(std::thread::hardware_concurrency()));
}

TEST(Os, UnpredictableBitsDiffer) { EXPECT_NE(unpredictable_bits(), unpredictable_bits()); }

TEST(Os, AdviceAboutAnyRangeLeavesTheBytesAlone) {
  std::vector<uint8_t> bytes(1 << 16, 5);
  advise_huge_pages(bytes.data() + 1, bytes.size() - 1);
  advise_huge_pages(bytes.data(), 0);
  advise_huge_pages(nullptr, 0);
  for (const uint8_t byte : bytes) ASSERT_EQ(byte, 5);
}

}  // namespace
}  // namespace patron::internal
