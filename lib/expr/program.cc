#include "lib/expr/program.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace patron::internal {

// One pass from the front: a step for each node that is needed, then the registers of those that
// were needed for the last time are free again.
class Program::Compiler {
 public:
  Compiler(Program& out, const Schema& schema) : out_(out), graph_(out.graph_), schema_(schema) {}

  void run(std::span<const int32_t> roots) {
    mark(roots);
    place_.assign(graph_.nodes.size(), kNoOperand);
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (uses_[i] > 0) place(static_cast<int32_t>(i));
    }
    for (const int32_t root : roots) {
      const Node& node = graph_.at(root);
      out_.results_.push_back({root, in_register(root), node.lane(), node.total});
    }
  }

 private:
  // How often each node is read, by steps and as a result.
  void mark(std::span<const int32_t> roots) {
    uses_.assign(graph_.nodes.size(), 0);
    for (const int32_t root : roots) ++uses_[static_cast<size_t>(root)];
    for (size_t i = graph_.nodes.size(); i-- > 0;) {
      if (uses_[i] == 0) continue;
      const Node& node = graph_.nodes[i];
      for (int a = 0; a < node.arg_count(); ++a) {
        ++uses_[static_cast<size_t>(node.args[static_cast<size_t>(a)])];
      }
    }
  }

  Operand field_slot(int32_t field) {
    for (size_t i = 0; i < out_.fields_.size(); ++i) {
      if (out_.fields_[i].field == field) return ~static_cast<Operand>(i);
    }
    const FieldSpec& spec = schema_.fields()[static_cast<size_t>(field)];
    out_.fields_.push_back(
        {field, spec.kind, lane_of(base_of(spec.kind)), spec.nullable, bits_outside(spec), {}});
    if (spec.kind == Kind::kEnum && !spec.values.empty()) {
      auto& values = out_.closed_.emplace_back(spec.values.begin(), spec.values.end());
      std::sort(values.begin(), values.end());
      out_.fields_.back().closed = values;
    }
    return ~static_cast<Operand>(out_.fields_.size() - 1);
  }

  Operand new_register(LaneKind kind) {
    auto& free = free_[static_cast<size_t>(kind)];
    if (!free.empty()) {
      const Operand found = free.back();
      free.pop_back();
      return found;
    }
    out_.registers_.push_back(kind);
    return static_cast<Operand>(out_.registers_.size()) - 1;
  }

  // A register that is never given back.
  Operand lasting_register(LaneKind kind) {
    out_.registers_.push_back(kind);
    return static_cast<Operand>(out_.registers_.size()) - 1;
  }

  void release(int32_t node) {
    const auto at = static_cast<size_t>(node);
    if (--uses_[at] > 0) return;
    const Operand held = place_[at];
    const Op op = graph_.nodes[at].op;
    if (held == kNoOperand || held < 0 || op == Op::kConst || op == Op::kNow) return;
    free_[static_cast<size_t>(out_.registers_[static_cast<size_t>(held)])].push_back(held);
  }

  // Where a node lies; fields and constants get a register only when something asks for one.
  Operand in_register(int32_t index) {
    Operand& place = place_[static_cast<size_t>(index)];
    const Node& node = graph_.at(index);
    if (node.op == Op::kField && place < 0) {
      Step load;
      load.kind = StepKind::kLoad;
      load.lane = node.lane();
      load.total = node.total;
      load.keeps = true;
      load.node = index;
      load.a = place;
      load.out = place = new_register(node.lane());
      out_.steps_.push_back(load);
    }
    if (node.op == Op::kConst && place == kNoOperand) {
      place = lasting_register(node.lane());
      out_.constants_.push_back({place, index});
    }
    return place;
  }

  bool is_const(int32_t index) const {
    return graph_.at(index).op == Op::kConst && graph_.at(index).known;
  }

  // A comparison with a constant, which reads a field in its own width.
  bool compare_const(const Node& node, Step& step) {
    if (node.op != Op::kCompare) return false;
    if (node.operand != LaneKind::kI64 && node.operand != LaneKind::kF64) return false;
    size_t side = 0;
    if (is_const(node.args[0])) side = 1;
    if (!is_const(node.args[1 - side])) return false;
    const Node& constant = graph_.at(node.args[1 - side]);
    const Node& value = graph_.at(node.args[side]);
    step.kind = StepKind::kCompareConst;
    step.cmp = side == 0 ? node.cmp : mirrored(node.cmp);
    step.integer = constant.integer;
    step.number = constant.number;
    step.a = value.op == Op::kField ? place_[static_cast<size_t>(node.args[side])]
                                    : in_register(node.args[side]);
    const Width width = node.operand == LaneKind::kI64 ? Width::kI64 : Width::kF64;
    step.kernels = compare_const_kernel(width, step.cmp);
    return true;
  }

  // A predicate of a text field that nothing else of the row decides.
  bool text_table(const Node& node, Step& step) {
    switch (node.op) {
      case Op::kCompare:
      case Op::kCompareRank:
      case Op::kInList:
      case Op::kStartsWith:
      case Op::kEndsWith:
      case Op::kContains:
        break;
      default:
        return false;
    }
    if (node.operand != LaneKind::kText || graph_.at(node.args[0]).op != Op::kField) return false;
    if (node.args[1] >= 0 && !is_const(node.args[1])) return false;
    const Operand field = place_[static_cast<size_t>(node.args[0])];
    if (field >= 0) return false;  // it is in a register already
    step.kind = StepKind::kTextTable;
    step.a = field;
    if (node.args[1] >= 0) step.b = in_register(node.args[1]);
    step.kernels = kernel_of(graph_, node);
    return true;
  }

  void place(int32_t index) {
    const Node& node = graph_.at(index);
    Operand& place = place_[static_cast<size_t>(index)];
    if (node.op == Op::kConst) return;
    if (node.op == Op::kField) {
      place = field_slot(node.index);
      return;
    }
    if (node.op == Op::kNow) {
      place = out_.now_ = lasting_register(LaneKind::kI64);
      return;
    }
    Step step;
    step.node = index;
    step.lane = node.lane();
    step.total = node.total;
    step.keeps = keeps_known(node);
    if (node.op == Op::kHas || node.op == Op::kIsNull) {
      step.kind = node.op == Op::kHas ? StepKind::kHas : StepKind::kIsNull;
      step.a = field_slot(node.index);
    } else if (!compare_const(node, step) && !text_table(node, step)) {
      step.kernels = kernel_of(graph_, node);
      std::array<Operand*, 3> operands{&step.a, &step.b, &step.c};
      for (int i = 0; i < node.arg_count(); ++i) {
        *operands[static_cast<size_t>(i)] = in_register(node.args[static_cast<size_t>(i)]);
      }
    }
    place = step.out = new_register(node.lane());
    out_.steps_.push_back(step);
    for (int i = 0; i < node.arg_count(); ++i) release(node.args[static_cast<size_t>(i)]);
  }

  Program& out_;
  const Graph& graph_;
  const Schema& schema_;
  std::vector<int32_t> uses_;
  std::vector<Operand> place_;
  std::array<std::vector<Operand>, 4> free_;
};

