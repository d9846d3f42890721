/* Tables from plain memory and through Arrow, the cancel token and the workspace. */
#include "expect.h"

static const int64_t kCustomer[] = {1, 1, 2, 3, 3, 3};
static const int32_t kDay[] = {20454, 20484, 20470, 20460, 20475, 20490};
static const double kAmount[] = {30.00, 20.00, 15.50, 9.90, 12.00, 60.10};

patron_table* make_orders(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_column columns[3];
  patron_column column = PATRON_COLUMN_INIT;
  patron_table* table = NULL;
  column.length = 6;
  column.name = patron_str_of("customer"), column.type = PATRON_TYPE_INT64;
  column.values = kCustomer;
  columns[0] = column;
  column.name = patron_str_of("day"), column.type = PATRON_TYPE_DATE32, column.values = kDay;
  columns[1] = column;
  column.name = patron_str_of("amount"), column.type = PATRON_TYPE_DOUBLE, column.values = kAmount;
  columns[2] = column;
  EXPECT(patron_table_create(columns, 3, &table, &error) == PATRON_OK);
  return table;
}

int32_t place_of(const patron_table* table, const char* name) {
  patron_error error = PATRON_ERROR_INIT;
  int32_t place = -1;
  EXPECT(patron_table_find(table, name, strlen(name), &place, &error) == PATRON_OK);
  return place;
}

void use_tables(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_field field = PATRON_FIELD_INIT;
  patron_column column = PATRON_COLUMN_INIT;
  patron_table *orders = make_orders(), *selected = NULL;
  patron_str names[2];
  int32_t place = 0;
  EXPECT(patron_table_rows(orders) == 6 && patron_table_columns(orders) == 3);
  EXPECT(patron_table_chunks(orders) == 1 && patron_table_rows(NULL) == -1);
  EXPECT(place_of(orders, "amount") == 2);
  EXPECT(patron_table_find(orders, "amuont", 6, &place, &error) == PATRON_E_COLUMN);
  EXPECT(patron_table_field(orders, 1, &field, &error) == PATRON_OK);
  EXPECT(field.type == PATRON_TYPE_DATE32 && is(field.name, "day"));
  EXPECT(patron_table_column(orders, 2, 0, &column, &error) == PATRON_OK);
  EXPECT(column.length == 6 && column.null_count == 0 && column.validity == NULL);
  EXPECT(((const double*)column.values)[column.offset + 5] == 60.10);
  names[0] = patron_str_of("amount"), names[1] = patron_str_of("day");
  EXPECT(patron_table_select(orders, names, 2, &selected, &error) == PATRON_OK);
  patron_table_close(orders);
  EXPECT(patron_table_columns(selected) == 2 && place_of(selected, "day") == 1);
  patron_table_close(selected);
}

void use_arrow(void) {
  patron_error error = PATRON_ERROR_INIT;
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;
  struct ArrowArray array;
  patron_table *orders = make_orders(), *again = NULL;
  void* owned = NULL;
  EXPECT(patron_table_export_stream(orders, &stream, &error) == PATRON_OK);
  EXPECT(patron_table_import_stream(&stream, &again, &error) == PATRON_OK);
  EXPECT(stream.release == NULL && patron_table_rows(again) == 6);
  patron_table_close(again);

  EXPECT(patron_table_export_stream(orders, &stream, &error) == PATRON_OK);
  patron_table_close(orders);
  EXPECT(stream.get_schema(&stream, &schema) == 0 && stream.get_next(&stream, &array) == 0);
  stream.release(&stream);
  EXPECT(patron_table_import_array(&array, &schema, &again, &error) == PATRON_OK);
  EXPECT(array.release == NULL && schema.release == NULL && patron_table_columns(again) == 3);
  patron_table_close(again);

  EXPECT(patron_arrow_create(PATRON_ARROW_STREAM, &owned, &error) == PATRON_OK);
  EXPECT(((struct ArrowArrayStream*)owned)->release == NULL);
  patron_arrow_close(PATRON_ARROW_STREAM, owned);
  patron_python_attach(NULL, NULL);
  patron_python_capsule_destroy(NULL);
}

void use_workspace(void) {
  patron_workspace* workspace = NULL;
  EXPECT(patron_workspace_create(&workspace, NULL) == PATRON_OK);
  EXPECT(patron_workspace_bytes(workspace) == 0);
  patron_workspace_close(workspace);
}

void use_cancel(void) {
  patron_cancel* cancel = NULL;
  EXPECT(patron_cancel_create(&cancel, NULL) == PATRON_OK);
  EXPECT(patron_cancel_requested(cancel) == 0);
  patron_cancel_request(cancel);
  EXPECT(patron_cancel_requested(cancel) == 1);
  patron_cancel_reset(cancel);
  EXPECT(patron_cancel_requested(cancel) == 0);
  patron_cancel_close(cancel);
}
