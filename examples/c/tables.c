/* Tables: plain memory in, Arrow out, Arrow in, columns read in place. */
#include "check.h"

/* A record batch taken out of a stream goes back in as array and schema. */
static void read_one_batch(const patron_table* table) {
  patron_error error = PATRON_ERROR_INIT;
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;
  struct ArrowArray array;
  patron_table* copy;
  check(patron_table_export_stream(table, &stream, &error), &error);
  expect(stream.get_schema(&stream, &schema) == 0, "the stream has a schema");
  expect(stream.get_next(&stream, &array) == 0, "and a batch");
  stream.release(&stream);
  check(patron_table_import_array(&array, &schema, &copy, &error), &error);
  expect(patron_table_rows(copy) == 3, "the batch has all rows");
  patron_table_close(copy);
}

int main(void) {
  static const int64_t id[3] = {7, 8, 9};
  static const double amount[3] = {1.5, 2.5, 3.5};
  patron_error error = PATRON_ERROR_INIT;
  patron_column columns[2] = {PATRON_COLUMN_INIT, PATRON_COLUMN_INIT};
  columns[0].name = patron_str_of("id");
  columns[0].type = PATRON_TYPE_INT64;
  columns[0].length = 3;
  columns[0].values = id;
  columns[1].name = patron_str_of("amount");
  columns[1].type = PATRON_TYPE_DOUBLE;
  columns[1].length = 3;
  columns[1].values = amount;

  patron_table *table, *money, *again;
  check(patron_table_create(columns, 2, &table, &error), &error);
  for (int32_t i = 0; i < patron_table_columns(table); ++i) {
    patron_field field = PATRON_FIELD_INIT;
    check(patron_table_field(table, i, &field, &error), &error);
    printf("%.*s: %.*s\n", PATRON_STR_ARGS(field.name), PATRON_STR_ARGS(field.type_name));
  }

  const patron_str names[1] = {patron_str_of("amount")};
  check(patron_table_select(table, names, 1, &money, &error), &error);
  patron_table_close(table); /* the selection stays */

  /* [stream] */
  struct ArrowArrayStream stream;
  check(patron_table_export_stream(money, &stream, &error), &error);
  check(patron_table_import_stream(&stream, &again, &error), &error); /* releases the stream */
  /* [/stream] */
  expect(stream.release == NULL, "the stream is consumed");

  double sum = 0;
  for (int64_t chunk = 0; chunk < patron_table_chunks(again); ++chunk) {
    patron_column view = PATRON_COLUMN_INIT;
    check(patron_table_column(again, 0, chunk, &view, &error), &error);
    const double* values = (const double*)view.values + view.offset;
    for (int64_t i = 0; i < view.length; ++i) sum += values[i];
  }
  printf("%d rows, sum %.2f\n", (int)patron_table_rows(again), sum);
  expect(sum == 7.5, "1.5 + 2.5 + 3.5 = 7.5");

  int32_t index;
  expect(patron_table_find(again, "amuont", 6, &index, &error) == PATRON_E_COLUMN,
         "no such column");
  printf("%s\n", error.message);

  read_one_batch(again);
  patron_table_close(again);
  patron_table_close(money);
  return 0;
}
