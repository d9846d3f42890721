// Scorecards: what one row of a scorecard gives for a customer's events of a stream.
//
//   EventSource visits(stream.schema, reader, stream_rules(stream));
//   const ScorecardSum sum = scorecard_sum(row, visits, customer, now, zone);
//   sum.points, sum.next_change;
//
// Thread class: serial, as the source is.
#pragma once

#include <optional>

#include "lib/metrics/event_source.h"
#include "lib/policy/policy_data.h"

namespace patron::internal {

struct ScorecardSum {
  double points = 0;
  Micros next_change = TimeRange::kNever;
  std::optional<Micros> as_of;  ///< the newest event that gave points
};

/// A row of a scorecard that gives points for each event: with `half_life`, an event's points are
/// halved in each such time; its age steps at local midnight, in days of 24 hours, so that the
/// instant of every change is known. All together no more than `cap`. Added up in the order of the
/// log.
ScorecardSum scorecard_sum(const PolicyScorecardRow& row, EventSource& source, uint32_t customer,
                           Micros now, const TimeZone& zone);

}  // namespace patron::internal
