#include "lib/base/utf8.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace patron::internal {
namespace {

size_t invalid(const std::string& text) {
  // A heap block of exactly this size, so that the address sanitizer sees a read beyond.
  const std::vector<uint8_t> bytes(text.begin(), text.end());
  return find_invalid_utf8(bytes.data(), bytes.size());
}

// A plain twin: decode by the bit patterns of RFC 3629, then ask whether the value may be written
// so.
size_t plain_invalid(const std::string& text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<uint8_t>(text[i]);
    const int more = lead < 0x80         ? 0
                     : (lead >> 5) == 6  ? 1
                     : (lead >> 4) == 14 ? 2
                     : (lead >> 3) == 30 ? 3
                                         : -1;
    if (more < 0 || i + static_cast<size_t>(more) >= text.size()) return i;
    uint32_t value = more == 0 ? lead : lead & (0x3F >> more);
    for (int k = 1; k <= more; ++k) {
      const auto byte = static_cast<uint8_t>(text[i + static_cast<size_t>(k)]);
      if (byte >> 6 != 2) return i;
      value = value << 6 | (byte & 0x3F);
    }
    const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (value < least[more] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return i;
    i += static_cast<size_t>(more) + 1;
  }
  return kValidUtf8;
}

// The boundaries of table 3-7 of the Unicode Standard.
TEST(Utf8, TheEdgesOfWhatIsWellFormed) {
  for (const char* good :
       {"", "plain", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(invalid(good), kValidUtf8) << printable(good);
  }
  for (const char* bad :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x7F", "\xC2\xC0", "\xE0\x9F\xBF",
        "\xE0\xA0", "\xED\xA0\x80", "\xED\xBF\xBF", "\xE1\x80\x7F", "\xF0\x8F\xBF\xBF",
        "\xF0\x90\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xFE"}) {
    EXPECT_EQ(invalid(bad), 0U);
    EXPECT_EQ(invalid(std::string(70, 'a') + bad), 70U);
    EXPECT_EQ(invalid("\xE4\xBD\xA0" + std::string(bad)), 3U);
  }
}

TEST(Utf8, AgreesWithAPlainDecoderOnEveryTwoBytesAndOnRandomText) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string text{static_cast<char>(a), static_cast<char>(b)};
      ASSERT_EQ(invalid(text), plain_invalid(text)) << a << " " << b;
    }
  }
  const std::vector<std::string> pieces{"a",
                                        "customer",
                                        std::string(40, 'x'),
                                        "\xC3\xA9",
                                        "\xE5\xAE\xA2",
                                        "\xF0\x9F\x98\x80",
                                        "\xED\x9F\xBF",
                                        "\x80",
                                        "\xED\xA0\x80",
                                        "\xE5\xAE",
                                        "\xF4\x90\x80\x80"};
  for (uint64_t seed = 0; seed < 5000; ++seed) {
    std::mt19937_64 random(seed);
    std::string text;
    const size_t count = random() % 12;
    for (size_t i = 0; i < count; ++i) {
      // Mostly sound pieces, now and then a broken one.
      text += pieces[random() % (random() % 8 == 0 ? pieces.size() : 7)];
    }
    ASSERT_EQ(invalid(text), plain_invalid(text)) << "seed " << seed;
  }
}

TEST(Utf8, AsciiIsToldFromOtherTextAtEveryPlace) {
  for (size_t size = 0; size < 600; size += 7) {
    std::vector<uint8_t> bytes(size, 'a');
    EXPECT_TRUE(is_ascii(bytes.data(), size));
    for (size_t at = 0; at < size; ++at) {
      bytes[at] = 0x80;
      ASSERT_FALSE(is_ascii(bytes.data(), size)) << at << " of " << size;
      bytes[at] = 0x7F;
    }
  }
}

TEST(Utf8, WhatStandsInAMessageIsPrintableAndShort) {
  EXPECT_EQ(printable("caf\xC3\xA9"), "caf\xC3\xA9");
  EXPECT_EQ(printable("a\nb\x80"
                      "c\x7F"),
            "a?b?c?");
  EXPECT_EQ(printable("0123456789", 4), "0123...");
  EXPECT_EQ(printable("01234", 5), "01234");
  EXPECT_EQ(printable("\xE5\xAE\xA2\xE5\xAE\xA2", 5), "\xE5\xAE\xA2...")
      << "cut inside a character";
  EXPECT_EQ(quoted("x"), "\"x\"");
  EXPECT_TRUE(is_utf8(printable(std::string("\xE5\xAE\xA2\x00\xFF", 5), 3)));
}

}  // namespace
}  // namespace patron::internal
