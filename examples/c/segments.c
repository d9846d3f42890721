/* Segment tables: the built-in ones, one's own, and what is wrong with a table. */
#include "check.h"

static void print_named(void) {
  patron_error error = PATRON_ERROR_INIT;
  for (int32_t i = 0; i < patron_segments_named_count(); ++i) {
    const patron_str name = patron_segments_named_name(i);
    patron_lint_counts counts = PATRON_LINT_COUNTS_INIT;
    patron_segments* table;
    check(patron_segments_named(name.data, name.size, &table, &error), &error);
    check(patron_segments_lint(table, &counts, NULL, &error), &error);
    printf("%.*s: %d rows, %d bins, grid %d: %d cells, %d gaps, %d overlaps, %d unreachable\n",
           PATRON_STR_ARGS(name), (int)patron_segments_rows(table),
           (int)patron_segments_bins(table), (int)patron_segments_grid(table), (int)counts.cells,
           (int)counts.gaps, (int)counts.overlaps, (int)counts.unreachable);
    patron_segments_close(table);
  }
}

int main(void) {
  print_named();

  /* [own] */
  /* A table over R and F with three scores each, which forgets the recent one-time buyers. */
  static const char kRows[] =
      "[{\"name\": \"regular\", \"r\": [2, 3], \"f\": [2, 3]},"
      " {\"name\": \"lapsed\", \"r\": 1, \"f\": [1, 3]},"
      " {\"name\": \"fading\", \"r\": 2, \"f\": [1, 3]}]";
  patron_error error = PATRON_ERROR_INIT;
  patron_lint_counts counts = PATRON_LINT_COUNTS_INIT;
  patron_segments* table;
  patron_table* findings;
  check(patron_segments_parse(kRows, sizeof(kRows) - 1, 3, &table, &error), &error);
  check(patron_segments_lint(table, &counts, &findings, &error), &error);
  printf("own: %d gap, %d overlaps of %d cells\n", (int)counts.gaps, (int)counts.overlaps,
         (int)counts.cells);
  /* [/own] */
  /* R 3 and F 1 is claimed by none; R 2 with F 2 and R 2 with F 3 are claimed twice. */
  expect(counts.cells == 9 && counts.gaps == 1 && counts.overlaps == 2, "hand count");
  expect(patron_table_rows(findings) == 3, "a finding for each");

  int32_t row;
  patron_segment_row lapsed = PATRON_SEGMENT_ROW_INIT;
  check(patron_segments_find(table, 1, 2, 3, &row, &error), &error);
  check(patron_segments_row(table, row, &lapsed, &error), &error);
  printf("R 1, F 2, M 3 is row %d, \"%.*s\"\n", (int)row, PATRON_STR_ARGS(lapsed.name));
  expect(row == 1, "lapsed");

  patron_buffer* json;
  check(patron_segments_to_json(table, &json, &error), &error);
  const patron_str text = patron_buffer_text(json);
  printf("%.*s\n", PATRON_STR_ARGS(text));
  patron_buffer_close(json);

  const patron_str octant = patron_octant_name(PATRON_OCTANTS_CLASSIC, 7, PATRON_LANGUAGE_ZH);
  printf("octant 7: %.*s\n", PATRON_STR_ARGS(octant));
  patron_table_close(findings);
  patron_segments_close(table);
  return 0;
}
