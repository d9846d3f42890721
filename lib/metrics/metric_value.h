// MetricValue: what a metric is at an instant, and when time alone may change it.
//
//   const MetricValue spend = evaluator.evaluate(customer, now, anchors);
//   if (spend.known()) ... spend.cell.integer ...           // minor units
//   spend.next_change;                                      // the oldest order leaves the window
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/wiped.h"
#include "lib/metrics/window.h"
#include "patron/expression.h"

namespace patron::internal {

struct MetricValue {
  Cell cell;                     ///< as the kind of the tag says; its text is `text`
  PassingText text;              ///< where the value is a text
  std::vector<std::string> set;  ///< where it is a set: the members, the heaviest first
  bool is_set = false;
  /// No later than the first instant at which the value differs with no new fact and the anchors as
  /// they are; TimeRange::kNever where it never will.
  Micros next_change = TimeRange::kNever;
  /// The time of the newest fact that it rests on: of the events that count, in the window and past
  /// the filters, or of the attribute. Absent where there is none.
  std::optional<Micros> as_of;
  bool overflow = false;  ///< unknown, for being out of range (rule 20)

  bool known() const { return cell.known || is_set; }
};

}  // namespace patron::internal
