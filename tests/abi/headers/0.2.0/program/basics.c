/* Versions, statuses, time and money. */
#include "expect.h"

void use_text_and_version(void) {
  EXPECT(patron_abi_version() >> 16 == PATRON_ABI_MAJOR);
  EXPECT((patron_abi_version() & 0xFFFF) >= PATRON_ABI_MINOR);
  EXPECT(strlen(patron_version()) >= 5);
  EXPECT(patron_zone_data_version().size >= 5);
  EXPECT(patron_zone_data_hash().size == 64);
  EXPECT(strcmp(patron_status_name(PATRON_E_COLUMN), "column") == 0);
  EXPECT(strcmp(patron_status_name(12345), "unknown") == 0);
  EXPECT(is(patron_str_of("abc"), "abc"));
  EXPECT(sizeof(patron_error) == 1024);
}

void use_time(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_period period = PATRON_PERIOD_INIT;
  int64_t micros = 0;
  uint64_t needed = 0;
  char text[32];
  /* 2026-03-01 is day 20513; Shanghai is 8 hours ahead. */
  const int64_t midnight = (20513 * INT64_C(24) - 8) * 3600 * 1000000;
  EXPECT(patron_time_parse("2026-03-01", 10, "Asia/Shanghai", 13, &micros, &error) == PATRON_OK);
  EXPECT(micros == midnight);
  EXPECT(patron_time_format(micros, text, sizeof(text), &needed, &error) == PATRON_OK);
  EXPECT(strcmp(text, "2026-02-28T16:00:00Z") == 0 && needed == 21);
  EXPECT(patron_time_format(micros, text, 20, &needed, &error) == PATRON_E_BUFFER);
  EXPECT(error.code == PATRON_E_BUFFER && needed == 21);
  EXPECT(patron_period_parse("2y", 2, &period, &error) == PATRON_OK);
  EXPECT(period.months == 24 && period.micros == 0 && period.struct_size == sizeof(period));
  EXPECT(patron_period_parse("2 years", 7, &period, &error) == PATRON_E_SYNTAX);
  EXPECT(patron_zone_check("Europe/Paris", 12, NULL) == PATRON_OK);
  EXPECT(patron_zone_check("Europe/Pari", 11, &error) == PATRON_E_ZONE);
  EXPECT(strstr(error.message, "Europe/Paris") != NULL);
  EXPECT(patron_zone_count() > 400);
  EXPECT(is(patron_zone_name(0), "Africa/Abidjan"));
  EXPECT(patron_zone_name(-1).data == NULL);
}

void use_money(void) {
  patron_error error = PATRON_ERROR_INIT;
  const int64_t amounts[3] = {INT64_MAX, 7, -8};
  int64_t minor = 0, sum = 0;
  int32_t rounded = 0;
  uint64_t needed = 0;
  char text[32];
  EXPECT(patron_money_from_double(12.345, 2, &minor, &rounded, &error) == PATRON_OK);
  EXPECT((minor == 1234 || minor == 1235) && rounded == 1);
  EXPECT(patron_money_parse("-1234.5", 7, 2, &minor, &rounded, &error) == PATRON_OK);
  EXPECT(minor == -123450 && rounded == 0);
  EXPECT(patron_money_parse("1,5", 3, 2, &minor, NULL, &error) == PATRON_E_SYNTAX);
  EXPECT(error.byte_offset == 1);
  EXPECT(patron_money_format(-123450, 2, "EUR", 3, text, sizeof(text), &needed, &error) ==
         PATRON_OK);
  EXPECT(strcmp(text, "-1234.50 EUR") == 0 && needed == 13);
  EXPECT(patron_money_sum(amounts, 3, &sum, &error) == PATRON_OK);
  EXPECT(sum == INT64_MAX - 1);
  EXPECT(patron_money_sum(amounts, 2, &sum, &error) == PATRON_E_OVERFLOW);
}
