#include "lib/book/enum_texts.h"

#include <gtest/gtest.h>

namespace patron::internal {
namespace {

TEST(EnumTexts, ACopyKeepsWhatItHad) {
  EnumTexts texts;
  for (uint32_t i = 0; i < 200; ++i) EXPECT_EQ(texts.add("text " + std::to_string(i)), i);
  const EnumTexts copy = texts;
  texts.add("later");
  texts.blank(70);
  EXPECT_EQ(copy.size(), 200u);
  EXPECT_EQ(copy.text(70), "text 70");
  EXPECT_EQ(texts.text(70), "");
  EXPECT_EQ(texts.text(71), "text 71");
  EXPECT_EQ(texts.text(200), "later");
}

TEST(EnumTexts, ForgetsTheNewest) {
  EnumTexts texts;
  for (uint32_t i = 0; i < 130; ++i) texts.add(std::to_string(i));
  texts.truncate(64);
  EXPECT_EQ(texts.size(), 64u);
  EXPECT_EQ(texts.add("a longer text than a string holds in itself"), 64u);
  EXPECT_EQ(texts.text(63), "63");
  EXPECT_GT(texts.memory(), 2 * 64 * sizeof(std::string));
}

}  // namespace
}  // namespace patron::internal
