#include "lib/engine/settle/tier_machine.h"

#include <algorithm>

#include "lib/base/civil.h"
#include "lib/engine/settle/tier_steps.h"

namespace patron::internal {
namespace tier_steps {
namespace {

// The first anniversary of `anchor`'s local date that is later than `after` and not before `least`;
// 29 February is 28 February in other years.
Micros anniversary(const TierCalendar& calendar, Micros anchor, Micros after, Micros least) {
  const Micros from = std::max(after + 1, least);
  const CivilDate date = civil_from_day(calendar.zone.local_day(anchor));
  int32_t year = std::max(date.year, civil_from_day(calendar.zone.local_day(from)).year - 1);
  while (++year <= 9999) {
    const bool leap_day = date.month == 2 && date.day == 29 && !is_leap_year(year);
    const Micros t =
        calendar.zone.start_of_day(civil_to_day(year, date.month, leap_day ? 28 : date.day));
    if (t >= from) return t;
  }
  return kEndTime;
}

// The first instant of a month, counted from year 0.
Micros first_of_month(const TimeZone& zone, int32_t month) {
  return zone.start_of_day(civil_to_day(month / 12, month % 12 + 1, 1));
}

// The first boundary that is later than `after` and not before `least`.
Micros boundary(LeaveAt at, const TierState& state, const TierCalendar& calendar, Micros after,
                Micros least) {
  const Micros from = std::max(after + 1, least);
  switch (at) {
    case LeaveAt::kNow:
      return least;
    case LeaveAt::kAnniversary:
      if (!calendar.joined) return kEndTime;
      return anniversary(calendar, *calendar.joined, after, least);
    case LeaveAt::kClassAnniversary:
      return anniversary(calendar, state.since, after, least);
    case LeaveAt::kMonthEnd:
    case LeaveAt::kYearEnd:
      break;
  }
  const int32_t months = at == LeaveAt::kYearEnd ? 12 : 1;
  const CivilDate date = civil_from_day(calendar.zone.local_day(from));
  int32_t month = (date.year * 12 + date.month - 1) / months * months;
  Micros begin = first_of_month(calendar.zone, month);
  while (begin < from) begin = first_of_month(calendar.zone, month += months);
  return begin;
}

}  // namespace

int rest_class(const TierRules& rules) {
  for (int c = last_class(rules); c >= 0; --c) {
    if (!at(rules, c).has_enter) return c;
  }
  return kNoClass;
}

Micros cap_frees(const TierRules& rules, const TierState& state, const TierCalendar& calendar) {
  if (static_cast<int64_t>(state.downs.size()) < rules.cap_moves) {
    return kMinTime;
  }
  return calendar.zone.add(state.downs.front(), rules.cap_per);
}

Micros leaves_at_boundary(const TierRules& rules, const TierState& state,
                          const TierCalendar& calendar, Micros due) {
  return boundary(at(rules, state.current).at, state, calendar, *state.false_since, due);
}

void note_leaving(const TierRules& rules, TierState& state, int to, Micros t,
                  const TierCalendar& calendar) {
  const Period cool = at(rules, state.current).cool_down;
  if (cool != Period()) {
    if (state.cool_until.empty()) state.cool_until.assign(rules.classes.size(), kMinTime);
    state.cool_until[static_cast<size_t>(state.current)] = calendar.zone.add(t, cool);
  }
  if (to > state.current && rules.cap_moves > 0) {
    state.downs.push_back(t);
    if (static_cast<int64_t>(state.downs.size()) > rules.cap_moves) {
      state.downs.erase(state.downs.begin());
    }
  }
}

}  // namespace tier_steps

std::optional<TierMove> step(const TierRules& rules, TierState& state,
                             const TierConditions& conditions, Micros t,
                             const TierCalendar& calendar) {
  return tier_steps::step(rules, state, conditions, t, calendar);
}

Micros next_due(const TierRules& rules, const TierState& state, const TierConditions& conditions,
                Micros t, const TierCalendar& calendar) {
  return tier_steps::next_due(rules, state, conditions, t, calendar);
}

}  // namespace patron::internal
