// Masks against bits that are set one by one, for any number of lanes, rows and every processor.
#include "lib/expr/masks.h"

#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

using internal::Lane;
using internal::SimdLevel;

/// Lanes of random rows: true, false or unknown; some of them always known.
struct Lanes {
  std::vector<std::vector<uint8_t>> planes;
  std::vector<Lane> lanes;

  Lanes(size_t count, int64_t rows, Dice& dice) : planes(2 * count) {
    for (size_t k = 0; k < count; ++k) {
      const bool total = dice.one_in(3);
      auto& is_true = planes[2 * k];
      auto& is_false = planes[2 * k + 1];
      for (int64_t i = 0; i < rows; ++i) {
        const int64_t state = dice.below(total ? 2 : 3);
        is_true.push_back(state == 1);
        is_false.push_back(state == 0);
      }
      lanes.push_back({is_true.data(), total ? nullptr : is_false.data()});
    }
  }
  bool held(size_t k, size_t i) const { return planes[2 * k][i] != 0; }
  bool unknown(size_t k, size_t i) const { return !held(k, i) && planes[2 * k + 1][i] == 0; }
};

uint64_t mask_at(const std::vector<uint8_t>& bytes, size_t width, size_t i) {
  uint64_t out = 0;
  std::memcpy(&out, bytes.data() + i * width, width);  // little-endian, as Arrow is
  return out;
}

TEST(Masks, HaveTheBitsOfTheLanes) {
  for (int seed = 0; seed < cases(300); ++seed) {
    Dice dice(static_cast<uint64_t>(seed));
    const auto count = static_cast<size_t>(dice.one_in(4) ? dice.between(9, 64) : dice.below(9));
    const int64_t rows = dice.one_in(6) ? internal::kChunkRows : dice.below(100);
    const Lanes lanes(count, rows, dice);
    const auto width = static_cast<size_t>(internal::mask_bytes(count));
    ASSERT_TRUE(width * 8 >= count && (width == 1 || width * 4 < count)) << count;
    for (int level = 0; level <= static_cast<int>(internal::best_simd()); ++level) {
      const auto simd = static_cast<SimdLevel>(level);
      std::vector<uint8_t> held(static_cast<size_t>(rows) * width + 1, 0xEE);
      std::vector<uint8_t> unknown = held;
      std::vector<int8_t> first(static_cast<size_t>(rows));
      std::vector<int16_t> wide(static_cast<size_t>(rows));
      internal::pack_held(lanes.lanes, rows, simd, held.data());
      const int64_t some = internal::pack_unknown(lanes.lanes, rows, simd, unknown.data());
      internal::first_held(lanes.lanes, rows, simd, first.data());
      internal::first_held(lanes.lanes, rows, simd, wide.data());
      int64_t expected_some = 0;
      for (size_t i = 0; i < static_cast<size_t>(rows); ++i) {
        uint64_t bits = 0, doubts = 0;
        size_t expected_first = count;
        for (size_t k = count; k-- > 0;) {
          bits |= uint64_t{lanes.held(k, i)} << k;
          doubts |= uint64_t{lanes.unknown(k, i)} << k;
          if (lanes.held(k, i)) expected_first = k;
        }
        ASSERT_EQ(mask_at(held, width, i), bits) << "seed " << seed << " level " << level;
        ASSERT_EQ(mask_at(unknown, width, i), doubts) << "seed " << seed << " level " << level;
        ASSERT_EQ(static_cast<size_t>(first[i]), expected_first);
        ASSERT_EQ(static_cast<size_t>(wide[i]), expected_first);
        expected_some += doubts != 0;
      }
      ASSERT_EQ(some, expected_some);
      ASSERT_EQ(held.back(), 0xEE);
      ASSERT_EQ(unknown.back(), 0xEE);
    }
  }
}

TEST(Masks, BeyondSixtyFourOnlyTheFirstAndTheDoubtsAreCounted) {
  Dice dice(9);
  constexpr size_t kCount = 300;
  constexpr int64_t kRows = 77;
  const Lanes lanes(kCount, kRows, dice);
  EXPECT_EQ(internal::mask_bytes(kCount), 0);
  EXPECT_EQ(internal::mask_bytes(65), 0);
  for (int level = 0; level <= static_cast<int>(internal::best_simd()); ++level) {
    const auto simd = static_cast<SimdLevel>(level);
    std::vector<int16_t> first(kRows);
    internal::first_held(lanes.lanes, kRows, simd, first.data());
    int64_t doubts = 0;
    for (size_t i = 0; i < kRows; ++i) {
      size_t expected = 0;
      while (expected < kCount && !lanes.held(expected, i)) ++expected;
      ASSERT_EQ(static_cast<size_t>(first[i]), expected);
      bool any = false;
      for (size_t k = 0; k < kCount; ++k) any |= lanes.unknown(k, i);
      doubts += any;
    }
    EXPECT_EQ(internal::pack_unknown(lanes.lanes, kRows, simd, nullptr), doubts);
  }
}

}  // namespace
}  // namespace patron::test
