#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include "lib/base/utf8.h"
#include "patron/time.h"

namespace patron {
inline namespace v0 {
namespace {

struct Unit {
  std::string_view name;
  int32_t months;
  int64_t micros;
};

constexpr std::array<Unit, 9> kUnits{{
    {"y", 12, 0},
    {"mo", 1, 0},
    {"w", 0, 7 * kMicrosPerDay},
    {"d", 0, kMicrosPerDay},
    {"h", 0, kMicrosPerHour},
    {"min", 0, 60 * kMicrosPerSecond},
    {"s", 0, kMicrosPerSecond},
    {"ms", 0, 1000},
    {"us", 0, 1},
}};

constexpr const char* kUnitList = "y, mo, w, d, h, min, s, ms or us";

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

const Unit* find_unit(std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

// What somebody who wrote `name` may have meant: "days", "Months", "yr", " d". Empty for no idea.
std::string_view guess_unit(std::string_view name) {
  struct Spelling {
    std::string_view start, unit;
  };
  // The first that the text begins with.
  constexpr std::array<Spelling, 9> kSpellings{{{"y", "y"},
                                                {"mo", "mo"},
                                                {"w", "w"},
                                                {"d", "d"},
                                                {"h", "h"},
                                                {"mi", "min"},
                                                {"ms", "ms"},
                                                {"s", "s"},
                                                {"us", "us"}}};
  std::string text = lower_case(name);
  text.erase(0, text.find_first_not_of(' '));
  for (const Spelling& spelling : kSpellings) {
    if (text.starts_with(spelling.start)) return spelling.unit;
  }
  return {};
}

Status bad_period(std::string_view text, size_t offset, const std::string& problem) {
  return {Code::kSyntax, internal::quoted(text) + " " + problem, -1, static_cast<int64_t>(offset)};
}

// The number is good and what follows it is no unit.
Status bad_unit(std::string_view text, std::string_view digits, std::string_view unit) {
  const std::string number(digits);
  if (unit.empty()) {
    return bad_period(text, text.size(), "has no unit; write \"" + number + "d\" for days");
  }
  if (unit.front() == '.' || unit.front() == ',') {
    return bad_period(text, digits.size(),
                      "is no whole number; take a smaller unit, such as \"36h\" for 1.5 days");
  }
  if (unit == "m" || unit == "M") {
    return bad_period(
        text, digits.size(),
        "could be months or minutes; write \"" + number + "mo\" or \"" + number + "min\"");
  }
  const std::string_view guess = guess_unit(unit);
  if (guess.empty()) {
    return bad_period(text, digits.size(),
                      std::string("has an unknown unit; write one of ") + kUnitList);
  }
  return bad_period(text, digits.size(),
                    "has an unknown unit; write \"" + number + std::string(guess) + "\"");
}

}  // namespace

Result<Period> parse_period(std::string_view text) {
  size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
  const std::string_view digits = text.substr(0, n);
  if (digits.empty()) {
    return bad_period(text, 0,
                      std::string("is no period; write a whole number and one of ") + kUnitList +
                          ", such as \"365d\" or \"12mo\"");
  }
  const Unit* unit = find_unit(text.substr(n));
  if (unit == nullptr) return bad_unit(text, digits, text.substr(n));

  int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + n, number);
  if (error == std::errc() && number == 0) {
    return bad_period(text, 0, "is empty; write a number above zero");
  }
  int64_t months = 0, micros = 0;
  if (error != std::errc() || __builtin_mul_overflow(number, int64_t{unit->months}, &months) ||
      __builtin_mul_overflow(number, unit->micros, &micros) || months > INT32_MAX) {
    return bad_period(text, 0, "is too long; nothing lasts beyond the year 9999");
  }
  return Period{static_cast<int32_t>(months), micros};
}

std::string format_period(Period period) {
  std::string out;
  if (period.months != 0) {
    out = period.months % 12 == 0 ? std::to_string(period.months / 12) + "y"
                                  : std::to_string(period.months) + "mo";
    if (period.micros == 0) return out;
    out += '+';
  }
  // Weeks are left to their seven days: "28d" says more than "4w".
  for (const Unit& unit : kUnits) {
    if (unit.micros == 0 || unit.name == "w" || period.micros % unit.micros != 0) continue;
    if (period.micros == 0) return out + "0d";
    return out + std::to_string(period.micros / unit.micros) + std::string(unit.name);
  }
  return out;
}

}  // namespace v0
}  // namespace patron
