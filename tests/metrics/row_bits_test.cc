// Bits of rows beside a byte for each, at every place of a word.
#include "lib/metrics/row_bits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace patron::internal {
namespace {

struct Rows {
  explicit Rows(size_t count) : bytes(count), values(count) {
    std::mt19937_64 random(count);
    for (size_t i = 0; i < count; ++i) {
      values[i] = static_cast<int64_t>(random() % 7) - 3;
      bytes[i] = values[i] >= 1 ? 1 : 0;
    }
    if (count > 0) values[0] = INT64_MIN, bytes[0] = 0;
    if (count > 1) values[1] = INT64_MAX, bytes[1] = 1;
  }
  std::vector<uint8_t> bytes;
  std::vector<int64_t> values;
};

TEST(RowBits, BytesAndValuesGiveTheSameBits) {
  for (const size_t count : {0U, 1U, 2U, 7U, 8U, 63U, 64U, 65U, 128U, 700U}) {
    const Rows rows(count);
    RowBits packed, compared, all, kept;
    packed.pack(rows.bytes.data(), count);
    compared.pack_not_less(rows.values.data(), count, 1);
    all.fill(count);
    kept.fill(count);
    kept.keep(packed);
    for (uint32_t row = 0; row < count; ++row) {
      ASSERT_EQ(packed.view().has(row), rows.bytes[row] != 0) << count << " " << row;
      ASSERT_EQ(compared.view().has(row), rows.bytes[row] != 0) << count << " " << row;
      ASSERT_EQ(kept.view().has(row), rows.bytes[row] != 0) << count << " " << row;
      ASSERT_TRUE(all.view().has(row));
    }
  }
}

TEST(RowBits, ARowHasACodeOrNot) {
  for (const size_t count : {0U, 1U, 7U, 63U, 64U, 65U, 128U, 700U}) {
    std::mt19937_64 random(count);
    std::vector<uint32_t> codes(count);
    for (uint32_t& code : codes) code = UINT32_MAX - static_cast<uint32_t>(random() % 3);
    RowBits bits;
    bits.pack_equal(codes.data(), count, UINT32_MAX - 1);
    for (uint32_t row = 0; row < count; ++row) {
      ASSERT_EQ(bits.view().has(row), codes[row] == UINT32_MAX - 1) << count << " " << row;
    }
    ASSERT_EQ(bits.view().count(0, static_cast<uint32_t>(count)),
              std::count(codes.begin(), codes.end(), UINT32_MAX - 1));
  }
}

TEST(RowBits, ARowChangesWhereTheOneBeforeItIsAnother) {
  for (size_t count = 0; count < 700; count += count < 200 ? 1 : 97) {
    std::mt19937_64 random(count);
    std::vector<int64_t> values(count);
    for (int64_t& value : values) value = static_cast<int64_t>(random() % 2) << (random() % 2 * 40);
    RowBits bits;
    bits.pack_changes(values.data(), count);
    for (uint32_t row = 0; row < count; ++row) {
      ASSERT_EQ(bits.view().has(row), row == 0 || values[row] != values[row - 1])
          << count << " " << row;
    }
  }
}

TEST(RowBits, EveryRangeIsThatOfTheBytes) {
  const Rows rows(200);
  RowBits bits;
  bits.pack(rows.bytes.data(), rows.bytes.size());
  const RowBitsView view = bits.view();
  for (uint32_t begin = 0; begin <= 200; ++begin) {
    for (uint32_t end = begin; end <= 200; ++end) {
      std::vector<uint32_t> there, seen;
      for (uint32_t row = begin; row < end; ++row) {
        if (rows.bytes[row] != 0) there.push_back(row);
      }
      view.each(begin, end, [&](uint32_t row) { seen.push_back(row); });
      ASSERT_EQ(seen, there) << begin << " " << end;
      ASSERT_EQ(view.count(begin, end), there.size());
      const auto any = [](uint32_t) { return true; };
      const auto third = [](uint32_t row) { return row % 3 == 0; };
      ASSERT_EQ(view.first(begin, end, any), there.empty() ? end : there.front());
      ASSERT_EQ(view.last(begin, end, any), there.empty() ? end : there.back());
      const auto first = std::find_if(there.begin(), there.end(), third);
      const auto last = std::find_if(there.rbegin(), there.rend(), third);
      ASSERT_EQ(view.first(begin, end, third), first == there.end() ? end : *first);
      ASSERT_EQ(view.last(begin, end, third), last == there.rend() ? end : *last);
    }
  }
}

}  // namespace
}  // namespace patron::internal
