#include "lib/expr/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "lib/base/utf8.h"
#include "lib/expr/texts.h"
#include "lib/schema/names.h"

namespace patron::internal {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_utf8(std::string& out, uint32_t code) {
  const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

// Escapes of one letter that stand for one byte.
std::optional<char> simple_escape(char c) {
  constexpr std::array<std::pair<char, char>, 12> kEscapes{{{'a', '\a'},
                                                            {'b', '\b'},
                                                            {'f', '\f'},
                                                            {'n', '\n'},
                                                            {'r', '\r'},
                                                            {'t', '\t'},
                                                            {'v', '\v'},
                                                            {'\\', '\\'},
                                                            {'?', '?'},
                                                            {'"', '"'},
                                                            {'\'', '\''},
                                                            {'`', '`'}}};
  for (const auto& [letter, byte] : kEscapes) {
    if (letter == c) return byte;
  }
  return std::nullopt;
}

}  // namespace

Span Lexer::span_from(size_t begin) const {
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(at_)};
}

bool Lexer::refuse(Findings& findings, size_t begin, size_t end, const char* code,
                   std::string message) {
  const size_t size = text_.size();
  findings.error(
      code,
      {static_cast<uint32_t>(std::min(begin, size)), static_cast<uint32_t>(std::min(end, size))},
      std::move(message));
  return false;
}

void Lexer::skip_blanks() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '/' && peek(1) == '/') {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    } else {
      break;
    }
  }
}

bool Lexer::next(Token& token, Findings& findings) {
  skip_blanks();
  token = Token();
  const size_t begin = at_;
  if (at_ >= text_.size()) {
    token.span = span_from(begin);
    return true;
  }
  const char c = peek();
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return read_number(token, findings);
  if (c == '"' || c == '\'') return read_string(token, findings);
  if (is_name_start(c)) {
    // r"..." and b"..." begin like a name.
    size_t letters = 1;
    if (is_name_start(peek(1)) && (peek(2) == '"' || peek(2) == '\'')) letters = 2;
    const char quote = peek(letters);
    if ((quote == '"' || quote == '\'') &&
        text_.substr(begin, letters).find_first_not_of("rRbB") == std::string_view::npos) {
      return read_string(token, findings);
    }
    while (at_ < text_.size() && is_name_part(text_[at_])) ++at_;
    token.kind = TokenKind::kIdentifier;
    token.span = span_from(begin);
    token.text = text_.substr(begin, at_ - begin);
    return true;
  }
  return read_operator(token, findings);
}

// Passes over the digits, the point and the exponent of a number.
Lexer::NumberForm Lexer::skip_number() {
  if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && hex_digit(peek(2)) >= 0) {
    at_ += 2;
    while (hex_digit(peek()) >= 0) ++at_;
    return {16, true};
  }
  bool whole = true;
  while (is_digit(peek())) ++at_;
  if (peek() == '.' && is_digit(peek(1))) {
    whole = false;
    ++at_;
    while (is_digit(peek())) ++at_;
  }
  const bool sign = peek(1) == '+' || peek(1) == '-';
  if ((peek() == 'e' || peek() == 'E') && is_digit(peek(sign ? 2 : 1))) {
    whole = false;
    at_ += sign ? 2 : 1;
    while (is_digit(peek())) ++at_;
  }
  return {10, whole};
}

bool Lexer::read_number(Token& token, Findings& findings) {
  const size_t begin = at_;
  const auto [base, whole] = skip_number();
  token.kind = whole ? TokenKind::kInt : TokenKind::kDouble;
  token.span = span_from(begin);
  token.text = text_.substr(begin, at_ - begin);
  if (whole && (peek() == 'u' || peek() == 'U') && !is_name_part(peek(1))) {
    return refuse(
        findings, begin, at_ + 1, "refused",
        "unsigned numbers are not part of the language; write " + std::string(token.text));
  }
  if (is_name_part(peek())) {
    while (is_name_part(peek())) ++at_;
    return refuse(findings, begin, at_, "syntax",
                  quoted(text_.substr(begin, at_ - begin)) +
                      " is no number; a name cannot begin with a digit");
  }
  return whole ? read_whole(token, base, findings) : read_double(token, findings);
}

// The value of a token that was passed over.
bool Lexer::read_whole(Token& token, int base, Findings& findings) {
  constexpr uint64_t kLargest = uint64_t{1} << 63;  // with a minus before it
  const char* first = token.text.data() + (base == 16 ? 2 : 0);
  const char* last = token.text.data() + token.text.size();
  const auto read = std::from_chars(first, last, token.magnitude, base);
  if (read.ec == std::errc() && token.magnitude <= kLargest) return true;
  const char* const rest = token.text.size() > 30 ? "..." : "";
  return refuse(findings, at_ - token.text.size(), at_, "range",
                quoted(token.text, 40) + " does not fit a whole number of 64 bits; write " +
                    (base == 16 ? std::string("at most 0x7fffffffffffffff")
                                : quoted(std::string(token.text.substr(0, 30)) + rest + ".0") +
                                      " for a double"));
}

bool Lexer::read_double(Token& token, Findings& findings) {
  const char* first = token.text.data();
  const auto read = std::from_chars(first, first + token.text.size(), token.number);
  if (read.ec != std::errc::result_out_of_range) return true;
  if (below_one(token.text)) {  // the nearest double is zero
    token.number = 0;
    return true;
  }
  return refuse(findings, at_ - token.text.size(), at_, "range",
                quoted(token.text, 40) + " is larger than any double");
}

