// Times, periods, money and zone names as text: what is accepted can be written and read again.
#include "patron/money.h"
#include "patron/time.h"
#include "tests/fuzz/fuzz.h"

namespace {

void check_time(std::string_view text) {
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 256) return 0;
  Choices choices(data, size);
  const uint8_t first = choices.byte();
  const std::string_view text = choices.rest();
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
