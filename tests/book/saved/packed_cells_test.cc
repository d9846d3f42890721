#include "lib/book/saved/packed_cells.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

#include "lib/book/layout.h"

namespace patron::internal {
namespace {

template <typename T>
size_t round_trip(const std::vector<T>& cells, T null, unsigned least = 0) {
  BookByteWriter out;
  pack_cells<T>(cells, null, least, out);
  std::vector<T> again(cells.size());
  BookByteReader in(out.bytes);
  EXPECT_TRUE(unpack_cells<T>(in, null, least, again));
  EXPECT_TRUE(in.done());
  EXPECT_EQ(again, cells);
  return out.bytes.size();
}

// By hand: a head of 17 bytes, then each code in as few bytes as the largest needs.
TEST(PackedCells, TakeTheBytesThatTheirSpreadNeeds) {
  EXPECT_EQ(round_trip<int64_t>({7, 7, 7, 7}, kNullInt), 17u);
  EXPECT_EQ(round_trip<int64_t>({7, 7, 7, 7}, kNullInt, 1), 17u + 4);
  EXPECT_EQ(round_trip<int64_t>({-5, 250, 0}, kNullInt), 17u + 3);
  EXPECT_EQ(round_trip<int64_t>({-5, 250, -4, kNullInt}, kNullInt),
            17u + 8);  // 256 codes and a null
  EXPECT_EQ(round_trip<int64_t>({0, 1'000'000, 255'000'000}, kNullInt), 17u + 3);
  EXPECT_EQ(round_trip<int64_t>({kNullInt, kNullInt}, kNullInt), 17u);
  EXPECT_EQ(round_trip<int64_t>({INT64_MIN + 1, 0, 1, INT64_MAX}, kNullInt), 1u + 32);
  EXPECT_EQ(round_trip<int64_t>({INT64_MIN + 1, INT64_MAX, kNullInt}, kNullInt), 17u + 3);
  EXPECT_EQ(round_trip<uint8_t>({0, 1, 2}, kNullByte), 17u + 3);
  EXPECT_EQ(round_trip<int32_t>({kNullDay, 1, 2, INT32_MAX}, kNullDay), 17u + 16);
  EXPECT_EQ(round_trip<uint32_t>({kNullEnum, 0, 1, kNullEnum - 1}, kNullEnum), 17u + 16);
  EXPECT_EQ(round_trip<uint64_t>({kNullBits, 0, 1}, kNullBits), 17u + 3);
  EXPECT_EQ(round_trip<uint64_t>({kNullBits, 0, kNullBits - 1}, kNullBits), 17u + 3);
  EXPECT_EQ(round_trip<int64_t>({}, kNullInt), 17u);
}

TEST(PackedCells, AnyCellsComeBack) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 3000; ++round) {
    std::vector<int64_t> cells;
    const int shift = static_cast<int>(random() % 64);
    const int64_t step = 1 + static_cast<int64_t>(random() % 1000);
    const auto base = static_cast<int64_t>(random());
    for (size_t i = random() % 20; i > 0; --i) {
      const auto code = static_cast<int64_t>(random() >> shift);
      const uint64_t cell =
          static_cast<uint64_t>(base) + static_cast<uint64_t>(code) * static_cast<uint64_t>(step);
      cells.push_back(random() % 5 == 0 ? kNullInt : static_cast<int64_t>(cell));
    }
    round_trip<int64_t>(cells, kNullInt, static_cast<unsigned>(random() % 2));
  }
}

TEST(PackedCells, OtherBytesAreRefused) {
  std::vector<int32_t> cells(3);
  const auto refused = [&](const BookByteWriter& out, unsigned least = 0) {
    BookByteReader in(out.bytes);
    return !unpack_cells<int32_t>(in, kNullDay, least, cells);
  };
  EXPECT_TRUE(refused(BookByteWriter()));
  BookByteWriter wide, tail, narrow, big;
  wide.put(uint8_t{9});
  wide.bytes.append(100, 'x');
  EXPECT_TRUE(refused(wide));
  pack_cells<int32_t>(std::vector<int32_t>{1, 2, 3}, kNullDay, 0, tail);
  EXPECT_FALSE(refused(tail));
  tail.bytes.pop_back();
  EXPECT_TRUE(refused(tail));
  pack_cells<int32_t>(std::vector<int32_t>{1, 1, 1}, kNullDay, 0, narrow);
  EXPECT_TRUE(refused(narrow, 1));
  pack_cells<int64_t>(std::vector<int64_t>{1, 2, int64_t{1} << 40}, kNullInt, 0, big);
  EXPECT_TRUE(refused(big));
}

}  // namespace
}  // namespace patron::internal
