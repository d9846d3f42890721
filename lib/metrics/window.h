// Windows: which events a metric looks at, by their time.
//
// Seen at one instant, a window is a range of event times; seen from one event, it is the stretch
// of time in which the event is inside. The two are one relation, said twice: `range` serves the
// look at all events now, `presence` the question when the clock alone will change the answer.
//
//   Window window{.kind = Window::Kind::kRolling, .length = {12, 0}};   // "12mo"
//   TimeRange now_inside = range(window, zone, now, anchors);
//   TimeRange inside_while = presence(window, zone, event_time, anchors);
//
// Rolling windows are (now - w, now], with an offset (now - o - w, now - o]; a window of months
// holds e while e + o <= now < e + o + w on the calendar of the zone, so that no event that left
// comes back. Calendar, fixed and since-join windows are [start, end), cut at now.
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "patron/time.h"

namespace patron::internal {

/// A window as a policy declares it.
struct Window {
  enum class Kind : int32_t {
    kAllTime,
    kRolling,
    kCalendar,    ///< the current month, quarter or year, or the `previous`-th before it
    kSinceJoin,   ///< from the instant of joining on
    kSinceClass,  ///< later than the instant of entering the class
    kFixed,       ///< [from, to) of local days; either may be open
  };
  enum class Calendar : int32_t { kMonth, kQuarter, kYear };
  Kind kind = Kind::kAllTime;
  Period length;                 ///< kRolling; above zero
  std::optional<Period> offset;  ///< kRolling
  Calendar calendar = Calendar::kMonth;
  int64_t previous = 0;
  std::string class_name;  ///< kSinceClass: a classification
  std::optional<Day> from, to;
  bool operator==(const Window&) const = default;
};

/// The instants t with begin <= t < end.
struct TimeRange {
  static constexpr Micros kNever = std::numeric_limits<Micros>::max();
  Micros begin = kMinTime;
  Micros end = kNever;
  bool contains(Micros t) const { return begin <= t && t < end; }
  bool empty() const { return begin >= end; }
  bool operator==(const TimeRange&) const = default;
};

/// What of a customer's own a window may count from.
struct Anchors {
  std::optional<Micros> joined;   ///< absent: she has not joined, and nothing is inside
  std::optional<Micros> entered;  ///< absent: she holds no class, and nothing is inside
};

/// The times of the events that are inside at `now`, which is itself the last that may be.
TimeRange range(const Window& window, const TimeZone& zone, Micros now, const Anchors& anchors);

/// The instants at which an event of time `e` is inside, with the anchors as they are; end is
/// kNever where time does not take it out. For every now in [kMinTime, kEndTime):
/// presence(e).contains(now) == range(now).contains(e).
TimeRange presence(const Window& window, const TimeZone& zone, Micros e, const Anchors& anchors);

/// Whether time alone moves events in or out of it.
bool moves_with_time(const Window& window);

}  // namespace patron::internal
