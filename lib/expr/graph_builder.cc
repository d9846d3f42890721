#include "lib/expr/graph_builder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "lib/expr/kernel.h"

namespace patron::internal {
namespace {

template <typename T>
void put(std::string& key, T value) {
  key.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// Everything of a node but its span and what follows from the rest.
std::string key_of(const Node& node) {
  std::string key;
  put(key, node.op);
  put(key, node.cmp);
  put(key, node.part);
  put(key, node.operand);
  put(key, node.known);
  put(key, node.type.base);
  put(key, node.type.whole_days);
  put(key, node.type.domain);
  put(key, node.type.unit.scale);
  put(key, node.type.unit.currency);
  put(key, node.args);
  put(key, node.index);
  put(key, node.integer);
  put(key, std::bit_cast<uint64_t>(node.number));
  put(key, node.domain);
  return key;
}

// The memory of one constant while a kernel runs.
struct Slot {
  int64_t integer = 0;
  double number = 0;
  std::string_view text;
  uint8_t is_true = 0;
  uint8_t other = 0;  // false of a bool, known of others

  Lane lane(LaneKind kind) {
    switch (kind) {
      case LaneKind::kBool:
        return {&is_true, &other};
      case LaneKind::kI64:
        return {&integer, &other};
      case LaneKind::kF64:
        return {&number, &other};
      case LaneKind::kText:
        return {&text, &other};
    }
    return {};
  }
};

}  // namespace

int32_t GraphBuilder::bool_const(bool value, Span span) {
  Node node;
  node.type.base = Base::kBool;
  node.integer = value;
  node.span = span;
  return add(node);
}

int32_t GraphBuilder::i64_const(const ExprType& type, int64_t value, Span span) {
  Node node;
  node.type = type;
  node.integer = value;
  node.span = span;
  return add(node);
}

int32_t GraphBuilder::f64_const(double value, Span span) {
  Node node;
  node.type.base = Base::kDouble;
  node.number = value;
  node.span = span;
  return add(node);
}

int32_t GraphBuilder::text_const(std::string_view value, Span span) {
  Node node;
  node.type.base = Base::kString;
  node.index = add_text(value);
  node.span = span;
  return add(node);
}

int32_t GraphBuilder::unknown_const(const ExprType& type, Span span) {
  Node node;
  node.type = type;
  node.known = false;
  node.span = span;
  if (lane_of(type.base) == LaneKind::kText) node.index = add_text("");
  return add(node);
}

int32_t GraphBuilder::add_text(std::string_view value) {
  const auto [it, fresh] =
      texts_.try_emplace(std::string(value), static_cast<int32_t>(graph_.texts.size()));
  if (fresh) graph_.texts.emplace_back(value);
  return it->second;
}

int32_t GraphBuilder::add_list(std::vector<int64_t> values) {
  std::sort(values.begin(), values.end());
  graph_.int_lists.push_back(std::move(values));
  return static_cast<int32_t>(graph_.int_lists.size()) - 1;
}

int32_t GraphBuilder::add_list(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  graph_.double_lists.push_back(std::move(values));
  return static_cast<int32_t>(graph_.double_lists.size()) - 1;
}

int32_t GraphBuilder::add_text_list(std::vector<std::string_view> values) {
  for (std::string_view& value : values) value = graph_.text(add_text(value));
  std::sort(values.begin(), values.end());
  graph_.text_lists.push_back(std::move(values));
  return static_cast<int32_t>(graph_.text_lists.size()) - 1;
}

int32_t GraphBuilder::add_zone(ZoneChoice zone) {
  for (size_t i = 0; i < graph_.zones.size(); ++i) {
    if (graph_.zones[i].name == zone.name) return static_cast<int32_t>(i);
  }
  graph_.zones.push_back(std::move(zone));
  return static_cast<int32_t>(graph_.zones.size()) - 1;
}

int32_t GraphBuilder::schema_zone() {
  if (schema_zone_ < 0) {
    ZoneChoice zone;
    zone.name = schema_.zone().name();
    zone.zone = schema_.zone();
    zone.fixed = zone.zone.is_utc();
    schema_zone_ = add_zone(std::move(zone));
  }
  return schema_zone_;
}

bool keeps_known(const Node& node) {
  switch (node.op) {
    case Op::kField:
    case Op::kHas:
    case Op::kIsNull:
    case Op::kNot:
    case Op::kAnd:
    case Op::kOr:
    case Op::kSelect:
    case Op::kCompare:
    case Op::kCompareIntDouble:
    case Op::kInList:
    case Op::kSetHas:
    case Op::kSetHasText:
    case Op::kSetSize:
    case Op::kMin:
    case Op::kMax:
    case Op::kDurationNeg:
    case Op::kDurationAbs:
    case Op::kMoneyToDouble:
    case Op::kIntToDouble:
    case Op::kSize:
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kContains:
      return true;
    case Op::kNeg:
    case Op::kAbs:
      return node.lane() == LaneKind::kF64;
    default:
      return false;
  }
}

bool GraphBuilder::total(const Node& node) const {
  const auto all = [&] {
    for (int i = 0; i < node.arg_count(); ++i) {
      if (!graph_.at(node.args[static_cast<size_t>(i)]).total) return false;
    }
    return true;
  };
  switch (node.op) {
    case Op::kConst:
      return node.known;
    case Op::kField:
      return !schema_.fields()[static_cast<size_t>(node.index)].nullable;
    case Op::kNow:
    case Op::kHas:
    case Op::kIsNull:
      return true;
    case Op::kOrElse:
      return graph_.at(node.args[0]).total || graph_.at(node.args[1]).total;
    default:
      return keeps_known(node) && all();
  }
}

// Operations one of whose constants decides.
bool GraphBuilder::simplify(const Node& node, int32_t& out) {
  const auto known = [&](int32_t i) { return is_const(i) && graph_.at(i).known; };
  if (node.op == Op::kAnd || node.op == Op::kOr) {
    for (const size_t side : {size_t{0}, size_t{1}}) {
      if (!known(node.args[side])) continue;
      const bool value = graph_.at(node.args[side]).integer != 0;
      const bool decides = value == (node.op == Op::kOr);
      out = decides ? node.args[side] : node.args[1 - side];
      return true;
    }
    if (node.args[0] == node.args[1]) {
      out = node.args[0];
      return true;
    }
  }
  if (node.op == Op::kSelect && is_const(node.args[0])) {
    const Node& condition = graph_.at(node.args[0]);
    out = !condition.known         ? unknown_const(node.type, node.span)
          : condition.integer != 0 ? node.args[1]
                                   : node.args[2];
    return true;
  }
  if (node.op == Op::kOrElse) {
    if (graph_.at(node.args[0]).total) {
      out = node.args[0];
      return true;
    }
    if (is_const(node.args[0])) {
      out = node.args[1];
      return true;
    }
  }
  return false;
}

Node GraphBuilder::fold(const Node& node) {
  std::array<Slot, 3> args;
  std::array<Lane, 3> lanes;
  for (int i = 0; i < node.arg_count(); ++i) {
    const auto at = static_cast<size_t>(i);
    const Node& arg = graph_.at(node.args[at]);
    Slot& slot = args[at];
    slot.integer = arg.integer;
    slot.number = arg.number;
    if (arg.index >= 0) slot.text = graph_.text(arg.index);
    slot.is_true = arg.known && arg.integer != 0;
    slot.other = arg.lane() == LaneKind::kBool ? arg.known && arg.integer == 0 : arg.known;
    lanes[at] = slot.lane(arg.lane());
  }
  Slot result;
  KernelArgs k;
  k.n = 1;
  k.node = &node;
  k.graph = &graph_;
  k.a = lanes[0];
  k.b = lanes[1];
  k.c = lanes[2];
  k.out = result.lane(node.lane());
  kernel_of(graph_, node).row(k);
  Node out;
  out.type = node.type;
  out.span = node.span;
  const bool is_bool = node.lane() == LaneKind::kBool;
  out.known = is_bool ? (result.is_true | result.other) != 0 : result.other != 0;
  if (node.lane() == LaneKind::kText) out.index = add_text(out.known ? result.text : "");
  if (!out.known) return out;
  out.integer = is_bool ? result.is_true : node.lane() == LaneKind::kI64 ? result.integer : 0;
  out.number = node.lane() == LaneKind::kF64 ? result.number : 0;
  return out;
}

int32_t GraphBuilder::intern(Node node) {
  const auto [it, fresh] =
      known_.try_emplace(key_of(node), static_cast<int32_t>(graph_.nodes.size()));
  if (fresh) graph_.nodes.push_back(node);
  return it->second;
}

int32_t GraphBuilder::add(Node node) {
  bool constant = node.arg_count() > 0;
  node.uses_now = node.op == Op::kNow;
  for (int i = 0; i < node.arg_count(); ++i) {
    const Node& arg = graph_.at(node.args[static_cast<size_t>(i)]);
    constant = constant && arg.op == Op::kConst;
    node.uses_now = node.uses_now || arg.uses_now;
  }
  if (node.arg_count() > 0) {
    const size_t measured = node.op == Op::kSelect ? 1 : 0;
    node.operand = graph_.at(node.args[measured]).lane();
  }
  int32_t same = -1;
  if (simplify(node, same)) return same;
  if (constant) node = fold(node);
  node.total = total(node);
  return intern(node);
}

}  // namespace patron::internal
