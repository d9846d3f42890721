// A program: the steps that compute some nodes of a graph, for columns and for one row.
//
//   Program program(graph, schema, std::array{graph.root});
//   Frame frame(program);                                  // the memory of one thread
//   frame.set_now(now);
//   frame.run(blocks, n, SimdLevel::kAvx2);                // up to kChunkRows rows
//   Lane result = frame.result(0);
//
// A step reads registers, or fields where they lie. Registers are used again once nothing needs
// them, so a rule of hundreds of nodes works in a few that stay in the cache.
//
// Thread class: a const Program is shared; a Frame is serial.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/expr/graph.h"
#include "lib/expr/kernel.h"
#include "patron/expression.h"

namespace patron::internal {

/// Distinct texts, to which the rows of a column point.
struct TextDictionary {
  std::vector<std::string_view> texts;
};

/// A field for the rows of one run. What lies at a row that is not known is anything at all, but
/// for texts, which are views of no bytes.
struct FieldBlock {
  const void* values = nullptr;
  Width width = Width::kI64;
  const uint8_t* known = nullptr;              ///< bytes; null: all are
  int64_t bit_offset = 0;                      ///< Width::kBits
  const TextDictionary* dictionary = nullptr;  ///< then `values` are codes of that width
  size_t ahead = 0;  ///< bytes behind those of the run that are likely read next
};

enum class StepKind : uint8_t {
  kKernel,  ///< the kernel of the node
  kLoad,    ///< a field into a register
  kHas,     ///< whether a field is known
  kIsNull,
  kCompareConst,  ///< a field or register with a constant
  kTextTable,     ///< a predicate of a text field, once for each text of its dictionary
};

/// A register, or a field where it is negative: ~i is field slot i.
using Operand = int32_t;
inline constexpr Operand kNoOperand = INT32_MAX;

struct Step {
  StepKind kind = StepKind::kKernel;
  Cmp cmp = Cmp::kEq;
  LaneKind lane = LaneKind::kBool;  ///< of the result
  bool total = false;               ///< never unknown
  bool keeps = false;               ///< never unknown in a run in which nothing that it reads is
  int32_t node = -1;
  Operand out = kNoOperand;
  Operand a = kNoOperand, b = kNoOperand, c = kNoOperand;
  KernelSet kernels;
  int64_t integer = 0;  ///< kCompareConst
  double number = 0;
};

struct FieldSlot {
  int32_t field = -1;  ///< of the schema
  Kind kind = Kind::kBool;
  LaneKind lane = LaneKind::kBool;
  bool nullable = true;
  int64_t outside = 0;  ///< kEnumSet: bits that are none of its values; a cell with one is unknown
  /// kEnum with values: these, sorted; a text that is none of them is unknown.
  std::span<const std::string_view> closed;
};

/// Whether the text of a field is one of its values, where it lists them.
bool is_value(const FieldSlot& slot, std::string_view text);

/// FieldSlot::outside of a field.
inline int64_t bits_outside(const FieldSpec& spec) {
  if (spec.kind != Kind::kEnumSet || spec.values.size() >= 64) return 0;
  return static_cast<int64_t>(~uint64_t{0} << spec.values.size());
}

/// A node that a program gives back.
struct ProgramResult {
  int32_t node = -1;
  Operand operand = kNoOperand;
  LaneKind lane = LaneKind::kBool;
  bool total = false;
};

/// A value of one row: the lane's value at the front, the planes behind it.
struct RowSlot {
  union {
    int64_t integer;
    double number;
    std::string_view text;
  };
  uint8_t is_true = 0;
  uint8_t known = 0;  ///< kBool: false

