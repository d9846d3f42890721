// Columns, a run of rows at a time.
#include <algorithm>
#include <cstring>
#include <utility>

#include "lib/base/prefetch.h"
#include "lib/expr/program.h"

namespace patron::internal {

struct Frame::Table {
  const TextDictionary* dictionary = nullptr;
  std::vector<uint8_t> is_true;  ///< by code; at least one
  std::vector<uint8_t> is_false;
  uint64_t bits = 0;  ///< up to 32 codes: true in the low half, false in the high one
};

namespace {

constexpr size_t kSmallDictionary = 32;

size_t value_bytes(LaneKind kind) {
  switch (kind) {
    case LaneKind::kBool:
      return 1;
    case LaneKind::kText:
      return sizeof(std::string_view);
    default:
      return 8;
  }
}

template <typename T>
void fill(const Buffer& buffer, T value) {
  T* out = const_cast<Buffer&>(buffer).as<T>();
  std::fill(out, out + kChunkRows, value);
}

// The texts behind codes; a null row's code may be anything.
template <typename C>
void views_of(const FieldBlock& block, int64_t n, std::string_view* out) {
  const C* codes = static_cast<const C*>(block.values);
  for (int64_t i = 0; i < n; ++i) {
    const bool known = block.known == nullptr || block.known[i] != 0;
    out[i] = known ? block.dictionary->texts[static_cast<size_t>(codes[i])] : std::string_view();
  }
}

}  // namespace

Frame::Frame(const Program& program)
    : program_(program), tables_(program.steps().size()), texts_(program.fields().size()) {
  constexpr auto kRows = static_cast<size_t>(kChunkRows);
  for (const LaneKind kind : program.registers()) {
    registers_.push_back({Buffer(kRows * value_bytes(kind)), Buffer(kRows)});
  }
  lanes_.resize(registers_.size());
  for (const Program::Constant& constant : program.constants()) {
    const auto at = static_cast<size_t>(constant.target);
    const Node& node = program.graph().at(constant.node);
    Register& target = registers_[at];
    switch (node.lane()) {
      case LaneKind::kBool:
        fill<uint8_t>(target.values, node.known && node.integer != 0);
        fill<uint8_t>(target.known, node.known && node.integer == 0);
        break;
      case LaneKind::kI64:
        fill<int64_t>(target.values, node.integer);
        break;
      case LaneKind::kF64:
        fill<double>(target.values, node.number);
        break;
      case LaneKind::kText:
        fill<std::string_view>(target.values, program.graph().text(node.index));
        break;
    }
    if (node.lane() != LaneKind::kBool) fill<uint8_t>(target.known, node.known);
    lanes_[at] = {target.values.data(), node.known ? nullptr : target.known.data()};
  }
}

Frame::~Frame() = default;
Frame::Frame(Frame&&) noexcept = default;

void Frame::set_now(Micros now) {
  if (program_.now_register() == kNoOperand) return;
  const auto at = static_cast<size_t>(program_.now_register());
  fill<int64_t>(registers_[at].values, now);
  lanes_[at] = {registers_[at].values.data(), nullptr};
}

namespace {

// Asks memory for what the blocks have ahead, a few lines of the cache before each step, so that it
// answers while the kernels compute.
class Prefetcher {
 public:
  Prefetcher(std::span<const FieldBlock> blocks, int64_t n, size_t steps) : blocks_(blocks), n_(n) {
    size_t lines = 0;
    for (const FieldBlock& block : blocks) lines += block.ahead / kLine + 1;
    share_ = lines / std::max<size_t>(steps, 1) + 1;
  }

  void ask() {
    for (size_t left = share_; left > 0 && block_ < blocks_.size();) {
      const FieldBlock& block = blocks_[block_];
      if (done_ >= block.ahead) {
        ++block_;
        done_ = 0;
        continue;
      }
      const size_t run = static_cast<size_t>(n_) * bytes_of(block.width);
      fetch_line(static_cast<const char*>(block.values) + run + done_);
      done_ += kLine;
      --left;
    }
  }

 private:
  static constexpr size_t kLine = 64;  // of every cache there is

  static size_t bytes_of(Width width) {
    switch (width) {
      case Width::kI8:
      case Width::kU8:
        return 1;
      case Width::kI16:
      case Width::kU16:
        return 2;
      case Width::kI32:
      case Width::kU32:
      case Width::kF32:
        return 4;
      default:
        return 8;
    }
  }

