// The syntax tree of an expression, flat: children stand before their parents.
//
//   "a.b >= 2 && has(c)"  ->  [name a.b] [int 2] [>= 0 1] [name c] [call has 3] [&& 2 4]
//
// So a later step is a loop over the nodes, and no input decides how deep it recurses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "patron/expression.h"

namespace patron::internal {

/// Bytes of the text.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
};

enum class SyntaxKind : uint8_t {
  kNull,
  kBool,    ///< integer: 0 or 1
  kInt,     ///< integer, negative with its sign
  kDouble,  ///< number
  kString,  ///< text: the decoded bytes
  kName,    ///< text: "a.b.c"
  kNot,
  kNegate,
  kBinary,   ///< text: the operator
  kTernary,  ///< condition, then, else
  kCall,     ///< text: the function; args
  kMethod,   ///< text: the method; args, of which the first is what it is called on
  kList,
};

struct SyntaxNode {
  SyntaxKind kind = SyntaxKind::kNull;
  Span span;
  Span name;            ///< kBinary, kCall, kMethod: of the operator or the function's name
  std::string text;     ///< see SyntaxKind; kInt, kDouble: as it is written, with its sign
  int64_t integer = 0;  ///< kInt, kBool
  double number = 0;    ///< kDouble
  uint32_t args = 0;    ///< index into Syntax::args of the first child
  uint32_t arg_count = 0;
};

struct Syntax {
  std::vector<SyntaxNode> nodes;  ///< the last is the root
  std::vector<uint32_t> args;

  uint32_t arg(const SyntaxNode& node, uint32_t i) const { return args[node.args + i]; }
};

inline constexpr size_t kMaxExpressionBytes = 65'536;
inline constexpr size_t kMaxExpressionNodes = 4'096;
inline constexpr size_t kMaxListElements = 4'096;
inline constexpr int kMaxExpressionDepth = 64;

/// Collects findings; stops keeping them after 100.
class Findings {
 public:
  void error(const char* code, Span span, std::string message) {
    add(code, Severity::kError, span, std::move(message));
    has_errors_ = true;
  }
  void warning(const char* code, Span span, std::string message) {
    add(code, Severity::kWarning, span, std::move(message));
  }
  bool has_errors() const { return has_errors_; }
  std::vector<Diagnostic> take();

 private:
  void add(const char* code, Severity severity, Span span, std::string message) {
    constexpr size_t kMost = 100;
    if (list_.size() >= kMost) return;
    list_.push_back({code, severity, span.begin, span.end, std::move(message)});
  }

  std::vector<Diagnostic> list_;
  bool has_errors_ = false;
};

/// Reads a text; false where it has no meaning, with the first thing that is wrong in `findings`.
bool parse_syntax(std::string_view text, Syntax& syntax, Findings& findings);

}  // namespace patron::internal
