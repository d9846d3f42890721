// The step of docs/classifications.md, as it stands there, and the instants at which its timers may
// change something.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/engine/oracle/condition.h"
#include "tests/engine/oracle/tree.h"

namespace patron::oracle {

enum class Truth : uint8_t { kFalse, kTrue, kUnknown };

inline Truth truth_of(const Value& value) {
  return !value.known() ? Truth::kUnknown : value.truth() ? Truth::kTrue : Truth::kFalse;
}

struct ClassRules {
  std::string name;
  Condition enter, keep;
  Period min_dwell, grace, cool_down;
  std::string leave_at;  ///< "month_end" ...; empty: at once
  bool one_step = false;
  int leave_to = -1;  ///< the named class
  /// Of bands: the lower cut; the lowest has none.
  std::optional<double> cut;
};

/// A classification, or one flag: a list of classes in the order of precedence.
struct MachineRules {
  std::vector<ClassRules> classes;
  bool hold_unknown = false;
  int64_t cap_moves = 0;
  Period cap_per;
  bool bands = false;
};

struct Standing {
  int current = -1;
  Micros since = 0;
  std::optional<Micros> false_since;
  std::vector<Micros> cool_until;  ///< of each class
  std::vector<Micros> downs;       ///< all moves down there ever were
};

struct Conditions {
  std::function<Truth(int)> enter, keep;
};

/// One settle. True where she was moved. What may happen later by timers alone goes to `later`.
bool step(const MachineRules& rules, Standing& standing, const Conditions& conditions, Micros t,
          const TimeZone& zone, std::optional<Micros> joined, std::set<Micros>& later);

}  // namespace patron::oracle
