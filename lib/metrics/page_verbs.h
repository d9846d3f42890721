// Page verbs: what the verbs of metrics make of the events of all customers of a page.
//
//   PageEvents events{stream, selection, window};
//   page_count(events, block);
//   page_sum(events, amount, block);
//
// Each gives bit for bit what its plain twin of column_verbs.h, gaps.h or rhythm.h gives for one
// customer: counts from bits, sums of whole numbers of all rows of a window from running sums, the
// rest in one pass over the rows that count. The block has the shape of the verb and is all
// unknown.
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/metrics/calendar_grid.h"
#include "lib/metrics/metric.h"
#include "lib/metrics/page_stream.h"
#include "lib/metrics/points.h"
#include "lib/metrics/value_block.h"

namespace patron::internal {

/// The events that count: those of a selection that lie in a window.
struct PageEvents {
  PageStream& stream;
  int selection;
  int window;
};

void page_count(const PageEvents& events, ValueBlock& out);
void page_sum(const PageEvents& events, int column, ValueBlock& out);
void page_mean(const PageEvents& events, int column, ValueBlock& out);
void page_extreme(const PageEvents& events, int column, bool greatest, ValueBlock& out);
/// The first or the last value there is; of sets their members.
void page_edge(const PageEvents& events, int column, bool last, ValueBlock& out);
void page_share(const PageEvents& part, const PageEvents& whole, int column, ValueBlock& out);
void page_distinct(const PageEvents& events, int column, ValueBlock& out);
/// `by` as in top_of.
void page_top(const PageEvents& events, int column, int by, int64_t n, ValueBlock& out);
void page_path(const PageEvents& events, int column, int64_t n, ValueBlock& out);
void page_days_active(const PageEvents& events, ValueBlock& out);
/// kGapLast, kGapMean, kGapMedian, kGapCv.
void page_gap(const PageEvents& events, Verb verb, ValueBlock& out);
void page_streak(const PageEvents& events, const CalendarGrid& grid, ValueBlock& out);
void page_trend(const PageEvents& events, int column, const CalendarGrid& grid, int64_t n,
                ValueBlock& out);
void page_points(const PageEvents& events, const Expression& each, const PointsRule& rule,
                 ValueBlock& out);

/// Whether page_distinct, page_top, page_path and page_edge take the column; the others take every
/// column that the policy lets them have.
bool page_takes(const CellColumn& column, Verb verb, bool open_set);

}  // namespace patron::internal
