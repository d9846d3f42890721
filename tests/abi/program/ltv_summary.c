/* Lifetime value from orders: summaries, historic value, the plain formula. */
#include "expect.h"

void use_ltv_summary(void) {
  static const int64_t end = 20475 * INT64_C(86400000000);
  static const double spend[] = {240, 100}, years[] = {5, 0};
  patron_error error = PATRON_ERROR_INIT;
  patron_ltv_summary_options options = PATRON_LTV_SUMMARY_OPTIONS_INIT;
  patron_ltv_historic_options past = PATRON_LTV_HISTORIC_OPTIONS_INIT;
  patron_ltv_counts counts = PATRON_LTV_COUNTS_INIT;
  patron_table *orders = make_orders(), *table = NULL, *refused = NULL;
  patron_column column = PATRON_COLUMN_INIT;
  patron_ltv_summary* summary = NULL;
  patron_ltv_historic* historic = NULL;
  double values[2];

  options.customer = past.customer = patron_str_of("customer");
  options.time = past.time = patron_str_of("day");
  options.amount = past.amount = patron_str_of("amount");
  options.calibration_end = &end;
  options.unit = PATRON_LTV_UNIT_DAY;
  EXPECT(patron_ltv_summary_compute(orders, &options, &summary, &error) == PATRON_OK);
  EXPECT(patron_ltv_summary_counts(summary, &counts, &error) == PATRON_OK);
  EXPECT(counts.customers == 3 && counts.rows == 6 && counts.calibration_end == end);
  EXPECT(patron_ltv_summary_table(summary, &table, &error) == PATRON_OK);
  EXPECT(patron_ltv_summary_refused(summary, &refused, &error) == PATRON_OK);
  EXPECT(patron_table_rows(refused) == 0);
  EXPECT(patron_table_column(table, place_of(table, "frequency"), 0, &column, &error) == PATRON_OK);
  EXPECT(((const int64_t*)column.values)[2] == 1);
  EXPECT(patron_table_column(table, place_of(table, "recency"), 0, &column, &error) == PATRON_OK);
  EXPECT(((const double*)column.values)[2] == 15);
  EXPECT(patron_table_column(table, place_of(table, "monetary_holdout"), 0, &column, &error) ==
         PATRON_OK);
  EXPECT(((const double*)column.values)[2] == 60.10);
  patron_table_close(table);
  patron_table_close(refused);
  patron_ltv_summary_close(summary);

  EXPECT(patron_ltv_historic_compute(orders, &past, &historic, &error) == PATRON_OK);
  EXPECT(patron_ltv_historic_counts(historic, &counts, &error) == PATRON_OK);
  EXPECT(counts.observation_end == 20490 * INT64_C(86400000000));
  EXPECT(patron_ltv_historic_table(historic, &table, &error) == PATRON_OK);
  EXPECT(patron_ltv_historic_refused(historic, &refused, &error) == PATRON_OK);
  EXPECT(patron_table_column(table, place_of(table, "revenue"), 0, &column, &error) == PATRON_OK);
  EXPECT(((const double*)column.values)[2] == 82);
  patron_table_close(table);
  patron_table_close(refused);
  patron_ltv_historic_close(historic);

  EXPECT(patron_ltv_plain_values(spend, years, 2, 0.5, 0, values, &error) == PATRON_OK);
  EXPECT(values[0] == 600 && values[1] == 0);
  patron_table_close(orders);
}
