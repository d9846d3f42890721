// TierMachine: the step function of ladders and first matches, word for word as in
// docs/classifications.md.
//
//   TierState state;
//   const std::optional<TierMove> move = step(rules, state, conditions, t, calendar);
//   if (move) ... move->from, move->to ...
//   Micros next = next_due(rules, state, conditions, t, calendar);
//
// A customer is settled at most once an instant, and a settle moves her at most once. Classes are
// numbered in the order of the document, which is precedence: 0 is tested first, and is the best
// tier of a ladder. Conditions are Kleene's: unknown never promotes.
//
// Thread class: pure, but for the state that is handed in.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/small_vector.h"
#include "patron/time.h"

namespace patron::internal {

/// Stands for no class.
inline constexpr int kNoClass = -1;

/// Whether a move is one up: into a class that is listed before, or into the first that she gets.
inline bool is_way_up(int from, int to) {
  return from == kNoClass || (to != kNoClass && to < from);
}

enum class Truth : uint8_t { kFalse, kTrue, kUnknown };

/// When somebody who may leave does leave.
enum class LeaveAt : uint8_t {
  kNow,
  kMonthEnd,          ///< 00:00 of the first day of the next month
  kYearEnd,           ///< 00:00 of 1 January
  kAnniversary,       ///< of joining
  kClassAnniversary,  ///< of entering the class
};

/// Where she goes.
enum class LeaveTo : uint8_t {
  kFirst,  ///< the first later class whose `enter` is true, else the last
  kNext,   ///< the next listed
  kNamed,
};

struct TierRules {
  struct Class {
    bool has_enter = true;  ///< false: nobody enters by a condition
    bool has_keep = false;
    Period min_dwell, grace, cool_down;  ///< zero where there is none
    LeaveTo to = LeaveTo::kFirst;
    LeaveAt at = LeaveAt::kNow;
    int named = kNoClass;  ///< kNamed
  };
  std::vector<Class> classes;
  bool hold_unknown = false;  ///< on_unknown: hold
  int64_t cap_moves = 0;      ///< no way up after so many moves down ...
  Period cap_per;             ///< ... in this time; cap_moves 0: no cap
};

/// Where a customer stands in one classification.
struct TierState {
  int current = kNoClass;
  Micros since = 0;
  std::optional<Micros> false_since;  ///< since when she would not stay
  SmallVector<Micros> cool_until;     ///< of each class; empty while there are none
  SmallVector<Micros> downs;          ///< the newest cap_moves moves down, ascending
  bool operator==(const TierState&) const = default;
};

/// `enter` and `keep` of each class at the instant, asked only where they matter.
struct TierConditions {
  std::function<Truth(int)> enter, keep;
};

/// The calendar of the policy and of the customer.
struct TierCalendar {
  TimeZone zone;
  std::optional<Micros> joined;
};

struct TierMove {
  int from = kNoClass;
  int to = kNoClass;
  bool operator==(const TierMove&) const = default;
};

/// Settles at t: the state as of t, and the move if there is one.
std::optional<TierMove> step(const TierRules& rules, TierState& state,
                             const TierConditions& conditions, Micros t,
                             const TierCalendar& calendar);

/// The first instant after t at which step() has something to do if every condition stays as it is:
/// the end of grace and dwell, a cool-down or a cap that ends, or the next microsecond after a move
/// into a class whose conditions differ already. kEndTime where there is none. `state` is as step()
/// left it at t.
Micros next_due(const TierRules& rules, const TierState& state, const TierConditions& conditions,
                Micros t, const TierCalendar& calendar);

}  // namespace patron::internal
