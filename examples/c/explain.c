/* A condition over a table: which customers it holds for, why it does not for one of them, and the
   same condition as SQL. */
#include <string.h>

#include "check.h"

/* The texts of a column of patron's own. */
static patron_str text_of(const patron_table* table, const char* name, int64_t row) {
  patron_error error = PATRON_ERROR_INIT;
  patron_column column = PATRON_COLUMN_INIT;
  int32_t place;
  check(patron_table_find(table, name, strlen(name), &place, &error), &error);
  check(patron_table_column(table, place, 0, &column, &error), &error);
  const int32_t* ends = (const int32_t*)column.offsets + column.offset + row;
  patron_str text = {(const char*)column.bytes + ends[0], (uint64_t)(ends[1] - ends[0])};
  return text;
}

int main(void) {
  patron_error error = PATRON_ERROR_INIT;
  static const char facts[] =
      "{\"fields\": {\"spend\": \"money\","
      " \"tier\": {\"type\": \"enum\", \"values\": [\"silver\", \"gold\"], \"ordered\": true}}}";
  static const char text[] = "spend >= 100 && tier == 'gold'";
  patron_schema* schema;
  check(patron_schema_parse(facts, strlen(facts), &schema, &error), &error);
  for (int32_t i = 0; i < patron_schema_fields(schema); ++i) {
    patron_schema_field field = PATRON_SCHEMA_FIELD_INIT;
    check(patron_schema_describe(schema, i, &field, &error), &error);
    printf("%.*s: kind %d, %d values\n", (int)field.name.size, field.name.data, (int)field.kind,
           (int)field.value_count);
  }
  const int32_t tier = patron_schema_find(schema, "tier", 4);
  expect(tier == 1 && patron_schema_value(schema, tier, 1).size == 4, "gold is the second");

  patron_expression* rule;
  check(patron_expression_parse(schema, text, strlen(text), &rule, &error), &error);
  patron_schema_close(schema);
  patron_expression_info info = PATRON_EXPRESSION_INFO_INIT;
  check(patron_expression_describe(rule, &info, &error), &error);
  expect(info.kind == PATRON_KIND_BOOL && info.field_count == 2, "a condition over two facts");

  /* Amounts in major units; the tiers are codes of two words. */
  static const double spend[3] = {250, 90, 120};
  static const int8_t codes[3] = {1, 0, 0};
  static const int32_t ends[3] = {0, 6, 10};
  patron_column words = PATRON_COLUMN_INIT, columns[2] = {PATRON_COLUMN_INIT, PATRON_COLUMN_INIT};
  words.type = PATRON_TYPE_STRING;
  words.length = 2;
  words.offsets = ends;
  words.bytes = (const uint8_t*)"silvergold";
  columns[0].name = patron_str_of("spend");
  columns[0].type = PATRON_TYPE_DOUBLE;
  columns[0].values = spend;
  columns[1].name = patron_str_of("tier");
  columns[1].type = PATRON_TYPE_DICTIONARY;
  columns[1].index = PATRON_TYPE_INT8;
  columns[1].value = PATRON_TYPE_STRING;
  columns[1].values = codes;
  columns[1].dictionary = &words;
  columns[0].length = columns[1].length = 3;
  patron_table *customers, *result;
  check(patron_table_create(columns, 2, &customers, &error), &error);
  patron_expression_options options = PATRON_EXPRESSION_OPTIONS_INIT;
  patron_expression_counts counts = PATRON_EXPRESSION_COUNTS_INIT;
  check(patron_expression_evaluate(rule, customers, &options, &result, &counts, &error), &error);
  patron_column value = PATRON_COLUMN_INIT;
  check(patron_table_column(result, 0, 0, &value, &error), &error);
  expect(counts.rows == 3 && (*(const uint8_t*)value.values >> value.offset & 7) == 1, "the first");

  patron_cell row[2] = {PATRON_CELL_INIT, PATRON_CELL_INIT};
  row[0].known = 1;
  row[0].integer = 9000;
  row[1].known = 1;
  row[1].text = patron_str_of("silver");
  patron_explanation summary = PATRON_EXPLANATION_INIT;
  patron_table *atoms, *missing;
  check(patron_expression_explain(rule, row, 2, NULL, &summary, &atoms, NULL, &missing, &error),
        &error);
  for (int32_t i = 0; i < summary.atom_count; ++i) {
    const patron_str left = text_of(atoms, "left", i), right = text_of(atoms, "right", i);
    printf("%.*s beside %.*s\n", (int)left.size, left.data, (int)right.size, right.data);
  }
  expect(summary.set_count == 1 && patron_table_rows(missing) == 2, "both are missing");

  patron_buffer* sql;
  check(patron_expression_to_sql(rule, PATRON_SQL_DUCKDB, NULL, &sql, &error), &error);
  printf("%.*s\n", (int)patron_buffer_text(sql).size, patron_buffer_text(sql).data);
  patron_buffer_close(sql);
  patron_table_close(atoms), patron_table_close(missing);
  patron_table_close(result), patron_table_close(customers);
  patron_expression_close(rule);
  return 0;
}
