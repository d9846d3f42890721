#include "lib/book/word_cache.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>

namespace patron::internal {
namespace {

// Words of every length, many of which share their first and last bytes: as the map has them.
TEST(WordCache, FindsWhatTheMapFinds) {
  StringIdMap map;
  WordCache cache;
  std::mt19937_64 random(3);
  for (int i = 0; i < 50'000; ++i) {
    std::string word(random() % 20, 'a');
    for (char& letter : word) letter = static_cast<char>('a' + random() % 2);
    if (random() % 8 == 0) map.find_or_insert(word);
    ASSERT_EQ(cache.find(map, word), map.find(word)) << word;
  }
  EXPECT_GT(map.size(), 1000U);
}

// Read at once or byte by byte: the same word, and of every text of its length another.
TEST(ShortWord, HasAllBytesOfAText) {
  std::mt19937_64 random(4);
  for (size_t size = 0; size <= ShortWord::kMost; ++size) {
    std::string text(2 * ShortWord::kMost, '\0');
    for (int i = 0; i < 200; ++i) {
      for (char& byte : text) byte = static_cast<char>(random());
      const std::string word = text.substr(0, size);
      const ShortWord read(text.data(), size), built(word);
      std::string bytes(ShortWord::kMost, '\0');
      std::memcpy(bytes.data(), &read.head, sizeof read.head);
      std::memcpy(bytes.data() + sizeof read.head, &read.tail, sizeof read.tail);
      EXPECT_EQ(bytes, word + std::string(ShortWord::kMost - size, '\0'));
      EXPECT_EQ(built.head, read.head);
      EXPECT_EQ(built.tail, read.tail);
    }
  }
}

// Accents, the parts of them, and what stands around them.
TEST(WordCache, SaysOfEveryTextWhetherItIsUtf8) {
  const std::string_view parts[] = {"a", "tea", "\xC3\xBC", "\xC3", "\xE2\x82\xAC", "\xFF", "\x80"};
  std::mt19937_64 random(5);
  int wrong = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    for (auto left = random() % 12; left > 0; --left) {
      text += parts[random() % 8 == 0 ? random() % 7 : random() % 3];
    }
    ASSERT_EQ(is_utf8_word(text), is_utf8(text)) << text;
    wrong += is_utf8(text) ? 0 : 1;
  }
  EXPECT_GT(wrong, 1000);
}

TEST(WordCache, KnowsNoWordAtFirst) {
  const StringIdMap map;
  WordCache cache;
  EXPECT_EQ(cache.find(map, ""), kNoRow);
  EXPECT_EQ(cache.find(map, std::string_view("\0\0\0", 3)), kNoRow);
}

// More words than there are places, in any order: what is beside a place is that word's, or looked
// up.
TEST(WordCache, FindsWordsThatShareAPlace) {
  StringIdMap map;
  for (int i = 0; i < 60; ++i) map.find_or_insert("category " + std::to_string(i));
  WordCache cache;
  std::mt19937 random(11);
  for (int step = 0; step < 4000; ++step) {
    const uint32_t code = random() % (step < 2000 ? 60 : 9);
    const std::string word = "category " + std::to_string(code);
    ASSERT_EQ(cache.find(map, word), code);
    ASSERT_EQ(cache.find(map, "no " + word), kNoRow);
  }
}

TEST(WordCache, ForgetsWhatTheMapForgets) {
  StringIdMap map;
  WordCache cache;
  map.find_or_insert("tea");
  map.find_or_insert("cups");
  EXPECT_EQ(cache.find(map, "cups"), 1U);
  map.truncate(1);
  cache.clear();
  EXPECT_EQ(cache.find(map, "cups"), kNoRow);
  EXPECT_EQ(cache.find(map, "tea"), 0U);
}

}  // namespace
}  // namespace patron::internal
