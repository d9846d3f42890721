// CalendarGrid: time cut into periods of one length, side by side, where the calendar cuts it.
//
//   CalendarGrid weeks({0, 7 * kMicrosPerDay}, zone);   // Monday to Sunday, local
//   int64_t k = weeks.index_of(t);
//   weeks.start_of(k) <= t && t < weeks.start_of(k + 1);
//
// Months begin on the first local midnight of a month, and n months together where the months since
// year 0 divide by n: quarters and years are those of the calendar. Whole days begin at local
// midnight, and n days together where the days since Monday 1970-01-05 divide by n: "7d" are the
// weeks of ISO 8601. Other lengths are counted from 1970-01-05T00:00:00Z.
//
// Thread class: a const grid is shared.
#pragma once

#include <cstdint>

#include "patron/time.h"

namespace patron::internal {

class CalendarGrid {
 public:
  /// The length has one part, above zero.
  CalendarGrid(Period length, const TimeZone& zone);

  /// The period that t lies in: the last that has begun. Where clocks are set back over midnight, a
  /// day that comes again does not bring its period back, so a later t never has a lower index.
  int64_t index_of(Micros t) const;
  /// Its first instant; kMinTime and kEndTime where that lies outside the accepted instants.
  Micros start_of(int64_t index) const;

 private:
  enum class Unit : uint8_t { kMonths, kDays, kMicros };
  TimeZone zone_;
  Unit unit_;
  int64_t length_;  // in that unit
};

}  // namespace patron::internal
