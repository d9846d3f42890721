// One row at a time: the same steps, on slots instead of columns.
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "lib/base/utf8.h"
#include "lib/expr/program.h"
#include "lib/expr/texts.h"

namespace patron::internal {

void cell_to_slot(const Cell& cell, Kind kind, RowSlot& slot) {
  bool known = cell.known;
  switch (kind) {
    case Kind::kBool:
      slot.is_true = known && cell.integer != 0;
      slot.known = known && cell.integer == 0;
      return;
    case Kind::kDouble:
      known = known && std::isfinite(cell.number);
      slot.number = known ? cell.number : 0;
      break;
    case Kind::kString:
    case Kind::kEnum:
      slot.text = known ? cell.text : std::string_view();
      break;
    case Kind::kDate:
      known = known && cell.integer >= kFirstDay && cell.integer <= kLastDay;
      slot.integer = cell.integer;
      break;
    case Kind::kTimestamp:
      known = known && cell.integer >= kMinTime && cell.integer < kEndTime;
      slot.integer = cell.integer;
      break;
    case Kind::kDuration:
      known = known && cell.integer >= -kMaxDuration && cell.integer <= kMaxDuration;
      slot.integer = cell.integer;
      break;
    default:
      slot.integer = cell.integer;
  }
  slot.known = known;
}

namespace {

bool slot_known(const RowSlot& slot, LaneKind lane) {
  return lane == LaneKind::kBool ? (slot.is_true | slot.known) != 0 : slot.known != 0;
}

void slot_to_cell(const RowSlot& slot, LaneKind lane, Cell& cell) {
  cell = Cell();
  cell.known = slot_known(slot, lane);
  if (!cell.known) return;
  switch (lane) {
    case LaneKind::kBool:
      cell.integer = slot.is_true;
      break;
    case LaneKind::kI64:
      cell.integer = slot.integer;
      break;
    case LaneKind::kF64:
      cell.number = slot.number;
      break;
    case LaneKind::kText:
      cell.text = slot.text;
      break;
  }
}

}  // namespace

Status Program::run_row(std::span<const Cell> cells, Micros now, std::span<Cell> results) const {
  constexpr size_t kOnStack = 64;
  std::array<RowSlot, kOnStack> stack;
  std::vector<RowSlot> heap;
  RowSlot* slots = stack.data();
  const size_t register_count = registers_.size();
  if (register_count + fields_.size() > kOnStack) {
    heap.resize(register_count + fields_.size());
    slots = heap.data();
  }
  RowSlot* fields = slots + register_count;
  for (size_t i = 0; i < fields_.size(); ++i) {
    const FieldSlot& field = fields_[i];
    cell_to_slot(cells[static_cast<size_t>(field.field)], field.kind, fields[i]);
    if (!field.nullable && !slot_known(fields[i], field.lane)) {
      return {Code::kNull, "field " +
                               quoted(schema_->fields()[static_cast<size_t>(field.field)].name) +
                               " is null or out of range, and its schema says that it never is"};
    }
  }
  if (now_ != kNoOperand) {
    slots[now_].integer = now;
    slots[now_].known = 1;
  }
  // A constant is read where it lies; kernels write to `out` alone.
  const auto slot_of = [&](Operand operand) -> RowSlot& {
    if (operand < 0) return fields[~operand];
    const int32_t constant = constant_of_[static_cast<size_t>(operand)];
    return constant < 0 ? slots[operand]
                        : const_cast<RowSlot&>(row_constants_[static_cast<size_t>(constant)]);
  };
  const auto lane_kind = [&](Operand operand) {
    return operand < 0 ? fields_[static_cast<size_t>(~operand)].lane
                       : registers_[static_cast<size_t>(operand)];
  };
  KernelArgs k;
  k.n = 1;
  k.graph = &graph_;
  for (const Step& step : steps_) {
    RowSlot& out = slots[step.out];
    RowSlot& a = slot_of(step.a);
    switch (step.kind) {
      case StepKind::kLoad:
        out = a;
        continue;
      case StepKind::kHas:
      case StepKind::kIsNull: {
        const bool known = slot_known(a, lane_kind(step.a));
        out.is_true = known == (step.kind == StepKind::kHas);
        out.known = out.is_true ^ 1;
        continue;
      }
      default:
        break;
    }
    k.node = &graph_.at(step.node);
    k.integer = step.integer;
    k.number = step.number;
    k.a = a.lane(lane_kind(step.a));
    k.b = step.b != kNoOperand ? slot_of(step.b).lane(lane_kind(step.b)) : Lane();
    k.c = step.c != kNoOperand ? slot_of(step.c).lane(lane_kind(step.c)) : Lane();
    k.out = out.lane(step.lane);
    step.kernels.row(k);
  }
  for (size_t i = 0; i < results_.size(); ++i) {
    slot_to_cell(slot_of(results_[i].operand), results_[i].lane, results[i]);
  }
  return {};
}

}  // namespace patron::internal
