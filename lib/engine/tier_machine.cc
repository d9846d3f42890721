#include "lib/engine/tier_machine.h"

#include <algorithm>

#include "lib/base/civil.h"

namespace patron::internal {
namespace {

int last_class(const TierRules& rules) { return static_cast<int>(rules.classes.size()) - 1; }

const TierRules::Class& at(const TierRules& rules, int c) {
  return rules.classes[static_cast<size_t>(c)];
}

bool enters(const TierRules& rules, const TierConditions& conditions, int c) {
  return at(rules, c).has_enter && conditions.enter(c) == Truth::kTrue;
}

// The last class without `enter`, which takes the rest.
int rest_class(const TierRules& rules) {
  for (int c = last_class(rules); c >= 0; --c) {
    if (!at(rules, c).has_enter) return c;
  }
  return kNoClass;
}

// E or K in Kleene's logic; a class without conditions holds whom it has.
Truth stays(const TierRules& rules, const TierConditions& conditions, int c) {
  const TierRules::Class& what = at(rules, c);
  if (!what.has_enter && !what.has_keep) return Truth::kTrue;
  const Truth enter = what.has_enter ? conditions.enter(c) : Truth::kFalse;
  if (enter == Truth::kTrue) return enter;
  const Truth keep = what.has_keep ? conditions.keep(c) : Truth::kFalse;
  if (keep == Truth::kTrue) return keep;
  return enter == Truth::kUnknown || keep == Truth::kUnknown ? Truth::kUnknown : Truth::kFalse;
}

bool holds(const TierRules& rules, Truth stay) {
  return stay == Truth::kTrue || (stay == Truth::kUnknown && rules.hold_unknown);
}

Micros cooled(const TierState& state, int c) {
  return state.cool_until.empty() ? kMinTime : state.cool_until[static_cast<size_t>(c)];
}

// From when on the cap lets her up: when the oldest of the last cap_moves moves down is old enough.
Micros cap_ends(const TierRules& rules, const TierState& state, const TierCalendar& calendar) {
  if (rules.cap_moves == 0 || static_cast<int64_t>(state.downs.size()) < rules.cap_moves) {
    return kMinTime;
  }
  return calendar.zone.add(state.downs.front(), rules.cap_per);
}

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

// When she leaves, would she stay no more from false_since on.
Micros leaves_at(const TierRules& rules, const TierState& state, const TierCalendar& calendar) {
  const TierRules::Class& current = at(rules, state.current);
  const Micros due = std::max(calendar.zone.add(*state.false_since, current.grace),
                              calendar.zone.add(state.since, current.min_dwell));
  return boundary(current.at, state, calendar, *state.false_since, due);
}

int target(const TierRules& rules, const TierConditions& conditions, int current) {
  const TierRules::Class& from = at(rules, current);
  if (from.to == LeaveTo::kNamed) return from.named;
  if (from.to == LeaveTo::kNext) return std::min(current + 1, last_class(rules));
  for (int c = current + 1; c <= last_class(rules); ++c) {
    if (enters(rules, conditions, c)) return c;
  }
  return last_class(rules);
}

void move_to(const TierRules& rules, TierState& state, int to, Micros t,
             const TierCalendar& calendar) {
  if (state.current != kNoClass) {
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
  state.current = to;
  state.since = t;
  state.false_since.reset();
}

int first_class(const TierRules& rules, const TierConditions& conditions) {
  for (int c = 0; c <= last_class(rules); ++c) {
    if (enters(rules, conditions, c)) return c;
  }
  return rest_class(rules);
}

int up_class(const TierRules& rules, const TierState& state, const TierConditions& conditions,
             Micros t, const TierCalendar& calendar) {
  if (t < cap_ends(rules, state, calendar)) return kNoClass;
  for (int c = 0; c < state.current; ++c) {
    if (t >= cooled(state, c) && enters(rules, conditions, c)) return c;
  }
  return kNoClass;
}

}  // namespace

std::optional<TierMove> step(const TierRules& rules, TierState& state,
                             const TierConditions& conditions, Micros t,
                             const TierCalendar& calendar) {
  const int from = state.current;
  int to = kNoClass;
  if (from == kNoClass) {
    to = first_class(rules, conditions);
  } else if (const int up = up_class(rules, state, conditions, t, calendar); up != kNoClass) {
    to = up;
  } else if (holds(rules, stays(rules, conditions, from))) {
    state.false_since.reset();
  } else {
    if (!state.false_since) state.false_since = t;
    if (t >= leaves_at(rules, state, calendar)) to = target(rules, conditions, from);
  }
  if (to == kNoClass || to == from) return std::nullopt;
  move_to(rules, state, to, t, calendar);
  return TierMove{from, to};
}

Micros next_due(const TierRules& rules, const TierState& state, const TierConditions& conditions,
                Micros t, const TierCalendar& calendar) {
  if (state.current == kNoClass) return kEndTime;
  Micros due = kEndTime;
  // Up: a class that would take her once it has cooled down and the cap lets her.
  const Micros cap = cap_ends(rules, state, calendar);
  for (int c = 0; c < state.current; ++c) {
    if (!enters(rules, conditions, c)) continue;
    due = std::min(due, std::max({cap, cooled(state, c), t + 1}));
  }
  if (holds(rules, stays(rules, conditions, state.current))) return due;
  // Down. After a move that brought her where she does not stay, the next instant notes it.
  if (!state.false_since) return t + 1;
  if (target(rules, conditions, state.current) == state.current) return due;
  return std::min(due, std::max(leaves_at(rules, state, calendar), t + 1));
}

}  // namespace patron::internal
