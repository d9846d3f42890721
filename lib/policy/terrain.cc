#include "lib/policy/terrain.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "lib/base/number_text.h"
#include "lib/expr/compiled.h"
#include "patron/money.h"

namespace patron::internal::policy {
namespace {

bool is_whole(Base base) {
  return base == Base::kInt64 || base == Base::kMoney || base == Base::kDate ||
         base == Base::kTimestamp || base == Base::kDuration;
}

bool is_text(Base base) { return base == Base::kString || base == Base::kEnum; }

// What a subgraph is, in a form that equal ones share.
std::string key_of(const Graph& graph, int32_t at, const Schema& schema) {
  const Node& node = graph.at(at);
  std::string key = std::to_string(static_cast<int>(node.op)) + "," +
                    std::to_string(static_cast<int>(node.cmp)) + "," +
                    std::to_string(static_cast<int>(node.part));
  if (node.op == Op::kField || node.op == Op::kHas || node.op == Op::kIsNull) {
    key += "," + schema.fields()[static_cast<size_t>(node.index)].name;
  } else if (node.op == Op::kConst && node.lane() == LaneKind::kText) {
    key += ",t" + std::string(graph.text(node.index));
  } else if (node.op == Op::kConst) {
    key += "," + std::to_string(node.integer) + "," + number_text(node.number);
  } else {
    key += "," + std::to_string(node.index) + "," + std::to_string(node.integer);
  }
  for (int i = 0; i < node.arg_count(); ++i) {
    key += "(" + key_of(graph, node.args[static_cast<size_t>(i)], schema) + ")";
  }
  return key;
}

void fields_of(const Graph& graph, int32_t at, std::vector<int32_t>& out) {
  const Node& node = graph.at(at);
  if (node.op == Op::kField || node.op == Op::kHas || node.op == Op::kIsNull) {
    if (std::find(out.begin(), out.end(), node.index) == out.end()) out.push_back(node.index);
  }
  for (int i = 0; i < node.arg_count(); ++i) {
    fields_of(graph, node.args[static_cast<size_t>(i)], out);
  }
}

bool before(const Boundary& a, const Boundary& b, bool whole) {
  if (whole) return a.whole < b.whole;
  return a.at != b.at ? a.at < b.at : a.after < b.after;
}

}  // namespace

int Terrain::thing_of(const Graph& graph, int32_t at, const std::string& text,
                      const Schema& schema) {
  const auto [found, fresh] =
      by_key_.try_emplace(key_of(graph, at, schema), static_cast<int>(things_.size()));
  if (!fresh) return found->second;
  const Node& node = graph.at(at);
  Thing thing;
  thing.text = text.substr(node.span.begin, node.span.end - node.span.begin);
  thing.base = node.type.base;
  thing.unit = node.type.unit;
  thing.ordered = is_whole(thing.base) || thing.base == Base::kDouble;
  thing.nullable = !node.total;
  if (node.op == Op::kField) {
    const FieldSpec& field = schema.fields()[static_cast<size_t>(node.index)];
    thing.text = field.name;
    thing.nullable = field.nullable;
    if (is_text(thing.base) && !field.values.empty()) {
      thing.choices = field.values;
      thing.closed = true;
    }
  }
  fields_of(graph, at, thing.fields);
  things_.push_back(std::move(thing));
  return found->second;
}

// What a comparison with a constant, a test of membership or a bool of its own says of one thing.
Terrain::Step Terrain::atom(const Graph& graph, int32_t at, const std::string& text,
                            const Schema& schema) {
  const Node& node = graph.at(at);
  Step step;
  step.kind = Step::Kind::kAtom;
  step.op = node.op;
  step.cmp = node.cmp;
  const auto is_const = [&](int32_t i) {
    return graph.at(i).op == Op::kConst && graph.at(i).known;
  };
  const bool compares = node.op == Op::kCompare || node.op == Op::kCompareRank;
  if (compares && is_const(node.args[1]) != is_const(node.args[0])) {
    const bool mirror = is_const(node.args[0]);
    const Node& constant = graph.at(node.args[mirror ? 0 : 1]);
    const int32_t subject = node.args[mirror ? 1 : 0];
    if (mirror) step.cmp = mirrored(node.cmp);
    step.thing = thing_of(graph, subject, text, schema);
    step.whole = constant.integer;
    step.number = constant.number;
    const bool textual = constant.lane() == LaneKind::kText;
    if (textual) step.texts.emplace_back(graph.text(constant.index));
    const bool sorted = node.op == Op::kCompare || things_[static_cast<size_t>(step.thing)].closed;
    if (graph.at(subject).type.base != Base::kBool && (!textual || sorted)) {
      if (!textual || node.op == Op::kCompareRank || node.cmp == Cmp::kEq || node.cmp == Cmp::kNe) {
        return step;
      }
    }
  }
  if (node.op == Op::kInList) {
    step.thing = thing_of(graph, node.args[0], text, schema);
    const auto list = static_cast<size_t>(node.index);
    switch (graph.at(node.args[0]).lane()) {
      case LaneKind::kI64:
        step.wholes = graph.int_lists[list];
        return step;
      case LaneKind::kF64:
        step.numbers = graph.double_lists[list];
        return step;
      case LaneKind::kText:
        for (const std::string_view one : graph.text_lists[list]) step.texts.emplace_back(one);
        return step;
      case LaneKind::kBool:
        break;
    }
  }
  // A bool that is looked at as a whole: a field, or a comparison of two things.
  step.op = Op::kField;
  step.thing = thing_of(graph, at, text, schema);
  return step;
}

int Terrain::add_step(Condition& out, const Graph& graph, int32_t at, const std::string& text,
                      const Schema& schema, std::vector<int>& done) {
  int& known = done[static_cast<size_t>(at)];
  if (known >= 0) return known;
  const Node& node = graph.at(at);
  Step step;
  switch (node.op) {
    case Op::kConst:
      step.constant = !node.known ? kUnknown : node.integer != 0 ? kTrue : kFalse;
      break;
    case Op::kNot:
    case Op::kAnd:
    case Op::kOr:
      step.kind = node.op == Op::kNot   ? Step::Kind::kNot
                  : node.op == Op::kAnd ? Step::Kind::kAnd
                                        : Step::Kind::kOr;
      step.a = add_step(out, graph, node.args[0], text, schema, done);
      if (node.op != Op::kNot) step.b = add_step(out, graph, node.args[1], text, schema, done);
      break;
    case Op::kHas:
    case Op::kIsNull: {
      // The field's own thing, so that `has(x)` and `x > 1` are of one.
      const FieldSpec& field = schema.fields()[static_cast<size_t>(node.index)];
      int32_t reader = -1;
      for (size_t i = 0; i < graph.nodes.size(); ++i) {
        if (graph.nodes[i].op == Op::kField && graph.nodes[i].index == node.index) {
          reader = static_cast<int32_t>(i);
        }
      }
      Graph alone;
      if (reader < 0) {
        Node made;
        made.op = Op::kField;
        made.index = node.index;
        made.type.base = base_of(field.kind);
        made.type.unit = field.unit;
        alone.nodes.push_back(made);
      }
      step.kind = Step::Kind::kAtom;
      step.op = node.op;
      step.thing =
          reader < 0 ? thing_of(alone, 0, text, schema) : thing_of(graph, reader, text, schema);
      break;
    }
    default:
      step = atom(graph, at, text, schema);
      break;
  }
  if (step.thing >= 0 &&
      std::find(out.things.begin(), out.things.end(), step.thing) == out.things.end()) {
    out.things.push_back(step.thing);
  }
  out.steps.push_back(std::move(step));
  known = static_cast<int>(out.steps.size()) - 1;
  return known;
}

int Terrain::add(const Expression& condition) {
  const CompiledExpression& compiled = condition.compiled();
  Condition out;
  std::vector<int> done(compiled.graph.nodes.size(), -1);
  // Nesting is bounded by the limits of expressions, and so is this.
  add_step(out, compiled.graph, compiled.graph.root, compiled.text, compiled.schema, done);
  conditions_.push_back(std::move(out));
  return static_cast<int>(conditions_.size()) - 1;
}

// The boundaries that a comparison draws.
void Terrain::cut(Thing& thing, const Step& step) {
  if (!thing.ordered) {
    for (const std::string& text : step.texts) {
      if (std::find(thing.choices.begin(), thing.choices.end(), text) == thing.choices.end()) {
        thing.choices.push_back(text);
      }
    }
    return;
  }
  const bool whole = is_whole(thing.base);
  const auto below = [&](int64_t value, double number) {
    thing.boundaries.push_back({number, value, false});
  };
  const auto above = [&](int64_t value, double number) {
    if (whole && value == std::numeric_limits<int64_t>::max()) return;
    thing.boundaries.push_back({number, whole ? value + 1 : 0, true});
  };
  if (step.op == Op::kInList) {
    for (const int64_t one : step.wholes) below(one, 0), above(one, 0);
    for (const double one : step.numbers) below(0, one), above(0, one);
    return;
  }
  if (step.op != Op::kCompare) return;
  const bool at_least = step.cmp == Cmp::kGe || step.cmp == Cmp::kLt;
  if (at_least || step.cmp == Cmp::kEq || step.cmp == Cmp::kNe) below(step.whole, step.number);
  if (!at_least) above(step.whole, step.number);
}

// Whether the atom is true in a cell of its thing that is not null.
bool Terrain::holds(const Step& step, const Thing& thing, int cell) const {
  if (step.op == Op::kHas) return true;
  if (step.op == Op::kIsNull) return false;
  if (step.op == Op::kField) return cell == 1;
  const auto c = static_cast<size_t>(cell);
  if (!thing.ordered) {
    const bool other = c >= thing.choices.size();
    if (step.op == Op::kInList) {
      return !other &&
             std::find(step.texts.begin(), step.texts.end(), thing.choices[c]) != step.texts.end();
    }
    if (step.op == Op::kCompareRank) {
      const auto rank = std::find(thing.choices.begin(), thing.choices.end(), step.texts[0]) -
                        thing.choices.begin();
      const int order = cell < rank ? -1 : cell > rank ? 1 : 0;
      switch (step.cmp) {
        case Cmp::kEq:
          return order == 0;
        case Cmp::kNe:
          return order != 0;
        case Cmp::kLt:
          return order < 0;
        case Cmp::kLe:
          return order <= 0;
        case Cmp::kGt:
          return order > 0;
        case Cmp::kGe:
          return order >= 0;
      }
    }
    const bool same = !other && thing.choices[c] == step.texts[0];
    return step.cmp == Cmp::kEq ? same : !same;
  }
  // How many boundaries lie at or below a value that is at, or just above, the constant.
  const bool whole = is_whole(thing.base);
  const auto cell_of = [&](int64_t value, double number) {
    int at = 0;
    for (const Boundary& boundary : thing.boundaries) {
      const bool reached = whole
                               ? value >= boundary.whole
                               : number > boundary.at || (number == boundary.at && !boundary.after);
      at += reached ? 1 : 0;
    }
    return at;
  };
  if (step.op == Op::kInList) {
    for (const int64_t one : step.wholes) {
      if (cell_of(one, 0) == cell) return true;
    }
    for (const double one : step.numbers) {
      if (cell_of(0, one) == cell) return true;
    }
    return false;
  }
  const int at = cell_of(step.whole, step.number);
  switch (step.cmp) {
    case Cmp::kEq:
      return cell == at;
    case Cmp::kNe:
      return cell != at;
    case Cmp::kLt:
      return cell < at;
    case Cmp::kLe:
      return cell <= at;
    case Cmp::kGt:
      return cell > at;
    case Cmp::kGe:
      return cell >= at;
  }
  return false;
}

void Terrain::place(Step& step) const {
  const Thing& thing = things_[static_cast<size_t>(step.thing)];
  for (int cell = 0; cell < thing.cells; ++cell) {
    (holds(step, thing, cell) ? step.yes : step.no) |= uint64_t{1} << cell;
  }
  if (!thing.nullable) return;
  const uint64_t null = uint64_t{1} << thing.cells;
  (step.op == Op::kHas ? step.no : step.op == Op::kIsNull ? step.yes : step.unknown) |= null;
}

bool Terrain::settle() {
  for (const Condition& condition : conditions_) {
    for (const Step& step : condition.steps) {
      if (step.thing >= 0) cut(things_[static_cast<size_t>(step.thing)], step);
    }
  }
  std::map<int32_t, int> users;
  for (const Thing& thing : things_) {
    for (const int32_t field : thing.fields) ++users[field];
  }
  for (Thing& thing : things_) {
    const bool whole = is_whole(thing.base);
    std::sort(thing.boundaries.begin(), thing.boundaries.end(),
              [&](const Boundary& a, const Boundary& b) { return before(a, b, whole); });
    const auto last = std::unique(thing.boundaries.begin(), thing.boundaries.end(),
                                  [&](const Boundary& a, const Boundary& b) {
                                    return !before(a, b, whole) && !before(b, a, whole);
                                  });
    thing.boundaries.erase(last, thing.boundaries.end());
    size_t cells = 2;  // of a bool: no, yes
    if (thing.ordered) cells = thing.boundaries.size() + 1;
    if (is_text(thing.base)) cells = thing.choices.size() + (thing.closed ? 0 : 1);
    if (cells > 63) return false;
    thing.cells = static_cast<int>(cells);
    thing.all = (uint64_t{1} << (cells + (thing.nullable ? 1 : 0))) - 1;
    for (const int32_t field : thing.fields) thing.entangled |= users[field] > 1;
    // Two fields that are compared, or arithmetic on one, reach values that are not looked into.
    thing.entangled |= thing.fields.size() > 1;
  }
  for (Condition& condition : conditions_) {
    for (Step& step : condition.steps) {
      if (step.thing >= 0) place(step);
    }
  }
  return true;
}

Region Terrain::everywhere() const {
  Region out;
  for (const Thing& thing : things_) out.push_back(thing.all);
  return out;
}

namespace {

Truth not_of(Truth a) {
  return static_cast<Truth>((a & kUnknown) | ((a & kTrue) != 0 ? kFalse : 0) |
                            ((a & kFalse) != 0 ? kTrue : 0));
}

// Kleene's and, of all that the two can be.
Truth and_of(Truth a, Truth b) {
  Truth out = 0;
  if ((a & kTrue) != 0 && (b & kTrue) != 0) out |= kTrue;
  if (((a | b) & kFalse) != 0) out |= kFalse;
  if (((a & kUnknown) != 0 && (b & (kTrue | kUnknown)) != 0) ||
      ((b & kUnknown) != 0 && (a & (kTrue | kUnknown)) != 0)) {
    out |= kUnknown;
  }
  return out;
}

}  // namespace

Truth Terrain::truth(int condition, const Region& region) const {
  const std::vector<Step>& steps = conditions_[static_cast<size_t>(condition)].steps;
  std::vector<Truth> values(steps.size());
  for (size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const auto value = [&](int at) { return values[static_cast<size_t>(at)]; };
    switch (step.kind) {
      case Step::Kind::kConst:
        values[i] = step.constant;
        break;
      case Step::Kind::kNot:
        values[i] = not_of(value(step.a));
        break;
      case Step::Kind::kAnd:
        values[i] = and_of(value(step.a), value(step.b));
        break;
      case Step::Kind::kOr:
        values[i] = not_of(and_of(not_of(value(step.a)), not_of(value(step.b))));
        break;
      case Step::Kind::kAtom: {
        const uint64_t cells = region[static_cast<size_t>(step.thing)];
        values[i] = static_cast<Truth>(((cells & step.yes) != 0 ? kTrue : 0) |
                                       ((cells & step.no) != 0 ? kFalse : 0) |
                                       ((cells & step.unknown) != 0 ? kUnknown : 0));
        break;
      }
    }
  }
  return values.empty() ? kUnknown : values.back();
}

int Terrain::split(int condition, const Region& region, uint64_t& cells) const {
  for (const Step& step : conditions_[static_cast<size_t>(condition)].steps) {
    if (step.kind != Step::Kind::kAtom) continue;
    const uint64_t here = region[static_cast<size_t>(step.thing)];
    for (const uint64_t part : {step.yes, step.unknown}) {
      if ((here & part) == 0 || (here & ~part) == 0) continue;
      cells = here & part;
      return step.thing;
    }
  }
  return -1;
}

bool Terrain::exact(int condition) const {
  const std::vector<int>& looked = conditions_[static_cast<size_t>(condition)].things;
  return std::none_of(looked.begin(), looked.end(),
                      [&](int thing) { return things_[static_cast<size_t>(thing)].entangled; });
}

namespace {

std::string whole_text(const Thing& thing, int64_t value) {
  switch (thing.base) {
    case Base::kMoney:
      return format_money(value, {thing.unit.scale, {}});
    case Base::kDate:
      return format_date(value);
    case Base::kTimestamp:
      return format_time(value);
    case Base::kDuration: {
      const bool days = value % kMicrosPerDay == 0;
      return days ? std::to_string(value / kMicrosPerDay) + " days"
                  : format_period({0, std::abs(value)});
    }
    default:
      return std::to_string(value);
  }
}

}  // namespace

std::string Terrain::value_in(const Thing& thing, int cell) const {
  if (cell == thing.cells) return thing.text + " unknown";
  const auto c = static_cast<size_t>(cell);
  if (!thing.ordered && is_text(thing.base)) {
    if (c < thing.choices.size()) return thing.text + " = '" + thing.choices[c] + "'";
    return thing.text + " = another";
  }
  if (!thing.ordered) return thing.text + (cell == 1 ? "" : " not") + std::string(" true");
  if (thing.boundaries.empty()) return thing.text + " any";
  if (is_whole(thing.base)) {
    const int64_t value = c == 0 ? thing.boundaries[0].whole - 1 : thing.boundaries[c - 1].whole;
    return thing.text + " = " + whole_text(thing, value);
  }
  const bool first = c == 0, last = c == thing.boundaries.size();
  const Boundary& lower = thing.boundaries[first ? 0 : c - 1];
  if (!first && !lower.after) return thing.text + " = " + number_text(lower.at);
  if (first) return thing.text + (lower.after ? " = " : " < ") + number_text(lower.at);
  if (last) return thing.text + " > " + number_text(lower.at);
  const double middle = lower.at + (thing.boundaries[c].at - lower.at) / 2;
  return thing.text + " = " + number_text(middle);
}

std::string Terrain::witness(const Region& region, const std::vector<int>& conditions) const {
  std::vector<bool> shown(things_.size(), false);
  for (const int condition : conditions) {
    for (const int thing : conditions_[static_cast<size_t>(condition)].things) {
      shown[static_cast<size_t>(thing)] = true;
    }
  }
  std::string out;
  for (size_t i = 0; i < things_.size(); ++i) {
    if (!shown[i] || region[i] == things_[i].all) continue;
    out += (out.empty() ? "" : ", ") + value_in(things_[i], std::countr_zero(region[i]));
  }
  return out.empty() ? "any customer" : out;
}

}  // namespace patron::internal::policy
