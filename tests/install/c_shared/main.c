/* Scores three orders of two customers; the expected money is hand arithmetic. */
#include <patron/patron.h>
#include <stdio.h>

static int fail(const patron_error* error) {
  printf("%s: %s\n", patron_status_name(error->code), error->message);
  return 1;
}

static patron_column column(const char* name, int32_t type, const void* values) {
  patron_column made = PATRON_COLUMN_INIT;
  made.name = patron_str_of(name);
  made.type = type;
  made.values = values;
  made.length = 3;
  return made;
}

int main(void) {
  static const int64_t customers[3] = {7, 7, 8};
  static const int32_t dates[3] = {20000, 20001, 20001};
  static const double amounts[3] = {10.0, 2.5, 4.0};
  patron_error error = PATRON_ERROR_INIT;
  patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
  patron_rfm_summary summary = PATRON_RFM_SUMMARY_INIT;
  patron_column monetary = PATRON_COLUMN_INIT;
  patron_column columns[3];
  patron_table *orders = NULL, *scored = NULL;
  patron_rfm* rfm = NULL;
  const int64_t* minor;
  int32_t index = -1;

  columns[0] = column("customer", PATRON_TYPE_INT64, customers);
  columns[1] = column("date", PATRON_TYPE_DATE32, dates);
  columns[2] = column("amount", PATRON_TYPE_DOUBLE, amounts);
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("date");
  options.amount = patron_str_of("amount");

  if (patron_table_create(columns, 3, &orders, &error) != PATRON_OK ||
      patron_rfm_compute(orders, &options, &rfm, &error) != PATRON_OK ||
      patron_rfm_counts(rfm, &summary, &error) != PATRON_OK ||
      patron_rfm_table(rfm, &scored, &error) != PATRON_OK ||
      patron_table_find(scored, "monetary_minor", 14, &index, &error) != PATRON_OK ||
      patron_table_column(scored, index, 0, &monetary, &error) != PATRON_OK) {
    return fail(&error);
  }
  minor = (const int64_t*)monetary.values + monetary.offset;
  if (summary.customers != 2 || minor[0] != 1250 || minor[1] != 400) return 1;

  patron_table_close(scored);
  patron_rfm_close(rfm);
  patron_table_close(orders);
  printf("patron::capi %s works\n", patron_version());
  return 0;
}
