#include "lib/base/chunk_check.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "lib/base/bitmap.h"
#include "lib/base/utf8.h"

namespace patron::internal {
namespace {

using Owners = std::vector<std::shared_ptr<const void>>;

DataType type_of(Type type) {
  DataType out;
  out.type = type;
  return out;
}

TEST(ChunkCheck, TheOffsetIsBroughtBelowEightAndEveryRowStaysWhereItWas) {
  std::vector<int32_t> values(100);
  std::vector<uint8_t> validity(13, 0xFF);
  for (int32_t i = 0; i < 100; ++i) values[static_cast<size_t>(i)] = i;
  clear_bit(validity.data(), 53);
  for (int64_t offset = 0; offset < 60; ++offset) {
    Chunk chunk;
    chunk.length = 40;
    chunk.offset = offset;
    chunk.values = values.data();
    chunk.validity = validity.data();
    Owners owners;
    ASSERT_TRUE(check_chunk(type_of(Type::kInt32), {"c"}, {}, owners, chunk).ok());
    EXPECT_LT(chunk.offset, 8);
    EXPECT_TRUE(owners.empty()) << "something was copied";
    for (int64_t i = 0; i < 40; ++i) {
      ASSERT_EQ(static_cast<const int32_t*>(chunk.values)[chunk.offset + i], offset + i);
      ASSERT_EQ(chunk.valid(i), offset + i != 53);
    }
    EXPECT_EQ(chunk.null_count, offset + 40 > 53 && offset <= 53 ? 1 : 0);
  }
}

TEST(ChunkCheck, AMaskMakesRowsNullWithoutTouchingTheProducersBits) {
  const std::vector<int64_t> values{1, 2, 3, 4};
  const std::vector<uint8_t> validity{0b1101};
  const std::vector<uint8_t> mask{0b01110000};  // from bit 4 on: rows 0, 1 and 2
  Chunk chunk;
  chunk.length = 4;
  chunk.values = values.data();
  chunk.validity = validity.data();
  Owners owners;
  ASSERT_TRUE(check_chunk(type_of(Type::kInt64), {"c"}, {mask.data(), 4}, owners, chunk).ok());
  EXPECT_EQ(chunk.null_count, 2);
  EXPECT_TRUE(chunk.valid(0));
  EXPECT_FALSE(chunk.valid(1));
  EXPECT_TRUE(chunk.valid(2));
  EXPECT_FALSE(chunk.valid(3));
  EXPECT_EQ(validity[0], 0b1101);
}

TEST(ChunkCheck, LengthsAndOffsetsOutOfRangeAreRefused) {
  const int64_t value = 0;
  for (const auto& [length, offset] : std::vector<std::pair<int64_t, int64_t>>{
           {-1, 0}, {1, -1}, {INT64_MAX, 0}, {1, INT64_MAX}, {INT64_MAX, INT64_MAX}}) {
    Chunk chunk;
    chunk.length = length;
    chunk.offset = offset;
    chunk.values = &value;
    Owners owners;
    EXPECT_EQ(check_chunk(type_of(Type::kInt64), {"c"}, {}, owners, chunk).code(), Code::kArrow);
  }
}

// A plain twin for the text checks: every row that is not null, on its own.
template <typename Offset>
void text_agrees_with_row_by_row(Type type) {
  const std::vector<std::string> pieces{
      "",     "a",        "customer", "\xC3\xA9", "\xE5\xAE\xA2", "\xF0\x9F\x98\x80",
      "\x80", "\xE5\xAE", "\xFF"};
  int refused = 0;
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    std::mt19937_64 random(seed);
    const size_t rows = 1 + random() % 40;
    std::vector<Offset> offsets{0};
    std::string bytes;
    std::vector<uint8_t> validity((rows + 7) / 8, 0);
    Chunk chunk;
    int64_t first_bad = -1;
    for (size_t i = 0; i < rows; ++i) {
      const size_t begin = bytes.size();
      bytes += pieces[random() % (random() % 16 == 0 ? pieces.size() : 6)];
      // Now and then the cut goes through a character: the two halves are broken, the whole is not.
      if (random() % 64 == 0 && begin > 0) offsets.back() -= offsets.back() > 0 ? 1 : 0;
      offsets.push_back(static_cast<Offset>(bytes.size()));
      if (random() % 8 != 0) set_bit(validity.data(), static_cast<int64_t>(i));
    }
    const bool nulls = random() % 2 == 0;
    for (size_t i = 0; i < rows && first_bad < 0; ++i) {
      if (nulls && !get_bit(validity.data(), static_cast<int64_t>(i))) continue;
      if (offsets[i] > offsets[i + 1]) continue;
      const std::string text = bytes.substr(static_cast<size_t>(offsets[i]),
                                            static_cast<size_t>(offsets[i + 1] - offsets[i]));
      if (!is_utf8(text)) first_bad = static_cast<int64_t>(i);
    }
    bool falling = false;
    for (size_t i = 0; i < rows; ++i) falling |= offsets[i + 1] < offsets[i];
    if (falling) continue;
    chunk.length = static_cast<int64_t>(rows);
    chunk.validity = nulls ? validity.data() : nullptr;
    chunk.offsets = offsets.data();
    chunk.bytes = reinterpret_cast<const uint8_t*>(bytes.data());
    Owners owners;
    const Status status = check_chunk(type_of(type), {"c"}, {}, owners, chunk);
    ASSERT_EQ(status.ok(), first_bad < 0) << "seed " << seed << ": " << status.message();
    ASSERT_EQ(status.row(), first_bad) << "seed " << seed;
    refused += !status.ok();
  }
  EXPECT_GT(refused, 100);
}

TEST(ChunkCheck, TextIsRefusedExactlyWhereARowByRowCheckRefusesIt) {
  text_agrees_with_row_by_row<int32_t>(Type::kString);
  text_agrees_with_row_by_row<int64_t>(Type::kLargeString);
}

// A plain twin for the views: each as the Arrow format describes it, byte by byte.
TEST(ChunkCheck, ViewsAreRefusedExactlyWhereAPlainReadingRefusesThem) {
  const std::string data =
      "plain ascii text, then caf\xC3\xA9 and \xE5\xAE\xA2 and \xFF broken text";
  const auto* buffer = reinterpret_cast<const uint8_t*>(data.data());
  const auto size = static_cast<int64_t>(data.size());
  int refused = 0;
  for (uint64_t seed = 0; seed < 20000; ++seed) {
    std::mt19937_64 random(seed);
    const auto length = static_cast<int32_t>(random() % 33) - (random() % 40 == 0 ? 40 : 0);
    const auto offset = static_cast<int32_t>(random() % 70) - (random() % 40 == 0 ? 70 : 0);
    const int32_t which = random() % 40 == 0 ? static_cast<int32_t>(random()) : 0;
    const bool within = offset >= 0 && length >= 0 && offset + int64_t{length} <= size;
    std::string view(16, '\0');
    std::memcpy(view.data(), &length, 4);
    bool sound = length >= 0;
    if (length >= 0 && length <= 12) {
      const std::string text = data.substr(random() % 40, static_cast<size_t>(length));
      std::memcpy(view.data() + 4, text.data(), text.size());
      sound = is_utf8(text);
    } else {
      if (within) std::memcpy(view.data() + 4, data.data() + offset, 4);
      if (random() % 40 == 0) view[4] ^= 1;
      std::memcpy(view.data() + 8, &which, 4);
      std::memcpy(view.data() + 12, &offset, 4);
      sound = within && which == 0 && std::memcmp(view.data() + 4, data.data() + offset, 4) == 0 &&
              is_utf8(data.substr(static_cast<size_t>(offset), static_cast<size_t>(length)));
    }
    Chunk chunk;
    chunk.length = 1;
    chunk.values = view.data();
    chunk.view_buffers = {&buffer, 1};
    chunk.view_sizes = {&size, 1};
    Owners owners;
    const Status status = check_chunk(type_of(Type::kStringView), {"c"}, {}, owners, chunk);
    ASSERT_EQ(status.ok(), sound) << "seed " << seed << ": " << status.message();
    refused += !sound;
  }
  EXPECT_GT(refused, 1000);
  EXPECT_LT(refused, 19000);
}

TEST(ChunkCheck, AFaultInADictionaryNamesTheValueAndNoRow) {
  const std::vector<int32_t> offsets{0, 1, 2};
  const std::string bytes = "a\xFF";
  Chunk chunk;
  chunk.length = 2;
  chunk.offsets = offsets.data();
  chunk.bytes = reinterpret_cast<const uint8_t*>(bytes.data());
  Owners owners;
  ChunkPlace place{"kind", 0};
  place.dictionary = true;
  const Status status = check_chunk(type_of(Type::kString), place, {}, owners, chunk);
  EXPECT_EQ(status.code(), Code::kUtf8);
  EXPECT_EQ(status.row(), -1);
  EXPECT_NE(status.message().find("column \"kind\", dictionary value 1:"), std::string::npos);
}

}  // namespace
}  // namespace patron::internal