Program::Program(const Graph& graph, const Schema& schema, std::span<const int32_t> roots)
    : graph_(graph), schema_(&schema) {
  Compiler(*this, schema).run(roots);
  constant_of_.assign(registers_.size(), -1);
  for (const Constant& constant : constants_) {
    const Node& node = graph_.at(constant.node);
    RowSlot slot;
    switch (node.lane()) {
      case LaneKind::kBool:
        slot.is_true = node.known && node.integer != 0;
        slot.known = node.known && node.integer == 0;
        break;
      case LaneKind::kI64:
        slot.integer = node.integer;
        break;
      case LaneKind::kF64:
        slot.number = node.number;
        break;
      case LaneKind::kText:
        slot.text = graph_.text(node.index);
        break;
    }
    if (node.lane() != LaneKind::kBool) slot.known = node.known;
    constant_of_[static_cast<size_t>(constant.target)] =
        static_cast<int32_t>(row_constants_.size());
    row_constants_.push_back(slot);
  }
  compile_row();
}

bool is_value(const FieldSlot& slot, std::string_view text) {
  constexpr size_t kFew = 8;
  if (slot.closed.empty()) return true;
  if (slot.closed.size() > kFew) {
    return std::binary_search(slot.closed.begin(), slot.closed.end(), text);
  }
  return std::find(slot.closed.begin(), slot.closed.end(), text) != slot.closed.end();
}

