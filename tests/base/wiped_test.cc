#include "lib/base/wiped.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/base/fail_alloc.h"

namespace patron::internal {
namespace {

using test::WatchMemory;

const std::vector<std::string> kSecret{"zilpha"};

TEST(Wiped, TextsLeaveNoBytesWhereverTheyAreMoved) {
  const WatchMemory watch(kSecret);
  {
    std::vector<WipedText> texts;
    for (int i = 0; i < 20; ++i) {
      texts.emplace_back(i % 2 == 0 ? "zilpha" : "zilpha, in more bytes than a string object has");
      texts.back().append("!");
    }
    std::swap(texts[0], texts[1]);
    texts.erase(texts.begin() + 3);
    EXPECT_TRUE(texts[1] == "zilpha!");
    EXPECT_FALSE(watch.found().empty());
  }
  EXPECT_EQ(watch.found(), std::vector<std::string>{});
}

TEST(Wiped, VectorsAndStringsZeroWhatTheyGiveBack) {
  const WatchMemory watch(kSecret);
  {
    WipedString text;
    WipedVector<char> bytes;
    for (int i = 0; i < 100; ++i) {
      text.append("zilpha");
      for (const char c : std::string_view("zilpha")) bytes.push_back(c);
    }
  }
  EXPECT_EQ(watch.found(), std::vector<std::string>{});
}

TEST(Wiped, StringsThatPassLeaveNoBytes) {
  const WatchMemory watch(kSecret);
  {
    std::vector<PassingText> texts;
    for (int i = 0; i < 20; ++i) {
      texts.emplace_back() =
          std::string_view(i % 2 == 0 ? "zilpha" : "zilpha, in more bytes than that");
    }
    texts[0] = std::string_view("short");
    texts[1] = "short";
    texts[2] = std::move(texts[3]);
    texts[4] = texts[5];
    texts.erase(texts.begin());
    texts.pop_back();
    EXPECT_EQ(texts[0], "short");
    EXPECT_EQ(texts[1].substr(0, 6), "zilpha");
  }
  EXPECT_EQ(watch.found(), std::vector<std::string>{});
}

TEST(Wiped, BuffersAreZeroedInPlace) {
  Buffer buffer(6);
  std::memcpy(buffer.data(), "zilpha", 6);
  wipe_buffer(buffer);
  EXPECT_EQ(std::string(buffer.as<char>(), 6), std::string(6, '\0'));
}

}  // namespace
}  // namespace patron::internal
