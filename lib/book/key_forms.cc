#include "lib/book/key_forms.h"

namespace patron::internal {
namespace {

constexpr size_t kFewestDigits = 7;
constexpr size_t kMostDigits = 15;
constexpr size_t kLongestCountry = 3;

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Why it is none; null: `out` is the number.
const char* read_phone(std::string_view text, std::string_view country, WipedText& out) {
  // A bracket may stand before the plus: "(+49) 171 1234567".
  std::string_view begin = trimmed(text);
  while (!begin.empty() && (begin.front() == '(' || is_blank(begin.front()))) {
    begin.remove_prefix(1);
  }
  bool international = !begin.empty() && begin.front() == '+';
  if (international) text = begin.substr(1);
  WipedText digits;
  bool others = false;
  for (const char& c : text) {
    if (c >= '0' && c <= '9') {
      digits.append({&c, 1});
    } else if (!is_blank(c) && std::string_view("-./()").find(c) == std::string_view::npos) {
      others = true;
    }
  }
  std::string_view number = digits.view();
  if (number.empty()) return "no phone number: it has no digits";
  if (others) return "no phone number: it has other characters than digits, blanks and +-./()";
  if (!international && number.substr(0, 2) == "00") {
    international = true;
    number.remove_prefix(2);
  }
  out = WipedText("+");
  if (!international) {
    if (country.empty() && number.size() + kLongestCountry >= kFewestDigits) {
      return "no phone number: it has no country code; write + or 00 and that before it";
    }
    if (number.substr(0, 1) == "0") number.remove_prefix(1);
    out.append(country);
  }
  out.append(number);
  const std::string_view whole = out.view().substr(1);
  if (whole.size() < kFewestDigits) return "no phone number: it has too few digits; want 7 to 15";
  if (whole.size() > kMostDigits) return "no phone number: it has too many digits; want 7 to 15";
  if (whole.front() == '0') return "no phone number: no country code begins with 0";
  return nullptr;
}

}  // namespace

std::optional<WipedText> normal_phone(std::string_view text, std::string_view country) {
  WipedText out;
  if (read_phone(text, country, out) != nullptr) return std::nullopt;
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

const char* key_reason(KeyForm form, std::string_view text, std::string_view country) {
  WipedText number;
  switch (form) {
    case KeyForm::kPhone:
      return read_phone(text, country, number);
    case KeyForm::kEmail:
      return "no e-mail address";
    case KeyForm::kExact:
      break;
  }
  return "empty";
}

}  // namespace patron::internal
