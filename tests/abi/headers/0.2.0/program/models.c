/* Segment tables, RFM, cuts and ranks. */
#include "expect.h"

void use_segments(void) {
  static const char json[] =
      "[{\"name\": \"Best\", \"r\": [4, 5]}, {\"name\": \"Rest\", \"r\": [1, 3]}]";
  patron_error error = PATRON_ERROR_INIT;
  patron_segment_row row = PATRON_SEGMENT_ROW_INIT;
  patron_lint_counts counts = PATRON_LINT_COUNTS_INIT;
  patron_segments *segments = NULL, *again = NULL;
  patron_table* findings = NULL;
  patron_buffer* text = NULL;
  int32_t found = -2;
  EXPECT(patron_segments_named_count() > 0);
  EXPECT(is(patron_segments_named_name(0), "eleven"));
  EXPECT(patron_segments_named("eleven", 6, &segments, &error) == PATRON_OK);
  EXPECT(patron_segments_rows(segments) == 11 && patron_segments_bins(segments) == 5);
  patron_segments_close(segments);

  EXPECT(patron_segments_parse(json, strlen(json), 5, &segments, &error) == PATRON_OK);
  EXPECT(patron_segments_find(segments, 5, 1, 1, &found, &error) == PATRON_OK && found == 0);
  EXPECT(patron_segments_find(segments, 3, 5, 5, &found, &error) == PATRON_OK && found == 1);
  EXPECT(patron_segments_row(segments, 1, &row, &error) == PATRON_OK && is(row.name, "Rest"));
  EXPECT(patron_segments_grid(segments) >= PATRON_GRID_R_F_M);
  EXPECT(patron_segments_lint(segments, &counts, &findings, &error) == PATRON_OK);
  EXPECT(counts.gaps == 0 && counts.overlaps == 0 && counts.unreachable == 0);
  EXPECT(patron_table_rows(findings) == 0);
  EXPECT(patron_segments_to_json(segments, &text, &error) == PATRON_OK);
  EXPECT(patron_segments_parse(patron_buffer_text(text).data, patron_buffer_text(text).size, 5,
                               &again, &error) == PATRON_OK);
  patron_buffer_close(text), patron_table_close(findings);
  patron_segments_close(segments), patron_segments_close(again);
  EXPECT(patron_octant_name(PATRON_OCTANTS_CLASSIC, 8, PATRON_LANGUAGE_EN).data == NULL);
  EXPECT(patron_octant_name(PATRON_OCTANTS_CLASSIC, 7, PATRON_LANGUAGE_EN).size > 0);
}

static int32_t count_call(void* context, double share) {
  EXPECT(share >= 0 && share <= 1);
  ++*(int*)context;
  return 0;
}

static patron_rfm* compute(const patron_cuts* cuts) {
  patron_error error = PATRON_ERROR_INIT;
  patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
  patron_rfm_axis axis = PATRON_RFM_AXIS_INIT;
  patron_period window = PATRON_PERIOD_INIT;
  patron_table* orders = make_orders();
  patron_rfm* rfm = NULL;
  int calls = 0;
  window.months = 12;
  axis.method = PATRON_METHOD_NEAREST_RANK;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("day");
  options.amount = patron_str_of("amount");
  options.window = &window;
  options.frequency = &axis;
  options.cuts = cuts;
  options.progress = count_call;
  options.progress_context = &calls;
  EXPECT(patron_rfm_compute(orders, &options, &rfm, &error) == PATRON_OK);
  EXPECT(calls > 0);
  patron_table_close(orders);
  return rfm;
}

