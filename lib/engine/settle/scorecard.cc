#include "lib/engine/settle/scorecard.h"

#include <algorithm>
#include <numbers>

#include "lib/models/ltv/math/elementary.h"

namespace patron::internal {
namespace {

// Days of 24 hours; a month is a twelfth of the mean Gregorian year.
double days_of(Period period) {
  return period.months * (365.2425 / 12) +
         static_cast<double>(period.micros) / static_cast<double>(kMicrosPerDay);
}

}  // namespace

ScorecardSum scorecard_sum(const PolicyScorecardRow& row, EventSource& source, uint32_t customer,
                           Micros now, const TimeZone& zone) {
  ScorecardSum sum;
  const Day today = zone.local_day(now);
  for (const EventRef& event : source.read(customer, now)) {
    if (!source.on_side(event, ReferralSide::kReferrer)) continue;
    if (!source.is_sale(event) || !source.holds(row.where, event)) continue;
    double points = row.points;
    if (row.half_life) {
      const auto age = static_cast<double>(std::max<Day>(0, today - zone.local_day(event.time())));
      points *= ltv::exp(-std::numbers::ln2 * age / days_of(*row.half_life));
      sum.next_change = zone.start_of_day(today + 1);
    }
    sum.points += points;
    sum.as_of = event.time();
  }
  if (row.cap) {
    sum.points = *row.cap < 0 ? std::max(sum.points, *row.cap) : std::min(sum.points, *row.cap);
  }
  return sum;
}

}  // namespace patron::internal
