#include "lib/expr/lexer.h"

#include <gtest/gtest.h>

#include <string>

namespace patron::internal {
namespace {

// The tokens of a text, or the first problem.
std::string tokens(std::string_view text) {
  Lexer lexer(text);
  Findings findings;
  Token token;
  std::string out;
  while (lexer.next(token, findings)) {
    if (token.kind == TokenKind::kEnd) return out;
    out += "[" +
           (token.kind == TokenKind::kString ? "'" + token.decoded : std::string(token.text)) + "]";
  }
  const Diagnostic d = findings.take().front();
  return d.code + " " + std::to_string(d.begin) + "-" + std::to_string(d.end) + ": " + d.message;
}

TEST(Lexer, CutsTextIntoTokens) {
  EXPECT_EQ(tokens("a.b>=1.5e3&&!(x_1 in[2,0xFf])"),
            "[a][.][b][>=][1.5e3][&&][!][(][x_1][in][[][2][,][0xFf][]][)]");
  EXPECT_EQ(tokens(" \t\r\n\f1 // one\n2"), "[1][2]");
  EXPECT_EQ(tokens(".5"), "[.5]");
  EXPECT_EQ(tokens("1.a"), "[1][.][a]");
  EXPECT_EQ(tokens(""), "");
}

TEST(Lexer, DecodesEscapesAsCelHasThem) {
  EXPECT_EQ(tokens(R"('\a\b\f\n\r\t\v\\\?\"\'\`')"), "['\a\b\f\n\r\t\v\\?\"'`]");
  EXPECT_EQ(tokens(R"("\x41\X42\u00e9\U0001F600\101")"),
            "['AB\xC3\xA9\xF0\x9F\x98\x80"
            "A]");
  EXPECT_EQ(tokens(R"("\377")"), "['\xC3\xBF]");
  EXPECT_EQ(tokens(R"(r"\n")"), R"(['\n])");
  EXPECT_EQ(tokens(R"('''a'b
c''')"),
            "['a'b\nc]");
  EXPECT_EQ(tokens(R"(R"""x""")"), "['x]");
  EXPECT_EQ(tokens(R"("\s")").substr(0, 10), "syntax 1-3");
  EXPECT_EQ(tokens(R"("\ud83d")").substr(0, 10), "syntax 1-7");
  EXPECT_EQ(tokens(R"("\U00110000")").substr(0, 11), "syntax 1-11");
  EXPECT_EQ(tokens(R"("\x4")").substr(0, 6), "syntax");
  EXPECT_EQ(tokens(R"("\400")").substr(0, 6), "syntax");
  EXPECT_EQ(tokens("'abc").substr(0, 10), "syntax 0-4");
  EXPECT_EQ(tokens("'a\nb'").substr(0, 10), "syntax 0-2");
}

TEST(Lexer, RefusesWhatTheLanguageHasNot) {
  EXPECT_EQ(tokens("a \x1b"),
            "syntax 2-3: the control character U+001B does not belong into an expression");
  EXPECT_EQ(tokens("1u"), "refused 0-2: unsigned numbers are not part of the language; write 1");
  EXPECT_EQ(tokens("b'x'").substr(0, 7), "refused");
  EXPECT_EQ(tokens("bR'x'").substr(0, 7), "refused");
  EXPECT_EQ(tokens("{").substr(0, 7), "refused");
  EXPECT_EQ(tokens("="), "syntax 0-1: write == to compare");
  EXPECT_EQ(tokens("&"), "syntax 0-1: write &&");
  EXPECT_EQ(tokens("12ab").substr(0, 10), "syntax 0-4");
  EXPECT_EQ(tokens("\xC3\xA9").substr(0, 10), "syntax 0-2");
}

TEST(Lexer, KnowsTheEndsOfNumbers) {
  EXPECT_EQ(tokens("9223372036854775808"), "[9223372036854775808]");  // with a sign before it
  EXPECT_EQ(tokens("9223372036854775809").substr(0, 5), "range");
  EXPECT_EQ(tokens("0x8000000000000001").substr(0, 5), "range");
  EXPECT_EQ(tokens("1e400").substr(0, 5), "range");
  EXPECT_EQ(tokens("1e-400"), "[1e-400]");
  EXPECT_EQ(tokens(std::string(5000, '9')).substr(0, 5), "range");
}

}  // namespace
}  // namespace patron::internal
