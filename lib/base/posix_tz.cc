#include "lib/base/posix_tz.h"

#include "lib/base/civil.h"

namespace patron::internal {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// Reads the text from left to right; every step says whether it found what it wanted.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }

  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool number(int low, int high, int* out) {
    int value = 0;
    size_t n = 0;
    for (; n < text_.size() && n < 3 && is_digit(text_[n]); ++n)
      value = value * 10 + text_[n] - '0';
    if (n == 0 || value < low || value > high) return false;
    text_.remove_prefix(n);
    *out = value;
    return true;
  }

  // Three letters or more, or <letters, digits and signs>.
  bool name() {
    const bool quoted = take('<');
    size_t n = 0;
    while (n < text_.size() &&
           (is_letter(text_[n]) ||
            (quoted && (is_digit(text_[n]) || text_[n] == '+' || text_[n] == '-')))) {
      ++n;
    }
    if (n < 3) return false;
    text_.remove_prefix(n);
    return !quoted || take('>');
  }

  // [+-]hh[:mm[:ss]]
  bool signed_time(int max_hours, int32_t* seconds) {
    const int sign = take('-') ? -1 : 1;
    if (sign == 1) take('+');
    int hours = 0, minutes = 0, rest = 0;
    if (!number(0, max_hours, &hours)) return false;
    if (take(':')) {
      if (!number(0, 59, &minutes)) return false;
      if (take(':') && !number(0, 59, &rest)) return false;
    }
    *seconds = sign * (hours * 3600 + minutes * 60 + rest);
    return true;
  }

  bool rule(YearlyRule* rule) {
    int day = 0, month = 0, week = 0;
    if (take('M')) {
      if (!number(1, 12, &month) || !take('.') || !number(1, 5, &week) || !take('.') ||
          !number(0, 6, &day)) {
        return false;
      }
      rule->kind = YearlyRule::Kind::kMonthWeekDay;
      rule->month = static_cast<int8_t>(month);
      rule->week = static_cast<int8_t>(week);
      rule->weekday = static_cast<int8_t>(day);
    } else {
      const bool julian = take('J');
      if (!number(julian ? 1 : 0, 365, &day)) return false;
      rule->kind = julian ? YearlyRule::Kind::kJulian : YearlyRule::Kind::kZeroBased;
      rule->day = static_cast<int16_t>(day);
    }
    return !take('/') || signed_time(167, &rule->seconds);
  }

 private:
  std::string_view text_;
};

}  // namespace

int64_t YearlyRule::wall_seconds(int64_t year) const {
  Day date = civil_to_day(year, 1, 1);
  switch (kind) {
    case Kind::kJulian:
      date += day - 1 + (day >= 60 && is_leap_year(year) ? 1 : 0);
      break;
    case Kind::kZeroBased:
      date += day;
      break;
    case Kind::kMonthWeekDay: {
      const Day first = civil_to_day(year, month, 1);
      date = first + (weekday - internal::weekday(first) + 7) % 7 + 7 * (week - 1);
      if (date >= first + days_in_month(year, month)) date -= 7;
      break;
    }
  }
  return date * kSecondsPerDay + seconds;
}

std::array<PosixTz::Change, 2> PosixTz::changes(int64_t year) const {
  const Change on{start.wall_seconds(year) - standard, daylight};
  const Change off{end.wall_seconds(year) - daylight, standard};
  return on.at <= off.at ? std::array{on, off} : std::array{off, on};
}

std::optional<PosixTz> parse_posix_tz(std::string_view text) {
  Reader reader(text);
  PosixTz tz;
  int32_t west = 0;
  if (!reader.name() || !reader.signed_time(24, &west)) return std::nullopt;
  tz.standard = -west;
  if (reader.done()) return tz;
  tz.has_daylight = true;
  tz.daylight = tz.standard + 3600;
  if (!reader.name()) return std::nullopt;
  if (!reader.take(',')) {
    if (!reader.signed_time(24, &west) || !reader.take(',')) return std::nullopt;
    tz.daylight = -west;
  }
  if (!reader.rule(&tz.start) || !reader.take(',') || !reader.rule(&tz.end) || !reader.done()) {
    return std::nullopt;
  }
  return tz;
}

}  // namespace patron::internal
