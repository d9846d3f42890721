#include "tests/engine/oracle/rules.h"

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
  if (tree.text_of("on_null") == "keep") throw std::runtime_error("on_null keep");
  if (tree.text_of("on_null") != "default") return std::nullopt;
  const Tree& value = *tree.find("default");
  if (value.is == Tree::Is::kBool) return Value::of(value.truth);
  if (value.is == Tree::Is::kInt) return Value::of(Is::kInt, value.integer);
  if (value.is == Tree::Is::kReal) return Value::real(value.real);
  return Value::text(value.text);
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

Rules::Classification read_classification(const Tree& tree) {
  Rules::Classification out;
  out.name = tree.text_of("name");
  out.kind = tree.text_of("kind");
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

Rules::Rules(const Tree& policy) {
  if (policy.has("timezone")) zone = *TimeZone::load(policy.text_of("timezone"));
  if (const Tree* money = policy.find("money")) {
    if (money->has("scale")) scale = static_cast<int>(money->find("scale")->integer);
  }
  if (const Tree* customer = policy.find("customer")) {
    number_ids = customer->text_of("id") == "int64";
    joined = customer->text_of("joined");
  }
  static const Tree kNone = Tree::list();
  const auto part = [&](std::string_view name) -> const Tree& {
    const Tree* found = policy.find(name);
    return found == nullptr ? kNone : *found;
  };
  for (const auto& [name, what] : part("attributes").members) {
    attributes[name] = {kind_of_type(what.text_of("type")), default_of(what)};
  }
  for (const auto& [none, what] : part("tags").members) {
    Tag tag;
    tag.name = what.text_of("name");
    tag.instead = default_of(what);
    if (const Tree* metric = what.find("metric")) {
      tag.metric = Metric::read(*metric, policy, zone);
    } else if (what.has("expression")) {
      tag.expression = Condition::read(what.text_of("expression"));
    } else {
      throw std::runtime_error("the oracle knows no such tag: " + tag.name);
    }
    tags.emplace(tag.name, tag);
  }
  for (const auto& [none, what] : part("classifications").members) {
    classifications.push_back(read_classification(what));
  }
}

}  // namespace patron::oracle
