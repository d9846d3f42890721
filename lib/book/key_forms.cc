#include "lib/book/key_forms.h"

namespace patron::internal {
namespace {

constexpr size_t kFewestDigits = 7;
constexpr size_t kMostDigits = 15;

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<WipedText> normal_phone(std::string_view text, std::string_view country) {
  // A bracket may stand before the plus: "(+49) 171 1234567".
  std::string_view begin = trimmed(text);
  while (!begin.empty() && (begin.front() == '(' || is_blank(begin.front()))) {
    begin.remove_prefix(1);
  }
  const bool plus = !begin.empty() && begin.front() == '+';
  bool international = plus;
  if (plus) text = begin.substr(1);
  WipedText digits;
  for (const char& c : text) {
    if (c >= '0' && c <= '9') {
      digits.append({&c, 1});
    } else if (!is_blank(c) && std::string_view("-./()").find(c) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  std::string_view number = digits.view();
  if (!international && number.substr(0, 2) == "00") {
    international = true;
    number.remove_prefix(2);
  }
  WipedText out("+");
  if (!international) {
    if (country.empty()) return std::nullopt;
    if (!number.empty() && number.front() == '0') number.remove_prefix(1);
    out.append(country);
  }
  out.append(number);
  const std::string_view whole = out.view().substr(1);
  // No country code begins with 0.
  if (whole.size() < kFewestDigits || whole.size() > kMostDigits || whole.front() == '0') {
    return std::nullopt;
  }
  return out;
}

std::optional<WipedText> normal_email(std::string_view text) {
  WipedText address(trimmed(text));
  for (size_t i = 0; i < address.size(); ++i) {
    char& c = address.data()[i];
    if (is_blank(c)) return std::nullopt;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const std::string_view whole = address.view();
  const size_t at = whole.find('@');
  if (at == std::string_view::npos || at == 0 ||
      whole.find('@', at + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view domain = whole.substr(at + 1);
  if (domain.size() < 3 || domain.front() == '.' || domain.back() == '.' ||
      domain.find('.') == std::string_view::npos) {
    return std::nullopt;
  }
  return address;
}

std::optional<WipedText> normal_key(KeyForm form, std::string_view text, std::string_view country) {
  switch (form) {
    case KeyForm::kPhone:
      return normal_phone(text, country);
    case KeyForm::kEmail:
      return normal_email(text);
    case KeyForm::kExact:
      break;
  }
  if (text.empty()) return std::nullopt;
  return WipedText(text);
}

const char* key_reason(KeyForm form) {
  switch (form) {
    case KeyForm::kPhone:
      return "no phone number";
    case KeyForm::kEmail:
      return "no e-mail address";
    case KeyForm::kExact:
      break;
  }
  return "empty";
}

}  // namespace patron::internal
