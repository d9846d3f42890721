// Functions of plain values: versions, names, times, periods, zones and money.
#include <cmath>
#include <string>

#include "lib/base/int128.h"
#include "tests/fuzz/calls/play.h"

namespace patron::fuzz {
namespace {

void status_name(Play& play) {
  const auto status = static_cast<patron_status>(play.choices.number());
  const char* name = SAY(play, patron_status_name, status);
  FUZZ_CHECK(name != nullptr && name[0] != 0);
}

void versions(Play& play) {
  FUZZ_CHECK(std::string_view(SAY(play, patron_version)).size() >= 5);
  FUZZ_CHECK(SAY(play, patron_abi_version) ==
             (uint32_t{PATRON_ABI_MAJOR} << 16 | PATRON_ABI_MINOR));
  FUZZ_CHECK(SAY(play, patron_zone_data_version).size >= 5);
  FUZZ_CHECK(SAY(play, patron_zone_data_hash).size == 64);
}

void zone_names(Play& play) {
  const int32_t count = SAY(play, patron_zone_count);
  const auto index = static_cast<int32_t>(play.choices.number());
  const patron_str name = SAY(play, patron_zone_name, index);
  FUZZ_CHECK((name.data != nullptr) == (index >= 0 && index < count));
  if (name.data == nullptr) return;
  FUZZ_CHECK(PLAY(play, patron_zone_check, name.data, name.size) || play.odd_error());
}

patron_str zone(Play& play) {
  return play.text({"", "UTC", "Asia/Shanghai", "America/New_York", "America/St_Johns",
                    "Pacific/Apia", "Africa/Casablanca", "Etc/GMT+14"});
}

void zone_check(Play& play) {
  const patron_str name = zone(play);
  PLAY(play, patron_zone_check, name.data, name.size);
}

void time_parse(Play& play) {
  const patron_str text =
      play.text({"2026-03-01", "2026-03-01T08:30", "2026-03-01 08:30:00.25+08:00", "0001-01-02",
                 "9999-12-30T23:59:59.999999Z", "2026-02-29", "1940-06-01T00:30:00"});
  const patron_str name = zone(play);
  int64_t micros = 0;
  const bool ok =
      PLAY(play, patron_time_parse, text.data, text.size, name.data, name.size, &micros);
  if (!ok) return;
  char written[32];
  uint64_t needed = 0;
  int64_t again = 0;
  FUZZ_CHECK(patron_time_format(micros, written, 32, &needed, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_time_parse(written, needed - 1, "", 0, &again, nullptr) == PATRON_OK);
  FUZZ_CHECK(again == micros);
}

/// A caller's buffer of `capacity` bytes that must hold `needed` of them.
void check_written(const char* buffer, uint64_t capacity, uint64_t needed) {
  FUZZ_CHECK(needed >= 2 && needed <= capacity && needed <= 32);
  FUZZ_CHECK(std::string_view(buffer).size() == needed - 1);
}

void time_format(Play& play) {
  const int64_t number = play.choices.number();
  const int64_t micros = wrapping_product(number, play.choices.one_in(3) ? 12'345'678'901 : 1);
  const uint64_t capacity = play.choices.below(36);
  char* buffer = play.memory<char>(capacity);
  uint64_t needed = 0;
  if (PLAY(play, patron_time_format, micros, buffer, capacity, &needed)) {
    check_written(buffer, capacity, needed);
  }
}

void period_parse(Play& play) {
  const patron_str text =
      play.text({"365d", "12mo", "2y", "36h", "0d", "90", "9223372036854775807ms", "178956970y"});
  patron_period* period = play.output<patron_period>(PATRON_PERIOD_INIT);
  if (PLAY(play, patron_period_parse, text.data, text.size, period)) {
    FUZZ_CHECK((period->months > 0) != (period->micros > 0));
  }
}

int32_t scale(Play& play) { return static_cast<int32_t>(play.choices.below(12)) - 1; }

void money_from_double(Play& play) {
  const double values[] = {0.285, -0.005, NAN, 1e300, static_cast<double>(play.choices.number())};
  const double value = play.choices.one_of(values);
  const int32_t digits = scale(play);
  int64_t minor = 0;
  int32_t rounded = -1;
  if (!PLAY(play, patron_money_from_double, value, digits, &minor, &rounded)) return;
  FUZZ_CHECK(rounded == 0 || rounded == 1);
  const double expected = value * std::pow(10.0, digits);
  // Exact up to the product's own rounding, plus one half.
  FUZZ_CHECK(std::fabs(static_cast<double>(minor) - expected) <= 0.5 + std::fabs(expected) * 1e-15);
}

void money_text(Play& play) {
  const patron_str text = play.text({"1234.5", "-0.07", "0", "-9223372036854775808", "1e5", ".5",
                                     "92233720368547758.07", "0.0000000005"});
  const int32_t digits = scale(play);
  int64_t minor = 0;
  int32_t rounded = -1;
  if (!PLAY(play, patron_money_parse, text.data, text.size, digits, &minor, &rounded)) return;
  char written[32];
  uint64_t needed = 0;
  int64_t again = 0;
  FUZZ_CHECK(patron_money_format(minor, digits, nullptr, 0, written, 32, &needed, nullptr) ==
             PATRON_OK);
  FUZZ_CHECK(patron_money_parse(written, needed - 1, digits, &again, &rounded, nullptr) ==
             PATRON_OK);
  FUZZ_CHECK(again == minor && rounded == 0);
}

void money_format(Play& play) {
  const int64_t minor = play.choices.number();
  const int32_t digits = scale(play);
  const patron_str currency = play.text({"", "EUR", "CNY", "eur", "EURO"});
  const uint64_t capacity = play.choices.below(36);
  char* buffer = play.memory<char>(capacity);
  uint64_t needed = 0;
  if (PLAY(play, patron_money_format, minor, digits, currency.data, currency.size, buffer, capacity,
           &needed)) {
    check_written(buffer, capacity, needed);
  }
}

void money_sum(Play& play) {
  const size_t count = play.choices.below(6);
  int64_t* amounts = play.memory<int64_t>(count);
  internal::Int128 expected = 0;
  for (size_t i = 0; i < count; i++) {
    amounts[i] = play.choices.number();
    expected += amounts[i];
  }
  int64_t sum = 0;
  const bool fits = expected >= INT64_MIN && expected <= INT64_MAX;
  const bool ok = PLAY(play, patron_money_sum, amounts, count, &sum);
  FUZZ_CHECK(ok == fits || play.odd_error());
  if (ok) FUZZ_CHECK(sum == static_cast<int64_t>(expected));
}

void names(Play& play) {
  const auto index = static_cast<int32_t>(play.choices.number());
  const auto set = static_cast<int32_t>(play.choices.below(4)) - 1;
  const auto language = static_cast<int32_t>(play.choices.below(4)) - 1;
  const patron_str octant = SAY(play, patron_octant_name, set, index, language);
  FUZZ_CHECK((octant.data != nullptr) ==
             (index >= 0 && index < 8 && set >= 0 && set < 2 && language >= 0 && language < 2));
  const patron_str reason = SAY(play, patron_refusal_reason, index);
  FUZZ_CHECK((reason.data != nullptr) == (index >= 1 && index <= PATRON_REFUSAL_MARGIN_OVERFLOW));
}

}  // namespace

std::vector<Step> value_steps() {
  return {{"status name", status_name},   {"versions", versions},
          {"zone names", zone_names},     {"zone check", zone_check},
          {"time parse", time_parse},     {"time format", time_format},
          {"period parse", period_parse}, {"money from double", money_from_double},
          {"money text", money_text},     {"money format", money_format},
          {"money sum", money_sum},       {"names", names}};
}

}  // namespace patron::fuzz
