// Tokens of an expression, as CEL's grammar has them.
//
//   Lexer lexer(text);
//   Token token;
//   while (lexer.next(token, findings) && token.kind != TokenKind::kEnd) ...
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/expr/ast.h"

namespace patron::internal {

enum class TokenKind : uint8_t {
  kEnd,
  kIdentifier,  ///< keywords included
  kInt,         ///< without a sign
  kDouble,
  kString,
  kOperator,  ///< text: one of + - * / % ! < <= > >= == != && || ? : ( ) [ ] . ,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Span span;
  std::string_view text;   ///< as it is written
  std::string decoded;     ///< kString
  uint64_t magnitude = 0;  ///< kInt: up to 2^63
  double number = 0;       ///< kDouble
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  /// The next token; false where the text has none, with the reason in `findings`.
  bool next(Token& token, Findings& findings);

 private:
  void skip_blanks();
  struct NumberForm {
    int base = 10;
    bool whole = true;
  };
  NumberForm skip_number();
  bool read_number(Token& token, Findings& findings);
  bool read_whole(Token& token, int base, Findings& findings);
  bool read_double(Token& token, Findings& findings);
  bool read_string(Token& token, Findings& findings);
  bool read_escape(std::string& out, Findings& findings);
  bool read_operator(Token& token, Findings& findings);
  bool refuse(Findings& findings, size_t begin, size_t end, const char* code, std::string message);
  Span span_from(size_t begin) const;
  char peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace patron::internal
