// Calibration and scoring: patron::rfm_calibrate, rfm_score, rfm_octant.
#include "lib/models/rfm/calibrate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "lib/base/money_block.h"
#include "lib/base/number_text.h"
#include "lib/base/parallel.h"
#include "lib/models/rfm/order_statistics.h"
#include "patron/money.h"
#include "patron/rfm.h"

namespace patron {
inline namespace v0 {
namespace {

/// A threshold in the axis's unit, given as a double, as the whole number at or below it. Values
/// within 1e-6 of a whole number are that number, and so is the double nearest to one: 0.29 in
/// cents is 29, and 674737395.18 is 67473739518.
Result<int64_t> floor_threshold(double value, double power, const std::string& what) {
  const double scaled = value * power;
  if (!std::isfinite(value))
    return Status(Code::kArgument, what + " is not a finite number; give a number");
  const double nearest = std::nearbyint(scaled);
  const bool whole = std::fabs(scaled - nearest) <= 1e-6 || nearest / power == value;
  const double floor = whole ? nearest : std::floor(scaled);
  if (!(floor >= -9.2e18 && floor <= 9.2e18))
    return Status(Code::kArgument, what + " is " + internal::number_text(value) +
                                       ", outside the range of 64-bit minor units");
  return static_cast<int64_t>(floor);
}

Status check_axis(const RfmAxis& axis, const std::string& name) {
  if (axis.bins < 2 || axis.bins > 10)
    return {Code::kArgument,
            name + " has " + std::to_string(axis.bins) + " bins; bins (scores) must be 2 to 10"};
  if (axis.method != RfmMethod::kFixed) {
    if (axis.cuts.empty()) return {};
    return {Code::kArgument, name + " has cuts of its own but is not scored by method \"fixed\""};
  }
  if (axis.cuts.size() != static_cast<size_t>(axis.bins) - 1)
    return {Code::kArgument, name + " has " + std::to_string(axis.cuts.size()) +
                                 " fixed cuts for " + std::to_string(axis.bins) + " bins; give " +
                                 std::to_string(axis.bins - 1)};
  return {};
}

template <typename Values>
Result<RfmAxisCuts> calibrate_axis(const Values& values, const RfmAxis& axis,
                                   const OctantSplit& split, double power, const std::string& name,
                                   const internal::Pause& pause) {
  if (Status status = check_axis(axis, name); !status.ok()) return status;
  RfmAxisCuts result;
  result.method = axis.method;
  if (axis.method == RfmMethod::kFixed) {
    for (size_t i = 0; i < axis.cuts.size(); i++) {
      Result<int64_t> cut =
          floor_threshold(axis.cuts[i], power, name + " cut " + std::to_string(i + 1));
      if (!cut.ok()) return cut.status();
      if (i > 0 && axis.cuts[i] < axis.cuts[i - 1])
        return Status(Code::kArgument,
                      name + " cut " + std::to_string(i + 1) +
                          " is below the one before it; list cuts from low to high");
      result.cuts.push_back(*cut);
    }
  }
  const bool split_given = split.kind == OctantSplit::Kind::kValue;
  if (values.empty() && !(axis.method == RfmMethod::kFixed && split_given))
    return Status(Code::kEmpty,
                  "no customer has an order in the window, so " + name +
                      " cannot be calibrated; widen the window, move as_of, or give fixed cuts");
  if (axis.method == RfmMethod::kQuantile)
    result.cuts = internal::type7_floors(values, axis.bins, pause);
  if (axis.method == RfmMethod::kNearestRank)
    result.cuts = internal::nearest_ranks(values, axis.bins, pause);
  if (split_given) {
    Result<int64_t> value = floor_threshold(split.value, power, name + " octant split");
    if (!value.ok()) return value.status();
    result.octant_split = *value;
  } else {
    result.octant_split = split.kind == OctantSplit::Kind::kMean
                              ? internal::floor_mean(values, pause)
                              : internal::type7_floors(values, 2, pause)[0];
  }
  return result;
}

int cuts_below(int64_t value, const RfmAxisCuts& axis) {
  int below = 0;
  for (const int64_t cut : axis.cuts) below += cut < value;
  return below;
}

}  // namespace

Result<RfmCuts> rfm_calibrate(const RfmSample& sample, const RfmCalibration& calibration) {
  return internal::calibrate(sample, calibration, 1, nullptr);
}

Scores rfm_score(int64_t recency_days, int64_t frequency, int64_t monetary_minor,
                 const RfmCuts& cuts) {
  return {cuts.recency.bins() - cuts_below(recency_days, cuts.recency),
          1 + cuts_below(frequency, cuts.frequency), 1 + cuts_below(monetary_minor, cuts.monetary)};
}

int rfm_octant(int64_t recency_days, int64_t frequency, int64_t monetary_minor,
               const RfmCuts& cuts) {
  return (recency_days <= cuts.recency.octant_split ? 4 : 0) |
         (frequency > cuts.frequency.octant_split ? 2 : 0) |
         (monetary_minor > cuts.monetary.octant_split ? 1 : 0);
}

}  // namespace v0

namespace internal {

namespace {

Status check_scale(const RfmCalibration& calibration) {
  if (calibration.scale >= 0 && calibration.scale <= kMaxMoneyScale) return {};
  return {Code::kArgument, "scale is " + std::to_string(calibration.scale) + "; it must be 0 to " +
                               std::to_string(kMaxMoneyScale)};
}

Status different_lengths() {
  return {Code::kLength, "the three columns of an RFM sample have different lengths"};
}

constexpr int64_t kMostCustomers = int64_t{1} << 40;

struct Axis {
  const RfmAxis& axis;
  double power;
  const char* name;
};

std::array<Axis, 3> axes_of(const RfmCalibration& calibration) {
  return {
      Axis{calibration.recency, 1, "recency"}, Axis{calibration.frequency, 1, "frequency"},
      Axis{calibration.monetary, kPowersOfTen[static_cast<size_t>(calibration.scale)], "monetary"}};
}

Result<RfmCuts> cuts_of(std::array<Result<RfmAxisCuts>, 3>& found, int scale, int64_t customers) {
  for (const Result<RfmAxisCuts>& one : found) {
    if (!one.ok()) return one.status();
  }
  RfmCuts cuts;
  cuts.scale = scale;
  cuts.customers = customers;
  cuts.recency = *std::move(found[0]);
  cuts.frequency = *std::move(found[1]);
  cuts.monetary = *std::move(found[2]);
  return cuts;
}

}  // namespace

Result<RfmCuts> calibrate(const RfmSample& sample, const RfmCalibration& calibration, int threads,
                          Watch* watch) {
  if (Status status = check_scale(calibration); !status.ok()) return status;
  if (sample.frequency.size() != sample.recency_days.size() ||
      sample.monetary_minor.size() != sample.recency_days.size()) {
    return different_lengths();
  }
  const std::array<std::span<const int64_t>, 3> values{sample.recency_days, sample.frequency,
                                                       sample.monetary_minor};
  const std::array<Axis, 3> axes = axes_of(calibration);
  std::array<Result<RfmAxisCuts>, 3> found = {RfmAxisCuts(), RfmAxisCuts(), RfmAxisCuts()};
  Status status = parallel_for(3, threads, watch, [&](int64_t task, int worker) {
    const size_t i = static_cast<size_t>(task);
    found[i] = calibrate_axis(values[i], axes[i].axis, calibration.octant_split[i], axes[i].power,
                              axes[i].name, Pause{watch, worker});
  });
  if (!status.ok()) return status;
  return cuts_of(found, calibration.scale, static_cast<int64_t>(sample.recency_days.size()));
}

Result<RfmCuts> calibrate(const std::array<CountedValues, 3>& sample,
                          const RfmCalibration& calibration) {
  if (Status status = check_scale(calibration); !status.ok()) return status;
  const int64_t customers = sample[0].size();
  if (sample[1].size() != customers || sample[2].size() != customers) return different_lengths();
  if (customers > kMostCustomers) {
    return Status(Code::kArgument, "the sample counts more customers than there can be");
  }
  const std::array<Axis, 3> axes = axes_of(calibration);
  std::array<Result<RfmAxisCuts>, 3> found = {RfmAxisCuts(), RfmAxisCuts(), RfmAxisCuts()};
  for (size_t i = 0; i < 3; ++i) {
    found[i] = calibrate_axis(sample[i], axes[i].axis, calibration.octant_split[i], axes[i].power,
                              axes[i].name, {});
  }
  return cuts_of(found, calibration.scale, customers);
}

}  // namespace internal
}  // namespace patron
