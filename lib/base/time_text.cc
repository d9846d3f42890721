#include "lib/base/time_text.h"

#include <string>

#include "lib/base/civil.h"
#include "lib/base/utf8.h"
#include "patron/time.h"

namespace patron {
namespace internal {
namespace {

using Error = TimeTextError;

class TimeTextReader {
 public:
  explicit TimeTextReader(std::string_view text) : text_(text) {}

  TimeText read() {
    if (!date()) return out_;
    if (at_ < text_.size() && (peek() == 'T' || peek() == 't' || peek() == ' ')) {
      ++at_;
      if (!time_of_day() || !offset()) return out_;
    }
    if (at_ < text_.size()) {
      fail(Error::kTrailing, at_);
    } else {
      out_.error = Error::kNone;
    }
    return out_;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool digit_at(size_t i) const { return i < text_.size() && text_[i] >= '0' && text_[i] <= '9'; }

  bool fail(Error error, size_t at) {
    out_.error = error;
    out_.at = at;
    return false;
  }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  // Exactly n digits.
  bool number(int n, int* value) {
    int sum = 0;
    for (int i = 0; i < n; ++i) {
      if (!digit_at(at_ + static_cast<size_t>(i))) return false;
      sum = sum * 10 + (text_[at_ + static_cast<size_t>(i)] - '0');
    }
    at_ += static_cast<size_t>(n);
    *value = sum;
    return true;
  }

  bool date() {
    int year = 0, month = 0, day = 0;
    if (!number(4, &year)) return fail(Error::kForm, at_);
    if (digit_at(at_)) return fail(Error::kBasicForm, at_);
    if (!take('-')) return fail(Error::kForm, at_);
    if (peek() == 'W') return fail(Error::kWeekDate, at_);
    const size_t month_at = at_;
    if (!number(2, &month) || !take('-')) return fail(Error::kForm, at_);
    const size_t day_at = at_;
    if (!number(2, &day)) return fail(Error::kForm, at_);
    if (month < 1 || month > 12) return fail(Error::kMonth, month_at);
    if (day < 1 || day > days_in_month(year, month)) return fail(Error::kDay, day_at);
    out_.wall = civil_to_day(year, month, day) * kMicrosPerDay;
    return true;
  }

  bool time_of_day() {
    const size_t hour_at = at_;
    int hour = 0, minute = 0, second = 0;
    if (!number(2, &hour) || !take(':')) return fail(Error::kForm, at_);
    const size_t minute_at = at_;
    if (!number(2, &minute)) return fail(Error::kForm, at_);
    size_t second_at = at_;
    int64_t fraction = 0;
    if (take(':')) {
      second_at = at_;
      if (!number(2, &second)) return fail(Error::kForm, at_);
      if (!fraction_of_second(&fraction)) return false;
    }
    if (hour == 24) return fail(Error::kHour24, hour_at);
    if (hour > 23) return fail(Error::kHour, hour_at);
    if (minute > 59) return fail(Error::kMinute, minute_at);
    if (second > 59) return fail(second == 60 ? Error::kLeap : Error::kSecond, second_at);
    out_.wall += (hour * 3600 + minute * 60 + second) * kMicrosPerSecond + fraction;
    return true;
  }

  bool fraction_of_second(int64_t* micros) {
    if (!take('.')) return true;
    const size_t start = at_;
    int64_t unit = 100'000;
    for (; digit_at(at_); ++at_, unit /= 10) *micros += unit * (text_[at_] - '0');
    if (at_ == start) return fail(Error::kForm, at_);
    return at_ - start <= 6 || fail(Error::kFraction, start + 6);
  }

  // Z, +hh, +hhmm or +hh:mm; nothing is fine too.
  bool offset() {
    if (take('Z') || take('z')) {
      out_.has_offset = true;
      return true;
    }
    if (peek() != '+' && peek() != '-') return true;
    const size_t start = at_;
    const int sign = text_[at_++] == '-' ? -1 : 1;
    int hours = 0, minutes = 0;
    if (!number(2, &hours)) return fail(Error::kOffset, start);
    if ((take(':') || digit_at(at_)) && !number(2, &minutes)) return fail(Error::kOffset, start);
    if (hours > 23 || minutes > 59) return fail(Error::kOffset, start);
    out_.has_offset = true;
    out_.offset = sign * (hours * 3600 + minutes * 60);
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  TimeText out_;
};

}  // namespace

std::string time_problem(std::string_view text, Error error) {
  switch (error) {
    case Error::kMonth:
      return "has a month that is not 01 to 12";
    case Error::kDay:
      // The form is right up to here: yyyy-mm.
      return "has a day that " + std::string(text.substr(0, 7)) + " does not have";
    case Error::kHour24:
      return "has the hour 24; write 00:00 of the next day";
    case Error::kHour:
      return "has an hour that is not 00 to 23";
    case Error::kMinute:
      return "has a minute that is not 00 to 59";
    case Error::kLeap:
      return "has the second 60; leap seconds are not counted, write 59 or the next minute";
    case Error::kSecond:
      return "has a second that is not 00 to 59";
    case Error::kFraction:
      return "is finer than a microsecond; write at most six digits after the point";
    case Error::kOffset:
      return "has no good offset from UTC; write \"Z\" or one such as \"+08:00\"";
    case Error::kWeekDate:
      return "is a week date; write year, month and day, such as \"2026-03-01\"";
    case Error::kBasicForm:
      if (text.find('-') < text.find_first_not_of("0123456789-")) {
        return "has a year of more than four digits; years go from 0001 to 9999";
      }
      return "has no hyphens; write year, month and day as \"2026-03-01\"";
    case Error::kTrailing:
      return "goes on after the time; write one such as \"2026-03-01T08:30:00+08:00\"";
    case Error::kNone:
    case Error::kForm:
      break;
  }
  return "is no ISO 8601 time; write one such as \"2026-03-01\" or \"2026-03-01T08:30:00+08:00\"";
}

TimeText read_time_text(std::string_view text) { return TimeTextReader(text).read(); }

}  // namespace internal

inline namespace v0 {

Result<Micros> parse_time(std::string_view text, const TimeZone& zone) {
  const internal::TimeText read = internal::read_time_text(text);
  if (read.error != internal::TimeTextError::kNone) {
    return Status(Code::kTime,
                  internal::quoted(text) + " " + internal::time_problem(text, read.error), -1,
                  static_cast<int64_t>(read.at));
  }
  const Micros t =
      read.has_offset ? read.wall - read.offset * kMicrosPerSecond : zone.from_wall(read.wall);
  if (t < kMinTime || t >= kEndTime) {
    return Status(
        Code::kTime,
        internal::quoted(text) + " is out of range; times go from 0001-01-02 to 9999-12-30 in UTC",
        -1, 0);
  }
  return t;
}

}  // namespace v0
}  // namespace patron
