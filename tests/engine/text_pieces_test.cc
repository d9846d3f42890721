#include "lib/engine/text_pieces.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/base/fail_alloc.h"

namespace patron::internal {
namespace {

TEST(TextPieces, StayWhereTheyAreHoweverManyCome) {
  std::mt19937_64 random(5);
  TextPieces texts;
  std::vector<std::pair<uint64_t, std::string>> plain;
  std::vector<const char*> places;
  for (int i = 0; i < 30'000; ++i) {
    const size_t most = i % 1000 == 0 ? TextPieces::kMostText : 90;
    std::string text(random() % (most + 1), static_cast<char>('a' + random() % 26));
    texts.ready(text.size());
    plain.emplace_back(texts.put(text), text);
    places.push_back(texts.view(plain.back().first, text.size()).data());
  }
  size_t bytes = 0;
  for (size_t i = 0; i < plain.size(); ++i) {
    const std::string_view text = texts.view(plain[i].first, plain[i].second.size());
    ASSERT_EQ(text, plain[i].second) << i;
    ASSERT_EQ(text.data(), places[i]) << i;
    bytes += text.size();
  }
  EXPECT_GE(texts.bytes(), bytes);
  EXPECT_LE(texts.bytes(), bytes + bytes / 10 + (1 << 20));
}

TEST(TextPieces, RoomForManyIsRoomWhateverTheyAre) {
  TextPieces texts;
  std::vector<std::string> all;
  for (int i = 0; i < 100; ++i) all.emplace_back(size_t{50'000}, static_cast<char>('a' + i % 26));
  texts.ready(100 * 50'000);
  std::vector<uint64_t> places;
  const size_t before = texts.bytes();
  for (const std::string& text : all) places.push_back(texts.put(text));
  EXPECT_EQ(texts.bytes(), before);
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(texts.view(places[i], 50'000), all[i]);
}

TEST(TextPieces, FewTakeLittle) {
  TextPieces texts;
  texts.ready(10);
  texts.put("0123456789");
  EXPECT_LE(texts.bytes(), 150u);
  EXPECT_EQ(texts.put(""), 0u);
  EXPECT_EQ(texts.view(0, 0), "");
}

TEST(TextPieces, LeaveNothingBehindWhereTheyAreWiped) {
  TextPieces texts;
  texts.ready(20);
  const uint64_t a = texts.put("anna"), b = texts.put("berta");
  const std::string_view seen = texts.view(a, 4);
  texts.wipe(a, 4);
  EXPECT_EQ(seen, std::string(4, '\0'));
  EXPECT_EQ(texts.view(b, 5), "berta");
}

TEST(TextPieces, RoomThatIsNotThereLeavesThemAsTheyWere) {
  for (int fails = 0;; ++fails) {
    TextPieces texts;
    texts.ready(4);
    const uint64_t a = texts.put("anna");
    const size_t before = texts.bytes();
    bool failed = false;
    {
      const test::FailAllocation fail(fails);
      try {
        texts.ready(5'000'000);
      } catch (const std::bad_alloc&) {
        failed = true;
      }
    }
    EXPECT_EQ(texts.view(a, 4), "anna");
    if (!failed) break;
    EXPECT_LE(texts.bytes(), before + 1000);  // the list of pieces may have grown
    ASSERT_LT(fails, 100);
  }
}

}  // namespace
}  // namespace patron::internal
