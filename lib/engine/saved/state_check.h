// StateCheck: whether what was read of a saved engine is something that an engine can have.
//
//   StateCheck check(data.versions, data.settler, data.book);
//   if (const char* wrong = check.member(row, member)) ...
//
// Each says what is wrong, or null. Thread class: shared.
#pragma once

#include <span>
#include <vector>

#include "lib/engine/engine_data.h"

namespace patron::internal {

class StateCheck {
 public:
  /// All are kept by reference; the last version is the one that lives.
  StateCheck(std::span<const PolicyVersion> versions, const Settler& settler, const Book& book);

  const char* member(uint32_t row, const EngineMember& member) const;
  const char* move(const EngineMove& move) const;
  const char* note(const EngineNote& note) const;
  const char* link(const FrozenLink& link) const;
  const char* meeting(const EngineMeeting& meeting) const;

 private:
  bool there(uint32_t row) const;
  const char* state(const CustomerState& state) const;
  const char* machine(size_t m, const TierState& state) const;
  const char* override_of(const StandingOverride& one) const;
  const char* kept(size_t i, const MetricValue& value) const;
  bool class_of_machine(size_t m, int c) const;

  std::span<const PolicyVersion> versions_;
  std::vector<std::vector<size_t>> classes_;  ///< how many, of each version and classification
  const PolicyData& policy_;
  std::span<const MachineName> machines_;
  const Book& book_;
};

/// Whether a policy's classes can have gone on so under the next.
const char* check_carried(const PolicyData& before, const PolicyData& after,
                          std::span<const CarriedClassification> carried);

}  // namespace patron::internal
