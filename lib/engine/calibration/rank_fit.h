// Ranks at a calibration: cuts of shares and percents from everybody's values, and who gets a seat.
//
//   Result<RankConstants> found = fit_rank(rank, section.rows, section.roll, doubles);
//
// Shares and percents are cumulative from the top of the eligible, as patron::rank has them; who
// crosses one is inside, and equal values go in together (rule 35). Seats go to those whom an
// override keeps in theirs, then to those in dwell, then by value; a group of equals that does not
// fit whole stays out, and so does whoever comes after it.
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/engine/calibration/calibration_data.h"
#include "lib/engine/calibration/calibration_summary.h"
#include "lib/engine/calibration/multiset.h"
#include "lib/policy/policy_data.h"

namespace patron::internal {

/// `keys`: of the eligible, by rank_key(); `roll`: where the rank has seats, each of them with
/// kRollKey and kRollClaim, and of others those who are kPinned. Code::kOverflow where sums exceed
/// what can be added up.
Result<RankConstants> fit_rank(const PolicyClassificationData& rank, const Multiset& keys,
                               const CalibrationRoll& roll, bool doubles);

/// The cuts of a rank as bin_counts() wants them: ascending, a value being in where it is above.
/// A class that admits nobody has the greatest number.
std::vector<int64_t> rank_bins(const PolicyClassificationData& rank, const RankConstants& found);

}  // namespace patron::internal
