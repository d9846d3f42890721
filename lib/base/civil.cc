#include "lib/base/civil.h"

#include <array>

namespace patron {
inline namespace v0 {
namespace {

// Writes `width` digits, zeros in front.
void append_digits(std::string* out, int64_t value, int width) {
  std::array<char, 24> text;
  size_t begin = text.size();
  for (; value != 0 || width > 0; value /= 10, --width) {
    text[--begin] = static_cast<char>('0' + value % 10);
  }
  out->append(text.data() + begin, text.size() - begin);
}

}  // namespace

Day day_from_civil(CivilDate date) {
  return internal::civil_to_day(date.year, date.month, date.day);
}

CivilDate civil_from_day(Day day) {
  const int64_t shifted = day + 719'468;  // since 0000-03-01
  const int64_t era = internal::floor_div(shifted, internal::kDaysPer400Years);
  const int64_t day_of_era = shifted - era * internal::kDaysPer400Years;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {static_cast<int32_t>(year), static_cast<int32_t>(month),
          static_cast<int32_t>(day_of_year - (153 * month_from_march + 2) / 5 + 1)};
}

std::string format_date(Day day) {
  const CivilDate date = civil_from_day(day);
  std::string out;
  if (date.year < 0) out += '-';
  append_digits(&out, date.year < 0 ? -int64_t{date.year} : date.year, 4);
  out += '-';
  append_digits(&out, date.month, 2);
  out += '-';
  append_digits(&out, date.day, 2);
  return out;
}

std::string format_time(Micros t) {
  const Day day = internal::floor_div(t, kMicrosPerDay);
  const int64_t of_day = internal::floor_mod(t, kMicrosPerDay);
  const int64_t second = of_day / kMicrosPerSecond;
  std::string out = format_date(day);
  out += 'T';
  append_digits(&out, second / 3600, 2);
  out += ':';
  append_digits(&out, second / 60 % 60, 2);
  out += ':';
  append_digits(&out, second % 60, 2);
  if (const int64_t fraction = of_day % kMicrosPerSecond; fraction != 0) {
    out += '.';
    append_digits(&out, fraction, 6);
  }
  out += 'Z';
  return out;
}

}  // namespace v0
}  // namespace patron
