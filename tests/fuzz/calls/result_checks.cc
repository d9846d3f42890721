#include "tests/fuzz/calls/result_checks.h"

#include <algorithm>
#include <cmath>

#include "tests/fuzz/fuzz.h"

namespace patron::fuzz {
namespace {

std::string_view view(patron_str text) { return {text.data, text.size}; }

int bins_of(const patron_cuts* cuts, int32_t axis) {
  patron_axis_cuts found = PATRON_AXIS_CUTS_INIT;
  FUZZ_CHECK(patron_cuts_axis(cuts, axis, &found, nullptr) == PATRON_OK);
  return static_cast<int>(found.count) + 1;
}

/// What a row of the result must be, by the functions for one customer.
struct Row {
  int64_t r, f, m, code;
  std::optional<std::string> segment, octant;
};

Row expected_row(const patron_cuts* cuts, const patron_rfm_options& options, int64_t recency,
                 int64_t frequency, int64_t minor) {
  patron_scores scores = PATRON_SCORES_INIT;
  FUZZ_CHECK(patron_cuts_score(cuts, recency, frequency, minor, &scores, nullptr) == PATRON_OK);
  int widest = 0;
  for (const int32_t axis : {PATRON_AXIS_RECENCY, PATRON_AXIS_FREQUENCY, PATRON_AXIS_MONETARY}) {
    widest = std::max(widest, bins_of(cuts, axis));
  }
  const int64_t digit = widest == 10 ? 100 : 10;
  Row row{scores.r, scores.f, scores.m, (scores.r * digit + scores.f) * digit + scores.m, {}, {}};
  row.octant = view(patron_octant_name(options.octant_names, scores.octant, options.language));
  if (options.segments == nullptr) return row;
  int32_t at = -1;
  FUZZ_CHECK(patron_segments_find(options.segments, scores.r, scores.f, scores.m, &at, nullptr) ==
             PATRON_OK);
  if (at < 0) return row;
  patron_segment_row found = PATRON_SEGMENT_ROW_INIT;
  FUZZ_CHECK(patron_segments_row(options.segments, at, &found, nullptr) == PATRON_OK);
  const bool chinese = options.language == PATRON_LANGUAGE_ZH && found.label_zh.size > 0;
  row.segment = view(chinese ? found.label_zh : found.name);
  return row;
}

void check_customers(const patron_table* table, const patron_cuts* cuts,
                     const patron_rfm_options& options) {
  const auto orders = numbers(table, "orders"), days = numbers(table, "order_days");
  const auto recency = numbers(table, "recency_days"), frequency = numbers(table, "frequency");
  const auto minor = numbers(table, "monetary_minor"), code = numbers(table, "code");
  const auto r = numbers(table, "r"), f = numbers(table, "f"), m = numbers(table, "m");
  const auto first = numbers(table, "first_order"), last = numbers(table, "last_order");
  const auto segment = texts(table, "segment"), octant = texts(table, "octant");
  const auto major = doubles(table, "monetary");
  for (size_t i = 0; i < orders.size(); i++) {
    FUZZ_CHECK(*days[i] <= *orders[i] && *frequency[i] <= *days[i] && *frequency[i] >= 0);
    const double unit = std::pow(10.0, options.scale);
    FUZZ_CHECK(std::fabs(*major[i] * unit - static_cast<double>(*minor[i])) <=
               std::fabs(static_cast<double>(*minor[i])) * 1e-15 + 1e-6);
    const bool bought = *orders[i] > 0;
    FUZZ_CHECK(bought == first[i].has_value() && bought == last[i].has_value() &&
               bought == recency[i].has_value());
    if (!bought) {
      FUZZ_CHECK(*r[i] == 0 && *f[i] == 0 && *m[i] == 0 && *code[i] == 0 && !octant[i]);
      continue;
    }
    FUZZ_CHECK(*first[i] <= *last[i] && *recency[i] >= 0);
    const Row row = expected_row(cuts, options, *recency[i], *frequency[i], *minor[i]);
    FUZZ_CHECK(*r[i] == row.r && *f[i] == row.f && *m[i] == row.m && *code[i] == row.code);
    FUZZ_CHECK(segment[i] == row.segment && octant[i] == row.octant);
  }
}

void check_ids(const patron_table* table) {
  patron_field field = PATRON_FIELD_INIT;
  FUZZ_CHECK(patron_table_field(table, 0, &field, nullptr) == PATRON_OK);
  const auto rising = [](const auto& ids) {
    return std::adjacent_find(ids.begin(), ids.end(),
                              [](const auto& a, const auto& b) { return !(*a < *b); }) == ids.end();
  };
  if (field.type == PATRON_TYPE_INT64) {
    FUZZ_CHECK(rising(numbers(table, "customer")));
  } else {
    FUZZ_CHECK(rising(texts(table, "customer")));
  }
}

}  // namespace

void check_rfm(const patron_rfm* rfm, const patron_rfm_options& options, int64_t rows) {
  patron_table *table = nullptr, *refused = nullptr;
  patron_cuts* cuts = nullptr;
  patron_rfm_summary counts = PATRON_RFM_SUMMARY_INIT;
  FUZZ_CHECK(patron_rfm_table(rfm, &table, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_rfm_refused(rfm, &refused, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_rfm_cuts(rfm, &cuts, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_rfm_counts(rfm, &counts, nullptr) == PATRON_OK);
  check_table(table);
  check_table(refused);
  check_cuts(cuts);
  FUZZ_CHECK(patron_table_columns(table) == 15 && patron_table_columns(refused) == 3);
  FUZZ_CHECK(patron_table_rows(table) == counts.customers);
  FUZZ_CHECK(counts.rows == rows && patron_table_rows(refused) == counts.refused_rows);
  FUZZ_CHECK(counts.customers <= counts.rows - counts.refused_rows - counts.waiting_rows);
  FUZZ_CHECK(counts.customers > 0);
  int64_t before = -1;
  for (const auto& row : numbers(refused, "row")) {
    FUZZ_CHECK(*row > before && *row < rows);
    before = *row;
  }
  check_ids(table);
  check_customers(table, cuts, options);
  patron_table_close(table);
  patron_table_close(refused);
  patron_cuts_close(cuts);
}

void check_rank(const patron_rank* rank, int64_t rows) {
  patron_table* table = nullptr;
  patron_rank_summary found = PATRON_RANK_SUMMARY_INIT;
  FUZZ_CHECK(patron_rank_table(rank, &table, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_rank_describe(rank, &found, nullptr) == PATRON_OK);
  check_table(table);
  FUZZ_CHECK(patron_table_rows(table) == rows && found.class_count == found.cut_count + 1);
  const auto ranks = numbers(table, "rank"), classes = numbers(table, "class");
  const auto shares = doubles(table, "cumulative_share");
  std::vector<int64_t> members(found.class_count);
  int64_t ranked = 0;
  for (size_t i = 0; i < ranks.size(); i++) {
    FUZZ_CHECK(ranks[i].has_value() == classes[i].has_value());
    if (!ranks[i]) continue;
    ranked++;
    FUZZ_CHECK(*ranks[i] >= 1 && *ranks[i] <= found.ranked && *classes[i] >= 0);
    members.at(static_cast<size_t>(*classes[i]))++;
    // The better the rank, the better the class and the smaller the share up to it.
    for (size_t k = 0; k < i; k++) {
      if (!ranks[k] || *ranks[k] > *ranks[i]) continue;
      FUZZ_CHECK(*classes[k] <= *classes[i]);
      if (*ranks[k] == *ranks[i]) FUZZ_CHECK(*classes[k] == *classes[i] && shares[k] == shares[i]);
    }
  }
  FUZZ_CHECK(ranked == found.ranked);
  FUZZ_CHECK(std::equal(members.begin(), members.end(), found.members));
  patron_table_close(table);
}

void check_segments(const patron_segments* segments) {
  const int32_t bins = patron_segments_bins(segments), rows = patron_segments_rows(segments);
  FUZZ_CHECK(bins >= 2 && bins <= 10 && rows >= 1);
  patron_lint_counts counts = PATRON_LINT_COUNTS_INIT;
  patron_table* findings = nullptr;
  FUZZ_CHECK(patron_segments_lint(segments, &counts, &findings, nullptr) == PATRON_OK);
  check_table(findings);
  FUZZ_CHECK(counts.gaps + counts.overlaps <= counts.cells && counts.unreachable < rows + 1);
  const int32_t grid = patron_segments_grid(segments);
  const int32_t last = grid == PATRON_GRID_R_F ? 1 : bins;
  int unnamed = 0;
  for (int32_t r = 1; r <= bins; r++) {
    for (int32_t f = 1; f <= bins; f++) {
      for (int32_t m = 1; m <= last; m++) {
        int32_t row = -2;
        FUZZ_CHECK(patron_segments_find(segments, r, f, m, &row, nullptr) == PATRON_OK);
        FUZZ_CHECK(row >= -1 && row < rows);
        unnamed += row == -1;
      }
    }
  }
  FUZZ_CHECK((unnamed == 0) == (counts.gaps == 0));
  if (grid != PATRON_GRID_R_FM) FUZZ_CHECK(unnamed == counts.gaps);
  patron_table_close(findings);
}

void check_cuts(const patron_cuts* cuts) {
  for (const int32_t axis : {PATRON_AXIS_RECENCY, PATRON_AXIS_FREQUENCY, PATRON_AXIS_MONETARY}) {
    patron_axis_cuts found = PATRON_AXIS_CUTS_INIT;
    FUZZ_CHECK(patron_cuts_axis(cuts, axis, &found, nullptr) == PATRON_OK);
    FUZZ_CHECK(found.count >= 1 && found.count <= 9);
    FUZZ_CHECK(std::is_sorted(found.cuts, found.cuts + found.count));
  }
  patron_buffer *json = nullptr, *again = nullptr;
  patron_cuts* read = nullptr;
  FUZZ_CHECK(patron_cuts_to_json(cuts, &json, nullptr) == PATRON_OK);
  const patron_str text = patron_buffer_text(json);
  FUZZ_CHECK(patron_cuts_parse(text.data, text.size, &read, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_cuts_to_json(read, &again, nullptr) == PATRON_OK);
  FUZZ_CHECK(view(text) == view(patron_buffer_text(again)));
  patron_cuts_close(read);
  patron_buffer_close(json);
  patron_buffer_close(again);
}

}  // namespace patron::fuzz
