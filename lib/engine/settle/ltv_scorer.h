// LtvScorer: what a customer's history is worth, by fitted models.
//
//   LtvScorer scorer(model, constants, zone, scale);
//   std::optional<double> alive = scorer.p_alive(measured, today);
//
// Everything is as of the beginning of a local day, so that it changes at local midnights only.
// Thread class: a const scorer is shared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "lib/engine/calibration/calibration_data.h"
#include "lib/engine/settle/customer_history.h"
#include "lib/models/ltv/predictor.h"
#include "lib/policy/policy_data.h"

namespace patron::internal {

/// The grid on which a model of a policy counts: local days, or for BG/BB the periods of its unit.
PeriodGrid ltv_grid(const PolicyModel& model, const TimeZone& zone);
/// Whether only periods that are over count.
inline bool ltv_whole_periods(const PolicyModel& model) { return model.ltv == LtvModel::kBgBb; }
/// A period of the policy in units of the model's clock: exact lengths, months as twelfths of a
/// year; rounded down where the model counts whole periods.
double ltv_horizon(const PolicyModel& model);
/// Her history as the models read it: up to `period`, the last that counts. The mean money of a
/// repeat period is 0 where there is none.
LtvCustomer ltv_customer(const LtvMeasured& measured, const PeriodGrid& grid, int64_t period,
                         int scale);

class LtvScorer {
 public:
  LtvScorer(const PolicyModel& model, const LtvConstants& constants, const TimeZone& zone,
            int scale);

  /// The last period that counts at an instant.
  int64_t period_at(Micros now) const;
  // Each is absent where it does not exist. `period` is period_at(now).
  std::optional<double> p_alive(const LtvMeasured& measured, int64_t period) const;
  std::optional<double> expected_purchases(const LtvMeasured& measured, int64_t period) const;
  /// The median of when she buys next; kEndTime or later is absent.
  std::optional<Micros> next_order(const LtvMeasured& measured, int64_t period, Micros now) const;
  /// Minor units.
  std::optional<int64_t> expected_spend(const LtvMeasured& measured, int64_t period) const;
  std::optional<int64_t> value(const LtvMeasured& measured, int64_t period) const;

 private:
  using Predictor = ltv::Predictor;
  std::unique_ptr<Predictor> predictor(const Ltv& of, LtvQuantity quantity) const;
  std::optional<double> ask(const Predictor* predictor, const LtvMeasured& measured,
                            int64_t period) const;
  std::optional<double> spend_of(const LtvMeasured& measured, int64_t period) const;

  const PolicyModel& model_;
  TimeZone zone_;
  PeriodGrid grid_;
  int scale_;
  LtvModel purchase_model_;
  std::unique_ptr<Predictor> alive_, expected_, next_, discounted_, spend_;
};

}  // namespace patron::internal
