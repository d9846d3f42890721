/* From an order log to what lifetime value models read, and what customers brought so far. */
#include "check.h"

static patron_column column_of(const char* name, int32_t type, const void* values) {
  patron_column column = PATRON_COLUMN_INIT;
  column.name = patron_str_of(name);
  column.type = type;
  column.length = 7;
  column.values = values;
  return column;
}

int main(void) {
  /* Days since 1970: 20454 is 2026-01-01. */
  static const int64_t customer[7] = {1, 1, 1, 2, 2, 3, 1};
  static const int32_t day[7] = {20454, 20468, 20482, 20460, 20510, 20461, 20520};
  static const double amount[7] = {20, 30, 10, 15, 25, 99, 40};
  static const double margin[7] = {8, 12, 4, 6, 10, 40, 16};
  patron_error error = PATRON_ERROR_INIT;
  patron_column columns[4];
  patron_column view = PATRON_COLUMN_INIT;
  patron_ltv_counts counts = PATRON_LTV_COUNTS_INIT;
  patron_table *orders, *table, *refused;
  int32_t place;

  columns[0] = column_of("customer", PATRON_TYPE_INT64, customer);
  columns[1] = column_of("day", PATRON_TYPE_DATE32, day);
  columns[2] = column_of("amount", PATRON_TYPE_DOUBLE, amount);
  columns[3] = column_of("margin", PATRON_TYPE_DOUBLE, margin);
  check(patron_table_create(columns, 4, &orders, &error), &error);

  /* [summary] */
  int64_t calibration_end;
  check(patron_time_parse("2026-02-01", 10, "UTC", 3, &calibration_end, &error), &error);
  patron_ltv_summary_options options = PATRON_LTV_SUMMARY_OPTIONS_INIT;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("day");
  options.amount = patron_str_of("amount");
  options.unit = PATRON_LTV_UNIT_WEEK;
  options.calibration_end = &calibration_end;
  patron_ltv_summary* summary;
  check(patron_ltv_summary_compute(orders, &options, &summary, &error), &error);
  check(patron_ltv_summary_table(summary, &table, &error), &error);
  /* [/summary] */
  check(patron_ltv_summary_counts(summary, &counts, &error), &error);
  check(patron_ltv_summary_refused(summary, &refused, &error), &error);
  expect(counts.customers == 3 && patron_table_rows(refused) == 0,
         "three customers, all rows good");
  check(patron_table_find(table, "recency", 7, &place, &error), &error);
  check(patron_table_column(table, place, 0, &view, &error), &error);
  expect(((const double*)view.values)[0] == 4, "from day 20454 to day 20482 are four weeks");
  check(patron_table_find(table, "monetary", 8, &place, &error), &error);
  check(patron_table_column(table, place, 0, &view, &error), &error);
  expect(((const double*)view.values)[0] == 20, "the mean of 30 and 10");
  patron_table_close(table);
  patron_table_close(refused);
  patron_ltv_summary_close(summary);

  /* [historic] */
  patron_ltv_historic_options past = PATRON_LTV_HISTORIC_OPTIONS_INIT;
  past.customer = patron_str_of("customer");
  past.time = patron_str_of("day");
  past.amount = patron_str_of("amount");
  past.margin = patron_str_of("margin");
  past.rate_per_year = 0.08; /* money that came earlier is worth more today */
  patron_ltv_historic* historic;
  check(patron_ltv_historic_compute(orders, &past, &historic, &error), &error);
  check(patron_ltv_historic_table(historic, &table, &error), &error);
  /* [/historic] */
  check(patron_ltv_historic_counts(historic, &counts, &error), &error);
  check(patron_ltv_historic_refused(historic, &refused, &error), &error);
  check(patron_table_find(table, "revenue", 7, &place, &error), &error);
  check(patron_table_column(table, place, 0, &view, &error), &error);
  expect(counts.rows == 7 && ((const double*)view.values)[0] == 100, "20 + 30 + 10 + 40");
  patron_table_close(table);
  patron_table_close(refused);
  patron_ltv_historic_close(historic);
  patron_table_close(orders);

  /* [plain] */
  const double annual_spend[2] = {240, 96}, years[2] = {5, 3};
  double values[2];
  check(patron_ltv_plain_values(annual_spend, years, 2, 0.3, 0.08, values, &error), &error);
  printf("worth %.2f and %.2f today\n", values[0], values[1]); /* 298.83 and 77.15 */
  /* [/plain] */
  expect(values[0] > 298.82 && values[0] < 298.83, "0.3 x 240 x (1 - 1.08^-5) / ln 1.08");
  return 0;
}
