/* A condition that marketing writes: checked before it runs, explained for one customer, and when
   its answer changes with the clock alone. */
#include <inttypes.h>
#include <string.h>

#include "check.h"

int main(void) {
  patron_error error = PATRON_ERROR_INIT;
  static const char facts[] =
      "{\"money\": {\"currency\": \"EUR\"}, \"fields\": {\"spend\": \"money\","
      " \"last_order\": \"date\"}}";
  static const char wrong[] = "spned >= 1000 && age(last_order) <= days(90)";
  static const char right[] = "spend >= 1000 && age(last_order) <= days(90)";
  patron_schema* schema;
  check(patron_schema_parse(facts, strlen(facts), &schema, &error), &error);

  /* [check] */
  int32_t errors;
  patron_buffer* report;
  check(patron_expression_check(schema, wrong, strlen(wrong), &errors, NULL, &report, &error),
        &error);
  const patron_str said = patron_buffer_text(report);
  printf("%.*s", (int)said.size, said.data);
  /* [/check] */
  expect(errors == 1 && strstr(said.data, "did you mean \"spend\"?") != NULL, "one misspelt name");
  patron_buffer_close(report);

  /* [row] */
  patron_expression* loyal;
  check(patron_expression_parse(schema, right, strlen(right), &loyal, &error), &error);
  const int64_t now = INT64_C(1769904000000000); /* 2026-02-01T00:00:00Z */
  patron_cell row[2] = {PATRON_CELL_INIT, PATRON_CELL_INIT}, value = PATRON_CELL_INIT;
  row[0].known = 1;
  row[0].integer = 124000; /* 1,240.00 */
  row[1].known = 1;
  row[1].integer = 20458; /* 2026-01-05 */
  check(patron_expression_evaluate_row(loyal, row, 2, &now, &value, &error), &error);
  printf("loyal: %s\n", !value.known ? "unknown" : value.integer ? "yes" : "no");

  patron_breakpoints changes = PATRON_BREAKPOINTS_INIT;
  check(patron_expression_breakpoints(loyal, row, 2, now, &changes, NULL, NULL, &error), &error);
  printf("until %" PRId64 "\n", changes.next);
  /* [/row] */
  expect(value.known == 1 && value.integer == 1, "1,240.00 and 27 days are enough");
  /* 90 days after 2026-01-05 is day 20548; `<=` lasts one microsecond longer. */
  expect(changes.solved == 1 && changes.next == INT64_C(20548) * 86400 * 1000000 + 1, "90 days");

  /* Without the amount nobody can tell, but an order too long ago decides alone. */
  row[0].known = 0;
  check(patron_expression_evaluate_row(loyal, row, 2, &now, &value, &error), &error);
  expect(value.known == 0, "unknown");
  row[1].integer = 20000;
  check(patron_expression_evaluate_row(loyal, row, 2, &now, &value, &error), &error);
  expect(value.known == 1 && value.integer == 0, "false whatever the amount");

  patron_expression_close(loyal);
  patron_schema_close(schema);
  return 0;
}
