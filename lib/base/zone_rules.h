// ZoneRules: a time zone as a table of segments of constant offset.
//
// Segment i reaches from transition i - 1 (inclusive) to transition i (exclusive); the first and
// the last are open. Rules that repeat every year are written out for 400 years, after which the
// calendar repeats; a later instant is looked up a multiple of 400 years earlier. So every question
// is one binary search.
//
// Wall clocks are microseconds since 1970-01-01T00:00:00 local. Instants and wall clocks more than
// two days outside [kMinTime, kEndTime) are taken as two days outside, so that nothing overflows.
//
// Thread class of everything here: pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/civil.h"
#include "lib/base/tzif.h"
#include "patron/time.h"

namespace patron::internal {

struct ZoneRules {
  std::string name;
  std::vector<Micros> at;         ///< transitions, increasing; each changes the offset
  std::vector<int32_t> offset;    ///< at.size() + 1 offsets, seconds east of UTC
  std::vector<int64_t> wall_end;  ///< the largest wall clock that segments 0 .. i reach, exclusive
  bool periodic = false;          ///< the last 400 years of the table repeat

  /// UTC.
  ZoneRules() : name("UTC"), offset{0} {}
  ZoneRules(std::string name, const Tzif& tzif);

  bool fixed() const { return at.empty(); }

  /// An instant or wall clock brought into the table, and how far it was moved.
  struct Located {
    int64_t value;
    int64_t shift;
    size_t segment;
  };
  Located locate(Micros t) const;
  /// The first segment that reaches beyond the wall clock: it contains it, or begins after it where
  /// the wall clock is skipped.
  Located locate_wall(int64_t wall) const;

  int64_t offset_micros(size_t segment) const { return offset[segment] * kMicrosPerSecond; }
  /// The wall clock at the begin of a segment; segment > 0.
  int64_t wall_begin(size_t segment) const { return at[segment - 1] + offset_micros(segment); }

  int64_t to_wall(Micros t) const;
  /// The first instant whose wall clock is `wall`, or the transition that skips it: in both cases
  /// the first instant whose wall clock is `wall` or later. Never decreases as `wall` increases.
  Micros from_wall(int64_t wall) const;
  /// The largest wall clock shown by any instant <= t.
  int64_t latest_wall(Micros t) const;
  /// The first instant from which on every wall clock is `wall` or later.
  Micros from_wall_for_good(int64_t wall) const;

  /// The rules of a zone, for those inside the library that need the table.
  static const ZoneRules& of(const TimeZone& zone) { return *zone.rules_; }
};

}  // namespace patron::internal
