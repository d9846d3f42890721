/* Instants, periods and exact money. */
#include "check.h"

int main(void) {
  patron_error error = PATRON_ERROR_INIT;
  char text[32];
  uint64_t needed;

  /* A wall clock of Shanghai, which is eight hours ahead of UTC. */
  int64_t instant;
  const char* written = "2026-03-01T08:30:00";
  check(patron_time_parse(written, strlen(written), "Asia/Shanghai", 13, &instant, &error), &error);
  check(patron_time_format(instant, text, sizeof(text), &needed, &error), &error);
  printf("%s in Shanghai is %s\n", written, text);
  expect(strcmp(text, "2026-03-01T00:30:00Z") == 0 && needed == 21, "half past midnight in UTC");

  patron_period year = PATRON_PERIOD_INIT;
  check(patron_period_parse("12mo", 4, &year, &error), &error);
  expect(year.months == 12 && year.micros == 0, "twelve calendar months");

  /* A double comes in once, rounded half to even; from then on money is whole cents. */
  int64_t amounts[2], sum;
  int32_t rounded;
  check(patron_money_from_double(19.99, 2, &amounts[0], &rounded, &error), &error);
  expect(amounts[0] == 1999 && rounded == 0, "19.99 is 1999 cents");
  check(patron_money_parse("0.125", 5, 2, &amounts[1], &rounded, &error), &error);
  expect(amounts[1] == 12 && rounded == 1, "0.125 is 12 cents, half to even");
  check(patron_money_sum(amounts, 2, &sum, &error), &error);
  check(patron_money_format(sum, 2, "EUR", 3, text, sizeof(text), NULL, &error), &error);
  printf("the sum is %s\n", text);
  expect(strcmp(text, "20.11 EUR") == 0, "19.99 + 0.12 = 20.11");
  return 0;
}
