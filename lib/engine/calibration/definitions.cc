#include "lib/engine/calibration/definitions.h"

#include <algorithm>
#include <array>
#include <optional>

#include "lib/policy/draft.h"

namespace patron::internal {
namespace {

// Words for people, and what happens elsewhere because of a class.
constexpr std::array<std::string_view, 8> kAside{"label",    "description", "personal", "on_enter",
                                                 "on_leave", "on_stay",     "ahead",    "strategy"};

// An attribute, a tag, a model, a classification or one of its classes, without what is aside.
std::string meaning(JsonValue entity) {
  if (!entity.is(JsonKind::kObject)) return policy::canonical_json(entity);
  std::string out = "{";
  for (const JsonValue one : entity.items()) {
    const std::string_view key = one.key();
    if (std::find(kAside.begin(), kAside.end(), key) != kAside.end()) continue;
    out += std::string(key) + ':';
    if (key == "classes" && one.is(JsonKind::kArray)) {
      for (const JsonValue c : one.items()) out += meaning(c) + ',';
    } else {
      out += policy::canonical_json(one) + ',';
    }
  }
  return out + '}';
}

std::string named(const std::optional<JsonValue>& list, std::string_view name) {
  if (!list || !list->is(JsonKind::kArray)) return {};
  for (const JsonValue one : list->items()) {
    const auto own = one.is(JsonKind::kObject) ? one.find("name") : std::nullopt;
    if (own && own->is(JsonKind::kString) && own->string() == name) return meaning(one);
  }
  return {};
}

std::string member(const std::optional<JsonValue>& object, std::string_view name) {
  if (!object || !object->is(JsonKind::kObject)) return {};
  const auto one = object->find(name);
  return one ? meaning(*one) : std::string();
}

// Its length first, so that no two lists of texts are written alike.
std::string sized(std::string_view text) {
  return std::to_string(text.size()) + ':' + std::string(text);
}

std::string meaning(const FieldSpec& field) {
  std::string out = sized(field.name) + kind_name(field.kind) + (field.nullable ? " null" : "") +
                    (field.ordered ? " ordered" : "");
  for (const std::string& value : field.values) out += ' ' + sized(value);
  return out;
}

}  // namespace

// What is read, as far as it was followed.
struct Definitions::Reading {
  explicit Reading(const PolicyData& of) : policy(of) {}

  void stream(int s) {
    if (s < 0) return;
    const PolicyStream& what = policy.streams[static_cast<size_t>(s)];
    std::set<std::string>& of = columns[what.name];
    if (what.name == "orders") of.insert("amount");  // says which are refunds
  }
  void column(int s, int c) {
    stream(s);
    if (s < 0 || c < 0) return;
    const PolicyStream& what = policy.streams[static_cast<size_t>(s)];
    columns[what.name].insert(what.columns[static_cast<size_t>(c)].field.name);
  }
  void filter(int s, const std::optional<Expression>& where) {
    stream(s);
    if (s < 0 || !where) return;
    std::set<std::string>& of = columns[policy.streams[static_cast<size_t>(s)].name];
    for (const int field : where->fields()) {
      of.insert(where->schema().fields()[static_cast<size_t>(field)].name);
    }
  }
  void metric(const MetricSpec& what) {
    for (const int c : {what.column, what.by, what.key}) column(what.stream, c);
    filter(what.stream, what.where);
    filter(what.stream, what.closed_by);
    filter(what.stream, what.each);
    for (const FunnelStep& step : what.steps) filter(step.stream, step.where);
    if (!what.followed_by) return;
    const Follower& then = *what.followed_by;
    filter(then.stream, then.where);
    if (then.same.empty()) return;
    for (const int s : {what.stream, then.stream}) {
      columns[policy.streams[static_cast<size_t>(s)].name].insert(then.same);
    }
  }
  void model(const PolicyModel& what) {
    switch (what.kind) {
      case PolicyModel::Kind::kRfm:
      case PolicyModel::Kind::kLtv:
        columns["orders"].insert("amount");
        break;
      case PolicyModel::Kind::kNps:
        columns["surveys"].insert({"kind", "score"});
        break;
      case PolicyModel::Kind::kReferral:
        columns["referrals"].insert({"referrer", "referred"});
        break;
      case PolicyModel::Kind::kWeights:
        break;
    }
  }

  const PolicyData& policy;
  std::set<std::string, std::less<>> seen;               ///< names
  std::map<std::string, std::set<std::string>> columns;  ///< of each stream that is read
  std::string out;
};

Definitions::Definitions(const PolicyData& policy)
    : policy_(policy),
      document_(*JsonDocument::parse(policy.canonical, {4 * kMaxPolicyBytes, kMaxPolicyDepth})) {}

std::string Definitions::of(std::string_view name) const {
  Reading reading(policy_);
  for (const char* key : {"timezone", "money", "customer"}) {
    reading.out += member(document_.root(), key) + '\n';
  }
  add(std::string(name), reading);
  add_columns(reading, reading.out);
  return std::move(reading.out);
}

void Definitions::add(const std::string& name, Reading& reading) const {
  if (!reading.seen.insert(name).second) return;
  const JsonValue root = document_.root();
  const std::string model = name.substr(0, name.find('.'));
  reading.out += name + ": " + named(root.find("tags"), name) +
                 member(root.find("attributes"), name) + member(root.find("models"), model) +
                 named(root.find("classifications"), name) + '\n';
  for (const PolicyModel& one : policy_.models) {
    if (one.name != model) continue;
    reading.model(one);
    for (const std::string& read : one.of) add(read, reading);
  }
  for (const PolicyValue& value : policy_.values) {
    if (value.tag.name != name) continue;
    if (value.metric) {
      reading.metric(*value.metric);
      const Window& window = value.metric->window;
      if (window.kind == Window::Kind::kSinceClass) add(window.class_name, reading);
    }
    for (const PolicyScorecardRow& row : value.scorecard) reading.filter(row.stream, row.where);
    for (const std::string& read : value.tag.reads) add(read, reading);
  }
}

void Definitions::add_columns(const Reading& reading, std::string& out) const {
  for (const auto& [name, columns] : reading.columns) {
    const auto stream =
        std::find_if(policy_.streams.begin(), policy_.streams.end(),
                     [&of = name](const PolicyStream& one) { return one.name == of; });
    if (stream == policy_.streams.end()) continue;
    out += name + ": key " + sized(stream->key) + " refund_of " + sized(stream->refund_of) +
           (stream->count_zero_amounts ? " zero" : "") + '\n';
    for (const PolicyColumn& column : stream->columns) {
      if (columns.count(column.field.name) != 0) out += "  " + meaning(column.field) + '\n';
    }
  }
}

}  // namespace patron::internal
