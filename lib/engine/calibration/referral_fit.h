// Referral value at a calibration: who was brought and did what, to the columns of who brought
// them.
//
//   std::string said;
//   Result<ReferralConstants> found = fit_referral(money, model, referred, others, &said);
//
// Thread class of everything here: pure.
#pragma once

#include <string>
#include <vector>

#include "lib/engine/calibration/calibration_data.h"
#include "lib/engine/calibration/calibration_summary.h"
#include "lib/policy/policy_data.h"

namespace patron::internal {

/// `referred`: with kRollFlags and kRollValue; `others`: flags and value. `message` says how the
/// referred compare. Code::kOverflow where money exceeds int64.
Result<ReferralConstants> fit_referral(const MoneyUnit& money, const PolicyModel& model,
                                       const CalibrationRoll& referred, const Multiset& others,
                                       std::string* message);

}  // namespace patron::internal
