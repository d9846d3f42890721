#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/utf8.h"
#include "lib/expr/ast.h"
#include "lib/expr/lexer.h"
#include "lib/schema/names.h"

namespace patron::internal {
namespace {

// CEL's operators, from the loosest: a level binds tighter than those before it.
int precedence(const Token& token) {
  constexpr std::array<std::pair<std::string_view, int>, 13> kLevels{{{"||", 1},
                                                                      {"&&", 2},
                                                                      {"<", 3},
                                                                      {"<=", 3},
                                                                      {">", 3},
                                                                      {">=", 3},
                                                                      {"==", 3},
                                                                      {"!=", 3},
                                                                      {"+", 4},
                                                                      {"-", 4},
                                                                      {"*", 5},
                                                                      {"/", 5},
                                                                      {"%", 5}}};
  if (token.kind == TokenKind::kIdentifier) return token.text == "in" ? 3 : 0;
  if (token.kind != TokenKind::kOperator) return 0;
  for (const auto& [op, level] : kLevels) {
    if (op == token.text) return level;
  }
  return 0;
}

bool is_word(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

// What stands here for a word of SQL; empty: it is none.
std::string_view operator_for(std::string_view word) {
  if (is_word(word, "and")) return "&&";
  if (is_word(word, "or")) return "||";
  if (is_word(word, "not")) return "!";
  if (is_word(word, "is")) return "== null or != null";
  return {};
}

bool is_macro(std::string_view name) {
  constexpr std::array<std::string_view, 5> kMacros{"all", "exists", "exists_one", "filter", "map"};
  return std::find(kMacros.begin(), kMacros.end(), name) != kMacros.end();
}

// Precedence climbing. It calls itself once for each pair of brackets, at most kMaxExpressionDepth
// deep, and once for each level of precedence.
class Parser {
 public:
  Parser(std::string_view text, Syntax& syntax, Findings& findings)
      : lexer_(text), syntax_(syntax), findings_(findings) {}

  bool run() {
    uint32_t root = 0;
    if (!advance() || !expression(root)) return false;
    if (token_.kind == TokenKind::kEnd) return true;
    if (is_foreign()) return fail_foreign();
    if (token_.text == "=" || token_.kind != TokenKind::kOperator) {
      return fail(token_.span, "there is no operator before " + quoted(token_.text, 40));
    }
    return fail(token_.span, quoted(token_.text) + " does not belong here");
  }

 private:
  bool advance() {
    last_end_ = token_.span.end;
    last_text_ = token_.text;
    return lexer_.next(token_, findings_);
  }
  // Whether this or the name before it is a word of SQL where an operator belongs.
  bool is_foreign() const {
    if (token_.kind == TokenKind::kIdentifier && !operator_for(token_.text).empty()) return true;
    const bool value = token_.kind != TokenKind::kEnd && token_.kind != TokenKind::kOperator;
    return value && is_word(last_text_, "not");
  }
  bool fail_foreign() {
    const bool here = token_.kind == TokenKind::kIdentifier && !operator_for(token_.text).empty();
    const std::string_view word = here ? token_.text : last_text_;
    const auto size = static_cast<uint32_t>(word.size());
    const Span span = here ? token_.span : Span{last_end_ - size, last_end_};
    return fail(span, "write " + std::string(operator_for(word)) + " for " + quoted(word));
  }
  bool at(std::string_view op) const {
    return token_.kind == TokenKind::kOperator && token_.text == op;
  }
  bool fail(Span span, std::string message, const char* code = "syntax") {
    findings_.error(code, span, std::move(message));
    return false;
  }
  bool expect(std::string_view op, const char* why) {
    if (at(op)) return advance();
    if (is_foreign()) return fail_foreign();
    return fail(token_.span,
                "write " + quoted(op) + " " + why +
                    (token_.kind == TokenKind::kEnd ? std::string("; the text ends here")
                                                    : ", not " + quoted(token_.text, 40)));
  }

  bool add(SyntaxNode node, std::span<const uint32_t> args, uint32_t& out) {
    if (syntax_.nodes.size() >= kMaxExpressionNodes) {
      return fail(node.span,
                  "the expression has more than 4096 parts; divide it into tags of their own",
                  "limit");
    }
    node.args = static_cast<uint32_t>(syntax_.args.size());
    node.arg_count = static_cast<uint32_t>(args.size());
    syntax_.args.insert(syntax_.args.end(), args.begin(), args.end());
    out = static_cast<uint32_t>(syntax_.nodes.size());
    syntax_.nodes.push_back(std::move(node));
    return true;
  }
  const Span& span(uint32_t node) const { return syntax_.nodes[node].span; }

  bool expression(uint32_t& out) {
    if (++depth_ > kMaxExpressionDepth) {
      return fail(token_.span, "more than 64 brackets stand within one another", "limit");
    }
    // a ? b : c ? d : e, from the left; built from the right.
    std::vector<std::array<uint32_t, 2>> choices;
    for (;;) {
      if (!binary(1, out)) return false;
      if (!at("?")) break;
      uint32_t chosen = 0;
      if (!advance() || !binary(1, chosen)) return false;
      if (at("?")) {
        return fail(token_.span, "put brackets around the choice between ? and :");
      }
      if (!expect(":", "and what holds otherwise")) return false;
      choices.push_back({out, chosen});
    }
    for (size_t i = choices.size(); i-- > 0;) {
      SyntaxNode node;
      node.kind = SyntaxKind::kTernary;
      node.span = {span(choices[i][0]).begin, span(out).end};
      node.name = node.span;
      if (!add(std::move(node), std::array{choices[i][0], choices[i][1], out}, out)) return false;
    }
    --depth_;
    return true;
  }

  bool binary(int level, uint32_t& out) {
    if (!unary(out)) return false;
    for (;;) {
      const int here = precedence(token_);
      if (here < level) return true;
      SyntaxNode node;
      node.kind = SyntaxKind::kBinary;
      node.text = token_.text;
      node.name = token_.span;
      uint32_t right = 0;
      if (!advance() || !binary(here + 1, right)) return false;
      node.span = {span(out).begin, span(right).end};
      if (!add(std::move(node), std::array{out, right}, out)) return false;
    }
  }

  bool unary(uint32_t& out) {
    const bool negates = at("-");
    if (!negates && !at("!")) return member(out);
    std::vector<uint32_t> begins;
    const std::string op(token_.text);
    while (at(op)) {
      if (begins.size() >= kMaxExpressionNodes) {
        return fail(token_.span, "more than 4096 signs stand before one another", "limit");
      }
      begins.push_back(token_.span.begin);
      if (!advance()) return false;
    }
    if (at("-") || at("!")) return fail(token_.span, "put brackets around what follows " + op);
    if (negates && (token_.kind == TokenKind::kInt || token_.kind == TokenKind::kDouble)) {
      negative_ = true;  // a sign is a part of the number
      number_begin_ = begins.back();
      begins.pop_back();
    }
    if (!member(out)) return false;
    while (!begins.empty()) {
      SyntaxNode node;
      node.kind = negates ? SyntaxKind::kNegate : SyntaxKind::kNot;
      node.text = op;
      node.span = {begins.back(), span(out).end};
      node.name = {begins.back(), begins.back() + 1};
      begins.pop_back();
      if (!add(std::move(node), std::array{out}, out)) return false;
    }
    return true;
  }

  bool member(uint32_t& out) {
    if (!primary(out)) return false;
    for (;;) {
      if (at("[")) {
        return fail(token_.span, "taking an element with [ ] is not part of the language",
                    "refused");
      }
      if (!at(".")) return true;
      if (!advance()) return false;
      if (token_.kind != TokenKind::kIdentifier) {
        return fail(token_.span, "write a name after the point");
      }
      const std::string name(token_.text);
      const Span name_span = token_.span;
      if (!advance()) return false;
      if (at("(")) {
        SyntaxNode node;
        node.kind = SyntaxKind::kMethod;
        node.text = name;
        node.name = name_span;
        if (is_macro(name)) {
          return fail(name_span,
                      "the macro " + name + "() is not part of the language: there are no loops",
                      "refused");
        }
        std::vector<uint32_t> args{out};
        if (!arguments(args)) return false;
        node.span = {span(out).begin, last_end_};
        if (!add(std::move(node), args, out)) return false;
        continue;
      }
      SyntaxNode& target = syntax_.nodes[out];
      if (out != open_name_) {
        return fail(name_span, "a value has no field " + quoted(name) +
                                   "; only names of the schema have points");
      }
      target.text += "." + name;
      target.span.end = name_span.end;
    }
  }

  // After "(" of a call; takes the ")" too.
  bool arguments(std::vector<uint32_t>& args) {
    if (!advance()) return false;
    if (at(")")) return advance();
    for (;;) {
      uint32_t arg = 0;
      if (!expression(arg)) return false;
      args.push_back(arg);
      if (!at(",")) return expect(")", "to end the arguments");
      if (!advance()) return false;
    }
  }

  bool list(uint32_t& out) {
    SyntaxNode node;
    node.kind = SyntaxKind::kList;
    const uint32_t begin = token_.span.begin;
    std::vector<uint32_t> items;
    if (!advance()) return false;
    while (!at("]")) {
      if (items.size() >= kMaxListElements) {
        return fail(token_.span, "the list has more than 4096 elements", "limit");
      }
      uint32_t item = 0;
      if (!expression(item)) return false;
      items.push_back(item);
      if (at("]")) break;
      if (!expect(",", "between the elements of a list")) return false;
    }
    if (!advance()) return false;
    node.span = {begin, last_end_};
    node.name = node.span;
    return add(std::move(node), items, out);
  }

  bool number(uint32_t& out) {
    SyntaxNode node;
    node.span = token_.span;
    if (negative_) node.span.begin = number_begin_;
    node.text = (negative_ ? "-" : "") + std::string(token_.text);
    if (token_.kind == TokenKind::kDouble) {
      node.kind = SyntaxKind::kDouble;
      node.number = negative_ ? -token_.number : token_.number;
    } else {
      node.kind = SyntaxKind::kInt;
      constexpr uint64_t kTop = uint64_t{1} << 63;
      if (!negative_ && token_.magnitude == kTop) {
        return fail(token_.span,
                    quoted(token_.text) + " does not fit a whole number of 64 bits; write " +
                        quoted(std::string(token_.text) + ".0") + " for a double",
                    "range");
      }
      node.integer = static_cast<int64_t>(negative_ ? ~token_.magnitude + 1 : token_.magnitude);
    }
    negative_ = false;
    node.name = node.span;
    return advance() && add(std::move(node), {}, out);
  }

  bool primary(uint32_t& out) {
    SyntaxNode node;
    node.span = token_.span;
    node.name = token_.span;
    switch (token_.kind) {
      case TokenKind::kInt:
      case TokenKind::kDouble:
        return number(out);
      case TokenKind::kString:
        node.kind = SyntaxKind::kString;
        node.text = std::move(token_.decoded);
        return advance() && add(std::move(node), {}, out);
      case TokenKind::kIdentifier:
        return identifier(std::move(node), out);
      case TokenKind::kEnd:
        return fail(token_.span, "the text ends where a value belongs");
      case TokenKind::kOperator:
        break;
    }
    if (at("(")) {
      if (!advance() || !expression(out)) return false;
      if (!expect(")", "to close the bracket")) return false;
      open_name_ = UINT32_MAX;  // what follows a closing bracket is no part of a name
      return true;
    }
    if (at("[")) return list(out);
    if (at(".")) {  // the root scope, which is the only one
      if (!advance()) return false;
      if (token_.kind == TokenKind::kIdentifier) {
        node.span.end = token_.span.end;
        return identifier(std::move(node), out);
      }
    }
    return fail(token_.span, quoted(token_.text) + " stands where a value belongs");
  }

  bool identifier(SyntaxNode node, uint32_t& out) {
    const std::string name(token_.text);
    const Span name_span = token_.span;
    if (name == "true" || name == "false") {
      node.kind = SyntaxKind::kBool;
      node.integer = name == "true" ? 1 : 0;
      return advance() && add(std::move(node), {}, out);
    }
    if (name == "null") {
      node.kind = SyntaxKind::kNull;
      return advance() && add(std::move(node), {}, out);
    }
    if (name == "in") return fail(name_span, "\"in\" stands where a value belongs");
    if (is_reserved(name) && name != "now") {
      return fail(name_span, quoted(name) + " is a word that CEL reserves; no field has that name");
    }
    node.text = name;
    if (!advance()) return false;
    if (!at("(")) {
      node.kind = SyntaxKind::kName;
      if (!add(std::move(node), {}, out)) return false;
      open_name_ = out;
      return true;
    }
    if (is_word(name, "not")) return fail(name_span, "write ! for " + quoted(name));
    node.kind = SyntaxKind::kCall;
    node.name = name_span;
    std::vector<uint32_t> args;
    if (!arguments(args)) return false;
    node.span.end = last_end_;
    return add(std::move(node), args, out);
  }

  Lexer lexer_;
  Syntax& syntax_;
  Findings& findings_;
  Token token_;
  uint32_t last_end_ = 0;
  std::string_view last_text_;
  int depth_ = 0;
  bool negative_ = false;
  uint32_t open_name_ = UINT32_MAX;  ///< a name that a point may still make longer
  uint32_t number_begin_ = 0;
};

}  // namespace

std::vector<Diagnostic> Findings::take() {
  std::stable_sort(list_.begin(), list_.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.begin < b.begin; });
  return std::move(list_);
}

bool parse_syntax(std::string_view text, Syntax& syntax, Findings& findings) {
  if (text.size() > kMaxExpressionBytes) {
    findings.error(
        "limit", {0, static_cast<uint32_t>(kMaxExpressionBytes)},
        "the expression has " + std::to_string(text.size()) + " bytes; the limit is 65536");
    return false;
  }
  const size_t bad = find_invalid_utf8(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  if (bad != kValidUtf8) {
    const auto begin = static_cast<uint32_t>(bad);
    findings.error("utf8", {begin, begin + 1},
                   "byte " + std::to_string(bad) + " is no UTF-8; save the text as UTF-8");
    return false;
  }
  return Parser(text, syntax, findings).run();
}

}  // namespace patron::internal