LaneKind Program::lane_kind(Operand operand) const {
  return operand < 0 ? fields_[static_cast<size_t>(~operand)].lane
                     : registers_[static_cast<size_t>(operand)];
}

RowOperand Program::row_operand(Operand operand) const {
  RowOperand out;
  if (operand == kNoOperand) return out;
  out.base = RowOperand::kSlots;
  auto slot = static_cast<size_t>(operand);
  if (operand < 0) {
    slot = registers_.size() + static_cast<size_t>(~operand);
  } else if (constant_of_[slot] >= 0) {
    slot = static_cast<size_t>(constant_of_[slot]);
    out.base = RowOperand::kConstants;
  }
  const size_t value =
      lane_kind(operand) == LaneKind::kBool ? offsetof(RowSlot, is_true) : offsetof(RowSlot, text);
  out.values = slot * sizeof(RowSlot) + value;
  out.known = slot * sizeof(RowSlot) + offsetof(RowSlot, known);
  return out;
}

void Program::compile_row() {
  for (const Step& step : steps_) {
    RowStep row;
    row.kind = step.kind;
    row.operand_lane = lane_kind(step.a);
    row.kernel = step.kernels.row;
    row.node = &graph_.at(step.node);
    row.integer = step.integer;
    row.number = step.number;
    row.out = row_operand(step.out);
    row.a = row_operand(step.a);
    row.b = row_operand(step.b);
    row.c = row_operand(step.c);
    row_steps_.push_back(row);
  }
  for (const ProgramResult& result : results_) row_results_.push_back(row_operand(result.operand));
  compile_condition();
}

// All steps or none; the last is the result.
void Program::compile_condition() {
  if (results_.size() != 1 || results_[0].lane != LaneKind::kBool || steps_.empty()) return;
  if (registers_.size() > kConditionRegisters || steps_.back().out != results_[0].operand) return;
  std::vector<ConditionStep> found;
  for (const Step& step : steps_) {
    const std::optional<ConditionStep> one = condition_step(step);
    if (!one) return;
    found.push_back(*one);
  }
  condition_ = std::move(found);
}

std::optional<ConditionStep> Program::condition_step(const Step& step) const {
  ConditionStep out;
  const auto is_register = [this](Operand operand) {
    return operand >= 0 && operand != kNoOperand && constant_of_[static_cast<size_t>(operand)] < 0;
  };
  out.out = static_cast<uint8_t>(step.out);
  if (step.kind == StepKind::kCompareConst || step.kind == StepKind::kLoad) {
    if (step.a >= 0 || fields_[static_cast<size_t>(~step.a)].outside != 0) return std::nullopt;
    const LaneKind lane = lane_kind(step.a);
    if (step.kind == StepKind::kLoad && lane != LaneKind::kBool) return std::nullopt;
    out.kind = step.kind == StepKind::kLoad ? ConditionStep::Kind::kField
               : lane == LaneKind::kI64     ? ConditionStep::Kind::kWhole
                                            : ConditionStep::Kind::kReal;
    out.cmp = step.cmp;
    out.field = static_cast<uint32_t>(~step.a);
    out.integer = step.integer;
    out.number = step.number;
    return out;
  }
  if (step.kind != StepKind::kKernel || !is_register(step.a)) return std::nullopt;
  out.a = static_cast<uint8_t>(step.a);
  switch (graph_.at(step.node).op) {
    case Op::kNot:
      out.kind = ConditionStep::Kind::kNot;
      return out;
    case Op::kAnd:
    case Op::kOr:
      if (!is_register(step.b)) return std::nullopt;
      out.kind = graph_.at(step.node).op == Op::kAnd ? ConditionStep::Kind::kAnd
                                                     : ConditionStep::Kind::kOr;
      out.b = static_cast<uint8_t>(step.b);
      return out;
    default:
      return std::nullopt;
  }
}

}  // namespace patron::internal