  std::span<const FieldBlock> blocks_;
  int64_t n_;
  size_t share_ = 0;
  size_t block_ = 0;
  size_t done_ = 0;
};

}  // namespace

void Frame::run(std::span<const FieldBlock> blocks, int64_t n, SimdLevel level) {
  blocks_ = blocks;
  Prefetcher ahead(blocks, n, program_.steps().size());
  for (const Step& step : program_.steps()) {
    ahead.ask();
    run_step(step, n, level);
  }
}

Lane Frame::result(size_t i) const {
  return lanes_[static_cast<size_t>(program_.results()[i].operand)];
}

// Whether nothing of an operand is unknown in this run.
bool Frame::all_known(Operand operand) const {
  if (operand == kNoOperand) return true;
  if (operand < 0) return blocks_[~static_cast<size_t>(operand)].known == nullptr;
  return lanes_[static_cast<size_t>(operand)].known == nullptr;
}

void Frame::run_step(const Step& step, int64_t n, SimdLevel level) {
  const auto at = static_cast<size_t>(step.out);
  KernelArgs k;
  k.n = n;
  k.node = &program_.graph().at(step.node);
  k.graph = &program_.graph();
  k.counts = &counts_;
  const bool total =
      step.total || (step.keeps && all_known(step.a) && all_known(step.b) && all_known(step.c));
  k.out = {registers_[at].values.data(), total ? nullptr : registers_[at].known.data()};
  lanes_[at] = k.out;
  switch (step.kind) {
    case StepKind::kKernel:
      k.a = lanes_[static_cast<size_t>(step.a)];
      if (step.b != kNoOperand) k.b = lanes_[static_cast<size_t>(step.b)];
      if (step.c != kNoOperand) k.c = lanes_[static_cast<size_t>(step.c)];
      step.kernels.column[static_cast<size_t>(level)](k);
      return;
    case StepKind::kLoad:
      return run_load(step, k, level);
    case StepKind::kCompareConst:
      return run_compare(step, k, level);
    case StepKind::kTextTable:
      return run_table(step, k, level);
    case StepKind::kHas:
    case StepKind::kIsNull: {
      const uint8_t* known = blocks_[~static_cast<size_t>(step.a)].known;
      auto* out = k.out.as<uint8_t>();
      const uint8_t flip = step.kind == StepKind::kIsNull;
      if (known == nullptr) {
        std::memset(out, flip ^ 1, static_cast<size_t>(n));
      } else {
        for (int64_t i = 0; i < n; ++i) out[i] = known[i] ^ flip;
      }
      return;
    }
  }
}

// Where a field already lies as its lane does, the register only points to it.
void Frame::run_load(const Step& step, KernelArgs& k, SimdLevel level) {
  const auto slot = ~static_cast<size_t>(step.a);
  const FieldBlock& block = blocks_[slot];
  Lane& lane = lanes_[static_cast<size_t>(step.out)];
  if (step.lane == LaneKind::kText) {
    lane = materialized(static_cast<int32_t>(slot), k.n);
    return;
  }
  if (block.width == Width::kI64 || block.width == Width::kF64) {
    lane = {const_cast<void*>(block.values), const_cast<uint8_t*>(block.known)};
    return;
  }
  k.a = {const_cast<void*>(block.values), const_cast<uint8_t*>(block.known)};
  k.bit_offset = block.bit_offset;
  load_kernel(block.width).column[static_cast<size_t>(level)](k);
}

Lane Frame::materialized(int32_t slot, int64_t n) {
  const auto at = static_cast<size_t>(slot);
  const FieldBlock& block = blocks_[at];
  auto* known = const_cast<uint8_t*>(block.known);
  if (block.dictionary == nullptr) return {const_cast<void*>(block.values), known};
  Buffer& buffer = texts_[at];
  if (buffer.size() == 0) {
    buffer = Buffer(static_cast<size_t>(kChunkRows) * sizeof(std::string_view));
  }
  auto* out = buffer.as<std::string_view>();
  switch (block.width) {
    case Width::kI8:
      views_of<int8_t>(block, n, out);
      break;
    case Width::kI16:
      views_of<int16_t>(block, n, out);
      break;
    case Width::kI32:
      views_of<int32_t>(block, n, out);
      break;
    case Width::kU8:
      views_of<uint8_t>(block, n, out);
      break;
    case Width::kU16:
      views_of<uint16_t>(block, n, out);
      break;
    case Width::kU32:
      views_of<uint32_t>(block, n, out);
      break;
    default:
      views_of<int64_t>(block, n, out);
      break;
  }
  return {out, known};
}

namespace {

struct Bounds {
  int64_t low, high;
};
Bounds bounds_of(Width width) {
  switch (width) {
    case Width::kI8:
      return {INT8_MIN, INT8_MAX};
    case Width::kI16:
      return {INT16_MIN, INT16_MAX};
    case Width::kI32:
      return {INT32_MIN, INT32_MAX};
    case Width::kU8:
      return {0, UINT8_MAX};
    case Width::kU16:
      return {0, UINT16_MAX};
    case Width::kU32:
      return {0, UINT32_MAX};
    default:
      return {INT64_MIN, INT64_MAX};
  }
}

// A comparison with a constant that the width does not hold: always the same where known.
bool outside(Cmp cmp, int64_t c, const Bounds& bounds, bool& answer) {
  if (c >= bounds.low && c <= bounds.high) return false;
  const bool value_is_less = c > bounds.high;
  switch (cmp) {
    case Cmp::kEq:
      answer = false;
      break;
    case Cmp::kNe:
      answer = true;
      break;
    case Cmp::kLt:
    case Cmp::kLe:
      answer = value_is_less;
      break;
    default:
      answer = !value_is_less;
  }
  return true;
}

}  // namespace

void Frame::run_compare(const Step& step, KernelArgs& k, SimdLevel level) {
  k.integer = step.integer;
  k.number = step.number;
  const auto column = static_cast<size_t>(level);
  if (step.a >= 0) {
    k.a = lanes_[static_cast<size_t>(step.a)];
    step.kernels.column[column](k);
    return;
  }
  const FieldBlock& block = blocks_[~static_cast<size_t>(step.a)];
  k.a = {const_cast<void*>(block.values), const_cast<uint8_t*>(block.known)};
  bool answer = false;
  if (block.width != Width::kF32 && block.width != Width::kF64 &&
      outside(step.cmp, step.integer, bounds_of(block.width), answer)) {
    auto* out = k.out.as<uint8_t>();
    std::memset(out, answer ? 1 : 0, static_cast<size_t>(k.n));
    false_from_true(out, k.out.known, k.a.known, nullptr, k.n);
    return;
  }
  compare_const_kernel(block.width, step.cmp).column[column](k);
}

void Frame::build_table(const Step& step, const TextDictionary& dictionary, Table& table) {
  const size_t size = dictionary.texts.size();
  table.is_true.assign(std::max<size_t>(size, 1), 0);
  table.is_false.assign(std::max<size_t>(size, 1), 0);
  KernelArgs k;
  k.node = &program_.graph().at(step.node);
  k.graph = &program_.graph();
  if (step.b != kNoOperand) k.b = lanes_[static_cast<size_t>(step.b)];
  for (size_t begin = 0; begin < size; begin += static_cast<size_t>(kChunkRows)) {
    k.n = std::min<int64_t>(kChunkRows, static_cast<int64_t>(size - begin));
    k.a.values = const_cast<std::string_view*>(dictionary.texts.data() + begin);
    k.out = {table.is_true.data() + begin, table.is_false.data() + begin};
    step.kernels.column[0](k);
  }
  table.bits = 0;
  for (size_t i = 0; i < std::min(size, kSmallDictionary); ++i) {
    table.bits |= uint64_t{table.is_true[i]} << i | uint64_t{table.is_false[i]} << (32 + i);
  }
  table.dictionary = &dictionary;
}

void Frame::run_table(const Step& step, KernelArgs& k, SimdLevel level) {
  const auto slot = ~static_cast<size_t>(step.a);
  const FieldBlock& block = blocks_[slot];
  const auto column = static_cast<size_t>(level);
  // A dictionary that is longer than what it saves is read row by row.
  constexpr size_t kLargest = 1u << 20;
  if (block.dictionary == nullptr || block.dictionary->texts.size() > kLargest) {
    k.a = materialized(static_cast<int32_t>(slot), k.n);
    if (step.b != kNoOperand) k.b = lanes_[static_cast<size_t>(step.b)];
    step.kernels.column[column](k);
    return;
  }
  Table& table = tables_[static_cast<size_t>(&step - program_.steps().data())];
  if (table.dictionary != block.dictionary) build_table(step, *block.dictionary, table);
  const bool small = block.dictionary->texts.size() <= kSmallDictionary;
  k.a = {const_cast<void*>(block.values), const_cast<uint8_t*>(block.known)};
  k.b = {table.is_true.data(), table.is_false.data()};
  k.integer = static_cast<int64_t>(table.bits);
  lookup_kernel(block.width, small).column[column](k);
}

}  // namespace patron::internal
