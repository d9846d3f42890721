// ModelValues: the outputs of a policy's models for one customer at one instant, from her own facts
// and the constants of a calibration.
//
//   ModelValues models(policy, streams);
//   models.use(calibration);
//   models.begin(customer, id, now);
//   MetricValue r = models.value(i, number);       // the policy's i-th value, such as rfm.r
//   r.next_change;                                  // when time alone may change it
//
// Raw measures (recency, frequency, money, the answer of a survey) are live from the first fact on;
// what needs constants is null before there are any (rule 25). What is read of her facts is read
// once for all outputs of a model.
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/engine/calibration/calibration_data.h"
#include "lib/engine/settle/customer_history.h"
#include "lib/engine/settle/ltv_scorer.h"
#include "lib/metrics/evaluator.h"
#include "lib/metrics/metric_value.h"
#include "lib/metrics/value_block.h"
#include "lib/policy/policy_data.h"
#include "patron/segments.h"

namespace patron::internal {

/// A value of hers by its name, as a number in the unit people read.
using NumberOf = std::function<std::optional<double>(std::string_view)>;

/// The first day on which she lies above one more cut of recency, or on the other side of the
/// octants' split; none: no more. And the midnight it begins with.
std::optional<Day> next_recency_day(const RfmMeasured& measured, const RfmCuts& cuts, Day today);
Micros next_recency(const RfmMeasured& measured, const RfmCuts& cuts, const TimeZone& zone,
                    Micros now);

class RfmPages;

class ModelValues {
 public:
  /// All is kept by reference.
  ModelValues(const PolicyData& policy, std::span<const MetricStream> streams,
              const BookState& book);
  ~ModelValues();

  /// What is frozen. Null: nothing is calibrated.
  void use(std::shared_ptr<const CalibrationData> constants);
  /// Constants with what is made of them once.
  struct InForce {
    std::shared_ptr<const CalibrationData> constants;
    std::vector<std::unique_ptr<LtvScorer>> scorers;  ///< of each model; null where there is none
  };
  InForce ready(std::shared_ptr<const CalibrationData> constants) const;
  /// Puts others in the place of those in force. Does not fail.
  void exchange(InForce& other);
  const CalibrationData& constants() const { return *constants_; }
  const std::shared_ptr<const CalibrationData>& shared() const { return constants_; }

  /// From now on it is about her.
  void begin(uint32_t customer, CustomerId id, Micros now);
  /// Zeroes what is left of the last customer. Does not fail.
  void let_go();

  /// Takes the measures of RFM of somebody else's making.
  void take_rfm(const RfmMeasured& measured) { rfm_ = measured; }

  /// The value at that place of the policy, which is an output of a model.
  MetricValue value(size_t index, const NumberOf& number);
  /// Whether the value at that place is an output of RFM.
  bool is_rfm(size_t index) const;
  /// That output of the customers of a page, of those that `page` has, as value() gives it of each.
  /// The block has the shape of the output and is all unknown.
  void rfm_outputs(size_t index, RfmPages& page, uint32_t customers, ValueBlock& out);
  /// The class of a grid, as the document numbers them, or -1; and when time alone changes it.
  int grid_class(const PolicyClassificationData& grid, Micros& next_change);

  // The measures of the customer, for a calibration; `model` is of its kind.
  const RfmMeasured& rfm(const PolicyModel& model);
  const std::optional<LtvMeasured>& ltv(const PolicyModel& model);
  const NpsMeasured& nps(const PolicyModel& model);
  ReferralMeasured referral(const PolicyModel& model);

 private:
  struct Slot;
  struct Tables;
  MetricValue rfm_value(const Slot& slot);
  MetricValue ltv_value(const Slot& slot);
  MetricValue nps_value(const Slot& slot);
  MetricValue referral_value(const Slot& slot) const;
  MetricValue combined(const Slot& slot, const NumberOf& number) const;
  Micros next_midnight() const;
  Micros next_score(const RfmMeasured& measured, const RfmCuts& cuts) const {
    return next_recency(measured, cuts, policy_.zone, now_);
  }

  const PolicyData& policy_;
  std::shared_ptr<const CalibrationData> constants_;
  std::vector<Slot> slots_;                          // of each value
  std::unique_ptr<Tables> tables_;                   // of segments
  std::vector<std::unique_ptr<LtvScorer>> scorers_;  // of each model; null where there is none
  const BookState& book_;
  std::optional<EventSource> orders_, surveys_, referrals_;
  int amount_ = -1, kind_ = -1, score_ = -1, referrer_ = -1, referred_ = -1;

  uint32_t customer_ = 0;
  CustomerId id_;
  Micros now_ = 0;
  std::optional<RfmMeasured> rfm_;
  std::optional<std::optional<LtvMeasured>> ltv_;
  std::optional<NpsMeasured> nps_;
};

}  // namespace patron::internal
