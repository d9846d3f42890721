// CalibrationGatherer: customers, one by one, into the summary of one stage of a calibration.
//
//   CalibrationGatherer gather(policy, stage, settler, now);
//   gather.add_all(book.state(), population, states, {});
//   CalibrationSummary summary = gather.finish();
//
// The settler holds the constants under which values are computed, and hides facts that are not to
// be seen. Thread class: serial.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "lib/engine/calibration/calibration_plan.h"
#include "lib/engine/calibration/calibration_summary.h"
#include "lib/engine/settle/settle.h"
#include "lib/engine/tables/rfm_measures.h"
#include "lib/engine/tables/value_pages.h"

namespace patron::internal {

class NpsPages;
class RfmPages;

class CalibrationGatherer {
 public:
  /// All is kept by reference.
  CalibrationGatherer(const PolicyData& policy, int64_t stage, Settler& settler, Micros now);

  /// One customer, by a look at all her values.
  void add(uint32_t row, CustomerId id, const CustomerState& state);
  /// Many, ascending rows: values are computed a page at a time, but for those in `apart`, who have
  /// facts that are hidden. The same comes out.
  void add_all(const BookState& book, std::span<const uint32_t> rows, const StateOf& states,
               const std::set<uint32_t>& apart);
  /// Leaves this empty.
  CalibrationSummary finish();
  /// The measures of RFM of everybody, where add_all() made them; else null.
  std::unique_ptr<const RfmMeasures> take_measures();

 private:
  void want_values();
  void look(uint32_t row, const CustomerState& state);
  void see(const ValuePages& pages, size_t k);
  bool learns_from(PolicyModel::Kind kind) const;
  void measure(RfmPages& pages, uint32_t page);
  void add_columns(RfmPages* rfm, NpsPages* nps, const BookState& book,
                   std::span<const uint32_t> customers, const StateOf& states,
                   const std::set<uint32_t>& apart);
  void take(CustomerId id, const CustomerState& state);
  void add_model(const CalibrationItem& item, size_t section, CustomerId id);
  void add_referral(const CalibrationItem& item, size_t section, CustomerId id);
  void add_rank(const CalibrationItem& item, size_t section, CustomerId id,
                const CustomerState& state);
  /// The seat class in which she may not be replaced yet, or -1.
  int dwells_in(const CalibrationItem& item, const CustomerState& state) const;
  /// The seat class in which an override keeps her, or is to, or -1.
  int pinned_in(const CalibrationItem& item, const CustomerState& state) const;
  const std::vector<size_t>& reads_of(const CalibrationItem& item) const {
    return reads_[static_cast<size_t>(&item - items_.data())];
  }
  Multiset& rows(size_t section) { return summary_.sections[section].rows; }

  const PolicyData& policy_;
  Settler& settler_;
  Micros now_;
  std::vector<CalibrationItem> items_;      // of this stage
  std::vector<std::vector<size_t>> reads_;  // of each item: the values that it learns from
  std::vector<size_t> wanted_;              // values of the profile that are needed
  bool by_pages_ = true;                    // no condition reads a set
  std::vector<Cell> cells_;                 // hers, of each value; good where it is wanted
  std::vector<bool> eligible_;              // of each classification
  CalibrationSummary summary_;
  std::unique_ptr<RfmMeasures> measures_;
  uint32_t measured_ = 0;  // of how many customers
  /// Of the customer who is taken, where her page was read: the answer that NPS counts, or that
  /// there is none. Else nothing, and her log is read.
  std::optional<std::optional<int64_t>> answer_;
};

/// Of the roll of a rank with seats: her key, and what claim she has: the class in which she
/// dwells, or kPinned and the class in which an override keeps her, or -1 for none. Who is kPinned
/// and not eligible has kNoRollKey.
inline constexpr size_t kRollKey = 0, kRollClaim = 1;
inline constexpr int64_t kPinned = int64_t{1} << 20;
inline constexpr int64_t kNoRollKey = std::numeric_limits<int64_t>::min();
/// Of the roll of referrals: what she did, as bits, and her value. RollEntry::other is who brought
/// her, where kReferrerKnown is set.
inline constexpr size_t kRollFlags = 0, kRollValue = 1;
inline constexpr int64_t kHasBought = 1, kHasRepeated = 2, kIsDue = 4, kIsRetained = 8,
                         kReferrerKnown = 16;
/// Whether a class of it has seats (`top`).
bool has_seats(const PolicyClassificationData& rank);

}  // namespace patron::internal
