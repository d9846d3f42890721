#include "tests/engine/oracle/rules.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

namespace patron::oracle {
namespace {

Is kind_of_type(std::string_view type) {
  if (type == "bool") return Is::kBool;
  if (type == "int64") return Is::kInt;
  if (type == "double") return Is::kReal;
  if (type == "money") return Is::kMoney;
  if (type == "date") return Is::kDay;
  if (type == "timestamp") return Is::kTime;
  if (type == "duration") return Is::kSpan;
  return Is::kText;
}

std::optional<Value> default_of(const Tree& tree) {
  if (tree.text_of("on_null") != "default") return std::nullopt;
  const Tree& value = *tree.find("default");
  if (value.is == Tree::Is::kBool) return Value::of(value.truth);
  if (value.is == Tree::Is::kInt) return Value::of(Is::kInt, value.integer);
  if (value.is == Tree::Is::kReal) return Value::real(value.real);
  return Value::text(value.text);
}

bool keeps(const Tree& tree) { return tree.text_of("on_null") == "keep"; }

Rules::ScoreRow read_score(const Tree& tree) {
  Rules::ScoreRow out;
  out.points = tree.find("points")->number();
  if (tree.has("when")) out.when = Condition::read(tree.text_of("when"));
  if (tree.has("where")) out.where = Condition::read(tree.text_of("where"));
  out.stream = tree.text_of("stream");
  if (tree.has("cap")) out.cap = tree.find("cap")->number();
  if (tree.has("half_life")) out.half_life = period_of(tree.text_of("half_life"));
  return out;
}

void read_leave(const Tree& leave, const Tree& classes, ClassRules& out) {
  if (leave.is == Tree::Is::kText) {
    out.one_step = leave.text == "one_step";
    return;
  }
  out.leave_at = leave.text_of("at");
  out.one_step = leave.text_of("step") == "one";
  for (size_t c = 0; leave.has("to") && c < classes.members.size(); ++c) {
    if (classes.members[c].value.text_of("name") == leave.text_of("to")) {
      out.leave_to = static_cast<int>(c);
    }
  }
}

ClassRules read_class(const Tree& tree, const Tree& classes) {
  ClassRules out;
  out.name = tree.text_of("name");
  if (tree.has("enter")) out.enter = Condition::read(tree.text_of("enter"));
  if (tree.has("keep")) out.keep = Condition::read(tree.text_of("keep"));
  if (tree.has("min_dwell")) out.min_dwell = period_of(tree.text_of("min_dwell"));
  if (tree.has("grace")) out.grace = period_of(tree.text_of("grace"));
  if (tree.has("cool_down")) out.cool_down = period_of(tree.text_of("cool_down"));
  if (tree.has("leave")) read_leave(*tree.find("leave"), classes, out);
  return out;
}

// The highest band comes first, as the better class does in a ladder.
MachineRules read_bands(const Tree& tree) {
  MachineRules out;
  out.bands = true;
  const auto& classes = tree.find("classes")->members;
  for (size_t c = classes.size(); c-- > 0;) {
    ClassRules band;
    const Tree& what = classes[c].value;
    band.name = what.is == Tree::Is::kText ? what.text : std::string(what.text_of("name"));
    if (tree.has("min_dwell")) band.min_dwell = period_of(tree.text_of("min_dwell"));
    if (tree.has("grace")) band.grace = period_of(tree.text_of("grace"));
    if (c > 0) band.cut = tree.find("cuts")->members[c - 1].value.number();
    out.classes.push_back(band);
  }
  return out;
}

void read_rank(const Tree& tree, Rules::Classification& out) {
  out.of = tree.text_of("by");
  if (tree.has("where")) out.where = Condition::read(tree.text_of("where"));
  MachineRules rules;
  for (const auto& [name, what] : tree.find("classes")->members) {
    ClassRules one;
    one.name = what.text_of("name");
    if (what.has("min_dwell")) one.min_dwell = period_of(what.text_of("min_dwell"));
    rules.classes.push_back(one);
    const auto millionths = [&](const char* key) {
      return what.has(key) ? std::llround(what.find(key)->number() * 1e6) : 0;
    };
    Rules::Place place;
    place.share = millionths("share");
    place.percent = millionths("top_percent");
    if (what.has("top")) place.top = what.find("top")->integer;
    out.places.push_back(place);
  }
  out.machines.push_back(rules);
}

// The segments of the table, and who never bought.
void read_grid(const Tree& tree, Rules::Classification& out) {
  const std::string_view table = tree.text_of("table");
  out.table = table.substr(table.find('.') + 1);
  MachineRules rules;
  const SegmentTable table_of_rows = *SegmentTable::named(out.table);
  for (const SegmentRow& row : table_of_rows.rows()) {
    rules.classes.push_back({});
    rules.classes.back().name = row.name;
  }
  rules.classes.push_back({});
  rules.classes.back().name = "prospect";
  out.machines.push_back(rules);
}

// What labels say decides nothing.
Tree without_words(const Tree& tree) {
  Tree out = tree;
  out.members.clear();
  for (const auto& [name, value] : tree.members) {
    if (name != "label") out.members.push_back({name, without_words(value)});
  }
  return out;
}

// Of a matrix of comparisons the principal eigenvector: what many multiplications by it leave.
std::vector<double> eigenvector(const Tree& rows) {
  std::vector<double> out(rows.members.size(), 1);
  for (int k = 0; k < 300; ++k) {
    std::vector<double> next;
    double sum = 0;
    for (const auto& [none, row] : rows.members) {
      double& one = next.emplace_back(0);
      for (size_t j = 0; j < out.size(); ++j) one += row.members[j].value.number() * out[j];
      sum += one;
    }
    for (double& one : next) one /= sum;
    out = next;
  }
  return out;
}

Rules::Model read_model(const std::string& name, const Tree& tree) {
  Rules::Model out;
  out.name = name;
  static const std::set<std::string> kNamed{"rfm", "nps", "referral", "ltv"};
  out.kind = kNamed.contains(name) ? name : "weights";
  if (name == "ltv") {
    static const std::set<std::string_view> kKnown{"nbd", "bg_nbd", "mbg_nbd"};
    const std::string_view unit = tree.text_of("unit");
    if (!kKnown.contains(tree.text_of("model")))
      throw std::runtime_error("the oracle knows no such ltv");
    if (unit != "day" && unit != "week") throw std::runtime_error("the oracle knows no such unit");
    out.unit_days = unit == "day" ? 1 : 7;
    out.horizon = period_of(tree.text_of("horizon"));
    out.spend = tree.has("spend");
  }
  if (tree.has("window")) out.window = period_of(tree.text_of("window"));
  out.nearest_rank = tree.text_of("method") == "nearest_rank";
  out.octant_mean = tree.text_of("octant") != "median";
  out.table = tree.has("table") ? tree.text_of("table") : "eleven";
  if (tree.has("min_customers")) out.least = tree.find("min_customers")->integer;
  if (tree.has("depth")) out.depth = tree.find("depth")->integer;
  if (tree.has("decay")) out.decay = tree.find("decay")->number();
  if (out.kind == "referral" && tree.has("value")) out.of = {std::string(tree.text_of("value"))};
  if (out.kind != "weights") return out;
  for (const auto& [none, one] : tree.find("of")->members) out.of.push_back(one.text);
  const Tree& weights = *tree.find("weights");
  if (weights.is == Tree::Is::kText) return out;
  if (weights.is == Tree::Is::kObject) return out.given = eigenvector(*weights.find("ahp")), out;
  for (const auto& [none, one] : weights.members) out.given.push_back(one.number());
  return out;
}

Rules::Classification read_classification(const Tree& tree) {
  Rules::Classification out;
  out.name = tree.text_of("name");
  out.kind = tree.text_of("kind");
  if (out.kind == "rank") return read_rank(tree, out), out;
  if (out.kind == "grid") return read_grid(tree, out), out;
  const Tree& classes = *tree.find("classes");
  MachineRules rules;
  if (out.kind == "bands") {
    out.of = tree.text_of("of");
    if (tree.has("hysteresis")) out.hysteresis = tree.find("hysteresis")->number();
    rules = read_bands(tree);
  } else if (out.kind == "ladder" || out.kind == "first_match") {
    for (const auto& [name, what] : classes.members) {
      rules.classes.push_back(read_class(what, classes));
    }
  } else if (out.kind == "flags") {
    for (const auto& [name, what] : classes.members) {
      MachineRules flag;
      flag.classes = {read_class(what, classes), {}};
      out.machines.push_back(flag);
    }
    return out;
  } else {
    throw std::runtime_error("the oracle knows no " + out.kind);
  }
  rules.hold_unknown = tree.text_of("on_unknown") == "hold";
  if (const Tree* cap = tree.find("cap")) {
    rules.cap_moves = cap->find("moves")->integer;
    rules.cap_per = period_of(cap->text_of("per"));
  }
  out.machines.push_back(rules);
  return out;
}

}  // namespace

int Rules::Classification::number_of(const std::string& class_name) const {
  for (size_t m = 0; m < machines.size(); ++m) {
    const auto& classes = machines[m].classes;
    for (size_t c = 0; c < classes.size(); ++c) {
      if (classes[c].name == class_name) return static_cast<int>(kind == "flags" ? m : c);
    }
  }
  return -1;
}

Rules::Rules(const Tree& policy) : text(policy.write()) {
  if (policy.has("timezone")) zone = *TimeZone::load(policy.text_of("timezone"));
  if (const Tree* money = policy.find("money")) {
    if (money->has("scale")) scale = static_cast<int>(money->find("scale")->integer);
  }
  if (const Tree* customer = policy.find("customer")) {
    number_ids = customer->text_of("id") == "int64";
    joined = customer->text_of("joined");
  }
  if (const Tree* identities = policy.find("identities")) {
    for (const auto& [none, key] : identities->find("keys")->members) keys.push_back(key.text);
  }
  static const Tree kNone = Tree::list();
  const auto part = [&](std::string_view name) -> const Tree& {
    const Tree* found = policy.find(name);
    return found == nullptr ? kNone : *found;
  };
  for (const char* key : {"tags", "classifications"}) {
    for (const auto& [none, what] : part(key).members) {
      written[std::string(what.text_of("name"))] = without_words(what).write();
    }
  }
  for (const char* key : {"attributes", "models"}) {
    for (const auto& [name, what] : part(key).members) written[name] = without_words(what).write();
  }
  for (const auto& [name, what] : part("attributes").members) {
    attributes[name] = {kind_of_type(what.text_of("type")), default_of(what), keeps(what)};
  }
  for (const auto& [none, what] : part("tags").members) {
    Tag tag;
    tag.name = what.text_of("name");
    tag.instead = default_of(what);
    tag.keep = keeps(what);
    if (const Tree* metric = what.find("metric")) {
      tag.metric = Metric::read(*metric, policy, zone);
    } else if (what.has("expression")) {
      tag.expression = Condition::read(what.text_of("expression"));
    } else if (const Tree* rows = what.find("scorecard")) {
      for (const auto& [no_name, row] : rows->members) tag.scorecard.push_back(read_score(row));
    } else {
      throw std::runtime_error("the oracle knows no such tag: " + tag.name);
    }
    tags.emplace(tag.name, tag);
  }
  for (const auto& [none, what] : part("classifications").members) {
    classifications.push_back(read_classification(what));
    const Tree* classes = what.find("classes");
    for (size_t c = 0; classes != nullptr && c < classes->members.size(); ++c) {
      const std::string_view enter = classes->members[c].value.text_of("enter");
      if (!enter.empty()) conditions.emplace_back(enter);
    }
  }
  for (const auto& [name, what] : part("models").members) {
    models.push_back(read_model(name, what));
  }
  for (const Model& model : models) {
    if (model.kind == "rfm") tables.emplace(model.table, *SegmentTable::named(model.table));
  }
  for (const Classification& one : classifications) {
    if (one.kind == "grid") tables.emplace(one.table, *SegmentTable::named(one.table));
  }
  if (const Tree* calibrate = policy.find("calibrate")) {
    calibrate_every = calibrate->text_of("every");
    if (calibrate->has("min_customers")) {
      least_customers = calibrate->find("min_customers")->integer;
      for (Model& model : models) {
        if (!part("models").find(model.name)->has("min_customers")) model.least = least_customers;
      }
    }
  }
  if (const Tree* orders = part("streams").find("orders")) {
    zero_counts = orders->text_of("zero_amounts") == "count";
    refund_of = orders->text_of("refund_of");
  }
}

const Rules::Model* Rules::model_of(const std::string& name) const {
  for (const Model& model : models) {
    if (name == model.name || name.starts_with(model.name + ".")) return &model;
  }
  return nullptr;
}

std::vector<std::string> Rules::calibrated_items() const {
  std::vector<std::string> out;
  for (const Model& model : models) out.push_back(model.name);
  for (const Classification& one : classifications) {
    if (one.kind == "rank") out.push_back(one.name);
  }
  return out;
}

std::string Rules::definition(const std::string& item) const {
  std::set<std::string> seen;
  std::string out;
  const std::function<void(const std::string&)> add = [&](const std::string& name) {
    if (!seen.insert(name).second) return;
    const Model* model = model_of(name);
    const auto found = written.find(model != nullptr ? model->name : name);
    out += name + ": " + (found == written.end() ? "" : found->second) + "\n";
    for (const std::string& read : reads(name)) add(read);
    const auto tag = tags.find(name);
    if (tag == tags.end() || !tag->second.metric) return;
    const std::string& anchor = tag->second.metric->window.of_class;
    if (!anchor.empty()) add(anchor);
  };
  add(item);
  return out;
}

std::set<std::string> Rules::reads(const std::string& name) const {
  std::set<std::string> out;
  if (const Model* model = model_of(name)) return {model->of.begin(), model->of.end()};
  if (const auto tag = tags.find(name); tag != tags.end()) {
    if (tag->second.metric && tag->second.metric->verb == "ratio") {
      return {tag->second.metric->a, tag->second.metric->b};
    }
    tag->second.expression.names(out);
    for (const ScoreRow& row : tag->second.scorecard) row.when.names(out);
    return out;
  }
  for (const Classification& one : classifications) {
    if (one.name != name) continue;
    one.where.names(out);
    if (!one.of.empty()) out.insert(one.of);
    if (one.kind == "grid") out.insert("rfm");
    for (const MachineRules& machine : one.machines) {
      for (const ClassRules& of : machine.classes) {
        of.enter.names(out);
        of.keep.names(out);
      }
    }
  }
  return out;
}

bool Rules::calibrated(const std::string& name) const {
  if (model_of(name) != nullptr) return true;
  for (const Classification& one : classifications) {
    if (one.name == name && (one.kind == "rank" || one.kind == "grid")) return true;
  }
  for (const std::string& read : reads(name)) {
    if (calibrated(read)) return true;
  }
  return false;
}

int Rules::stage_of(const std::string& item) const {
  int stage = 0;
  // Of what is read the models that are behind it; a class that is read is the one held before.
  const std::function<int(const std::string&)> known_from = [&](const std::string& name) {
    if (model_of(name) != nullptr) return stage_of(name) + 1;
    if (!tags.contains(name)) return 0;
    int from = 0;
    for (const std::string& read : reads(name)) from = std::max(from, known_from(read));
    return from;
  };
  for (const std::string& read : reads(item)) stage = std::max(stage, known_from(read));
  return stage;
}

}  // namespace patron::oracle
