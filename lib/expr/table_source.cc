#include "lib/expr/table_source.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "lib/base/bitmap.h"
#include "lib/base/civil.h"
#include "lib/base/nearest.h"
#include "lib/base/table_data.h"
#include "lib/base/utf8.h"
#include "lib/expr/texts.h"
#include "lib/schema/wanted_columns.h"

namespace patron::internal {
namespace {

constexpr auto kRows = static_cast<size_t>(kChunkRows);

std::optional<Width> integer_width(Type type) {
  switch (type) {
    case Type::kInt8:
      return Width::kI8;
    case Type::kInt16:
      return Width::kI16;
    case Type::kInt32:
      return Width::kI32;
    case Type::kInt64:
      return Width::kI64;
    case Type::kUint8:
      return Width::kU8;
    case Type::kUint16:
      return Width::kU16;
    case Type::kUint32:
      return Width::kU32;
    default:
      return std::nullopt;
  }
}

PATRON_SIMD_INLINE bool all_finite(const double* values, int64_t n) {
  constexpr double kMax = std::numeric_limits<double>::max();
  uint64_t good = 1;
  for (int64_t i = 0; i < n; ++i) good &= std::fabs(values[i]) <= kMax ? 1 : 0;
  return good != 0;
}
PATRON_SIMD_INLINE bool all_finite(const float* values, int64_t n) {
  constexpr float kMax = std::numeric_limits<float>::max();
  uint32_t good = 1;
  for (int64_t i = 0; i < n; ++i) good &= std::fabs(values[i]) <= kMax ? 1 : 0;
  return good != 0;
}

#ifdef PATRON_HAS_AVX2
[[gnu::target("avx2"), gnu::noinline]] int64_t expand_in_avx2(const uint8_t* bits, int64_t n,
                                                              uint8_t* out) {
  return bits_to_bytes_avx2(bits, n, out);
}
#endif

// The validity of a run as bytes; false where all are valid.
bool expand_validity(const Chunk& chunk, int64_t begin, int64_t n, uint8_t* out) {
  if (chunk.null_count == 0 || chunk.validity == nullptr) return false;
  const int64_t first = chunk.offset + begin;
  int64_t i = 0;
  for (; i < n && ((first + i) & 7) != 0; ++i) out[i] = get_bit(chunk.validity, first + i);
  const uint8_t* bytes = chunk.validity + ((first + i) >> 3);
#ifdef PATRON_HAS_AVX2
  if (__builtin_cpu_supports("avx2")) {
    const int64_t done = expand_in_avx2(bytes, n - i, out + i);
    bytes += done / 8;
    i += done;
  }
#endif
  for (; i + 8 <= n; i += 8, ++bytes) {
    const uint64_t spread =
        (*bytes * 0x0101010101010101ull & 0x8040201008040201ull) + 0x7F7F7F7F7F7F7F7Full;
    const uint64_t ones = spread >> 7 & 0x0101010101010101ull;
    std::memcpy(out + i, &ones, sizeof ones);
  }
  for (; i < n; ++i) out[i] = get_bit(chunk.validity, first + i);
  return true;
}

// Whether a value, or what lies where there is none, has a bit that is outside.
template <typename T>
bool any_outside_of(const void* values, int64_t n, int64_t outside) {
  const T* in = static_cast<const T*>(values);
  int64_t all = 0;
  for (int64_t i = 0; i < n; ++i) all |= static_cast<int64_t>(in[i]);
  return (all & outside) != 0;
}
bool any_outside(const FieldBlock& block, int64_t n, int64_t outside) {
  switch (block.width) {
    case Width::kI8:
      return any_outside_of<int8_t>(block.values, n, outside);
    case Width::kI16:
      return any_outside_of<int16_t>(block.values, n, outside);
    case Width::kI32:
      return any_outside_of<int32_t>(block.values, n, outside);
    case Width::kU8:
      return any_outside_of<uint8_t>(block.values, n, outside);
    case Width::kU16:
      return any_outside_of<uint16_t>(block.values, n, outside);
    case Width::kU32:
      return any_outside_of<uint32_t>(block.values, n, outside);
    default:
      return any_outside_of<int64_t>(block.values, n, outside);
  }
}

template <typename T>
const T* values_at(const Chunk& chunk, int64_t begin) {
  return static_cast<const T*>(chunk.values) + chunk.offset + begin;
}

// A plane of known for a run: from the validity, or all ones.
uint8_t* known_plane(const Chunk& chunk, int64_t begin, int64_t n, Buffer& buffer) {
  if (!expand_validity(chunk, begin, n, buffer.data())) {
    std::memset(buffer.data(), 1, static_cast<size_t>(n));
  }
  return buffer.data();
}

// Takes the cells that fail a test out of what is known, and counts them.
template <typename T, typename Good>
void take_out(const T* values, int64_t n, uint8_t* known, int64_t& bad, const Good& good) {
  for (int64_t i = 0; i < n; ++i) {
    if (known[i] == 0 || good(values[i])) continue;
    known[i] = 0;
    ++bad;
  }
}

}  // namespace

TableSource::Scratch::Scratch(const TableSource& source) : blocks(source.columns_.size()) {
  for (const Column& column : source.columns_) {
    Memory memory;
    memory.known = Buffer(kRows);
    const bool in_place =
        column.way == Way::kDirect || column.way == Way::kBits || column.way == Way::kCodes;
    if (!in_place || column.slot.outside != 0) {
      const bool text = column.way == Way::kTexts || column.slot.lane == LaneKind::kText;
      memory.values = Buffer(kRows * (text ? sizeof(std::string_view) : sizeof(int64_t)));
      memory.states = Buffer(kRows * sizeof(CellState));
    }
    memory_.push_back(std::move(memory));
  }
}

Result<TableSource> TableSource::open(const Table& table, const Schema& schema,
                                      std::span<const FieldSlot> fields) {
  TableSource source;
  source.schema_ = &schema;
  for (const FieldSlot& slot : fields) {
    const FieldSpec& spec = schema.fields()[static_cast<size_t>(slot.field)];
    const Result<int> index = table.require(spec.name);
    if (!index.ok()) return index.status();
    Column column;
    column.slot = slot;
    column.index = *index;
    column.type = table.field(*index).type;
    column.chunks = table.chunks(*index);
    Status status = open_column(table, spec, schema.zone(), column);
    if (!status.ok()) return status;
    source.columns_.push_back(std::move(column));
  }
  // Without a field the rows are still there.
  int64_t row = 0;
  if (table.columns() > 0) {
    for (const Chunk& chunk : table.chunks(0)) {
      source.ranges_.push_back({row, chunk.length});
      row += chunk.length;
    }
  } else if (table.rows() > 0) {
    source.ranges_.push_back({0, table.rows()});
  }
  return source;
}

// The texts of each chunk's dictionary; chunks that share one have one.
void TableSource::open_dictionaries(Column& column) {
  column.way = Way::kCodes;
  column.width = integer_width(column.type.index).value_or(Width::kI64);
  std::vector<const Chunk*> seen;
  for (const Chunk& chunk : column.chunks) {
    const auto found = std::find(seen.begin(), seen.end(), chunk.dictionary);
    column.dictionary_of.push_back(static_cast<int>(found - seen.begin()));
    if (found != seen.end()) continue;
    seen.push_back(chunk.dictionary);
    TextDictionary texts;
    std::vector<CodeState> states;
    bool all_values = true;
    for (int64_t i = 0; chunk.dictionary != nullptr && i < chunk.dictionary->length; ++i) {
      const bool known = chunk.dictionary->valid(i);
      texts.texts.push_back(known ? text_of_chunk(*chunk.dictionary, column.type.value, i)
                                  : std::string_view());
      states.push_back(!known                                      ? CodeState::kNull
                       : is_value(column.slot, texts.texts.back()) ? CodeState::kValue
                                                                   : CodeState::kOutside);
      all_values = all_values && states.back() == CodeState::kValue;
    }
    if (all_values) states.clear();
    column.dictionaries.push_back(std::move(texts));
    column.states.push_back(std::move(states));
  }
}

Status TableSource::open_column(const Table& table, const FieldSpec& spec, const TimeZone& zone,
                                Column& column) {
  const DataType& type = column.type;
  const std::optional<Width> width = integer_width(type.type);
  const Status wrong(Code::kType, "column " + quoted(spec.name) + " is " + type_name(type) +
                                      "; for a field of kind " + kind_name(spec.kind) +
                                      " it must be " + wanted_columns(spec.kind));
  const bool all_null = type.type == Type::kNull;
  switch (spec.kind) {
    case Kind::kBool:
      if (type.type != Type::kBool && !all_null) return wrong;
      column.way = all_null ? Way::kInts : Way::kBits;
      column.width = Width::kBits;
      break;
    case Kind::kInt64:
    case Kind::kEnumSet:
      if (width) {
        column.width = *width;
        if (column.slot.outside != 0) column.ints = *IntReader::open(table, column.index);
        return {};
      }
      column.way = Way::kInts;
      if (all_null) return {};
      if (!IntReader::reads(type)) return wrong;
      column.ints = *IntReader::open(table, column.index);
      break;
    case Kind::kDouble:
      column.width = Width::kF64;
      column.way = Way::kFloats;
      if (type.type == Type::kFloat) column.width = Width::kF32;
      if (type.type == Type::kFloat || type.type == Type::kDouble) return {};
      column.way = all_null ? Way::kInts : Way::kDoublesFromInts;
      if (all_null) return {};
      if (!IntReader::reads(type)) return wrong;
      column.ints = *IntReader::open(table, column.index);
      break;
    case Kind::kString:
    case Kind::kEnum:
      if (all_null) {
        column.way = Way::kTexts;
        column.width = Width::kText;
        return {};
      }
      if (!TextReader::reads(type)) return wrong;
      column.texts = *TextReader::open(table, column.index);
      if (type.type == Type::kDictionary && type.index != Type::kUint64) {
        open_dictionaries(column);
        return {};
      }
      column.way = Way::kTexts;
      column.width = Width::kText;
      break;
    case Kind::kDate:
      column.way = Way::kDates;
      if (type.type == Type::kDate32) {
        column.width = Width::kI32;
      } else if (TextReader::reads(type)) {
        column.texts = *TextReader::open(table, column.index);
      } else if (type.type != Type::kDate64 && !all_null) {
        return wrong;
      }
      break;
    case Kind::kTimestamp: {
      column.way = Way::kTimes;
      if (all_null) return {};
      Result<TimeReader> reader = TimeReader::open(table, column.index, zone);
      if (!reader.ok()) return wrong;
      column.times = *std::move(reader);
      break;
    }
    case Kind::kDuration:
      column.way = Way::kDurations;
      if (type.type != Type::kDuration && !all_null) return wrong;
      break;
    case Kind::kMoney: {
      column.way = Way::kAmounts;
      if (all_null) return {};
      Result<AmountReader> reader = AmountReader::open(table, column.index, spec.unit.scale);
      if (!reader.ok()) return wrong;
      column.amounts = *std::move(reader);
      break;
    }
  }
  return {};
}

// Through a reader of lib/base that fills values and states.
class TableSource::Run {
 public:
  Run(const Column& column, int chunk, int64_t begin, int64_t n, Scratch::Memory& memory,
      FieldBlock& block, int64_t& bad)
      : column_(column),
        source_(column.chunks[static_cast<size_t>(chunk)]),
        chunk_(chunk),
        begin_(begin),
        n_(n),
        memory_(memory),
        block_(block),
        bad_(bad) {}

