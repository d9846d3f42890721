#include <string>

#include "tests/policy/said.h"

namespace patron {
namespace {

std::string shown(const std::string& text, int64_t offset, int64_t begin = -1, int64_t end = -1) {
  const PolicyFinding one{"code", Severity::kWarning, "/a/0", offset, begin, end, "message"};
  return format_findings("f.json", text, {&one, 1});
}

TEST(FormatFindings, ShowsTheLineAndTheColumnInCharacters) {
  // The key is two characters of three bytes, each two columns wide on a terminal; the number is
  // the eighth character.
  EXPECT_EQ(shown("{\n \"名字\": 5}", 13),
            "f.json:2:8: warning: /a/0: message [code]\n   \"名字\": 5}\n    \u3000\u3000   ^\n");
  EXPECT_EQ(shown("5", 0), "f.json:1:1: warning: /a/0: message [code]\n  5\n  ^\n");
}

TEST(FormatFindings, UnderlinesThePartOfAnExpression) {
  EXPECT_EQ(shown("\"a + bcd\"", 0, 4, 7),
            "f.json:1:6: warning: /a/0: message [code]\n  \"a + bcd\"\n       ^~~\n");
  // With an escape before it the bytes are not those of the document: the value is shown.
  EXPECT_EQ(shown(R"("\u0061 + bcd")", 0, 4, 7).find("f.json:1:1:"), 0U);
}

TEST(FormatFindings, CutsLongLinesAroundThePlace) {
  std::string line(1001, 'x');
  line[500] = 'y';
  const std::string text = shown(line, 500);
  EXPECT_NE(text.find('y'), std::string::npos);
  EXPECT_LT(text.size(), 400U);
}

}  // namespace
}  // namespace patron
