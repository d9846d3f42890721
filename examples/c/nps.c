/* How likely are you to recommend us? The score by branch with its interval, and two months
   compared. */
#include "check.h"

static patron_column whole_numbers(const char* name, int32_t type, int64_t rows,
                                   const void* values) {
  patron_column column = PATRON_COLUMN_INIT;
  column.name = patron_str_of(name);
  column.type = type;
  column.length = rows;
  column.values = values;
  return column;
}

static patron_nps* score_of(const patron_table* responses, const char* group) {
  patron_error error = PATRON_ERROR_INIT;
  /* [nps] */
  patron_nps_options options = PATRON_NPS_OPTIONS_INIT;
  options.score = patron_str_of("score");
  options.group = patron_str_of(group);
  patron_nps* nps;
  check(patron_nps_compute(responses, &options, &nps, &error), &error);

  patron_nps_score score = PATRON_NPS_SCORE_INIT;
  check(patron_nps_overall(nps, 0, &score, &error), &error);
  printf("%d responses: %+.0f, %+.0f to %+.0f\n", (int)score.count, score.score, score.low,
         score.high);
  /* [/nps] */
  return nps;
}

int main(void) {
  static const int8_t may[12] = {10, 9, 9, 3, 8, 10, 7, 0, 9, 6, 10, 9};
  static const int8_t june[10] = {2, 9, 8, 5, 10, 0, 7, 6, 9, 11};
  static const int32_t branch[12] = {1, 1, 2, 2, 1, 2, 1, 1, 2, 2, 1, 1};
  patron_error error = PATRON_ERROR_INIT;
  patron_column columns[2];
  patron_table *in_may, *in_june, *by_branch, *drivers, *refused;
  patron_nps *first, *second;
  patron_nps_summary summary = PATRON_NPS_SUMMARY_INIT;
  patron_nps_change change = PATRON_NPS_CHANGE_INIT;

  columns[0] = whole_numbers("score", PATRON_TYPE_INT8, 12, may);
  columns[1] = whole_numbers("branch", PATRON_TYPE_INT32, 12, branch);
  check(patron_table_create(columns, 2, &in_may, &error), &error);
  columns[0] = whole_numbers("score", PATRON_TYPE_INT8, 10, june);
  check(patron_table_create(columns, 1, &in_june, &error), &error);

  first = score_of(in_may, "branch"); /* 12 responses: +33, -16 to +69 */
  check(patron_nps_table(first, &by_branch, &error), &error);
  expect(patron_table_rows(by_branch) == 2, "a row for each branch");

  second = score_of(in_june, "");
  check(patron_nps_counts(second, &summary, &error), &error);
  expect(summary.rows == 10 && summary.refused_rows == 1, "11 is no score");
  check(patron_nps_refused(second, &refused, &error), &error);
  check(patron_nps_drivers(second, &drivers, &error), &error);
  expect(patron_table_rows(refused) == 1 && patron_table_rows(drivers) == 0, "one row, no topics");

  /* [difference] */
  check(patron_nps_difference(second, first, PATRON_INTERVAL_AUTO, 0.95, &change, &error), &error);
  printf("June less May: %+.0f, %+.0f to %+.0f, p = %.2f\n", change.difference, change.low,
         change.high, change.p);
  /* [/difference] */
  /* May: 7 promoters and 3 detractors of 12. June: 3 and 4 of 9. */
  expect(change.difference < -44.4 && change.difference > -44.5, "-1/9 less 1/3 is -4/9");
  expect(change.low < 0 && change.high > 0, "so few responses prove nothing");

  /* [estimate] */
  const int64_t counts[11] = {20, 0, 0, 0, 0, 0, 0, 0, 30, 0, 50}; /* by score, or by class */
  patron_nps_method method = PATRON_NPS_METHOD_INIT;
  patron_nps_score score = PATRON_NPS_SCORE_INIT;
  check(patron_nps_estimate(counts, 11, NULL, &method, &score, &error), &error);
  /* [/estimate] */
  expect(score.score == 30 && score.promoters == 50, "50 less 20 of 100");

  patron_nps_close(first);
  patron_nps_close(second);
  patron_table_close(by_branch);
  patron_table_close(refused);
  patron_table_close(drivers);
  patron_table_close(in_may);
  patron_table_close(in_june);
  return 0;
}