  RowSlot() : text() {}
  Lane lane(LaneKind kind) {
    return {kind == LaneKind::kBool ? static_cast<void*>(&is_true) : static_cast<void*>(&integer),
            &known};
  }
};

/// Where an operand of a row's step lies, worked out once: bytes from the slots of the row or from
/// those of the constants; or nowhere.
struct RowOperand {
  enum Base : uint64_t { kSlots, kConstants, kNowhere };
  Base base = kNowhere;
  uint64_t values = 0;
  uint64_t known = 0;
};

/// A step as one row takes it.
struct RowStep {
  StepKind kind = StepKind::kKernel;
  LaneKind operand_lane = LaneKind::kBool;  ///< of a: kHas, kIsNull
  Kernel kernel = nullptr;
  const Node* node = nullptr;
  int64_t integer = 0;
  double number = 0;
  RowOperand out, a, b, c;
};

/// The most registers of a condition that is taken by its ConditionSteps.
inline constexpr size_t kConditionRegisters = 64;

/// A step of a condition that compares fields with numbers, joins what that says, and does nothing
/// else: what most conditions of policies are.
struct ConditionStep {
  enum class Kind : uint8_t { kWhole, kReal, kField, kNot, kAnd, kOr };
  Kind kind = Kind::kField;
  Cmp cmp = Cmp::kEq;
  uint8_t out = 0, a = 0, b = 0;  ///< registers
  uint32_t field = 0;             ///< of Program::fields(): kWhole, kReal, kField
  int64_t integer = 0;
  double number = 0;
};

class Program {
 public:
  /// The graph must outlive the program.
  Program(const Graph& graph, const Schema& schema, std::span<const int32_t> roots);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  const Graph& graph() const { return graph_; }
  std::span<const Step> steps() const { return steps_; }
  /// The fields it reads, in the order of the blocks.
  std::span<const FieldSlot> fields() const { return fields_; }
  std::span<const ProgramResult> results() const { return results_; }
  std::span<const LaneKind> registers() const { return registers_; }
  /// Registers that hold constants, and of which node.
  struct Constant {
    Operand target;
    int32_t node;
  };
  std::span<const Constant> constants() const { return constants_; }
  Operand now_register() const { return now_; }

  /// Evaluates one row: cells[i] is field i of the schema. Code::kNull where a field that is not
  /// nullable is unknown. Results are written in order. Allocates beyond 64 registers and fields.
  Status run_row(std::span<const Cell> cells, Micros now, std::span<Cell> results) const;
  /// The same where the one result is a condition that compares fields with numbers and joins what
  /// that says: field i of the schema is cells[places[i]], without places cells[i]. False, and
  /// nothing is done, where it is anything else or run_row() has something to say of a field.
  bool run_condition(std::span<const Cell> cells, std::span<const size_t> places,
                     Cell& result) const;

 private:
  class Compiler;

  RowOperand row_operand(Operand operand) const;
  LaneKind lane_kind(Operand operand) const;
  void compile_row();
  void compile_condition();
  std::optional<ConditionStep> condition_step(const Step& step) const;

  const Graph& graph_;
  const Schema* schema_;
  std::vector<Step> steps_;
  std::vector<FieldSlot> fields_;
  std::vector<ProgramResult> results_;
  std::vector<LaneKind> registers_;
  std::vector<Constant> constants_;
  std::vector<RowSlot> row_constants_;  ///< of constants_, in that order
  std::vector<int32_t> constant_of_;    ///< register to constant, or -1
  std::vector<RowStep> row_steps_;      ///< of steps_, in that order
  std::vector<RowOperand> row_results_;
  std::vector<ConditionStep> condition_;              ///< empty: it is none that is taken that way
  std::deque<std::vector<std::string_view>> closed_;  ///< what FieldSlot::closed points to
  Operand now_ = kNoOperand;
};

/// A cell as a row slot; unknown where it is out of the range of its kind.
void cell_to_slot(const Cell& cell, Kind kind, RowSlot& slot);

class Frame {
 public:
  explicit Frame(const Program& program);
  ~Frame();
  Frame(Frame&&) noexcept;

  void set_now(Micros now);
  /// Runs n <= kChunkRows rows; blocks[i] is program.fields()[i].
  void run(std::span<const FieldBlock> blocks, int64_t n, SimdLevel level);
  /// The lane of result i after a run.
  Lane result(size_t i) const;
  const EvaluationCounts& counts() const { return counts_; }

 private:
  struct Register {
    Buffer values;
    Buffer known;
  };
  struct Table;  // the answers of a predicate for a dictionary

  Lane lane_of_operand(Operand operand, LaneKind kind) const;
  void run_step(const Step& step, int64_t n, SimdLevel level);
  bool all_known(Operand operand) const;
  void run_load(const Step& step, KernelArgs& k, SimdLevel level);
  void run_compare(const Step& step, KernelArgs& k, SimdLevel level);
  void run_table(const Step& step, KernelArgs& k, SimdLevel level);
  void build_table(const Step& step, const TextDictionary& dictionary, Table& table);
  Lane materialized(int32_t slot, int64_t n);

  const Program& program_;
  std::vector<Register> registers_;
  std::vector<Lane> lanes_;  ///< of registers, as of now
  std::vector<Table> tables_;
  std::vector<Buffer> texts_;  ///< of field slots: views behind codes
  std::span<const FieldBlock> blocks_;
  EvaluationCounts counts_;
};

/// Looks the codes of a width up in the answers for a dictionary.
const KernelSet& lookup_kernel(Width width, bool small);

}  // namespace patron::internal
