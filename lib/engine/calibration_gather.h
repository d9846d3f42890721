// CalibrationGatherer: customers, one by one, into the summary of one stage of a calibration.
//
//   CalibrationGatherer gather(policy, stage, settler, now);
//   for (uint32_t row : population) gather.add(row, id, state);
//   CalibrationSummary summary = gather.finish();
//
// The settler holds the constants under which values are computed, and hides facts that are not to
// be seen. Thread class: serial.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/engine/calibration_plan.h"
#include "lib/engine/calibration_summary.h"
#include "lib/engine/settle.h"

namespace patron::internal {

class CalibrationGatherer {
 public:
  /// All is kept by reference.
  CalibrationGatherer(const PolicyData& policy, int64_t stage, Settler& settler, Micros now);

  void add(uint32_t row, CustomerId id, const CustomerState& state);
  /// Leaves this empty.
  CalibrationSummary finish();

 private:
  void add_model(const CalibrationItem& item, size_t section, CustomerId id,
                 const Settled& settled);
  void add_referral(const PolicyModel& model, size_t section, CustomerId id,
                    const Settled& settled);
  void add_rank(const CalibrationItem& item, size_t section, CustomerId id,
                const CustomerState& state, const Settled& settled);
  /// The seat class in which she may not be replaced yet, or -1.
  int dwells_in(const CalibrationItem& item, const CustomerState& state) const;
  size_t value_index(std::string_view name) const;
  Multiset& rows(size_t section) { return summary_.sections[section].rows; }

  const PolicyData& policy_;
  Settler& settler_;
  Micros now_;
  std::vector<CalibrationItem> items_;  // of this stage
  bool looks_ = false;                  // whether values of the profile are needed
  CalibrationSummary summary_;
};

/// Of the roll of a rank with seats: her key, and the class in which she dwells or -1.
inline constexpr size_t kRollKey = 0, kRollDwells = 1;
/// Of the roll of referrals: what she did, as bits, and her value. RollEntry::other is who brought
/// her, where kReferrerKnown is set.
inline constexpr size_t kRollFlags = 0, kRollValue = 1;
inline constexpr int64_t kHasBought = 1, kHasRepeated = 2, kIsDue = 4, kIsRetained = 8,
                         kReferrerKnown = 16;
/// Whether a class of it has seats (`top`).
bool has_seats(const PolicyClassificationData& rank);

}  // namespace patron::internal
