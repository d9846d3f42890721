#include "lib/book/word_cache.h"

#include <gtest/gtest.h>

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
