// What a policy has to calibrate, and in which order: a model that reads the outputs of another one
// comes a stage behind it, because its sample has to be computed under the other's new constants.
//
//   std::vector<CalibrationItem> plan = calibration_plan(policy);    // in the order of the policy
//   int64_t stages = calibration_stages(plan);
//
// Thread class: pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/policy/policy_data.h"

namespace patron::internal {

/// A model or a rank.
struct CalibrationItem {
  std::string name;
  int model = -1;           ///< of the policy, or
  int classification = -1;  ///< a rank
  int64_t stage = 0;
  /// Its sections of the summary, in their order: names, and how many numbers a row has.
  struct Section {
    std::string name;
    size_t width = 1;
  };
  std::vector<Section> sections;
};

/// Models, then ranks, each in the order of the policy.
std::vector<CalibrationItem> calibration_plan(const PolicyData& policy);
/// 0 where there is nothing to calibrate.
int64_t calibration_stages(const std::vector<CalibrationItem>& plan);
/// How many customers it needs at least.
int64_t least_customers(const PolicyData& policy, const CalibrationItem& item);

}  // namespace patron::internal
