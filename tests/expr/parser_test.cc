#include <gtest/gtest.h>

#include <string>

#include "lib/expr/ast.h"

namespace patron::internal {
namespace {

// The tree with brackets around everything, or the first problem.
std::string show(const Syntax& syntax, uint32_t index) {
  const SyntaxNode& node = syntax.nodes[index];
  std::string args;
  for (uint32_t i = 0; i < node.arg_count; ++i) {
    args += (i == 0 ? "" : " ") + show(syntax, syntax.arg(node, i));
  }
  switch (node.kind) {
    case SyntaxKind::kNull:
      return "null";
    case SyntaxKind::kBool:
      return node.integer != 0 ? "true" : "false";
    case SyntaxKind::kInt:
      return std::to_string(node.integer);
    case SyntaxKind::kDouble:
    case SyntaxKind::kName:
      return node.text;
    case SyntaxKind::kString:
      return "'" + node.text + "'";
    case SyntaxKind::kTernary:
      return "(? " + args + ")";
    case SyntaxKind::kList:
      return "[" + args + "]";
    default:
      return "(" + node.text + " " + args + ")";
  }
}
std::string parsed(std::string_view text) {
  Syntax syntax;
  Findings findings;
  if (parse_syntax(text, syntax, findings)) {
    return show(syntax, static_cast<uint32_t>(syntax.nodes.size()) - 1);
  }
  const Diagnostic d = findings.take().front();
  return d.code + " " + std::to_string(d.begin) + ": " + d.message;
}

TEST(Parser, BindsAsCelDoes) {
  EXPECT_EQ(parsed("a || b && c"), "(|| a (&& b c))");
  EXPECT_EQ(parsed("a - b - c"), "(- (- a b) c)");
  EXPECT_EQ(parsed("a + b * -c % d"), "(+ a (% (* b (- c)) d))");
  EXPECT_EQ(parsed("a < b == c"), "(== (< a b) c)");
  EXPECT_EQ(parsed("!a && !!b"), "(&& (! a) (! (! b)))");
  EXPECT_EQ(parsed("a ? b : c ? d : e"), "(? a b (? c d e))");
  EXPECT_EQ(parsed("a in [1, 2,] || b"), "(|| (in a [1 2]) b)");
  EXPECT_EQ(parsed("rfm.f.x"), "rfm.f.x");
  EXPECT_EQ(parsed(".a"), "a");
  EXPECT_EQ(parsed("a.b.size().x(1, 2)"), "(x (size a.b) 1 2)");
  EXPECT_EQ(parsed("(a).size()"), "(size a)");
  EXPECT_EQ(parsed("--9"), "(- -9)");
  EXPECT_EQ(parsed("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(parsed("a-1"), "(- a 1)");
}

TEST(Parser, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(parsed(""), "syntax 0: the text ends where a value belongs");
  EXPECT_EQ(parsed("a b"), "syntax 2: there is no operator before \"b\"");
  EXPECT_EQ(parsed("a = b"), "syntax 2: write == to compare");
  EXPECT_EQ(parsed("a AND b"), "syntax 2: write && for \"AND\"");
  EXPECT_EQ(parsed("(a or b)"), "syntax 3: write || for \"or\"");
  EXPECT_EQ(parsed("f(a Or b)"), "syntax 4: write || for \"Or\"");
  EXPECT_EQ(parsed("not a"), "syntax 0: write ! for \"not\"");
  EXPECT_EQ(parsed("a && NOT b"), "syntax 5: write ! for \"NOT\"");
  EXPECT_EQ(parsed("not(a)"), "syntax 0: write ! for \"not\"");
  EXPECT_EQ(parsed("a is null"), "syntax 2: write == null or != null for \"is\"");
  EXPECT_EQ(parsed("a <> b"), "syntax 2: write != for <>");
  EXPECT_EQ(parsed("a => b"), "syntax 2: write >= for =>");
  EXPECT_EQ(parsed("a =< b"), "syntax 2: write <= for =<");
  EXPECT_EQ(parsed("not && and < or"), "(&& not (< and or))");  // names like others
  EXPECT_EQ(parsed("(a"), "syntax 2: write \")\" to close the bracket; the text ends here");
  EXPECT_EQ(parsed("f(a"), "syntax 3: write \")\" to end the arguments; the text ends here");
  EXPECT_EQ(parsed("a)"), "syntax 1: \")\" does not belong here");
  EXPECT_EQ(parsed("a ? b"), "syntax 5: write \":\" and what holds otherwise; the text ends here");
  EXPECT_EQ(parsed("for"), "syntax 0: \"for\" is a word that CEL reserves; no field has that name");
  EXPECT_EQ(parsed("a[0]").substr(0, 9), "refused 1");
  EXPECT_EQ(parsed("x.all(y, y > 0)").substr(0, 9), "refused 2");
  EXPECT_EQ(parsed("f(x).y").substr(0, 8), "syntax 5");
  EXPECT_EQ(parsed("(a).b").substr(0, 8), "syntax 4");
  EXPECT_EQ(parsed("9223372036854775808").substr(0, 7), "range 0");
  EXPECT_EQ(parsed("a \xFF").substr(0, 6), "utf8 2");
}

TEST(Parser, HasLimits) {
  std::string deep(64, '(');
  EXPECT_EQ(parsed(deep.substr(1) + "a" + std::string(63, ')')), "a");
  EXPECT_EQ(parsed(deep + "a" + std::string(64, ')')).substr(0, 5), "limit");
  EXPECT_EQ(parsed(std::string(60'000, '(')).substr(0, 5), "limit");
  EXPECT_EQ(parsed(std::string(60'000, '!')).substr(0, 5), "limit");
  EXPECT_EQ(parsed(std::string(65'537, ' ')).substr(0, 5), "limit");
  std::string many = "a";
  for (int i = 0; i < 2047; ++i) many += "||a";
  EXPECT_EQ(parsed(many).substr(0, 2), "(|");
  EXPECT_EQ(parsed(many + "||a").substr(0, 5), "limit");
  std::string choice = "a";
  for (int i = 0; i < 500; ++i) choice = "a?a:" + choice;
  EXPECT_EQ(parsed(choice).substr(0, 2), "(?");
}

}  // namespace
}  // namespace patron::internal
