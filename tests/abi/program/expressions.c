/* Schemas and expressions. */
#include "expect.h"

static const char kJson[] =
    "{\"money\": {\"currency\": \"EUR\", \"scale\": 2}, \"fields\": {\"amount\": \"money\","
    " \"day\": \"date\", \"tier\": {\"type\": \"enum\", \"values\": [\"silver\", \"gold\"]}}}";
static const char kText[] = "amount >= 20 && age(day) <= days(30)";
static const int64_t kNow = 1769904000000000; /* 2026-02-01T00:00:00Z, day 20485 */

static void use_schema(const patron_schema* schema) {
  patron_error error = PATRON_ERROR_INIT;
  patron_schema_field field = PATRON_SCHEMA_FIELD_INIT;
  EXPECT(patron_schema_fields(schema) == 3);
  EXPECT(patron_schema_find(schema, "tier", 4) == 2);
  EXPECT(patron_schema_find(schema, "teir", 4) == -1);
  EXPECT(patron_schema_describe(schema, 0, &field, &error) == PATRON_OK);
  EXPECT(is(field.name, "amount") && field.kind == PATRON_KIND_MONEY);
  EXPECT(field.scale == 2 && is(field.currency, "EUR") && field.nullable == 1);
  EXPECT(patron_schema_describe(schema, 2, &field, &error) == PATRON_OK);
  EXPECT(field.value_count == 2 && is(patron_schema_value(schema, 2, 1), "gold"));
  EXPECT(patron_schema_value(schema, 2, 2).data == NULL);
}

static void use_check(const patron_schema* schema) {
  patron_error error = PATRON_ERROR_INIT;
  patron_table* findings = NULL;
  patron_buffer* report = NULL;
  int32_t errors = -1;
  EXPECT(patron_expression_check(schema, "amont >= 20", 11, &errors, &findings, &report, &error) ==
         PATRON_OK);
  EXPECT(errors == 1 && patron_table_rows(findings) == 1);
  EXPECT(place_of(findings, "message") >= 0 && patron_buffer_text(report).size > 0);
  patron_table_close(findings), patron_buffer_close(report);
}

/* 15.00 on 2026-01-12: 20 days ago, 5.00 short. */
static void use_row(const patron_expression* expression) {
  patron_error error = PATRON_ERROR_INIT;
  patron_cell row[3] = {PATRON_CELL_INIT, PATRON_CELL_INIT, PATRON_CELL_INIT};
  patron_cell value = PATRON_CELL_INIT;
  patron_explanation summary = PATRON_EXPLANATION_INIT;
  patron_breakpoints changes = PATRON_BREAKPOINTS_INIT;
  patron_table *atoms = NULL, *unknown = NULL, *missing = NULL, *instants = NULL;
  patron_buffer* reason = NULL;
  row[0].known = row[1].known = 1;
  row[0].integer = 1500;
  row[1].integer = 20465;
  EXPECT(patron_expression_evaluate_row(expression, row, 3, &kNow, &value, &error) == PATRON_OK);
  EXPECT(value.known == 1 && value.integer == 0);
  EXPECT(patron_expression_explain(expression, row, 3, &kNow, &summary, &atoms, &unknown, &missing,
                                   &error) == PATRON_OK);
  EXPECT(summary.known == 1 && summary.decided == 1);
  EXPECT(summary.atom_count == 2 && summary.set_count == 1);
  EXPECT(patron_table_rows(atoms) == 2 && patron_table_rows(unknown) == 0);
  EXPECT(patron_table_rows(missing) == 1);
  row[0].integer = 2000;
  EXPECT(patron_expression_breakpoints(expression, row, 3, kNow, &changes, &instants, &reason,
                                       &error) == PATRON_OK);
  EXPECT(changes.solved == 1 && changes.instant_count == 1 && patron_table_rows(instants) == 1);
  /* One microsecond after 30 days, which is day 20495. */
  EXPECT(changes.next == INT64_C(20495) * 86400 * 1000000 + 1);
  EXPECT(patron_buffer_text(reason).size == 0);
  patron_table_close(atoms), patron_table_close(unknown), patron_table_close(missing);
  patron_table_close(instants), patron_buffer_close(reason);
}

void use_expressions(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_expression_info info = PATRON_EXPRESSION_INFO_INIT;
  patron_expression_options options = PATRON_EXPRESSION_OPTIONS_INIT;
  patron_expression_counts counts = PATRON_EXPRESSION_COUNTS_INIT;
  patron_schema* schema = NULL;
  patron_expression* expression = NULL;
  patron_table *orders = make_orders(), *result = NULL;
  patron_buffer* sql = NULL;
  EXPECT(patron_schema_parse(kJson, strlen(kJson), &schema, &error) == PATRON_OK);
  use_schema(schema);
  use_check(schema);
  EXPECT(patron_expression_parse(schema, kText, strlen(kText), &expression, &error) == PATRON_OK);
  patron_schema_close(schema);
  EXPECT(patron_expression_describe(expression, &info, &error) == PATRON_OK);
  EXPECT(info.kind == PATRON_KIND_BOOL && info.uses_now == 1 && info.field_count == 2);
  EXPECT(info.fields[1] == 1 && is(info.text, kText));
  use_row(expression);
  options.now = &kNow;
  EXPECT(patron_expression_evaluate(expression, orders, &options, &result, &counts, &error) ==
         PATRON_OK);
  EXPECT(counts.rows == 6 && counts.unknown_rows == 0 && patron_table_rows(result) == 6);
  EXPECT(patron_expression_to_sql(expression, PATRON_SQL_DUCKDB, &kNow, &sql, &error) == PATRON_OK);
  EXPECT(patron_buffer_text(sql).size > 0);
  patron_buffer_close(sql), patron_table_close(result), patron_table_close(orders);
  patron_expression_close(expression);
}