bool Lexer::read_escape(std::string& out, Findings& findings) {
  const size_t begin = at_;  // of the backslash
  const char c = peek(1);
  if (const std::optional<char> byte = simple_escape(c)) {
    out.push_back(*byte);
    at_ += 2;
    return true;
  }
  int base = 16;
  size_t digits = 0, skip = 2;
  if (c == 'x' || c == 'X') digits = 2;
  if (c == 'u') digits = 4;
  if (c == 'U') digits = 8;
  if (c >= '0' && c <= '3') digits = 3, base = 8, skip = 1;
  if (digits == 0) {
    return refuse(findings, begin, begin + 2, "syntax",
                  quoted(text_.substr(begin, 2)) +
                      " is no escape; write \"\\\\\\\\\" for a backslash, or a raw text r'...'");
  }
  uint32_t code = 0;
  for (size_t i = 0; i < digits; ++i) {
    const int digit = hex_digit(peek(skip + i));
    if (digit < 0 || digit >= base) {
      return refuse(findings, begin, begin + skip + i + 1, "syntax",
                    std::string("an escape \\") + c + " has " + std::to_string(digits) +
                        (base == 16 ? " hexadecimal" : " octal") + " digits");
    }
    code = code * static_cast<uint32_t>(base) + static_cast<uint32_t>(digit);
  }
  at_ += skip + digits;
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    return refuse(findings, begin, at_, "syntax",
                  quoted(text_.substr(begin, at_ - begin)) + " is no Unicode character");
  }
  append_utf8(out, code);
  return true;
}

bool Lexer::read_string(Token& token, Findings& findings) {
  const size_t begin = at_;
  bool raw = false, bytes = false;
  while (peek() != '"' && peek() != '\'') {
    raw = raw || peek() == 'r' || peek() == 'R';
    bytes = bytes || peek() == 'b' || peek() == 'B';
    ++at_;
  }
  if (bytes) {
    return refuse(findings, begin, at_ + 1, "refused",
                  "bytes are not part of the language; write a text without the b");
  }
  const char quote = peek();
  const bool triple = peek(1) == quote && peek(2) == quote;
  const size_t quotes = triple ? 3 : 1;
  at_ += quotes;
  for (;;) {
    if (at_ >= text_.size() || (!triple && (peek() == '\n' || peek() == '\r'))) {
      return refuse(
          findings, begin, at_, "syntax",
          std::string("the text has no end; write ") + std::string(quotes, quote) + " behind it");
    }
    if (peek() == quote && (!triple || (peek(1) == quote && peek(2) == quote))) break;
    if (peek() == '\\' && !raw) {
      if (!read_escape(token.decoded, findings)) return false;
    } else {
      token.decoded.push_back(peek());
      ++at_;
    }
  }
  at_ += quotes;
  token.kind = TokenKind::kString;
  token.span = span_from(begin);
  token.text = text_.substr(begin, at_ - begin);
  return true;
}

bool Lexer::read_operator(Token& token, Findings& findings) {
  constexpr std::array<std::string_view, 22> kOperators{
      "<=", ">=", "==", "!=", "&&", "||", "+", "-", "*", "/", "%",
      "!",  "<",  ">",  "?",  ":",  "(",  ")", "[", "]", ".", ","};
  const std::string_view rest = text_.substr(at_);
  const size_t begin = at_;
  constexpr std::array<std::array<std::string_view, 2>, 3> kForeign{
      {{"<>", "!="}, {"=>", ">="}, {"=<", "<="}}};
  for (const auto& [foreign, own] : kForeign) {
    if (!rest.starts_with(foreign)) continue;
    return refuse(findings, begin, begin + foreign.size(), "syntax",
                  "write " + std::string(own) + " for " + std::string(foreign));
  }
  for (const std::string_view op : kOperators) {
    if (!rest.starts_with(op)) continue;
    at_ += op.size();
    token.kind = TokenKind::kOperator;
    token.span = span_from(begin);
    token.text = text_.substr(begin, op.size());
    return true;
  }
  const char c = peek();
  std::string message;
  size_t length = 1;
  if (c == '=') {
    message = "write == to compare";
  } else if (c == '&' || c == '|') {
    message = std::string("write ") + c + c;
  } else if (c == '{') {
    return refuse(findings, begin, begin + 1, "refused",
                  "maps and messages are not part of the language");
  } else {
    while (begin + length < text_.size() &&
           (static_cast<uint8_t>(text_[begin + length]) & 0xC0) == 0x80) {
      ++length;
    }
    const auto code = static_cast<uint8_t>(c);
    if (code < 0x20 || code == 0x7F) {  // nothing that can be shown
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      message = std::string("the control character U+00") + kDigits[code >> 4] + kDigits[code & 15];
    } else {
      message = quoted(text_.substr(begin, length));
    }
    message += " does not belong into an expression";
    if (static_cast<uint8_t>(c) >= 0x80) {
      message += "; names have letters a to z, digits and _, and texts stand between quotes";
    }
  }
  return refuse(findings, begin, begin + length, "syntax", std::move(message));
}

}  // namespace patron::internal
