#include "lib/engine/settle/overrides.h"

#include <algorithm>

#include "lib/engine/settle/settle.h"
#include "lib/engine/settle/tier_rules.h"

namespace patron::internal {
namespace {

// The class by each kind, where one is in force.
template <typename InForce>
int apply(std::span<const StandingOverride> overrides, const PolicyClassificationData& what,
          size_t machine, const MachineName& name, int own, const InForce& in_force) {
  const StandingOverride* by[4] = {};
  for (const StandingOverride& one : overrides) {
    if (one.classification != name.classification || !in_force(one)) continue;
    by[static_cast<size_t>(one.kind)] = &one;
  }
  const auto of = [&](OverrideKind kind) { return by[static_cast<size_t>(kind)]; };
  if (const StandingOverride* pin = of(OverrideKind::kPin)) {
    if (name.flag < 0) return document_class(what, pin->to);
    if (name.flag == pin->to) return kFlagIn;
  }
  if (const StandingOverride* hold = of(OverrideKind::kHold)) {
    if (machine < hold->held.size() && hold->held[machine] != kNoClass) return hold->held[machine];
  }
  // The better class has the smaller number; whoever has none yet is below all.
  if (const StandingOverride* floor = of(OverrideKind::kFloor)) {
    const int least = document_class(what, floor->to);
    if (own == kNoClass || own > least) own = least;
  }
  if (const StandingOverride* ceiling = of(OverrideKind::kCeiling)) {
    if (own != kNoClass) own = std::max(own, document_class(what, ceiling->to));
  }
  return own;
}

}  // namespace

void begin_holds(SmallVector<StandingOverride>& overrides, std::span<const ShownClass> shown,
                 std::span<const MachineName> machines, Micros t) {
  for (StandingOverride& one : overrides) {
    if (one.kind != OverrideKind::kHold || !one.in_force(t)) continue;
    one.held.resize(machines.size(), kNoClass);
    for (size_t m = 0; m < machines.size(); ++m) {
      if (machines[m].classification != one.classification || one.held[m] != kNoClass) continue;
      one.held[m] = shown[m].current;
    }
  }
}

int overridden(std::span<const StandingOverride> overrides, const PolicyClassificationData& what,
               size_t machine, const MachineName& name, int own, Micros t) {
  return apply(overrides, what, machine, name, own,
               [t](const StandingOverride& one) { return one.in_force(t); });
}

int overridden_before(std::span<const StandingOverride> overrides,
                      const PolicyClassificationData& what, size_t machine, const MachineName& name,
                      int own) {
  return apply(overrides, what, machine, name, own,
               [](const StandingOverride& one) { return one.begun; });
}

Micros next_override(std::span<const StandingOverride> overrides, Micros t) {
  Micros next = kEndTime;
  for (const StandingOverride& one : overrides) {
    if (one.removed) continue;
    if (one.at > t) next = std::min(next, one.at);
    if (one.until > t) next = std::min(next, one.until);
  }
  return next;
}

void end_overrides(SmallVector<StandingOverride>& overrides, Micros t) {
  erase_if(overrides, [t](const StandingOverride& one) { return one.removed || one.until <= t; });
  for (StandingOverride& one : overrides) one.begun = one.in_force(t);
}

}  // namespace patron::internal
