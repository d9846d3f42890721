#include "lib/engine/tables/profile.h"

#include <algorithm>
#include <string>
#include <utility>

#include "patron/engine.h"

namespace patron {
namespace internal {
namespace {

void newer(std::optional<Micros>& latest, const std::optional<Micros>& t) {
  if (t && (!latest || *latest < *t)) latest = t;
}

int stream_of(const PolicyData& policy, std::string_view name) {
  for (size_t i = 0; i < policy.streams.size(); ++i) {
    if (policy.streams[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

// The model that gives a value: "rfm" gives "rfm.r", "score" gives "score" and "score.coverage".
const PolicyModel* model_of(const PolicyData& policy, std::string_view value) {
  for (const PolicyModel& model : policy.models) {
    const bool mine = value.starts_with(model.name) &&
                      (value.size() == model.name.size() || value[model.name.size()] == '.');
    if (mine) return &model;
  }
  return nullptr;
}

void add_once(std::string_view name, std::vector<std::string_view>& names) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// The segments of a grid are those of the model whose table it is: "rfm.eleven".
std::string_view model_of_grid(const PolicyData& policy, std::string_view classification) {
  for (const PolicyClassificationData& one : policy.classifications) {
    if (one.seen.name != classification || one.seen.kind != ClassificationKind::kGrid) continue;
    return std::string_view(one.table).substr(0, one.table.find('.'));
  }
  return {};
}

}  // namespace

ProfileSources::ProfileSources(const PolicyData& policy) {
  Places places;
  for (const PolicyValue& value : policy.values) {
    Value& out = values_.emplace_back();
    switch (value.tag.source) {
      case TagSource::kAttribute:
        out.names = {value.tag.name};
        break;
      case TagSource::kModel:
        add_model(policy, model_of(policy, value.tag.name), places, out);
        break;
      case TagSource::kClassification:
        add_model(policy, model_of(policy, model_of_grid(policy, value.tag.name)), places, out);
        add_reads(value.tag.reads, places, out);
        break;
      default:
        add_streams(policy, value, out);
        add_reads(value.tag.reads, places, out);
    }
    places.emplace(value.tag.name, places.size());
  }
}

void ProfileSources::add_streams(const PolicyData& policy, const PolicyValue& value, Value& out) {
  const auto add = [&](int stream) {
    if (stream >= 0) add_once(policy.streams[static_cast<size_t>(stream)].name, out.names);
  };
  if (value.metric) {
    add(value.metric->stream);
    for (const PolicyStep& step : value.metric->steps) add(step.stream);
    if (value.metric->followed_by) add(value.metric->followed_by->stream);
  }
  for (const PolicyScorecardRow& row : value.scorecard) add(row.stream);
}

void ProfileSources::add_model(const PolicyData& policy, const PolicyModel* model,
                               const Places& places, Value& out) {
  if (model == nullptr) return;
  if (model->kind == PolicyModel::Kind::kWeights) return add_reads(model->of, places, out);
  const bool surveys = model->kind == PolicyModel::Kind::kNps;
  const bool referrals = model->kind == PolicyModel::Kind::kReferral;
  out.stream = stream_of(policy, surveys ? "surveys" : referrals ? "referrals" : "orders");
  if (out.stream >= 0) out.names = {policy.streams[static_cast<size_t>(out.stream)].name};
}

void ProfileSources::add_reads(std::span<const std::string> names, const Places& places,
                               Value& out) {
  for (const std::string& name : names) {
    const auto read = places.find(name);
    if (read == places.end()) continue;
    add_once(read->first, out.names);
    out.reads.push_back(read->second);
  }
}

std::vector<std::optional<Micros>> ProfileSources::as_of(
    std::span<const MetricValue> values,
    const std::function<std::optional<Micros>(int stream)>& newest) const {
  std::vector<std::optional<Micros>> out(values.size());
  int stream = -1;  // whose newest fact was asked for last
  std::optional<Micros> last;
  for (size_t i = 0; i < values.size(); ++i) {
    out[i] = values[i].as_of;
    if (values_[i].stream >= 0 && values_[i].stream != stream) {
      stream = values_[i].stream;
      last = newest(stream);
    }
    if (values_[i].stream >= 0) newer(out[i], last);
    for (const size_t read : values_[i].reads) newer(out[i], out[read]);
  }
  return out;
}

}  // namespace internal

}  // namespace patron
