#include "lib/policy/knowledge.h"

#include <algorithm>
#include <iterator>

namespace patron::internal::policy {
namespace {

constexpr size_t kMostLeaves = 64;

// As docs/metrics.md says: over no rows a count is 0, never null; gaps and numbers of things are
// not negative.
Domain domain_of(const PolicyMetric& metric) {
  Domain out;
  switch (metric.verb) {
    case Verb::kCount:
    case Verb::kDistinct:
    case Verb::kDaysActive:
    case Verb::kStreak:
      out.nullable = false;
      out.low = 0;
      break;
    case Verb::kOpen:
    case Verb::kGapLast:
    case Verb::kGapMean:
    case Verb::kGapMedian:
    case Verb::kGapCv:
      out.low = 0;
      break;
    default:
      break;
  }
  return out;
}

// What models give: scores from 0, for who never bought, to the number of bins; probabilities.
Domain domain_of_model(const PolicyData& data, std::string_view name) {
  Domain out;
  const size_t point = name.find('.');
  const std::string_view part = point == std::string_view::npos ? "" : name.substr(point + 1);
  for (const PolicyModel& model : data.models) {
    if (model.name != name.substr(0, point)) continue;
    switch (model.kind) {
      case PolicyModel::Kind::kRfm:
        if (part.size() == 1) out.high = model.scores;
        if (part.size() == 1 || part == "recency_days" || part == "frequency") out.low = 0;
        break;
      case PolicyModel::Kind::kLtv:
        if (part == "p_alive" || part == "expected_purchases") out.low = 0;
        if (part == "p_alive") out.high = 1;
        break;
      case PolicyModel::Kind::kNps:
        if (part == "score") out.low = 0, out.high = 10;
        break;
      case PolicyModel::Kind::kReferral:
        if (part != "value" && part != "chain_value") out.low = 0;
        if (part == "conversion") out.high = 1;
        break;
      case PolicyModel::Kind::kWeights:
        out.low = 0, out.high = 1;
        break;
    }
  }
  return out;
}

// The stream of that name, or none: what a model reads.
void add_stream(const PolicyData& data, std::string_view name, std::vector<int>& out) {
  for (size_t i = 0; i < data.streams.size(); ++i) {
    if (data.streams[i].name == name) out.push_back(static_cast<int>(i));
  }
}

std::vector<int> streams_of(const PolicyData& data, const PolicyValue& value) {
  std::vector<int> out;
  if (value.metric && value.metric->stream >= 0) out.push_back(value.metric->stream);
  if (value.metric) {
    for (const PolicyStep& step : value.metric->steps) out.push_back(step.stream);
  }
  for (const PolicyScorecardRow& row : value.scorecard) {
    if (row.stream >= 0) out.push_back(row.stream);
  }
  // The three scores of rfm can be any beside one another.
  const std::string& name = value.tag.name;
  const bool score = name == "rfm.r" || name == "rfm.f" || name == "rfm.m";
  if (value.tag.source == TagSource::kModel && !score) {
    if (name.starts_with("rfm.") || name.starts_with("ltv.")) add_stream(data, "orders", out);
    if (name.starts_with("nps.")) add_stream(data, "surveys", out);
    if (name.starts_with("referral.")) add_stream(data, "referrals", out);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void unite(std::vector<int>& all, const std::vector<int>& more) {
  std::vector<int> both;
  std::set_union(all.begin(), all.end(), more.begin(), more.end(), std::back_inserter(both));
  all = std::move(both);
}

// A ladder or first match with a class for the rest has everybody in a class; flags are a set,
// which may be empty.
bool covers_everybody(const PolicyData& data, std::string_view name) {
  for (const PolicyClassificationData& one : data.classifications) {
    if (one.seen.name != name) continue;
    if (one.seen.kind == ClassificationKind::kFlags) return true;
    const bool ordered = one.seen.kind == ClassificationKind::kLadder ||
                         one.seen.kind == ClassificationKind::kFirstMatch;
    return ordered && !one.classes.empty() && !one.classes.back().enter;
  }
  return false;
}

}  // namespace

Knowledge::Known& Knowledge::known(std::string_view name) {
  const auto found = known_.find(name);
  if (found != known_.end()) return found->second;
  Known& fresh = known_[std::string(name)];
  fresh.leaves.ids = {static_cast<int>(known_.size())};
  return fresh;
}

Knowledge::Knowledge(const PolicyData& data) {
  // Each value stands behind what it reads.
  for (const PolicyValue& value : data.values) {
    Known& one = known(value.tag.name);
    one.value = &value;
    if (value.on_null == OnNull::kClear) {
      if (value.metric) one.domain = domain_of(*value.metric);
      if (value.tag.source == TagSource::kModel) {
        one.domain = domain_of_model(data, value.tag.name);
      }
      if (value.tag.source == TagSource::kClassification) {
        one.domain.nullable = !covers_everybody(data, value.tag.name);
      }
    }
    one.leaves.streams = streams_of(data, value);
    if (value.tag.reads.empty()) continue;
    Leaves all;
    all.streams = one.leaves.streams;
    for (const std::string& name : value.tag.reads) {
      const Leaves& more = known(name).leaves;
      all.many = all.many || more.many || all.ids.size() > kMostLeaves;
      if (all.many) break;
      unite(all.ids, more.ids);
      unite(all.streams, more.streams);
    }
    one.leaves = std::move(all);
  }
}

Domain Knowledge::domain(std::string_view name) const {
  const auto found = known_.find(name);
  return found == known_.end() ? Domain() : found->second.domain;
}

const Expression* Knowledge::inside(std::string_view name) const {
  const auto found = known_.find(name);
  if (found == known_.end() || found->second.value == nullptr) return nullptr;
  const PolicyValue& value = *found->second.value;
  const bool plain = value.expression && value.on_null == OnNull::kClear;
  return plain && value.tag.kind == Kind::kBool ? &*value.expression : nullptr;
}

const Leaves& Knowledge::leaves(std::string_view name) { return known(name).leaves; }

}  // namespace patron::internal::policy
