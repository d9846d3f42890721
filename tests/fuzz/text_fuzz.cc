// Times, periods, money, zone names and Arrow formats as text: what is accepted can be written and
// read again.
#include <string>

#include "lib/base/arrow_format.h"
#include "lib/base/time_text.h"
#include "patron/money.h"
#include "patron/time.h"
#include "tests/fuzz/fuzz.h"

namespace {

void check_time(std::string_view text) {
  // What is read without a message: the same texts, but for the bounds of the years.
  const patron::internal::TimeText read = patron::internal::read_time_text(text);
  const bool good = read.error == patron::internal::TimeTextError::kNone;
  const auto parsed = patron::parse_time(text, patron::TimeZone());
  FUZZ_CHECK(good || !parsed.ok());
  FUZZ_CHECK(read.at <= text.size());
  const int64_t instant = read.wall - read.offset * patron::kMicrosPerSecond;
  const bool inside = instant >= patron::kMinTime && instant < patron::kEndTime;
  if (good) FUZZ_CHECK(parsed.ok() == inside && (!inside || *parsed == instant));
  static const patron::TimeZone shanghai = *patron::TimeZone::load("Asia/Shanghai");
  for (const patron::TimeZone& zone : {patron::TimeZone(), shanghai}) {
    const auto t = patron::parse_time(text, zone);
    if (!t.ok()) continue;
    FUZZ_CHECK(*t >= patron::kMinTime && *t < patron::kEndTime);
    FUZZ_CHECK(*patron::parse_time(patron::format_time(*t), patron::TimeZone()) == *t);
    const patron::Day day = zone.local_day(*t);
    FUZZ_CHECK(zone.start_of_day(day) <= *t && *t < zone.start_of_day(day + 1));
  }
}

void check_period(std::string_view text) {
  const auto period = patron::parse_period(text);
  if (!period.ok()) return;
  FUZZ_CHECK((period->months == 0) != (period->micros == 0));
  FUZZ_CHECK(*patron::parse_period(patron::format_period(*period)) == *period);
}

void check_money(std::string_view text, int scale) {
  const auto money = patron::money_from_text(text, scale);
  if (!money.ok()) return;
  const patron::MoneyUnit unit{.scale = scale};
  const auto again = patron::money_from_text(patron::format_money(money->minor, unit), scale);
  FUZZ_CHECK(again.ok() && again->minor == money->minor && !again->rounded);
}

void check_zone(std::string_view text) {
  const auto zone = patron::TimeZone::load(text);
  if (!zone.ok()) {
    FUZZ_CHECK(zone.status().code() == patron::Code::kZone);
    return;
  }
  for (int64_t t = -2'000'000'000'000'000; t < 4'000'000'000'000'000; t += 311'111'111'111'111) {
    const patron::Micros back = zone->from_wall(zone->to_wall(t));
    // Of a local time that occurs twice the first is meant.
    FUZZ_CHECK(back <= t && zone->to_wall(back) == zone->to_wall(t));
  }
}

/// A format string that is known is written back as it was read, but for what it may leave out.
void check_format(std::string_view text) {
  const patron::DataType type = patron::internal::parse_arrow_format(text);
  FUZZ_CHECK(!patron::type_name(type).empty());
  if (type.type == patron::Type::kUnsupported) return;
  const std::string written = patron::internal::arrow_format(type);
  FUZZ_CHECK(patron::internal::parse_arrow_format(written) == type);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 256) return 0;
  Choices choices(data, size);
  const uint8_t first = choices.byte();
  const std::string_view text = choices.rest();
  if (first == 255) {
    check_format(text);
    return 0;
  }
  switch (first % 4) {
    case 0:
      check_time(text);
      break;
    case 1:
      check_period(text);
      break;
    case 2:
      check_money(text, first / 4 % (patron::kMaxMoneyScale + 1));
      break;
    default:
      check_zone(text);
  }
  return 0;
}
