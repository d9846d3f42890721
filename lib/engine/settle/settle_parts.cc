#include "lib/engine/settle/settle_parts.h"

#include <cstdint>
#include <utility>

#include "lib/engine/book_spec.h"
#include "lib/engine/settle/tier_rules.h"

namespace patron::internal {
namespace {

TierRules rules_of(const PolicyClassificationData& classification) {
  return classification.seen.kind == ClassificationKind::kBands ? band_rules(classification)
                                                                : ladder_rules(classification);
}

}  // namespace

Truth truth_of(const Cell& cell) {
  if (!cell.known) return Truth::kUnknown;
  return cell.integer != 0 ? Truth::kTrue : Truth::kFalse;
}

Micros first_after(LogReader& reader, uint32_t customer, Micros t) {
  LogView log = reader.read(customer);
  const LogView waiting = log.from(t + 1);
  return waiting.empty() ? TimeRange::kNever : waiting.begin()->times()[0];
}

SettleParts::SettleParts(const PolicyData& of, const BookState& in)
    : policy(of), book(in), held(of) {
  calendar.zone = of.zone;
  for (size_t i = 0; i < policy.values.size(); ++i) places.emplace(policy.values[i].tag.name, i);
  for (size_t i = 0; i < policy.streams.size(); ++i) {
    readers.emplace_back(book, static_cast<int>(i));
  }
  for (size_t i = 0; i < policy.streams.size(); ++i) {
    const PolicyStream& from = policy.streams[i];
    MetricStream stream;
    stream.name = from.name;
    stream.schema = from.schema;
    for (const PolicyColumn& column : from.columns) stream.columns.push_back(column.field.name);
    stream.rules = stream_rules(from);
    stream.reader = &readers[i];
    streams.push_back(std::move(stream));
  }
  size_t attribute = 0;
  for (const PolicyValue& value : policy.values) {
    metrics.emplace_back();
    attribute_of.push_back(-1);
    if (value.metric && value.metric->verb != Verb::kRatio) {
      metrics.back() = std::make_unique<MetricEvaluator>(*value.metric, streams, policy.zone);
    }
    window_metrics.emplace_back();
    if (metrics.back() != nullptr && WindowMetric::takes(*value.metric, streams)) {
      window_metrics.back() = std::make_unique<WindowMetric>(*value.metric, streams, policy.zone);
    }
    if (value.tag.source == TagSource::kAttribute) {
      attribute_of.back() = static_cast<int>(attribute++);
      attribute_is_open_set.push_back(is_open_set(value.tag.kind, value.tag.values));
      attributes.push_back(LogReader::of_attribute(book, attribute_of.back()));
    }
  }
  classification_of.assign(policy.values.size(), 0);
  for (const PolicyClassificationData& classification : policy.classifications) {
    value_of.push_back(value_index(classification.seen.name));
    if (value_of.back() < classification_of.size()) {
      classification_of[value_of.back()] = value_of.size() - 1;
    }
    std::vector<Machine> of_this;
    switch (classification.seen.kind) {
      case ClassificationKind::kFlags:
        for (const PolicyClass& flag : classification.classes) {
          of_this.push_back({flag_rules(flag), machine(static_cast<int>(of_this.size()))});
        }
        break;
      case ClassificationKind::kLadder:
      case ClassificationKind::kFirstMatch:
      case ClassificationKind::kBands:
        of_this.push_back({rules_of(classification), machine(-1)});
        break;
      case ClassificationKind::kGrid:
      case ClassificationKind::kRank:
        of_this.push_back({TierRules(), machine(-1)});
        break;
    }
    machines.push_back(std::move(of_this));
  }
  models = std::make_unique<ModelValues>(policy, streams, book);
  find_what_matters();
  find_daily();
  find_calibrated();
}

// The values of these names, and all that they depend on.
std::vector<bool> SettleParts::what_reads(const std::vector<std::string_view>& wanted) const {
  std::vector<bool> reached(policy.values.size(), false);
  std::vector<size_t> open;
  const auto reach = [&](std::string_view name) {
    const size_t i = value_index(name);
    if (i == policy.values.size() || reached[i]) return;
    reached[i] = true;
    open.push_back(i);
  };
  for (const std::string_view name : wanted) reach(name);
  while (!open.empty()) {
    const PolicyValue& value = policy.values[open.back()];
    open.pop_back();
    for (const std::string& name : value.tag.reads) reach(name);
    for (const PolicyModel& model : policy.models) {
      if (value.tag.name != model.name && value.tag.name != model.name + ".coverage") continue;
      for (const std::string& name : model.of) reach(name);
    }
    if (value.metric && value.metric->window.kind == Window::Kind::kSinceClass) {
      reach(value.metric->window.class_name);
    }
    if (value.history) reach(policy.classifications[value.history->classification].seen.name);
  }
  return reached;
}

const std::vector<size_t>& SettleParts::scope_of(size_t classification) {
  scopes_.resize(policy.classifications.size());
  std::vector<size_t>& found = scopes_[classification];
  if (!found.empty()) return found;
  const std::vector<bool> read = what_reads({policy.classifications[classification].seen.name});
  for (size_t i = 0; i < read.size(); ++i) {
    if (read[i]) found.push_back(i);
  }
  return found;
}

// What classes are decided by: whether time alone changes any other value needs no settling.
void SettleParts::find_what_matters() {
  std::vector<std::string_view> decided;
  for (const PolicyValue& value : policy.values) {
    if (value.tag.source == TagSource::kClassification || value.on_null == OnNull::kKeep) {
      decided.push_back(value.tag.name);
    }
  }
  matters = what_reads(decided);
  for (size_t i = 0; i < policy.values.size(); ++i) {
    const PolicyValue& value = policy.values[i];
    keeps = keeps || value.on_null == OnNull::kKeep;
    joining_is_read =
        joining_is_read || (value.metric && value.metric->window.kind == Window::Kind::kSinceJoin);
    if (!matters[i]) continue;
    if (value.metric && value.metric->window.kind == Window::Kind::kSinceClass) {
      const size_t of = classification_of[value_index(value.metric->window.class_name)];
      if (!machines[of].empty()) entries_matter.push_back(machines[of].front().state);
    }
    models_matter = models_matter || value.tag.source == TagSource::kModel;
    joining_matters =
        joining_matters || (value.metric && value.metric->window.kind == Window::Kind::kSinceJoin);
  }
  for (size_t c = 0; c < policy.classifications.size(); ++c) {
    const ClassificationKind kind = policy.classifications[c].seen.kind;
    models_matter =
        models_matter || kind == ClassificationKind::kGrid || kind == ClassificationKind::kRank;
    for (const Machine& machine : machines[c]) {
      for (const TierRules::Class& one : machine.rules.classes) {
        joining_matters = joining_matters || one.at == LeaveAt::kAnniversary;
      }
    }
  }
}

// Whether what a calibration finds has a part in a value; values stand behind what they read.
void SettleParts::find_calibrated() {
  calibrated.assign(policy.values.size(), false);
  for (size_t i = 0; i < policy.values.size(); ++i) {
    const PolicyValue& value = policy.values[i];
    bool any = value.tag.source == TagSource::kModel;
    if (value.tag.source == TagSource::kClassification) {
      const ClassificationKind kind = policy.classifications[classification_of[i]].seen.kind;
      any = kind == ClassificationKind::kGrid || kind == ClassificationKind::kRank;
    }
    if (value.history) any = calibrated[value_of[value.history->classification]];
    for (const std::string& name : value.tag.reads) {
      const size_t read = value_index(name);
      any = any || (read < i && calibrated[read]);
    }
    calibrated[i] = any;
  }
}

// Who reads how long she is in her class as a number, not in a condition, sees it at midnights.
void SettleParts::find_daily() {
  daily.assign(policy.values.size(), false);
  const auto read = [&](std::string_view name) {
    const size_t i = value_index(name);
    if (i == policy.values.size() || !policy.values[i].history) return;
    daily[i] = policy.values[i].history->what == PolicyHistory::What::kTimeIn;
  };
  for (const PolicyModel& model : policy.models) {
    for (const std::string& name : model.of) read(name);
  }
  for (const PolicyClassificationData& one : policy.classifications) read(one.of), read(one.by);
  for (const PolicyValue& value : policy.values) {
    if (value.metric) read(value.metric->parts[0]), read(value.metric->parts[1]);
  }
}

// A new machine of the classification that comes next.
size_t SettleParts::machine(int flag) {
  names.push_back({static_cast<int>(machines.size()), flag});
  return names.size() - 1;
}

size_t SettleParts::value_index(std::string_view name) const {
  const auto place = places.find(name);
  return place == places.end() ? policy.values.size() : place->second;
}

const std::vector<size_t>& SettleParts::reads(const Expression& expression) {
  const CompiledExpression* of = &expression.compiled();
  constexpr size_t kLately = 64;
  reads_lately_.resize(kLately);
  const auto address = reinterpret_cast<uintptr_t>(of);
  Reads& lately = reads_lately_[(address >> 4 ^ address >> 10) % kLately];
  if (lately.of == of) return *lately.values;
  std::vector<size_t>& read = reads_of_[of];
  if (read.empty()) {
    std::vector<size_t> found;
    for (const FieldSpec& field : expression.schema().fields()) {
      found.push_back(value_index(field.name));
    }
    read = std::move(found);
  }
  lately = {of, &read};
  return read;
}

}  // namespace patron::internal
