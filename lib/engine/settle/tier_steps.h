// The steps of tier machines for any kind of conditions: tier_machine.h is what they mean.
//
//   struct MyConditions { Truth enter(int c) const; Truth keep(int c) const; };
//   bool MyConditions::nothing_above(int c) const;   // optional: no class before c takes anybody
//   tier_steps::step(rules, state, conditions, t, calendar);
//
// Thread class: pure, but for the state that is handed in.
#pragma once

#include <algorithm>
#include <optional>

#include "lib/engine/settle/tier_machine.h"

namespace patron::internal::tier_steps {

inline int last_class(const TierRules& rules) { return static_cast<int>(rules.classes.size()) - 1; }

inline const TierRules::Class& at(const TierRules& rules, int c) {
  return rules.classes[static_cast<size_t>(c)];
}

/// The last class without `enter`, which takes the rest.
int rest_class(const TierRules& rules);
/// From when on the cap lets her up: when the oldest of the last cap_moves moves down is old
/// enough.
Micros cap_frees(const TierRules& rules, const TierState& state, const TierCalendar& calendar);
inline Micros cap_ends(const TierRules& rules, const TierState& state,
                       const TierCalendar& calendar) {
  return rules.cap_moves == 0 ? kMinTime : cap_frees(rules, state, calendar);
}
/// The boundary of her class at which she leaves, once grace and dwell are over.
Micros leaves_at_boundary(const TierRules& rules, const TierState& state,
                          const TierCalendar& calendar, Micros due);
/// Cool-downs and the cap, when she leaves her class.
void note_leaving(const TierRules& rules, TierState& state, int to, Micros t,
                  const TierCalendar& calendar);

/// TimeZone::add(), without a call where the period is of an exact length.
inline Micros later(const TierCalendar& calendar, Micros t, const Period& period) {
  Micros out = 0;
  const bool exact = period.months == 0 && !__builtin_add_overflow(t, period.micros, &out);
  return exact ? std::clamp(out, kMinTime, kEndTime) : calendar.zone.add(t, period);
}

/// When she leaves, would she stay no more from false_since on.
inline Micros leaves_at(const TierRules& rules, const TierState& state,
                        const TierCalendar& calendar) {
  const TierRules::Class& current = at(rules, state.current);
  const Micros due = std::max(later(calendar, *state.false_since, current.grace),
                              later(calendar, state.since, current.min_dwell));
  return current.at == LeaveAt::kNow ? due : leaves_at_boundary(rules, state, calendar, due);
}

inline void move_to(const TierRules& rules, TierState& state, int to, Micros t,
                    const TierCalendar& calendar) {
  if (state.current != kNoClass) {
    const bool noted = rules.cap_moves > 0 || at(rules, state.current).cool_down != Period();
    if (noted) note_leaving(rules, state, to, t, calendar);
  }
  state.current = to;
  state.since = t;
  state.false_since.reset();
}

inline Micros cooled(const TierState& state, int c) {
  return state.cool_until.empty() ? kMinTime : state.cool_until[static_cast<size_t>(c)];
}

inline bool holds(const TierRules& rules, Truth stay) {
  return stay == Truth::kTrue || (stay == Truth::kUnknown && rules.hold_unknown);
}

template <typename Conditions>
bool enters(const TierRules& rules, const Conditions& conditions, int c) {
  return at(rules, c).has_enter && conditions.enter(c) == Truth::kTrue;
}

// E or K in Kleene's logic; a class without conditions holds whom it has.
template <typename Conditions>
Truth stays(const TierRules& rules, const Conditions& conditions, int c) {
  const TierRules::Class& what = at(rules, c);
  if (!what.has_enter && !what.has_keep) return Truth::kTrue;
  const Truth enter = what.has_enter ? conditions.enter(c) : Truth::kFalse;
  if (enter == Truth::kTrue) return enter;
  const Truth keep = what.has_keep ? conditions.keep(c) : Truth::kFalse;
  if (keep == Truth::kTrue) return keep;
  return enter == Truth::kUnknown || keep == Truth::kUnknown ? Truth::kUnknown : Truth::kFalse;
}

template <typename Conditions>
int target(const TierRules& rules, const Conditions& conditions, int current) {
  const TierRules::Class& from = at(rules, current);
  if (from.to == LeaveTo::kNamed) return from.named;
  if (from.to == LeaveTo::kNext) return std::min(current + 1, last_class(rules));
  for (int c = current + 1; c <= last_class(rules); ++c) {
    if (enters(rules, conditions, c)) return c;
  }
  return last_class(rules);
}

template <typename Conditions>
int first_class(const TierRules& rules, const Conditions& conditions) {
  for (int c = 0; c <= last_class(rules); ++c) {
    if (enters(rules, conditions, c)) return c;
  }
  return rest_class(rules);
}

template <typename Conditions>
int up_class(const TierRules& rules, const TierState& state, const Conditions& conditions, Micros t,
             const TierCalendar& calendar) {
  if constexpr (requires { conditions.nothing_above(state.current); }) {
    if (conditions.nothing_above(state.current)) return kNoClass;
  }
  if (t < cap_ends(rules, state, calendar)) return kNoClass;
  for (int c = 0; c < state.current; ++c) {
    if (t >= cooled(state, c) && enters(rules, conditions, c)) return c;
  }
  return kNoClass;
}

/// step() and next_due() of tier_machine.h.
template <typename Conditions>
std::optional<TierMove> step(const TierRules& rules, TierState& state, const Conditions& conditions,
                             Micros t, const TierCalendar& calendar) {
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

/// Of who has a class: when she leaves it downwards.
template <typename Conditions>
Micros next_leaving(const TierRules& rules, const TierState& state, const Conditions& conditions,
                    Micros t, const TierCalendar& calendar) {
  if (state.current == kNoClass) return kEndTime;
  if (holds(rules, stays(rules, conditions, state.current))) return kEndTime;
  // After a move that brought her where she does not stay, the next instant notes it.
  if (!state.false_since) return t + 1;
  if (target(rules, conditions, state.current) == state.current) return kEndTime;
  return std::max(leaves_at(rules, state, calendar), t + 1);
}

template <typename Conditions>
Micros next_due(const TierRules& rules, const TierState& state, const Conditions& conditions,
                Micros t, const TierCalendar& calendar) {
  if (state.current == kNoClass) return kEndTime;
  Micros due = kEndTime;
  // Up: a class that would take her once it has cooled down and the cap lets her.
  const Micros cap = cap_ends(rules, state, calendar);
  for (int c = 0; c < state.current; ++c) {
    if (!enters(rules, conditions, c)) continue;
    due = std::min(due, std::max({cap, cooled(state, c), t + 1}));
  }
  return std::min(due, next_leaving(rules, state, conditions, t, calendar));
}

/// next_due() of a machine whose rules have neither a cap nor cool-downs, as step() left it, which
/// `moved` or not: who stays where she is goes up only when something changes, or when a class has
/// cooled down, which it may have begun to do under other rules (Engine::publish).
template <typename Conditions>
Micros next_of_simple(const TierRules& rules, const TierState& state, const Conditions& conditions,
                      bool moved, Micros t, const TierCalendar& calendar) {
  const bool stays_below = !moved && state.cool_until.empty();
  return stays_below || conditions.nothing_above(state.current)
             ? next_leaving(rules, state, conditions, t, calendar)
             : next_due(rules, state, conditions, t, calendar);
}

}  // namespace patron::internal::tier_steps
