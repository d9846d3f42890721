// One stage of a calibration: from the summary of a population to constants.
//
//   Result<CalibrationData> next = calibrate_stage(policy, summary, former);
//   next->stage == next->stages;      // complete, or another summary is needed under `next`
//
// A model with too few customers, or without a sound fit, keeps what `former` has for it, and its
// report says so. What comes out depends on the summary alone, so that parts that were merged give
// what the whole would (law L8 of docs/testing.md).
//
// Thread class: pure.
#pragma once

#include "lib/engine/calibration/calibration_data.h"
#include "lib/engine/calibration/calibration_summary.h"
#include "lib/policy/policy_data.h"
#include "patron/status.h"

namespace patron::internal {

/// `former`: the constants in force, or those of the stage before. Code::kArgument for a summary of
/// another policy or stage, or that was made under other constants.
Result<CalibrationData> calibrate_stage(const PolicyData& policy, const CalibrationSummary& summary,
                                        const CalibrationData& former);

}  // namespace patron::internal
