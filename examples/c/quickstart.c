/* Orders in plain arrays, scored customers out. */
#include <patron/patron.h>
#include <stdio.h>

static patron_column column(const char* name, int32_t type, int64_t length, const void* values) {
  patron_column made = PATRON_COLUMN_INIT;
  made.name = patron_str_of(name), made.type = type, made.length = length, made.values = values;
  return made;
}

int main(void) {
  const int64_t customer[] = {1, 1, 2, 3};
  const int32_t day[] = {20454, 20484, 20470, 20460}; /* since 1970-01-01: 20454 is 2026-01-01 */
  const double amount[] = {30.00, 20.00, 15.50, 99.00};
  patron_column columns[3], code = PATRON_COLUMN_INIT;
  columns[0] = column("customer", PATRON_TYPE_INT64, 4, customer);
  columns[1] = column("day", PATRON_TYPE_DATE32, 4, day);
  columns[2] = column("amount", PATRON_TYPE_DOUBLE, 4, amount);

  patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("day");
  options.amount = patron_str_of("amount");

  patron_error error = PATRON_ERROR_INIT;
  patron_table *orders = NULL, *customers = NULL;
  patron_rfm* rfm = NULL;
  int32_t at;
  if (patron_table_create(columns, 3, &orders, &error) ||
      patron_rfm_compute(orders, &options, &rfm, &error) ||
      patron_rfm_table(rfm, &customers, &error) ||
      patron_table_find(customers, "code", 4, &at, &error) ||
      patron_table_column(customers, at, 0, &code, &error)) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  for (int64_t i = 0; i < code.length; ++i) {
    printf("customer %d scores %d\n", (int)i + 1, ((const int32_t*)code.values)[code.offset + i]);
  }
  patron_table_close(customers), patron_rfm_close(rfm), patron_table_close(orders);
  return 0;
}
