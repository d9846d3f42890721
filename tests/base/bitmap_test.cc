#include "lib/base/bitmap.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace patron::internal {
namespace {

TEST(Bitmap, CountsWhatCountingBitByBitCounts) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    std::mt19937_64 random(seed);
    const auto length = static_cast<int64_t>(random() % 300);
    const auto begin = static_cast<int64_t>(random() % 70);
    // Exactly as many bytes as hold the bits, so that the address sanitizer sees a read beyond.
    std::vector<uint8_t> bits(static_cast<size_t>((begin + length + 7) / 8));
    for (uint8_t& byte : bits) byte = static_cast<uint8_t>(random());
    int64_t plain = 0;
    for (int64_t i = begin; i < begin + length; ++i) plain += get_bit(bits.data(), i);
    EXPECT_EQ(count_bits(bits.data(), begin, length), plain) << "seed " << seed;
  }
}

TEST(Bitmap, SetAndClearTouchOneBit) {
  std::vector<uint8_t> bits{0, 0xFF};
  set_bit(bits.data(), 3);
  clear_bit(bits.data(), 12);
  EXPECT_EQ(bits, (std::vector<uint8_t>{0x08, 0xEF}));
  EXPECT_TRUE(get_bit(bits.data(), 3));
  EXPECT_FALSE(get_bit(bits.data(), 12));
}

}  // namespace
}  // namespace patron::internal
