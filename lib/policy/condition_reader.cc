#include "lib/policy/condition_reader.h"

#include <algorithm>
#include <utility>

#include "lib/base/number_text.h"

namespace patron::internal::policy {
namespace {

/// How deep tags are read into, and how many steps a condition may have by that.
constexpr int kDeepest = 8;
constexpr size_t kMostSteps = 20'000;

bool reads_field(const Node& node) {
  return node.op == Op::kField || node.op == Op::kHas || node.op == Op::kIsNull;
}

const std::string& field_name(const CompiledExpression& from, const Node& node) {
  return from.schema.fields()[static_cast<size_t>(node.index)].name;
}

// What a subgraph is, in a form that equal ones share.
std::string key_of(const CompiledExpression& from, int32_t at) {
  const Graph& graph = from.graph;
  const Node& node = graph.at(at);
  if (node.op == Op::kField) return field_name(from, node);
  std::string key = std::to_string(static_cast<int>(node.op)) + "," +
                    std::to_string(static_cast<int>(node.cmp)) + "," +
                    std::to_string(static_cast<int>(node.part));
  if (reads_field(node)) {
    key += "," + field_name(from, node);
  } else if (node.op == Op::kConst && node.lane() == LaneKind::kText) {
    key += ",t" + std::string(graph.text(node.index));
  } else if (node.op == Op::kConst) {
    key += "," + std::to_string(node.integer) + "," + number_text(node.number);
  } else if (node.op == Op::kInList) {
    // The list by its place, which no other expression has.
    key += "," + from.text + "," + std::to_string(node.index);
  } else {
    key += "," + std::to_string(node.index) + "," + std::to_string(node.integer);
  }
  for (int i = 0; i < node.arg_count(); ++i) {
    key += "(" + key_of(from, node.args[static_cast<size_t>(i)]) + ")";
  }
  return key;
}

void add_leaves(const CompiledExpression& from, int32_t at, Knowledge& knowledge, Leaves& out) {
  const Node& node = from.graph.at(at);
  if (reads_field(node)) {
    const Leaves& more = knowledge.leaves(field_name(from, node));
    out.many = out.many || more.many;
    out.ids.insert(out.ids.end(), more.ids.begin(), more.ids.end());
    out.streams.insert(out.streams.end(), more.streams.begin(), more.streams.end());
  }
  for (int i = 0; i < node.arg_count(); ++i) {
    add_leaves(from, node.args[static_cast<size_t>(i)], knowledge, out);
  }
}

// `age(t)`, `now - t`: null where t is, and every length of time otherwise. Times reach from the
// year 1 to 9999, so that their differences do not overflow.
bool is_age(const Graph& graph, const Node& node) {
  if (node.op != Op::kTimeDiff || graph.at(node.args[0]).op != Op::kNow) return false;
  const Node& since = graph.at(node.args[1]);
  return since.op == Op::kField ||
         (since.op == Op::kDateToTime && graph.at(since.args[0]).op == Op::kField);
}

}  // namespace

int ConditionReader::add(Terrain::Step step) {
  out_.steps.push_back(step);
  return static_cast<int>(out_.steps.size()) - 1;
}

int ConditionReader::add(Terrain::Atom atom) {
  Terrain::Step step;
  step.kind = Terrain::Step::Kind::kAtom;
  step.atom = static_cast<int>(out_.atoms.size());
  out_.atoms.push_back(std::move(atom));
  return add(step);
}

int ConditionReader::read(const CompiledExpression& from) {
  Source source{from, std::vector<int>(from.graph.nodes.size(), -1)};
  // Nesting is bounded by the limits of expressions, and so is this.
  return step(source, from.graph.root);
}

// The steps of the tag of that name, or -1 where it is read as a value.
int ConditionReader::inside(std::string_view name) {
  const auto known = tags_.find(name);
  if (known != tags_.end()) return known->second;
  const Expression* expression = terrain_.knowledge_.inside(name);
  if (expression == nullptr || depth_ == kDeepest || out_.steps.size() > kMostSteps) return -1;
  ++depth_;
  const int read_as = read(expression->compiled());
  --depth_;
  tags_.emplace(name, read_as);
  return read_as;
}

int ConditionReader::step(Source& source, int32_t at) {
  int& known = source.done[static_cast<size_t>(at)];
  if (known >= 0) return known;
  const Node& node = source.from.graph.at(at);
  Terrain::Step made;
  switch (node.op) {
    case Op::kConst:
      made.constant = !node.known ? kUnknown : node.integer != 0 ? kTrue : kFalse;
      return known = add(made);
    case Op::kNot:
    case Op::kAnd:
    case Op::kOr:
      made.kind = node.op == Op::kNot   ? Terrain::Step::Kind::kNot
                  : node.op == Op::kAnd ? Terrain::Step::Kind::kAnd
                                        : Terrain::Step::Kind::kOr;
      made.a = step(source, node.args[0]);
      if (node.op != Op::kNot) made.b = step(source, node.args[1]);
      return known = add(made);
    case Op::kHas:
    case Op::kIsNull: {
      Terrain::Atom asks;
      asks.op = node.op;
      asks.asked = field_name(source.from, node);
      return known = add(std::move(asks));
    }
    case Op::kField: {
      const int read_as = inside(field_name(source.from, node));
      return known = read_as >= 0 ? read_as : add(atom(source, at));
    }
    default:
      return known = add(atom(source, at));
  }
}

// A comparison with a constant whose truth is that of some of the thing's cells.
bool ConditionReader::compared(const Source& source, const Node& node, Terrain::Atom& out) {
  if (node.op != Op::kCompare && node.op != Op::kCompareRank) return false;
  const Graph& graph = source.from.graph;
  const auto constant_at = [&](int i) {
    const Node& arg = graph.at(node.args[static_cast<size_t>(i)]);
    return arg.op == Op::kConst && arg.known;
  };
  if (constant_at(0) == constant_at(1)) return false;
  const bool mirror = constant_at(0);
  const Node& constant = graph.at(node.args[mirror ? 0 : 1]);
  const int32_t subject = node.args[mirror ? 1 : 0];
  if (graph.at(subject).type.base == Base::kBool) return false;
  const bool textual = constant.lane() == LaneKind::kText;
  const bool equality = node.cmp == Cmp::kEq || node.cmp == Cmp::kNe;
  if (textual && !equality && node.op == Op::kCompare) return false;  // the order of texts
  out.cmp = mirror ? mirrored(node.cmp) : node.cmp;
  out.op = node.op;
  out.thing = thing(source, subject);
  if (node.op == Op::kCompareRank && !terrain_.things_[static_cast<size_t>(out.thing)].closed) {
    return false;
  }
  out.whole = constant.integer;
  out.number = constant.number;
  if (textual) out.texts.emplace_back(graph.text(constant.index));
  return true;
}

bool ConditionReader::listed(const Source& source, const Node& node, Terrain::Atom& out) {
  if (node.op != Op::kInList) return false;
  const Graph& graph = source.from.graph;
  const auto list = static_cast<size_t>(node.index);
  const LaneKind lane = graph.at(node.args[0]).lane();
  if (lane == LaneKind::kBool) return false;
  out.op = node.op;
  out.thing = thing(source, node.args[0]);
  if (lane == LaneKind::kI64) out.wholes = graph.int_lists[list];
  if (lane == LaneKind::kF64) out.numbers = graph.double_lists[list];
  if (lane == LaneKind::kText) {
    for (const std::string_view one : graph.text_lists[list]) out.texts.emplace_back(one);
  }
  return true;
}

Terrain::Atom ConditionReader::atom(const Source& source, int32_t at) {
  const Node& node = source.from.graph.at(at);
  Terrain::Atom out;
  if (compared(source, node, out) || listed(source, node, out)) return out;
  // A bool that is looked at as a whole: a field, or a comparison of two things.
  out = Terrain::Atom();
  out.op = Op::kField;
  out.thing = thing(source, at);
  return out;
}

int ConditionReader::thing(const Source& source, int32_t at) {
  const auto [found, fresh] = terrain_.by_key_.try_emplace(
      key_of(source.from, at), static_cast<int>(terrain_.things_.size()));
  if (fresh) terrain_.things_.push_back(describe(source, at));
  return found->second;
}

Thing ConditionReader::describe(const Source& source, int32_t at) {
  const Graph& graph = source.from.graph;
  const Node& node = graph.at(at);
  Thing out;
  out.text = source.from.text.substr(node.span.begin, node.span.end - node.span.begin);
  out.base = node.type.base;
  out.unit = node.type.unit;
  out.domain.nullable = !node.total;
  add_leaves(source.from, at, terrain_.knowledge_, out.leaves);
  for (std::vector<int>* each : {&out.leaves.ids, &out.leaves.streams}) {
    std::sort(each->begin(), each->end());
    each->erase(std::unique(each->begin(), each->end()), each->end());
  }
  out.plain = node.op == Op::kField || node.op == Op::kNow || is_age(graph, node);
  if (node.op == Op::kSetHas && graph.at(node.args[0]).op == Op::kField) {
    const std::string& set = field_name(source.from, graph.at(node.args[0]));
    out.plain = out.member = !terrain_.knowledge_.domain(set).nullable;
    if (out.member) out.domain.nullable = false;
  }
  if (node.op != Op::kField) return out;
  const FieldSpec& field = source.from.schema.fields()[static_cast<size_t>(node.index)];
  out.text = field.name;
  out.domain = terrain_.knowledge_.domain(field.name);
  out.domain.nullable = out.domain.nullable && field.nullable;
  const bool textual = out.base == Base::kString || out.base == Base::kEnum;
  if (textual && !field.values.empty()) {
    out.choices = field.values;
    out.closed = true;
  }
  return out;
}

}  // namespace patron::internal::policy
