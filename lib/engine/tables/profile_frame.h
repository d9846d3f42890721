// ProfileFrame: what of a profile is the same for everybody, made once for a policy: what stands in
// the columns of names, kinds and sources, and the order of the values.
//
//   const ProfileFrame frame(policy.data());
//   Table profile = frame.table(values, as_of);     // of one customer; shares the frame's columns
//
// Thread class: a const ProfileFrame is shared.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "lib/engine/tables/profile.h"
#include "patron/table.h"

namespace patron::internal {

class ProfileFrame {
 public:
  /// The policy is kept by reference; the tables that are made do not need it.
  explicit ProfileFrame(const PolicyData& policy);

  const ProfileSources& sources() const { return sources_; }
  /// Where the values of the profile stand in the policy: in its order, then those set aside.
  std::span<const size_t> places() const { return places_; }

  /// The table of patron_engine_profile: a row for each place; of `values` and `as_of`, which are
  /// by the policy's order. Throws std::bad_alloc. Cost: linear in the values.
  Table table(std::span<const MetricValue> values,
              std::span<const std::optional<Micros>> as_of) const;

 private:
  const PolicyData& policy_;
  ProfileSources sources_;
  std::vector<size_t> places_;
  std::vector<Field> fields_;
  std::vector<std::vector<Chunk>> chunks_;  ///< of each column; those of one customer are empty
  std::shared_ptr<const void> owner_;       ///< of what the chunks point to
};

}  // namespace patron::internal
