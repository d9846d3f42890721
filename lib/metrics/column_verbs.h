// Verbs over one column of some events: sum, mean, min, max, first, last, distinct, top, path,
// trend.
//
// Null cells are passed over. Without a cell that is not null there is no value, but for
// `distinct`, and for `sum` over no events at all, which are 0 (rule 18). Sums of whole numbers are
// exact; those of doubles are added up in the order of the log, and what is not finite is unknown
// (rule 20).
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <span>

#include "lib/metrics/calendar_grid.h"
#include "lib/metrics/event_source.h"
#include "lib/metrics/metric_value.h"

namespace patron::internal {

using EventSpan = std::span<const EventRef>;  // in the order of the log

/// int64, money and duration stay what they are; double.
MetricValue sum_of(const EventSource& source, EventSpan events, int column);
/// Of int64 a double, the nearest; of money and duration half to even.
MetricValue mean_of(const EventSource& source, EventSpan events, int column);
MetricValue least_of(const EventSource& source, EventSpan events, int column);
MetricValue greatest_of(const EventSource& source, EventSpan events, int column);
/// The value of the earliest event that has one, and of the newest. Of an attribute the newest fact
/// decides, and where it is null the value was withdrawn.
MetricValue first_of(const EventSource& source, EventSpan events, int column);
MetricValue last_of(const EventSource& source, EventSpan events, int column);
/// How many different values; of a set, how many different members.
MetricValue distinct_of(const EventSource& source, EventSpan events, int column);
/// The value of the most events, or with `by` (kTimeColumn: none) of the greatest sum of that
/// column; of equals the one that is less by value. With n > 1, and of sets, the n first.
MetricValue top_of(const EventSource& source, EventSpan events, int column, int by, int64_t n);
/// The last n values, the oldest first, with '>' between them.
MetricValue path_of(const EventSource& source, EventSpan events, int column, int64_t n);
/// relative_slope of the sums of the column, or of the numbers of events (kTimeColumn), over the
/// last n whole periods before that of now.
MetricValue trend_of(const EventSource& source, EventSpan events, int column,
                     const CalendarGrid& grid, int64_t n, Micros now);
/// The sum of the column over `part`, over that of `whole`.
MetricValue share_of(const EventSource& source, EventSpan part, EventSpan whole, int column);

}  // namespace patron::internal
