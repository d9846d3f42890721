// Overrides: what people put in the place of a machine's class, for a time.
//
//   StandingOverride vip;
//   vip.kind = OverrideKind::kPin, vip.classification = 0, vip.to = 0, vip.at = now;
//   overridden(state.overrides, classification, machine, name, own, t);   // 0 while it holds
//
// There is one of a kind for each classification: pin > hold > ceiling > floor (rule 37). The
// machine runs on beside it as if there were none, and is what holds again when it ends.
//
// Thread class of everything here: pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/small_vector.h"
#include "lib/policy/policy_data.h"
#include "patron/engine.h"

namespace patron::internal {

struct ShownClass;
struct MachineName;

struct StandingOverride {
  OverrideKind kind = OverrideKind::kPin;
  int classification = 0;
  int to = 0;  ///< a class of the document; of a hold nothing
  Micros at = 0, until = kEndTime;
  std::string reason, author;
  bool begun = false;     ///< it was in force at the last settling
  bool removed = false;   ///< it ends with the next settling
  std::vector<int> held;  ///< of a hold that has begun: her class by each machine
  bool operator==(const StandingOverride&) const = default;
  bool in_force(Micros t) const { return !removed && at <= t && t < until; }
};

/// Holds that begin at t, at the latest, take what she is seen to be.
void begin_holds(SmallVector<StandingOverride>& overrides, std::span<const ShownClass> shown,
                 std::span<const MachineName> machines, Micros t);
/// What a machine's class `own` becomes at t; all in classes of that machine.
int overridden(std::span<const StandingOverride> overrides, const PolicyClassificationData& what,
               size_t machine, const MachineName& name, int own, Micros t);
/// The same under the overrides that were in force at the last settling.
int overridden_before(std::span<const StandingOverride> overrides,
                      const PolicyClassificationData& what, size_t machine, const MachineName& name,
                      int own);
/// The first instant after t at which an override begins or ends; kEndTime: none does.
Micros next_override(std::span<const StandingOverride> overrides, Micros t);
/// After a settling at t: those that are over go.
void end_overrides(SmallVector<StandingOverride>& overrides, Micros t);

}  // namespace patron::internal
