#include "lib/engine/calibration/calibration_plan.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace patron::internal {
namespace {

const PolicyValue* find_value(const PolicyData& policy, std::string_view name) {
  for (const PolicyValue& value : policy.values) {
    if (value.tag.name == name) return &value;
  }
  return nullptr;
}

// Stages of what values read. A class that is read is the one held before, and needs no stage.
class Stages {
 public:
  explicit Stages(const PolicyData& policy) : policy_(policy) {}

  /// The first stage at which this value is known under new constants.
  int64_t of(const std::string& name) {
    const auto known = stages_.find(name);
    if (known != stages_.end()) return known->second;
    const PolicyValue* value = find_value(policy_, name);
    int64_t stage = 0;
    if (value != nullptr && value->tag.source == TagSource::kModel) {
      const PolicyModel* model = model_of(name);
      if (model != nullptr) stage = of_model(*model) + 1;
    } else if (value != nullptr && value->tag.source != TagSource::kClassification) {
      for (const std::string& read : value->tag.reads) stage = std::max(stage, of(read));
    }
    stages_[name] = stage;
    return stage;
  }

  int64_t of_model(const PolicyModel& model) {
    int64_t stage = 0;
    for (const std::string& name : model.of) stage = std::max(stage, of(name));
    return stage;
  }

 private:
  const PolicyModel* model_of(std::string_view value) const {
    for (const PolicyModel& model : policy_.models) {
      if (value == model.name || value.starts_with(model.name + ".")) return &model;
    }
    return nullptr;
  }

  const PolicyData& policy_;
  std::map<std::string, int64_t> stages_;
};

CalibrationItem item_of(const PolicyModel& model) {
  CalibrationItem item;
  item.name = model.name;
  switch (model.kind) {
    case PolicyModel::Kind::kRfm:
      item.sections = {{model.name + ".recency", 1},
                       {model.name + ".frequency", 1},
                       {model.name + ".monetary", 1}};
      break;
    case PolicyModel::Kind::kLtv:
      item.sections = {{model.name + ".purchases", 3}};
      if (model.spend) item.sections.push_back({model.name + ".spend", 2});
      break;
    case PolicyModel::Kind::kNps:
      item.sections = {{model.name + ".score", 1}};
      break;
    case PolicyModel::Kind::kReferral:
      item.sections = {{model.name + ".referred", 1}, {model.name + ".others", 2}};
      break;
    case PolicyModel::Kind::kWeights:
      for (const std::string& name : model.of)
        item.sections.push_back({model.name + "." + name, 1});
      break;
  }
  return item;
}

}  // namespace

std::vector<CalibrationItem> calibration_plan(const PolicyData& policy) {
  std::vector<CalibrationItem> plan;
  Stages stages(policy);
  for (size_t m = 0; m < policy.models.size(); ++m) {
    CalibrationItem item = item_of(policy.models[m]);
    item.model = static_cast<int>(m);
    item.stage = stages.of_model(policy.models[m]);
    plan.push_back(std::move(item));
  }
  for (size_t c = 0; c < policy.classifications.size(); ++c) {
    const PolicyClassificationData& rank = policy.classifications[c];
    if (rank.seen.kind != ClassificationKind::kRank) continue;
    CalibrationItem item;
    item.name = rank.seen.name;
    item.classification = static_cast<int>(c);
    item.sections = {{rank.seen.name, 1}};
    const PolicyValue* value = find_value(policy, rank.seen.name);
    if (value != nullptr) {
      for (const std::string& read : value->tag.reads) {
        item.stage = std::max(item.stage, stages.of(read));
      }
    }
    plan.push_back(std::move(item));
  }
  return plan;
}

int64_t calibration_stages(const std::vector<CalibrationItem>& plan) {
  int64_t stages = 0;
  for (const CalibrationItem& item : plan) stages = std::max(stages, item.stage + 1);
  return stages;
}

int64_t least_customers(const PolicyData& policy, const CalibrationItem& item) {
  int64_t least = policy.min_customers;
  if (item.model >= 0) {
    const int64_t own = policy.models[static_cast<size_t>(item.model)].min_customers;
    if (own > 0) least = own;
  }
  return std::max<int64_t>(1, least);
}

}  // namespace patron::internal
