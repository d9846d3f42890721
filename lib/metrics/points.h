// Points: a balance that events earn and spend, that expires, and that idleness eats.
//
//   PointsRule rule{.cap = 100, .cap_per = {1, 0}, .expires = Period{12, 0}};
//   for (...) lots.add(time, points);           // what `each` said of the events, in their order
//   points_balance(lots, rule, zone, now);
//
// What an event earns is a lot of its own. In this order:
//   1. cap: of what the events of one period of `cap_per` (of the calendar: CalendarGrid) earn, no
//      more than `cap` counts.
//   2. Negative points are spent: from the oldest lots that have not expired first. What
//      exceeds the balance is owed, and later earnings pay it.
//   3. inactivity: whenever `inactive_after` passes without an event, counted again from each time
//      it passed, every lot loses the share `inactive_share`. An event at that very instant is in
//      time. What is owed stays.
//   4. expires: a lot counts while now < earned + expires.
//
// Thread class of everything here: pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "lib/metrics/window.h"
#include "patron/time.h"

namespace patron::internal {

struct PointsRule {
  std::optional<double> cap;  ///< with cap_per
  Period cap_per;
  std::optional<Period> expires;
  std::optional<Period> inactive_after;
  double inactive_share = 0;  ///< with inactive_after: above 0, at most 1
};

/// An event and what it says; without points it is an event all the same.
struct PointsEvent {
  Micros time = 0;
  double points = 0;  ///< finite
};

struct PointsBalance {
  double points = 0;  ///< what she has, less what she owes
  /// The next instant at which it differs if nothing happens; TimeRange::kNever where it will not.
  Micros next_change = TimeRange::kNever;
};

/// Of events in order, none later than now. The order of the arithmetic is that of the events, so
/// the bytes depend on nothing else. Cost: linear in the events, and in the periods of idleness.
PointsBalance points_balance(std::span<const PointsEvent> events, const PointsRule& rule,
                             const TimeZone& zone, Micros now);

}  // namespace patron::internal
