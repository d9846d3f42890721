// One row at a time: the same steps, on slots instead of columns.
#include <cmath>
#include <cstddef>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "lib/base/utf8.h"
#include "lib/expr/compare.h"
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

// The whole slot behind an operand.
RowSlot* slot_at(char* base, const RowOperand& operand) {
  return reinterpret_cast<RowSlot*>(base + operand.known - offsetof(RowSlot, known));
}

// Registers of conditions are two bits, certainly true and certainly false, as the planes of a lane
// are; unknown is neither.
constexpr uint8_t kTrue = 1, kFalse = 2;

// What a step says that reads a field. False where that is null and must not be.
inline bool read_field(const ConditionStep& step, const FieldSlot& field, const Cell& cell,
                       uint8_t& out) {
  RowSlot slot;
  cell_to_slot(cell, field.kind, slot);
  if (!slot_known(slot, field.lane)) {
    out = 0;
    return field.nullable;
  }
  const bool holds = step.kind == ConditionStep::Kind::kField ? slot.is_true != 0
                     : step.kind == ConditionStep::Kind::kWhole
                         ? compares(slot.integer, step.cmp, step.integer)
                         : compares(slot.number, step.cmp, step.number);
  out = holds ? kTrue : kFalse;
  return true;
}

}  // namespace

bool Program::run_condition(std::span<const Cell> cells, std::span<const size_t> places,
                            Cell& result) const {
  if (condition_.empty()) return false;
  uint8_t registers[kConditionRegisters];
  uint8_t last = 0;
  for (const ConditionStep& step : condition_) {
    switch (step.kind) {
      case ConditionStep::Kind::kNot: {
        const uint8_t a = registers[step.a];
        last = static_cast<uint8_t>((a & kTrue) << 1 | (a & kFalse) >> 1);
        break;
      }
      case ConditionStep::Kind::kAnd: {
        const uint8_t a = registers[step.a], b = registers[step.b];
        last = static_cast<uint8_t>((a & b & kTrue) | ((a | b) & kFalse));
        break;
      }
      case ConditionStep::Kind::kOr: {
        const uint8_t a = registers[step.a], b = registers[step.b];
        last = static_cast<uint8_t>(((a | b) & kTrue) | (a & b & kFalse));
        break;
      }
      default: {
        const FieldSlot& field = fields_[step.field];
        const auto f = static_cast<size_t>(field.field);
        if (!read_field(step, field, cells[places.empty() ? f : places[f]], last)) return false;
      }
    }
    registers[step.out] = last;
  }
  result = Cell();
  result.known = last != 0;
  result.integer = last == kTrue ? 1 : 0;
  return true;
}

Status Program::run_row(std::span<const Cell> cells, Micros now, std::span<Cell> results) const {
  constexpr size_t kOnStack = 64;
  alignas(RowSlot) std::byte stack[kOnStack * sizeof(RowSlot)];
  std::vector<RowSlot> heap;
  const size_t register_count = registers_.size();
  const size_t count = register_count + fields_.size();
  if (count > kOnStack) heap.resize(count);
  // Only as many as are used are made: clearing all would cost as much as a short expression.
  RowSlot* slots = count > kOnStack ? heap.data() : reinterpret_cast<RowSlot*>(stack);
  static_assert(std::is_trivially_copyable_v<RowSlot>);
  if (count <= kOnStack) std::memset(stack, 0, count * sizeof(RowSlot));
  RowSlot* fields = slots + register_count;
  for (size_t i = 0; i < fields_.size(); ++i) {
    const FieldSlot& field = fields_[i];
    cell_to_slot(cells[static_cast<size_t>(field.field)], field.kind, fields[i]);
    if (field.outside != 0 && (fields[i].integer & field.outside) != 0) fields[i].known = 0;
    if (!field.closed.empty() && fields[i].known != 0 && !is_value(field, fields[i].text)) {
      fields[i].known = 0;
      fields[i].text = std::string_view();
    }
    if (!field.nullable && !slot_known(fields[i], field.lane)) {
      return {Code::kNull,
              "field " + quoted(schema_->fields()[static_cast<size_t>(field.field)].name) +
                  " is null, out of range or none of its values, and its schema says that it "
                  "never is"};
    }
  }
  if (now_ != kNoOperand) {
    slots[now_].integer = now;
    slots[now_].known = 1;
  }
  // A constant is read where it lies; kernels write to `out` alone.
  char* const bases[3] = {reinterpret_cast<char*>(slots),
                          reinterpret_cast<char*>(const_cast<RowSlot*>(row_constants_.data())),
                          nullptr};
  const auto lane_at = [&](const RowOperand& operand) -> Lane {
    char* base = bases[operand.base];
    return {base + operand.values, reinterpret_cast<uint8_t*>(base + operand.known)};
  };
  KernelArgs k;
  k.n = 1;
  k.graph = &graph_;
  for (const RowStep& step : row_steps_) {
    k.a = lane_at(step.a);
    k.out = lane_at(step.out);
    switch (step.kind) {
      case StepKind::kLoad:
        *slot_at(bases[0], step.out) = *slot_at(bases[0], step.a);
        continue;
      case StepKind::kHas:
      case StepKind::kIsNull: {
        const bool known = slot_known(*slot_at(bases[0], step.a), step.operand_lane);
        RowSlot& out = *slot_at(bases[0], step.out);
        out.is_true = known == (step.kind == StepKind::kHas);
        out.known = out.is_true ^ 1;
        continue;
      }
      default:
        break;
    }
    k.node = step.node;
    k.integer = step.integer;
    k.number = step.number;
    k.b = lane_at(step.b);
    k.c = lane_at(step.c);
    step.kernel(k);
  }
  for (size_t i = 0; i < results_.size(); ++i) {
    slot_to_cell(*slot_at(bases[row_results_[i].base], row_results_[i]), results_[i].lane,
                 results[i]);
  }
  return {};
}

}  // namespace patron::internal
