// The hashes of ids are published, so that ids can be written down that collide
// (tests/models/rfm/crafted_ids.h): were they others, the tests that use such ids would test
// nothing. And what a key holds for text of every length.
#include "lib/models/orders/order_row.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "lib/models/orders/partition.h"
#include "tests/models/rfm/crafted_ids.h"

namespace patron::internal {
namespace {

constexpr std::string_view kText = "The quick brown fox jumps over the lazy dog, twice";

uint64_t hash_of_text(std::string_view text) {
  uint32_t code = 0;
  const TextKey key = TextKey::of(text, &code);
  return key.hash(code);
}

struct Hashes {
  size_t size;
  uint64_t bytes, key;
};

// By a Python program with whole numbers of any length, from the definitions in words: the text in
// blocks of 16 bytes, each two little-endian words w0, w1; fold(x, y) is the low half of x y xor
// the high one. Blocks but the last: h = fold(w0 ^ 0x2d358dccaa6c78a5, w1 ^ h), from
// h = 0x9e3779b97f4a7c15 ^ size; the last, of 1 to 16 bytes and zeros: fold(w0 ^
// 0x8bb84b93962eacc9, w1 ^ h). The key's hash: of up to 16 bytes fold(w0 ^ 0x2d358dccaa6c78a5, w1 ^
// 0x8bb84b93962eacc9 ^ size), of more the fold of that hash with 0x9e3779b97f4a7c15.
constexpr std::array<Hashes, 16> kHashes{{
    {0, 0xd9231afc3a590eb6u, 0xca813bf4c7abf0a9u},
    {1, 0x846de277b3650eebu, 0x070219f73b3a0d06u},
    {7, 0xd3e7be1c995cdb1bu, 0xb480d7727df6b3feu},
    {8, 0x9f6f1a991ad842e7u, 0x154eb79075ecf3e2u},
    {9, 0x65ff06ed203d6384u, 0xa948174e90d77eb7u},
    {15, 0x8652a2aa8604456fu, 0x53a5f9e4e4e7ec3au},
    {16, 0x56c08e177cd10fc4u, 0x15a57cc326456695u},
    {17, 0x476d00e6aeb1121au, 0x16f74591e2d84832u},
    {24, 0xd96ce51223c27358u, 0x25b100fd73490142u},
    {25, 0xfd90ae4f91cc5ff0u, 0xec8d1a7a1286880bu},
    {32, 0x7b2e38a4a5e50234u, 0x71f519cf13cddc5bu},
    {33, 0xf59ad5145424dc5au, 0x676d7ee160c31b80u},
    {40, 0xa213dadb1675d214u, 0x26f328fc9f63a96cu},
    {41, 0xc37c54bf754da59cu, 0x69619f2bb70d4ea2u},
    {48, 0xe0ca4a8fcfa33096u, 0x0f855356cf7855c6u},
    {49, 0x18279bba5ef03f5du, 0xdedfc2472897c411u},
}};

TEST(UnseededHash, IsThePublishedOneForTextOfEveryNumberOfBlocks) {
  for (const Hashes& expected : kHashes) {
    const std::string_view text = kText.substr(0, expected.size);
    EXPECT_EQ(unseeded_hash(text.data(), text.size()), expected.bytes) << expected.size;
    EXPECT_EQ(hash_of_text(text), expected.key) << expected.size;
  }
}

TEST(IntKey, HasThePublishedHash) {
  // (u ^ u >> 32) 0x9e3779b97f4a7c15 modulo 2^64, of u = the id with its sign bit flipped; by the
  // same program.
  EXPECT_EQ(IntKey::of(0).hash(), 0x3fa53e0a80000000u);
  EXPECT_EQ(IntKey::of(1).hash(), 0xdddcb7c3ff4a7c15u);
  EXPECT_EQ(IntKey::of(-1).hash(), 0xc05ac1f580000000u);
  EXPECT_EQ(IntKey::of(42).hash(), 0x34bf367962385b72u);
  EXPECT_EQ(IntKey::of(INT64_MAX).hash(), 0x80b583eb00000000u);
  EXPECT_EQ(IntKey::of(INT64_MIN).hash(), 0u);
  EXPECT_EQ(IntKey::of(1'234'567'890'123'456'789).hash(), 0x5cae3b99d165f375u);
}

TEST(CraftedIds, DoCollide) {
  const std::string first = test::colliding_text(0);
  for (const uint64_t n : {1u, 2u, 77u, 123'456u}) {
    EXPECT_EQ(IntKey::of(test::colliding_id(n)).hash() >> 20 & 0xff'ffff, 0u) << n;
    const std::string text = test::colliding_text(n);
    EXPECT_NE(text, first);
    EXPECT_EQ(hash_of_text(text), hash_of_text(first)) << n;
  }
}

TEST(TextKey, HoldsShortTextAndZerosBehindItAndLongTextByItsHash) {
  for (size_t size = 0; size <= kText.size(); size++) {
    const std::string text(kText.substr(0, size));
    uint32_t code = 99;
    const TextKey key = TextKey::of(text, &code);
    EXPECT_EQ(code, size <= 16 ? size : 31);
    EXPECT_EQ(TextKey::text(key, code), text);
    if (size > 16) {
      EXPECT_EQ(key.a, unseeded_hash(text.data(), size));
      continue;
    }
    std::array<char, 16> bytes{};
    std::copy(text.begin(), text.end(), bytes.begin());
    EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(&key), 16),
              std::string_view(bytes.data(), 16))
        << size;
  }
}

TEST(TextKey, IsTheSameWhereTheTextIsAndOnlyThere) {
  for (size_t size = 1; size <= 40; size++) {
    const std::string text(kText.substr(0, size));
    uint32_t code, other_code;
    const TextKey key = TextKey::of(text, &code);
    const std::string copy = text;
    EXPECT_TRUE(TextKey::of(copy, &other_code).same(key, code));
    EXPECT_EQ(TextKey::of(copy, &other_code).hash(code), key.hash(code));
    for (size_t at = 0; at < size; at++) {
      std::string other = text;
      other[at] = '#';
      EXPECT_FALSE(TextKey::of(other, &other_code).same(key, code)) << size << " at " << at;
      EXPECT_NE(TextKey::of(other, &other_code).hash(code), key.hash(code));
    }
  }
}

TEST(SameCustomer, OfTextAsksForTheLengthToo) {
  // "ab" and "ab\0" have the same sixteen bytes.
  PlainRow<TextKey> row{};
  uint32_t code;
  row.key = TextKey::of("ab", &code);
  row.when = When::pack(123, code);
  EXPECT_TRUE(same_customer(row, row.key, When::pack(456, 2)));
  EXPECT_FALSE(same_customer(row, row.key, When::pack(123, 3)));
  uint32_t other_code;
  const TextKey other = TextKey::of("ac", &other_code);
  EXPECT_FALSE(same_customer(row, other, When::pack(123, other_code)));
}

}  // namespace
}  // namespace patron::internal
