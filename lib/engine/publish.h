// Publishing: from where customers stand under one policy to where they stand under the next.
//
//   Result<MatchedClasses> matched = match_classes(before, after, mapping);
//   StateCarrier carry(before, machines, after, machines_there, *matched);
//   CustomerState there = carry(state);             // classes and timers, overrides, kept values
//
// Classes go on by their names, or by the mapping; timers go with them. What has no place there is
// left out: whoever publishes has made sure that nobody needs it (StateCarrier::lost).
//
// Thread class of everything here: pure, and StateCarrier shared.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/engine/calibration/calibration_data.h"
#include "lib/engine/policy_versions.h"
#include "lib/engine/settle/settle.h"
#include "patron/engine.h"

namespace patron::internal {

struct MatchedClasses {
  std::vector<CarriedClassification> carried;
  std::vector<std::vector<bool>> may_end;  ///< of each class: the mapping says that it ends
};

/// What becomes of each classification of a policy under another. Code::kColumn for names in the
/// mapping that do not exist, kArgument where two classifications, or two flags, would become one.
Result<MatchedClasses> match_classes(const PolicyData& before, const PolicyData& after,
                                     const PublishMapping& mapping);

class StateCarrier {
 public:
  /// All are kept by reference.
  StateCarrier(const PolicyData& before, std::span<const MachineName> machines_before,
               const PolicyData& after, std::span<const MachineName> machines_after,
               const MatchedClasses& matched);

  /// Where every state is as it would be carried: there is nothing to do.
  bool is_identity() const { return identity_; }
  CustomerState operator()(const CustomerState& state) const;

  /// Whether all of hers are numbers that keep their places, as of nearly everybody: no timers of
  /// single classes, no overrides, no kept values.
  bool is_plain(const CustomerState& state) const;
  /// Makes of such a state in its place what operator() makes of it. Does not fail.
  void renumber(CustomerState& state) const;

  /// A class that she is in, or that an override keeps her in, and that has no place there.
  struct Loss {
    int classification = -1;  ///< of the policy before; -1: nothing is lost
    int c = kNoClass;
    bool by_override = false;  ///< an override says it
    bool order = false;        ///< it is a floor or a ceiling, and there is no order any more
  };
  /// The first; what may end is none.
  Loss lost(const CustomerState& state) const;

 private:
  int carried_class(size_t machine, int machine_class) const;
  TierState carried_machine(size_t machine, const TierState& state) const;
  ShownClass carried_shown(size_t machine, const ShownClass& shown) const;
  StandingOverride carried_override(const StandingOverride& one) const;
  bool has_place(size_t classification, int c) const;
  bool is_lost(size_t machine, int machine_class) const {
    return machine_class != kNoClass && lost_[machine][static_cast<size_t>(machine_class)];
  }
  void number_classes();

  const PolicyData& before_;
  const PolicyData& after_;
  std::span<const MachineName> names_before_, names_after_;
  const MatchedClasses& matched_;
  std::vector<int> source_;                ///< of each machine there the one here, or -1
  std::vector<std::vector<int>> becomes_;  ///< of each machine there what its source's classes are
  std::vector<std::vector<bool>> lost_;    ///< of each machine here: which classes have no place
  std::vector<int> kept_source_;  ///< of each value there the one here whose kept value it takes
  bool keeps_ = false;
  bool identity_ = false, same_places_ = false;
};

/// The constants that hold under the other policy: of models and ranks that are defined as before,
/// with all that they read (definitions.h).
std::shared_ptr<const CalibrationData> carried_constants(
    const PolicyData& before, const PolicyData& after,
    const std::shared_ptr<const CalibrationData>& constants);

}  // namespace patron::internal
