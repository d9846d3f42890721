// Kleene's tables, all of them, written out.
#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <vector>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

std::string with(const std::string& text, int b, int other) {
  // 0 false, 1 true, 2 unknown; the second is d > 0.
  Row row = plain_row();
  if (b < 2) row.set("b", b);
  if (other < 2) row.set_double("d", other == 1 ? 1 : -1);
  return value_of(text, row);
}
const std::array<std::string, 3> kNames{"0", "1", "unknown"};

TEST(BoolKernels, AndOrNotAreKleenes) {
  // Kleene 1952, section 64: the strong tables.
  constexpr int kAnd[3][3] = {{0, 0, 0}, {0, 1, 2}, {0, 2, 2}};
  constexpr int kOr[3][3] = {{0, 1, 2}, {1, 1, 1}, {2, 1, 2}};
  for (int a = 0; a < 3; ++a) {
    for (int b = 0; b < 3; ++b) {
      EXPECT_EQ(with("b && d > 0", a, b), kNames[static_cast<size_t>(kAnd[a][b])]) << a << b;
      EXPECT_EQ(with("b || d > 0", a, b), kNames[static_cast<size_t>(kOr[a][b])]) << a << b;
    }
    EXPECT_EQ(with("!b", a, 0), kNames[static_cast<size_t>(a == 2 ? 2 : 1 - a)]);
  }
}

TEST(BoolKernels, BitsBecomeBytesFromAnyPlaceOnEveryProcessor) {
  Dice dice(3);
  std::vector<uint8_t> bits(60);
  for (uint8_t& byte : bits) byte = static_cast<uint8_t>(dice.bits());
  const internal::KernelSet& kernels = internal::load_kernel(internal::Width::kBits);
  for (int level = 0; level <= static_cast<int>(internal::best_simd()); ++level) {
    for (int64_t offset = 0; offset < 17; ++offset) {
      for (int64_t n = 0; n <= 300; n += n < 80 ? 1 : 37) {
        std::vector<uint8_t> is_true(301, 7), is_false(301, 7);
        internal::KernelArgs k;
        k.n = n;
        k.a.values = bits.data();
        k.bit_offset = offset;
        k.out = {is_true.data(), is_false.data()};
        kernels.column[level](k);
        for (size_t i = 0; i < is_true.size(); ++i) {
          const size_t at = static_cast<size_t>(offset) + i;
          const bool inside = i < static_cast<size_t>(n);
          const int bit = inside ? bits[at / 8] >> (at % 8) & 1 : 7;
          ASSERT_EQ(is_true[i], bit) << "level " << level << " from " << offset << " of " << n;
          ASSERT_EQ(is_false[i], inside ? bit ^ 1 : 7);
        }
      }
    }
  }
}

TEST(BoolKernels, AnUnknownConditionChoosesNothing) {
  EXPECT_EQ(with("b ? 1 : 1", 2, 0), "unknown");
  EXPECT_EQ(with("b ? 1 : 2", 1, 0), "1");
  EXPECT_EQ(with("b ? d : 2", 0, 2), "2");
  EXPECT_EQ(with("b ? d : 2", 1, 2), "unknown");
  EXPECT_EQ(with("b ? true : d > 0", 1, 2), "1");
  EXPECT_EQ(with("b ? s : 'x'", 0, 0), "'x'");
}

TEST(BoolKernels, OrElseGivesADefault) {
  EXPECT_EQ(with("or_else(b, true)", 2, 0), "1");
  EXPECT_EQ(with("or_else(b, true)", 0, 0), "0");
  EXPECT_EQ(with("or_else(b, d > 0)", 2, 2), "unknown");
  EXPECT_EQ(with("or_else(d, 7)", 0, 2), "7");
  EXPECT_EQ(with("or_else(s, 'x')", 0, 0), "'x'");
  EXPECT_EQ(with("or_else(1 / 0, 3)", 0, 0), "3");
}

// Bits at every offset of a byte, in runs of every length around eight.
TEST(BoolKernels, BitsBecomeBytesAtEveryOffset) {
  const std::array<uint8_t, 5> bits{0b10110010, 0b01011101, 0b11111111, 0b00000000, 0b10000001};
  for (int64_t offset = 0; offset < 9; ++offset) {
    for (int64_t n = 0; n <= 24; ++n) {
      std::vector<uint8_t> yes(32, 9), no(32, 9);
      internal::KernelArgs k;
      k.n = n;
      k.a.values = const_cast<uint8_t*>(bits.data());
      k.bit_offset = offset;
      k.out = {yes.data(), no.data()};
      internal::load_kernel(internal::Width::kBits).column[0](k);
      for (int64_t i = 0; i < n; ++i) {
        const int bit = bits[static_cast<size_t>((offset + i) / 8)] >> (offset + i) % 8 & 1;
        ASSERT_EQ(yes[static_cast<size_t>(i)], bit);
        ASSERT_EQ(no[static_cast<size_t>(i)], 1 - bit);
      }
      ASSERT_EQ(yes[static_cast<size_t>(n)], 9);
    }
  }
}

}  // namespace
}  // namespace patron::test
