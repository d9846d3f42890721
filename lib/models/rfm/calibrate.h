// Calibration on several threads: what rfm_calibrate does, an axis to a thread.
#pragma once

#include "lib/base/parallel.h"
#include "patron/rfm.h"

namespace patron::internal {

/// patron::rfm_calibrate; the result does not depend on `threads`. `watch` may be null; kCancelled,
/// kCallback.
Result<RfmCuts> calibrate(const RfmSample& sample, const RfmCalibration& calibration, int threads,
                          Watch* watch);

}  // namespace patron::internal
