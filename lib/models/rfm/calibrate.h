// Calibration on several threads: what rfm_calibrate does, an axis to a thread; and of columns that
// are sorted and counted.
#pragma once

#include <array>

#include "lib/base/parallel.h"
#include "lib/models/rfm/order_statistics.h"
#include "patron/rfm.h"

namespace patron::internal {

/// patron::rfm_calibrate; the result does not depend on `threads`. `watch` may be null; kCancelled,
/// kCallback.
Result<RfmCuts> calibrate(const RfmSample& sample, const RfmCalibration& calibration, int threads,
                          Watch* watch);
/// The same of columns that are sorted and counted: recency, frequency, money.
Result<RfmCuts> calibrate(const std::array<CountedValues, 3>& sample,
                          const RfmCalibration& calibration);

}  // namespace patron::internal
