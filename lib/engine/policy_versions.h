// PolicyVersions: the policies under which an engine has lived, and how the classes of each went on
// under the next.
//
//   ClassPlace place{0, 2};                           // a class, as the document numbers them
//   place = carried(versions, 1, 3, place);           // what the first policy's is in the third
//
// What was decided keeps the names of its own policy; this says what they are called now. Versions
// are numbered from 1. Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/engine/settle/tier_machine.h"
#include "patron/policy.h"
#include "patron/time.h"

namespace patron::internal {

/// What became of a classification when another policy took over.
struct CarriedClassification {
  int to = -1;               ///< the classification that it is there; -1: it ended
  std::vector<int> classes;  ///< of each class the one that it is there, or kNoClass
  bool operator==(const CarriedClassification&) const = default;
};

struct PolicyVersion {
  Policy policy;
  Micros at = kMinTime;                        ///< the clock when it was published
  std::vector<CarriedClassification> carried;  ///< from each of the version before
};

/// A class of a version; of flags one flag.
struct ClassPlace {
  int classification = -1;
  int c = kNoClass;
  bool operator==(const ClassPlace&) const = default;
};

/// What a class of version `from` is in version `to`, which is not before it; no classification
/// where that ended, no class where there is none that it became.
ClassPlace carried(std::span<const PolicyVersion> versions, int32_t from, int32_t to,
                   ClassPlace place);
/// The classification of version `from` that became this one of version `to`; -1: there was none.
int came_from(std::span<const PolicyVersion> versions, int32_t from, int32_t to,
              int classification);
/// The number of the version in force at an instant.
int32_t version_at(std::span<const PolicyVersion> versions, Micros t);

}  // namespace patron::internal
