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

std::optional<std::string> normal_phone(std::string_view text, std::string_view country) {
  text = trimmed(text);
  bool international = false;
  if (!text.empty() && text.front() == '+') {
    international = true;
    text.remove_prefix(1);
  }
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (!is_blank(c) && std::string_view("-./()").find(c) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  if (!international && digits.substr(0, 2) == "00") {
    international = true;
    digits.erase(0, 2);
  }
  if (!international) {
    if (country.empty()) return std::nullopt;
    if (!digits.empty() && digits.front() == '0') digits.erase(0, 1);
    digits.insert(0, country);
  }
  // No country code begins with 0.
  if (digits.size() < kFewestDigits || digits.size() > kMostDigits || digits.front() == '0') {
    return std::nullopt;
  }
  return "+" + digits;
}

std::optional<std::string> normal_email(std::string_view text) {
  std::string address(trimmed(text));
  for (char& c : address) {
    if (is_blank(c)) return std::nullopt;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const size_t at = address.find('@');
  if (at == std::string::npos || at == 0 || address.find('@', at + 1) != std::string::npos) {
    return std::nullopt;
  }
  const std::string_view domain = std::string_view(address).substr(at + 1);
  if (domain.size() < 3 || domain.front() == '.' || domain.back() == '.' ||
      domain.find('.') == std::string_view::npos) {
    return std::nullopt;
  }
  return address;
}

std::optional<std::string> normal_key(KeyForm form, std::string_view text,
                                      std::string_view country) {
  switch (form) {
    case KeyForm::kPhone:
      return normal_phone(text, country);
    case KeyForm::kEmail:
      return normal_email(text);
    case KeyForm::kExact:
      break;
  }
  if (text.empty()) return std::nullopt;
  return std::string(text);
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
