#include "lib/expr/texts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "lib/base/civil.h"
#include "lib/base/int128.h"
#include "lib/base/time_text.h"

namespace patron::internal {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <typename T>
FromText<T> problem(TextProblem what) {
  return {T{}, what};
}

template <typename T>
FromText<T> value(T v) {
  return {v, TextProblem::kNone};
}

// The nanoseconds of a unit at the front of a text, and its length; 0 where there is none.
struct DurationUnit {
  std::string_view name;
  int64_t nanos;
};
constexpr std::array<DurationUnit, 7> kUnits{{{"ns", 1},
                                              {"us", 1000},
                                              {"\xC2\xB5s", 1000},
                                              {"ms", 1'000'000},
                                              {"s", 1'000'000'000},
                                              {"m", 60'000'000'000},
                                              {"h", 3'600'000'000'000}}};

}  // namespace

bool below_one(std::string_view text) {
  const size_t e = std::min(text.find_first_of("eE"), text.size());
  int64_t exponent = 0;
  if (e < text.size()) {
    std::string_view digits = text.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (read.ec != std::errc()) exponent = digits.starts_with('-') ? INT32_MIN : INT32_MAX;
  }
  const std::string_view mantissa = text.substr(0, e);
  const auto point = static_cast<int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  const size_t first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  const auto at = static_cast<int64_t>(first);
  return (at < point ? point - at : point - at + 1) + exponent <= 0;
}

FromText<bool> text_to_bool(std::string_view text) {
  for (const std::string_view yes : {"true", "TRUE", "True", "t", "T", "1"}) {
    if (text == yes) return value(true);
  }
  for (const std::string_view no : {"false", "FALSE", "False", "f", "F", "0"}) {
    if (text == no) return value(false);
  }
  return problem<bool>(TextProblem::kForm);
}

FromText<int64_t> text_to_int(std::string_view text) {
  std::string_view digits = text;
  if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
  const size_t sign = !digits.empty() && digits.front() == '-' && digits.size() == text.size();
  if (digits.size() == sign || !is_digit(digits[sign])) return problem<int64_t>(TextProblem::kForm);
  int64_t out = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (read.ptr != digits.data() + digits.size()) return problem<int64_t>(TextProblem::kForm);
  if (read.ec != std::errc()) return problem<int64_t>(TextProblem::kRange);
  return value(out);
}

FromText<double> text_to_double(std::string_view text) {
  std::string_view digits = text;
  if (!digits.empty() && digits.front() == '+') {
    digits.remove_prefix(1);
    if (!digits.empty() && digits.front() == '-') return problem<double>(TextProblem::kForm);
  }
  double out = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (read.ec == std::errc::invalid_argument || read.ptr != digits.data() + digits.size()) {
    return problem<double>(TextProblem::kForm);
  }
  if (read.ec == std::errc::result_out_of_range) {
    if (!below_one(digits)) return problem<double>(TextProblem::kRange);
    return value(digits.front() == '-' ? -0.0 : 0.0);
  }
  if (!std::isfinite(out)) return problem<double>(TextProblem::kRange);
  return value(out);
}

FromText<Micros> text_to_time(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T') return problem<Micros>(TextProblem::kForm);
  // Seconds are required; fractions beyond six digits may only be zeros.
  std::array<char, 40> buffer{};
  std::string_view form = text;
  const size_t point = text.find('.');
  if (point != std::string_view::npos) {
    size_t end = point + 1;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end > point + 10) return problem<Micros>(TextProblem::kForm);
    if (end > point + 7) {
      if (text.substr(point + 7, end - point - 7).find_first_not_of('0') !=
          std::string_view::npos) {
        return problem<Micros>(TextProblem::kFine);
      }
      const std::string_view head = text.substr(0, point + 7), tail = text.substr(end);
      if (head.size() + tail.size() > buffer.size()) return problem<Micros>(TextProblem::kForm);
      std::copy(tail.begin(), tail.end(), std::copy(head.begin(), head.end(), buffer.begin()));
      form = {buffer.data(), head.size() + tail.size()};
    }
  }
  const TimeText read = read_time_text(form);
  if (read.error != TimeTextError::kNone || !read.has_offset || form[16] != ':') {
    return problem<Micros>(TextProblem::kForm);
  }
  const Micros t = read.wall - read.offset * kMicrosPerSecond;
  if (t < kFirstTime || t >= kPastTime) return problem<Micros>(TextProblem::kRange);
  return value(t);
}

FromText<int64_t> text_to_duration(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text == "0") return value<int64_t>(0);
  if (text.empty()) return problem<int64_t>(TextProblem::kForm);
  constexpr Int128 kLimit = Int128{1} << 100;
  Int128 nanos = 0;
  bool fine = false;
  while (!text.empty()) {
    Int128 whole = 0;
    size_t n = 0, digits = 0;
    for (; n < text.size() && is_digit(text[n]); ++n, ++digits) {
      whole = std::min<Int128>(whole * 10 + (text[n] - '0'), Int128{1} << 64);
    }
    Int128 fraction = 0, unit = 1;  // fraction / unit
    if (n < text.size() && text[n] == '.') {
      for (++n; n < text.size() && is_digit(text[n]); ++n, ++digits) {
        if (unit < Int128{1'000'000'000'000'000'000}) {
          fraction = fraction * 10 + (text[n] - '0');
          unit *= 10;
        } else {
          fine = fine || text[n] != '0';
        }
      }
    }
    if (digits == 0) return problem<int64_t>(TextProblem::kForm);
    text.remove_prefix(n);
    const auto* found = std::find_if(kUnits.begin(), kUnits.end(), [&](const DurationUnit& u) {
      return text.starts_with(u.name) && (u.name != "m" || text.size() == 1 || text[1] != 's');
    });
    if (found == kUnits.end()) return problem<int64_t>(TextProblem::kForm);
    text.remove_prefix(found->name.size());
    fine = fine || fraction * found->nanos % unit != 0;
    nanos = std::min<Int128>(nanos + whole * found->nanos + fraction * found->nanos / unit, kLimit);
  }
  if (nanos > Int128{kMaxDuration} * 1000) return problem<int64_t>(TextProblem::kRange);
  if (fine || nanos % 1000 != 0) return problem<int64_t>(TextProblem::kFine);
  const auto micros = static_cast<int64_t>(nanos / 1000);
  return value(negative ? -micros : micros);
}

