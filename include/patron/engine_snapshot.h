// EngineSnapshot: an engine as it stands at one moment, for any number of reading threads while one
// goes on writing.
//
//   patron::EngineSnapshot now = engine.snapshot();
//   std::thread reader([now] { draw(*now.distribution("tier")); });
//   engine.advance(later);                       // the snapshot stays as it was
//
// It keeps the policy, the facts (pages that both share until the engine changes them), where every
// customer stands, and the ids. Who is forgotten in the engine later is still in it. Copies share
// their memory, and it outlives its engine. Thread class: shared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "patron/engine.h"

namespace patron {
namespace internal {
struct EngineSnapshotData;
}
inline namespace v0 {

class EngineSnapshot {
 public:
  const Policy& policy() const;
  /// kMinTime where the engine had not been advanced.
  Micros clock() const;
  int64_t customers() const;
  /// What ids are: kString or kInt64.
  Kind customer() const;
  /// The constants in force.
  Calibration calibration() const;

  /// As the functions of Engine of the same names. What they give borrows from the snapshot.
  Result<Table> classes() const;
  Result<Table> classes(std::span<const CustomerId> customers) const;
  std::optional<CustomerId> customer_of(CustomerId id) const;
  Result<Table> identities() const;
  Result<Table> identities(std::span<const CustomerId> ids) const;
  Result<Table> profiles(const ProfilesOptions& options = {}) const;
  Result<Profile> profile(CustomerId customer) const;
  Result<Table> profile_table(CustomerId customer) const;
  Result<std::vector<ClassCount>> distribution(std::string_view classification) const;

 private:
  friend class Engine;
  explicit EngineSnapshot(std::shared_ptr<const internal::EngineSnapshotData> data);
  std::shared_ptr<const internal::EngineSnapshotData> data_;
};

}  // namespace v0
}  // namespace patron
