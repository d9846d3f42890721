// HeldClasses: the classes that a customer holds, from where she stands.
//
//   HeldClasses classes(policy.data());
//   int tier = classes.of(0, state);          // a class of the document, or kNoClass
//   std::vector<std::string> audiences = classes.flags(1, state);
//
// Thread class: shared.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/engine/settle/settle.h"

namespace patron::internal {

class HeldClasses {
 public:
  /// The policy is kept by reference.
  explicit HeldClasses(const PolicyData& policy);

  const PolicyClassificationData& what(size_t classification) const {
    return policy_.classifications[classification];
  }
  bool is_flags(size_t classification) const {
    return what(classification).seen.kind == ClassificationKind::kFlags;
  }
  /// The class of a classification that is no set of flags, and since when.
  int of(size_t classification, const CustomerState& state) const;
  std::optional<Micros> since(size_t classification, const CustomerState& state) const;
  /// The flags that she has, in the order of the document.
  std::vector<std::string> flags(size_t classification, const CustomerState& state) const;
  /// What is kept of her way through a classification, as of now; changes with the clock only where
  /// it is `time_in`, at every instant.
  MetricValue history(const PolicyHistory& of, const CustomerState& state, Micros now) const;
  bool has_flag(size_t classification, size_t flag, const CustomerState& state) const;

 private:
  const ShownClass* machine(size_t classification, size_t flag, const CustomerState& state) const;

  const PolicyData& policy_;
  std::vector<size_t> machines_;  ///< of each classification the first
};

}  // namespace patron::internal
