#include "tests/engine/oracle/machine.h"

#include <algorithm>

namespace patron::oracle {
namespace {

Truth either(Truth a, Truth b) {
  if (a == Truth::kTrue || b == Truth::kTrue) return Truth::kTrue;
  return a == Truth::kUnknown || b == Truth::kUnknown ? Truth::kUnknown : Truth::kFalse;
}

// Local midnights from `least` on, one after the other, until one is such a boundary.
Micros boundary(const std::string& at, Micros after, Micros least, const TimeZone& zone,
                std::optional<Micros> joined, Micros since) {
  if (at == "anniversary" && !joined) return kEndTime;
  const CivilDate anchor = civil_from_day(zone.local_day(at == "anniversary" ? *joined : since));
  for (Day day = zone.local_day(std::max(after, least));; ++day) {
    const Micros t = zone.start_of_day(day);
    if (t >= kEndTime) return kEndTime;
    if (t <= after || t < least) continue;
    const CivilDate date = civil_from_day(day);
    if (at == "month_end" && date.day == 1) return t;
    if (at == "year_end" && date.day == 1 && date.month == 1) return t;
    if (at != "anniversary" && at != "class_anniversary") continue;
    if (date.year <= anchor.year) continue;
    CivilDate wanted{date.year, anchor.month, anchor.day};
    // 29 February is 28 February in other years.
    const bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    if (!leap && wanted.month == 2 && wanted.day == 29) wanted.day = 28;
    if (date == wanted) return t;
  }
}

bool cap_allows(const MachineRules& rules, const Standing& her, Micros t, const TimeZone& zone) {
  if (rules.cap_moves == 0) return true;
  return std::count_if(her.downs.begin(), her.downs.end(), [&](Micros down) {
           return t < zone.add(down, rules.cap_per);
         }) < rules.cap_moves;
}

int target(const MachineRules& rules, int current, const Conditions& conditions) {
  const ClassRules& from = rules.classes[static_cast<size_t>(current)];
  const int last = static_cast<int>(rules.classes.size()) - 1;
  if (from.leave_to >= 0) return from.leave_to;
  if (from.one_step) return std::min(current + 1, last);
  for (int c = current + 1; c <= last; ++c) {
    if (conditions.enter(c) == Truth::kTrue) return c;
  }
  return last;
}

}  // namespace

bool step(const MachineRules& rules, Standing& her, const Conditions& conditions, Micros t,
          const TimeZone& zone, std::optional<Micros> joined, std::set<Micros>& later) {
  const int count = static_cast<int>(rules.classes.size());
  her.cool_until.resize(rules.classes.size(), kMinTime);
  const auto move = [&](int to) {
    if (her.current >= 0) {
      const auto from = static_cast<size_t>(her.current);
      her.cool_until[from] = zone.add(t, rules.classes[from].cool_down);
      later.insert(her.cool_until[from]);
      if (to > her.current) {
        her.downs.push_back(t);
        later.insert(zone.add(t, rules.cap_per));
      }
    }
    her.current = to;
    her.since = t;
    her.false_since.reset();
    later.insert(t + 1);
  };
  if (her.current < 0) {
    int first = -1;
    for (int c = count - 1; c >= 0; --c) {
      const ClassRules& what = rules.classes[static_cast<size_t>(c)];
      const bool rest = what.enter.empty() && !rules.bands;
      if (rest ? first < 0 : conditions.enter(c) == Truth::kTrue) first = c;
    }
    if (first < 0) return false;
    move(first);
    return true;
  }
  const ClassRules& current = rules.classes[static_cast<size_t>(her.current)];
  for (int c = 0; c < her.current; ++c) {
    if (conditions.enter(c) == Truth::kTrue && t >= her.cool_until[static_cast<size_t>(c)] &&
        cap_allows(rules, her, t, zone)) {
      move(c);
      return true;
    }
  }
  const bool unconditional = current.enter.empty() && current.keep.empty() && !rules.bands;
  const Truth stay = unconditional
                         ? Truth::kTrue
                         : either(conditions.enter(her.current), conditions.keep(her.current));
  if (stay == Truth::kTrue || (stay == Truth::kUnknown && rules.hold_unknown)) {
    her.false_since.reset();
    return false;
  }
  if (!her.false_since) her.false_since = t;
  Micros due =
      std::max(zone.add(*her.false_since, current.grace), zone.add(her.since, current.min_dwell));
  if (!current.leave_at.empty()) {
    due = boundary(current.leave_at, *her.false_since, due, zone, joined, her.since);
  }
  later.insert(due);
  if (t < due) return false;
  const int to = target(rules, her.current, conditions);
  if (to == her.current) return false;
  move(to);
  return true;
}

}  // namespace patron::oracle