FromText<Day> text_to_date(std::string_view text) {
  if (text.size() != 10) return problem<Day>(TextProblem::kForm);
  const TimeText read = read_time_text(text);
  if (read.error != TimeTextError::kNone) return problem<Day>(TextProblem::kForm);
  if (read.wall < kMinTime || read.wall >= kEndTime) return problem<Day>(TextProblem::kRange);
  return value<Day>(floor_div(read.wall, kMicrosPerDay));
}

std::optional<ZoneChoice> zone_choice(std::string_view name) {
  ZoneChoice choice;
  choice.name = name;
  std::string_view digits = name;
  int64_t sign = 1;
  if (!digits.empty() && (digits.front() == '+' || digits.front() == '-')) {
    sign = digits.front() == '-' ? -1 : 1;
    digits.remove_prefix(1);
  }
  if (digits.size() == 5 && digits[2] == ':' && is_digit(digits[0]) && is_digit(digits[1]) &&
      is_digit(digits[3]) && is_digit(digits[4])) {
    const int64_t hours = (digits[0] - '0') * 10 + (digits[1] - '0');
    const int64_t minutes = (digits[3] - '0') * 10 + (digits[4] - '0');
    if (hours > 23 || minutes > 59) return std::nullopt;
    choice.fixed = true;
    choice.offset = sign * (hours * 60 + minutes) * 60 * kMicrosPerSecond;
    return choice;
  }
  Result<TimeZone> zone = TimeZone::load(name);
  if (!zone.ok()) return std::nullopt;
  choice.zone = *std::move(zone);
  choice.fixed = choice.zone.is_utc();
  return choice;
}

int64_t code_points(std::string_view text) {
  int64_t count = 0;
  for (const char c : text) count += (static_cast<uint8_t>(c) & 0xC0) != 0x80;
  return count;
}

namespace {

// ".25" of microseconds below a second; empty for none.
std::string fraction_text(int64_t micros) {
  if (micros == 0) return {};
  std::string digits = std::to_string(micros);
  digits.insert(0, 6 - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  return "." + digits;
}

std::string two(int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

}  // namespace

std::string time_text(Micros t) {
  const Day day = floor_div(t, kMicrosPerDay);
  const int64_t rest = floor_mod(t, kMicrosPerDay);
  const int64_t seconds = rest / kMicrosPerSecond;
  return format_date(day) + "T" + two(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" +
         two(seconds % 60) + fraction_text(rest % kMicrosPerSecond) + "Z";
}

std::string duration_text(int64_t micros) {
  const bool negative = micros < 0;
  const uint64_t size =
      negative ? ~static_cast<uint64_t>(micros) + 1 : static_cast<uint64_t>(micros);
  return (negative ? "-" : "") + std::to_string(size / 1'000'000) +
         fraction_text(static_cast<int64_t>(size % 1'000'000)) + "s";
}

ScaledDecimal scale_decimal(std::string_view text, int scale) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  ScaledDecimal out;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    uint64_t magnitude = 0;
    std::from_chars(text.data() + 2, text.data() + text.size(), magnitude, 16);
    const std::string decimal = (negative ? "-" : "") + std::to_string(magnitude);
    return scale_decimal(decimal, scale);
  }
  const size_t e = std::min(text.find_first_of("eE"), text.size());
  int64_t exponent = scale;
  if (e < text.size()) {
    std::string_view digits = text.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    int64_t given = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), given);
    if (read.ec != std::errc()) given = digits.starts_with('-') ? -1'000'000 : 1'000'000;
    exponent += std::clamp<int64_t>(given, -1'000'000, 1'000'000);
  }
  // The digits without the point; `exponent` counts from behind the last.
  constexpr Int128 kTop = Int128{1} << 66;
  Int128 number = 0;
  bool inexact = false, point = false;
  for (const char c : text.substr(0, e)) {
    if (c == '.') {
      point = true;
      continue;
    }
    if (number < kTop) {
      number = number * 10 + (c - '0');
      if (point) --exponent;
    } else {  // beyond what counts: the place moves, the digit is lost
      inexact = inexact || c != '0';
      if (!point) ++exponent;
    }
  }
  if (number == 0 && !inexact) exponent = 0;
  for (; exponent > 0 && number < kTop; --exponent) number *= 10;
  for (; exponent < 0 && number > 0; ++exponent) {
    inexact = inexact || number % 10 != 0;
    number /= 10;
  }
  if (negative) {
    number = -number - (inexact ? 1 : 0);
  }
  out.above = number > INT64_MAX;
  out.below = number < INT64_MIN;
  out.exact = !inexact && !out.above && !out.below;
  out.floor = out.above ? INT64_MAX : out.below ? INT64_MIN : static_cast<int64_t>(number);
  return out;
}

}  // namespace patron::internal
