#include "lib/expr/excerpt.h"

#include <gtest/gtest.h>

#include <string>

namespace patron::test {
namespace {

using internal::excerpt;

TEST(Excerpt, MarksAPartOfALine) {
  EXPECT_EQ(excerpt("spned > 10", 0, 5, '^'), "  spned > 10\n  ^^^^^\n");
  EXPECT_EQ(excerpt("spned > 10", 8, 10, '~'), "  spned > 10\n          ^~\n");
  EXPECT_EQ(excerpt("spend >", 7, 7, '^'), "  spend >\n         ^\n");
  EXPECT_EQ(excerpt("", 0, 0, '^'), "  \n  ^\n");
  EXPECT_EQ(excerpt("ab", 9, 12, '^'), "  ab\n    ^\n");
}

// Two columns each on a terminal, before the part and in it; an ideographic space is as wide.
TEST(Excerpt, StandsBelowWideCharacters) {
  const std::string wide = "\xE6\xB6\x88";  // U+6D88
  const std::string space = "\xE3\x80\x80";
  EXPECT_EQ(excerpt("'" + wide + "' x", 6, 7, '^'), "  '" + wide + "' x\n   " + space + "  ^\n");
  EXPECT_EQ(excerpt(wide + wide, 0, 6, '~'), "  " + wide + wide + "\n  ^~~~\n");
  EXPECT_EQ(excerpt("\xC3\xA9 x", 3, 4, '^'), "  \xC3\xA9 x\n    ^\n");  // one column
}

TEST(Excerpt, ShowsNoControlCharacters) {
  EXPECT_EQ(excerpt("a\tb\x1b[2J", 2, 3, '^'), "  a b?[2J\n    ^\n");
  EXPECT_EQ(excerpt("a b\r", 2, 3, '^'), "  a b\n    ^\n");
}

TEST(Excerpt, CutsLongLinesAroundThePart) {
  const std::string before(500, 'a'), behind(500, 'b');
  const std::string line = before + "HERE" + behind;
  const std::string marked = excerpt(line, 500, 504, '^');
  EXPECT_EQ(marked, "  " + std::string(60, 'a') + "HERE" + std::string(56, 'b') + "\n  " +
                        std::string(60, ' ') + "^^^^\n");
  // Never within a character.
  std::string wide;
  for (int i = 0; i < 200; ++i) wide += "\xE6\xB6\x88";
  const std::string cut = excerpt(wide + "x", 600, 601, '^');
  EXPECT_EQ(cut.find('x'), 2u + 60u * 3u);
  EXPECT_EQ(
      cut, "  " + wide.substr(0, 180) + "x\n  " + [] {
        std::string spaces;
        for (int i = 0; i < 60; ++i) spaces += "\xE3\x80\x80";
        return spaces;
      }() + "^\n");
  // A part that is longer than what is shown.
  EXPECT_EQ(excerpt(line, 0, 1004, '~'),
            "  " + std::string(120, 'a') + "\n  ^" + std::string(119, '~') + "\n");
}

}  // namespace
}  // namespace patron::test