void use_rfm(void) {
  static const int64_t recency[] = {6, 20, 0}, minor[] = {5000, 1550, 8200};
  patron_error error = PATRON_ERROR_INIT;
  patron_rfm_summary summary = PATRON_RFM_SUMMARY_INIT;
  patron_column column = PATRON_COLUMN_INIT;
  patron_table *customers = NULL, *refused = NULL;
  patron_rfm* rfm = compute(NULL);
  EXPECT(patron_rfm_counts(rfm, &summary, &error) == PATRON_OK);
  EXPECT(summary.customers == 3 && summary.rows == 6 && summary.refused_rows == 0);
  EXPECT(summary.as_of == 20490 * INT64_C(86400000000));
  EXPECT(patron_rfm_table(rfm, &customers, &error) == PATRON_OK);
  EXPECT(patron_rfm_refused(rfm, &refused, &error) == PATRON_OK && patron_table_rows(refused) == 0);
  EXPECT(patron_table_column(customers, place_of(customers, "recency_days"), 0, &column, &error) ==
         PATRON_OK);
  EXPECT(memcmp((const int64_t*)column.values + column.offset, recency, sizeof(recency)) == 0);
  EXPECT(patron_table_column(customers, place_of(customers, "monetary_minor"), 0, &column,
                             &error) == PATRON_OK);
  EXPECT(memcmp((const int64_t*)column.values + column.offset, minor, sizeof(minor)) == 0);
  patron_table_close(customers), patron_table_close(refused), patron_rfm_close(rfm);
  EXPECT(is(patron_refusal_reason(PATRON_REFUSAL_NULL_CUSTOMER), "null customer"));
}

void use_cuts(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_cuts_info info = PATRON_CUTS_INFO_INIT;
  patron_axis_cuts axis = PATRON_AXIS_CUTS_INIT;
  patron_scores scores = PATRON_SCORES_INIT;
  patron_cuts *cuts = NULL, *again = NULL;
  patron_buffer* text = NULL;
  patron_rfm *first = compute(NULL), *second = NULL;
  EXPECT(patron_rfm_cuts(first, &cuts, &error) == PATRON_OK);
  EXPECT(patron_cuts_describe(cuts, &info, &error) == PATRON_OK);
  EXPECT(info.scale == 2 && info.customers == 3);
  EXPECT(patron_cuts_axis(cuts, PATRON_AXIS_FREQUENCY, &axis, &error) == PATRON_OK);
  /* Of the order days 1, 2, 3, those of rank ceil(3 k / 5): 1, 2, 2, 3. */
  EXPECT(axis.method == PATRON_METHOD_NEAREST_RANK && axis.count == 4);
  EXPECT(axis.cuts[0] == 1 && axis.cuts[1] == 2 && axis.cuts[2] == 2 && axis.cuts[3] == 3);
  EXPECT(patron_cuts_score(cuts, 0, 3, 8200, &scores, &error) == PATRON_OK);
  EXPECT(scores.r == 5 && scores.f == 4 && scores.m == 5 && scores.octant == 7);
  EXPECT(patron_cuts_to_json(cuts, &text, &error) == PATRON_OK);
  EXPECT(patron_cuts_parse(patron_buffer_text(text).data, patron_buffer_text(text).size, &again,
                           &error) == PATRON_OK);
  second = compute(again);
  patron_buffer_close(text), patron_cuts_close(cuts), patron_cuts_close(again);
  patron_rfm_close(first), patron_rfm_close(second);
}

void use_rank(void) {
  const int64_t seats = 1;
  patron_error error = PATRON_ERROR_INIT;
  patron_rank_options options = PATRON_RANK_OPTIONS_INIT;
  patron_rank_summary summary = PATRON_RANK_SUMMARY_INIT;
  patron_table *orders = make_orders(), *ranked = NULL;
  patron_rank* rank = NULL;
  options.top = &seats;
  EXPECT(patron_rank_compute(orders, "amount", 6, &options, &rank, &error) == PATRON_OK);
  EXPECT(patron_rank_describe(rank, &summary, &error) == PATRON_OK);
  EXPECT(summary.ranked == 6 && summary.class_count == 2 && summary.cut_count == 1);
  EXPECT(summary.cuts[0] == 60.10 && summary.members[0] == 1 && summary.members[1] == 5);
  EXPECT(patron_rank_table(rank, &ranked, &error) == PATRON_OK && patron_table_rows(ranked) == 6);
  patron_table_close(ranked), patron_rank_close(rank), patron_table_close(orders);
}
