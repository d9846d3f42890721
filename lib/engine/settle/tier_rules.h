// From the classifications of a policy to the rules of tier machines.
//
//   TierRules tier = ladder_rules(classification);        // also of a first match
//   TierRules vip = flag_rules(classification.classes[0]);
//   TierRules age = band_rules(classification);
//
// All kinds that have timers run on one machine: a flag is a ladder of two classes, in and out;
// bands are a ladder whose best class is the highest band, entered at its lower cut and kept until
// the value is below that cut by the hysteresis (rule 34).
//
// Thread class of everything here: pure.
#pragma once

#include <optional>
#include <span>

#include "lib/engine/settle/tier_machine.h"
#include "lib/policy/policy_data.h"

namespace patron::internal {

/// Classes as they stand in the document.
TierRules ladder_rules(const PolicyClassificationData& classification);

/// Class 0 is in, 1 is out.
inline constexpr int kFlagIn = 0, kFlagOut = 1;
TierRules flag_rules(const PolicyClass& flag);

/// Class c is the band classes.size() - 1 - c of the document: bands are listed from low to high.
TierRules band_rules(const PolicyClassificationData& classification);
/// Whether a value enters, and stays in, class c of those rules. A value that is not known, and one
/// that is not finite, is unknown to all. `cuts` ascend, one less than there are bands.
Truth enters_band(std::span<const double> cuts, int c, std::optional<double> value);
Truth keeps_band(std::span<const double> cuts, double hysteresis, int c,
                 std::optional<double> value);

}  // namespace patron::internal
