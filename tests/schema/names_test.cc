#include "lib/schema/names.h"

#include <gtest/gtest.h>

#include <string>

namespace patron::internal {
namespace {

TEST(Names, AreIdentifiersJoinedByPoints) {
  for (const char* good : {"a", "_", "spend_12m", "rfm.f", "A.b.C9"}) {
    EXPECT_TRUE(check_field_name(good).ok()) << good;
  }
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "1a", "a b", "a-b", "caf\xC3\xA9", "a.1"}) {
    EXPECT_EQ(check_field_name(bad).code(), Code::kDocument) << bad;
  }
  EXPECT_TRUE(check_field_name(std::string(255, 'a')).ok());
  EXPECT_FALSE(check_field_name(std::string(256, 'a')).ok());
}

TEST(Names, LeaveCelItsWords) {
  for (const char* word :
       {"as",     "break", "const", "continue", "else",      "for",    "function", "if",
        "import", "let",   "loop",  "package",  "namespace", "return", "var",      "void",
        "while",  "true",  "false", "null",     "in",        "now"}) {
    EXPECT_TRUE(is_reserved(word)) << word;
    EXPECT_FALSE(check_field_name(word).ok()) << word;
    EXPECT_FALSE(check_field_name(std::string("a.") + word).ok()) << word;
  }
  EXPECT_FALSE(is_reserved("class"));
}

}  // namespace
}  // namespace patron::internal
