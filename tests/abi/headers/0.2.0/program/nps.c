/* Feedback scores. */
#include "expect.h"

void use_nps(void) {
  static const int64_t counts[] = {1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2};
  patron_error error = PATRON_ERROR_INIT;
  patron_nps_method method = PATRON_NPS_METHOD_INIT;
  patron_nps_score score = PATRON_NPS_SCORE_INIT;
  patron_nps_options options = PATRON_NPS_OPTIONS_INIT;
  patron_nps_summary summary = PATRON_NPS_SUMMARY_INIT;
  patron_nps_change change = PATRON_NPS_CHANGE_INIT;
  patron_table *orders = make_orders(), *table = NULL, *drivers = NULL, *refused = NULL;
  patron_nps* nps = NULL;
  EXPECT(patron_nps_estimate(counts, 11, NULL, &method, &score, &error) == PATRON_OK);
  EXPECT(score.score == 25 && score.promoters == 2 && score.passives == 1);
  options.score = patron_str_of("customer");
  options.method = &method;
  EXPECT(patron_nps_compute(orders, &options, &nps, &error) == PATRON_OK);
  EXPECT(patron_nps_overall(nps, 0, &score, &error) == PATRON_OK);
  EXPECT(score.detractors == score.count && score.score == -100);
  EXPECT(patron_nps_counts(nps, &summary, &error) == PATRON_OK);
  EXPECT(summary.kinds == 1 && summary.rows == score.count);
  EXPECT(patron_nps_table(nps, &table, &error) == PATRON_OK);
  EXPECT(patron_nps_drivers(nps, &drivers, &error) == PATRON_OK);
  EXPECT(patron_nps_refused(nps, &refused, &error) == PATRON_OK);
  EXPECT(patron_table_rows(table) == 1 && patron_table_rows(drivers) == 0);
  EXPECT(patron_nps_difference(nps, nps, PATRON_INTERVAL_AUTO, 0.95, &change, &error) == PATRON_OK);
  EXPECT(change.difference == 0 && change.p == 1);
  patron_nps_close(nps);
  patron_table_close(table);
  patron_table_close(drivers);
  patron_table_close(refused);
  patron_table_close(orders);
}
