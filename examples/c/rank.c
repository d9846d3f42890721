/* A/B/C: who makes 80 percent of the money, who the next 15, who the rest? */
#include "check.h"

int main(void) {
  static const int64_t spent[5] = {50, 1000, 300, 40, 110};
  static const double shares[2] = {0.8, 0.95};
  patron_error error = PATRON_ERROR_INIT;
  patron_column column = PATRON_COLUMN_INIT;
  column.name = patron_str_of("spent");
  column.type = PATRON_TYPE_INT64;
  column.length = 5;
  column.values = spent;
  patron_table *table, *ranked;
  check(patron_table_create(&column, 1, &table, &error), &error);

  /* [rank] */
  patron_rank_options options = PATRON_RANK_OPTIONS_INIT;
  options.shares = shares;
  options.share_count = 2;
  patron_rank* rank;
  check(patron_rank_compute(table, "spent", 5, &options, &rank, &error), &error);

  patron_rank_summary summary = PATRON_RANK_SUMMARY_INIT;
  check(patron_rank_describe(rank, &summary, &error), &error);
  for (uint64_t i = 0; i < summary.class_count; ++i) {
    printf("class %c: %d customers", (char)('A' + i), (int)summary.members[i]);
    if (i < summary.cut_count) printf(", from %.0f up", summary.cuts[i]);
    printf("\n");
  }
  /* [/rank] */

  /* Of 1500 the first has 66.7 %, with the second it is 86.7 %: both are A, for the second crosses
     80 %. 110 brings it to 94 %, B; 50 crosses 95 %, B too; 40 is C. */
  expect(summary.ranked == 5 && summary.class_count == 3, "three classes");
  expect(summary.members[0] == 2 && summary.members[1] == 2 && summary.members[2] == 1, "2, 2, 1");
  expect(summary.cuts[0] == 300 && summary.cuts[1] == 50, "the smallest of A and of B");

  check(patron_rank_table(rank, &ranked, &error), &error);
  expect(patron_table_rows(ranked) == 5, "a row for each row");
  patron_table_close(ranked);
  patron_rank_close(rank);
  patron_table_close(table);
  return 0;
}