  void read();

 private:
  /// Values where they lie, so many bytes each.
  void direct(size_t width);
  /// Values as value(i) has them; where !good(value), the cell is bad.
  template <typename V, typename G>
  void convert(const V& value, const G& good);
  void states();
  void codes();
  void floats();
  void texts();
  void dates();
  void durations();

  const Column& column_;
  const Chunk& source_;
  const int chunk_;
  const int64_t begin_;
  const int64_t n_;
  Scratch::Memory& memory_;
  FieldBlock& block_;
  int64_t& bad_;
};

void TableSource::Run::direct(size_t width) {
  block_.values = static_cast<const uint8_t*>(source_.values) +
                  static_cast<size_t>(source_.offset + begin_) * width;
  block_.ahead = static_cast<size_t>(std::min(source_.length - begin_ - n_, n_)) * width;
  if (expand_validity(source_, begin_, n_, memory_.known.data())) {
    block_.known = memory_.known.data();
  }
}

template <typename V, typename G>
void TableSource::Run::convert(const V& value, const G& good) {
  auto* out = memory_.values.as<int64_t>();
  uint8_t* known = known_plane(source_, begin_, n_, memory_.known);
  if (column_.texts && source_.dictionary != nullptr) {  // which may have nulls of its own
    for (int64_t i = 0; i < n_; ++i) known[i] = !column_.texts->null(source_, begin_ + i);
  }
  for (int64_t i = 0; i < n_; ++i) out[i] = known[i] != 0 ? value(i) : 0;
  take_out(out, n_, known, bad_, good);
  block_.values = out;
  block_.width = Width::kI64;
  block_.known = known;
  block_.ahead = 0;
}

void TableSource::Run::states() {
  auto* states = memory_.states.as<CellState>();
  auto* values = memory_.values.as<int64_t>();
  bool clean = false;
  if (column_.ints) {
    clean = column_.ints->read(chunk_, begin_, n_, values, states);
  } else if (column_.times) {
    clean = column_.times->read(chunk_, begin_, n_, values, states);
  } else if (column_.amounts) {
    clean = column_.amounts->read(chunk_, begin_, n_, values, states);
  } else {  // a column of nulls
    std::fill_n(states, n_, CellState::kNull);
    std::fill_n(values, n_, 0);
  }
  if (column_.way == Way::kDoublesFromInts) {
    auto* doubles = memory_.values.as<double>();
    for (int64_t i = 0; i < n_; ++i) {
      int64_t whole = 0;
      std::memcpy(&whole, &doubles[i], sizeof whole);
      doubles[i] = static_cast<double>(whole);
    }
  }
  block_.values = values;
  block_.width = column_.slot.lane == LaneKind::kF64 ? Width::kF64 : Width::kI64;
  if (column_.way == Way::kInts && column_.slot.lane == LaneKind::kBool) {
    std::memset(values, 0, static_cast<size_t>(n_));
    block_.width = Width::kBits;
  }
  block_.ahead = 0;
  const int64_t outside = column_.slot.outside;
  if (clean && outside == 0) return;
  uint8_t* known = memory_.known.data();
  for (int64_t i = 0; i < n_; ++i) {
    const bool read = clean || states[i] == CellState::kOk || states[i] == CellState::kRounded;
    const bool good = read && (values[i] & outside) == 0;
    known[i] = good;
    bad_ += !good && (clean || states[i] != CellState::kNull);
  }
  block_.known = known;
}

namespace {

// Takes out the rows whose code stands for no value. What the code of a null row is, is unknown.
template <typename C, typename S>
void take_out_codes(const C* codes, int64_t n, const std::vector<S>& states, uint8_t* known,
                    int64_t& bad) {
  for (int64_t i = 0; i < n; ++i) {
    if (known[i] == 0) continue;
    const S state = states[static_cast<size_t>(codes[i])];
    known[i] = state == S::kValue;
    bad += state == S::kOutside;
  }
}

}  // namespace

void TableSource::Run::codes() {
  const auto at = static_cast<size_t>(column_.dictionary_of[static_cast<size_t>(chunk_)]);
  block_.dictionary = &column_.dictionaries[at];
  const std::vector<CodeState>& states = column_.states[at];
  if (states.empty()) return;
  uint8_t* known = known_plane(source_, begin_, n_, memory_.known);
  block_.known = known;
  const auto take = [&]<typename C>(C) {
    take_out_codes(static_cast<const C*>(block_.values), n_, states, known, bad_);
  };
  switch (block_.width) {
    case Width::kI8:
      return take(int8_t{});
    case Width::kI16:
      return take(int16_t{});
    case Width::kI32:
      return take(int32_t{});
    case Width::kU8:
      return take(uint8_t{});
    case Width::kU16:
      return take(uint16_t{});
    case Width::kU32:
      return take(uint32_t{});
    default:
      return take(int64_t{});
  }
}

void TableSource::Run::floats() {
  const auto check = [&](const auto* values) {
    const bool finite =
        run_with_best_simd([&]() __attribute__((always_inline)) { return all_finite(values, n_); });
    if (finite) return;
    block_.known = known_plane(source_, begin_, n_, memory_.known);
    take_out(values, n_, memory_.known.data(), bad_, [](double x) { return std::isfinite(x); });
  };
  if (column_.width == Width::kF32) {
    direct(sizeof(float));
    check(static_cast<const float*>(block_.values));
  } else {
    direct(sizeof(double));
    check(static_cast<const double*>(block_.values));
  }
}

void TableSource::Run::texts() {
  auto* out = memory_.values.as<std::string_view>();
  uint8_t* known = memory_.known.data();
  block_.values = out;
  if (!column_.texts) {  // a column of nulls
    std::fill_n(out, n_, std::string_view());
    std::memset(known, 0, static_cast<size_t>(n_));
    block_.known = known;
    return;
  }
  const auto* states = memory_.states.as<CellState>();
  const bool clean = column_.texts->read(chunk_, begin_, n_, out, memory_.states.as<CellState>());
  if (clean && column_.slot.closed.empty()) return;
  for (int64_t i = 0; i < n_; ++i) known[i] = clean || states[i] != CellState::kNull;
  if (!column_.slot.closed.empty()) {
    take_out(out, n_, known, bad_, [&](std::string_view x) { return is_value(column_.slot, x); });
  }
  for (int64_t i = 0; i < n_; ++i) {
    if (known[i] == 0) out[i] = std::string_view();
  }
  block_.known = known;
}

void TableSource::Run::dates() {
  const auto good_day = [](int64_t day) { return day >= kFirstDay && day <= kLastDay; };
  if (column_.type.type == Type::kDate32) {
    const auto* days = values_at<int32_t>(source_, begin_);
    direct(sizeof(int32_t));
    int32_t low = 0, high = 0;
    for (int64_t i = 0; i < n_; ++i) {
      low = std::min(low, days[i]);
      high = std::max(high, days[i]);
    }
    if (good_day(low) && good_day(high)) return;
    convert([&](int64_t i) { return int64_t{days[i]}; }, good_day);
  } else if (column_.type.type == Type::kDate64) {
    const auto* millis = values_at<int64_t>(source_, begin_);
    convert([&](int64_t i) { return floor_div(millis[i], 86'400'000); }, good_day);
  } else if (column_.texts) {
    convert(
        [&](int64_t i) {
          const FromText<Day> day = text_to_date(column_.texts->at(source_, begin_ + i));
          return day.ok() ? day.value : INT64_MAX;
        },
        good_day);
  } else {
    states();
  }
}

void TableSource::Run::durations() {
  if (column_.type.type == Type::kNull) return states();
  const auto* values = values_at<int64_t>(source_, begin_);
  constexpr std::array<int64_t, 3> kScale{1'000'000, 1000, 1};
  const TimeUnit unit = column_.type.unit;
  convert(
      [&](int64_t i) {
        if (unit == TimeUnit::kNano) return floor_div(values[i], 1000);
        int64_t micros = 0;
        const bool over =
            __builtin_mul_overflow(values[i], kScale[static_cast<size_t>(unit)], &micros);
        return over ? INT64_MAX : micros;
      },
      [](int64_t d) { return d >= -kMaxDuration && d <= kMaxDuration; });
}

void TableSource::Run::read() {
  block_ = FieldBlock();
  block_.width = column_.width;
  switch (column_.way) {
    case Way::kDirect:
    case Way::kCodes:
      direct(column_.way == Way::kCodes ? static_cast<size_t>(byte_width(column_.type.index))
                                        : static_cast<size_t>(byte_width(column_.type.type)));
      if (column_.slot.outside != 0 && any_outside(block_, n_, column_.slot.outside)) {
        return states();
      }
      if (column_.way == Way::kCodes) codes();
      return;
    case Way::kBits:
      direct(0);
      block_.values = source_.values;
      block_.bit_offset = source_.offset + begin_;
      return;
    case Way::kFloats:
      return floats();
    case Way::kTexts:
      return texts();
    case Way::kDates:
      return dates();
    case Way::kDurations:
      return durations();
    default:
      return states();
  }
}

Status TableSource::refused(const Column& column, int chunk, int64_t row) const {
  const auto at = static_cast<size_t>(chunk);
  const FieldSpec& spec = schema_->fields()[static_cast<size_t>(column.slot.field)];
  const Chunk& cells = column.chunks[at];
  const int64_t table_row = ranges_[at].first_row + row;
  std::string what = " is null or out of range in row " + std::to_string(table_row);
  if (column.texts && !column.slot.closed.empty() && !column.texts->null(cells, row)) {
    const std::string_view text = column.texts->at(cells, row);
    if (!is_value(column.slot, text)) {
      what = " has " + quoted(text) + " in row " + std::to_string(table_row) +
             ", which is none of its values" + did_you_mean(text, column.slot.closed);
    }
  }
  return {Code::kNull,
          "column " + quoted(spec.name) + what + "; the schema says that it is never null",
          table_row};
}

Status TableSource::read(int chunk, int64_t begin, int64_t n, Scratch& scratch) const {
  for (size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    FieldBlock& block = scratch.blocks[i];
    Run(column, chunk, begin, n, scratch.memory_[i], block, scratch.bad_cells).read();
    if (column.slot.nullable || block.known == nullptr) continue;
    const auto* missing =
        static_cast<const uint8_t*>(std::memchr(block.known, 0, static_cast<size_t>(n)));
    if (missing == nullptr) {
      block.known = nullptr;
      continue;
    }
    return refused(column, chunk, begin + (missing - block.known));
  }
  return {};
}

}  // namespace patron::internal
