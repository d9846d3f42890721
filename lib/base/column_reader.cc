#include "lib/base/column_reader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "lib/base/int128.h"
#include "lib/base/money_block.h"
#include "lib/base/simd.h"
#include "lib/base/table_data.h"
#include "lib/base/time_text.h"
#include "patron/money.h"

namespace patron::internal {
namespace {

Status wrong_type(const Table& table, int column, const char* wanted) {
  const Field& field = table.field(column);
  return {Code::kType,
          "column \"" + field.name + "\" is " + type_name(field.type) + "; it must be " + wanted};
}

template <typename T>
T load(const void* values, int64_t i) {
  return static_cast<const T*>(values)[i];
}

int64_t dictionary_index(const Chunk& chunk, Type index, int64_t row) {
  const int64_t i = chunk.offset + row;
  switch (index) {
    case Type::kInt8:
      return load<int8_t>(chunk.values, i);
    case Type::kInt16:
      return load<int16_t>(chunk.values, i);
    case Type::kInt32:
      return load<int32_t>(chunk.values, i);
    case Type::kUint8:
      return load<uint8_t>(chunk.values, i);
    case Type::kUint16:
      return load<uint16_t>(chunk.values, i);
    case Type::kUint32:
      return load<uint32_t>(chunk.values, i);
    default:
      return load<int64_t>(chunk.values, i);
  }
}

/// One Arrow string view: a length, then the bytes themselves up to 12, else a prefix, a buffer and
/// an offset in it.
std::string_view view_at(const Chunk& chunk, int64_t i) {
  const uint8_t* view = static_cast<const uint8_t*>(chunk.values) + 16 * i;
  int32_t length, buffer, offset;
  std::memcpy(&length, view, 4);
  if (length <= 12) return {reinterpret_cast<const char*>(view + 4), static_cast<size_t>(length)};
  std::memcpy(&buffer, view + 8, 4);
  std::memcpy(&offset, view + 12, 4);
  const uint8_t* bytes = chunk.view_buffers[static_cast<size_t>(buffer)] + offset;
  return {reinterpret_cast<const char*>(bytes), static_cast<size_t>(length)};
}

/// Bytes begin to end. Where every text is empty there need be no bytes to point into.
std::string_view piece(const uint8_t* bytes, int64_t begin, int64_t end) {
  if (begin == end) return "";
  return {reinterpret_cast<const char*>(bytes) + begin, static_cast<size_t>(end - begin)};
}

std::string_view plain_text_at(const Chunk& chunk, Type type, int64_t row) {
  const int64_t i = chunk.offset + row;
  if (type == Type::kStringView) return view_at(chunk, i);
  if (type == Type::kString) {
    return piece(chunk.bytes, load<int32_t>(chunk.offsets, i), load<int32_t>(chunk.offsets, i + 1));
  }
  return piece(chunk.bytes, load<int64_t>(chunk.offsets, i), load<int64_t>(chunk.offsets, i + 1));
}

/// Marks the null cells of a run; false where there are some.
bool mark_nulls(const Chunk& chunk, int64_t begin, int64_t n, CellState* states) {
  std::fill_n(states, n, CellState::kOk);
  if (chunk.null_count == 0) return true;
  bool clean = true;
  for (int64_t i = 0; i < n; i++) {
    if (chunk.valid(begin + i)) continue;
    states[i] = CellState::kNull;
    clean = false;
  }
  return clean;
}

template <typename T>
void widen(const Chunk& chunk, int64_t begin, int64_t n, int64_t* out) {
  const T* in = static_cast<const T*>(chunk.values) + chunk.offset + begin;
  for (int64_t i = 0; i < n; i++) out[i] = static_cast<int64_t>(in[i]);
}

/// Integers of any width into int64; unsigned ones above its range turn negative and are kOverflow.
bool read_integers(const Chunk& chunk, Type type, int64_t begin, int64_t n, int64_t* out,
                   CellState* states) {
  bool clean = mark_nulls(chunk, begin, n, states);
  switch (type) {
    case Type::kInt8:
      widen<int8_t>(chunk, begin, n, out);
      break;
    case Type::kInt16:
      widen<int16_t>(chunk, begin, n, out);
      break;
    case Type::kInt32:
      widen<int32_t>(chunk, begin, n, out);
      break;
    case Type::kUint8:
      widen<uint8_t>(chunk, begin, n, out);
      break;
    case Type::kUint16:
      widen<uint16_t>(chunk, begin, n, out);
      break;
    case Type::kUint32:
      widen<uint32_t>(chunk, begin, n, out);
      break;
    default:
      widen<int64_t>(chunk, begin, n, out);
  }
  if (type != Type::kUint64) return clean;
  for (int64_t i = 0; i < n; i++) {
    if (out[i] >= 0 || states[i] != CellState::kOk) continue;
    states[i] = CellState::kOverflow;
    clean = false;
  }
  return clean;
}

/// value x factor where |value| may be anything; kOverflow cells keep the value.
bool multiply(int64_t n, int64_t factor, int64_t* out, CellState* states) {
  if (factor == 1) return true;
  bool clean = true;
  for (int64_t i = 0; i < n; i++) {
    int64_t product;
    if (__builtin_mul_overflow(out[i], factor, &product)) {
      if (states[i] == CellState::kOk) states[i] = CellState::kOverflow, clean = false;
    } else {
      out[i] = product;
    }
  }
  return clean;
}

int64_t power_of_ten(int exponent) {
  int64_t power = 1;
  for (; exponent > 0; exponent--) power *= 10;
  return power;
}

/// Divides by a positive power of ten, half to even; says whether anything was lost.
Int128 divide_half_even(Int128 value, Int128 divisor, bool* rounded) {
  Int128 quotient = value / divisor;
  Int128 rest = value % divisor;
  *rounded = rest != 0;
  if (rest < 0) rest = -rest;
  const Int128 missing = divisor - rest;
  if (rest > missing || (rest == missing && (quotient & 1) != 0)) quotient += value < 0 ? -1 : 1;
  return quotient;
}

/// A decimal of `from` digits after the point as minor units of `scale` digits.
CellState decimal_to_minor(Int128 value, int from, int scale, int64_t* out) {
  bool rounded = false;
  if (from > scale + 38) {  // no 128-bit value comes to half a unit
    rounded = value != 0;
    value = 0;
  } else if (from > scale) {
    Int128 divisor = 1;
    for (int k = scale; k < from; k++) divisor *= 10;
    value = divide_half_even(value, divisor, &rounded);
  }
  for (int digits = from; digits < scale; digits++) {
    if (__builtin_mul_overflow(value, static_cast<Int128>(10), &value)) return CellState::kOverflow;
  }
  if (value > std::numeric_limits<int64_t>::max() || value < std::numeric_limits<int64_t>::min())
    return CellState::kOverflow;
  *out = static_cast<int64_t>(value);
  return rounded ? CellState::kRounded : CellState::kOk;
}

template <typename Float>
bool all_null_or_nan(const Chunk& chunk) {
  for (int64_t i = 0; i < chunk.length; ++i) {
    if (chunk.valid(i) && !std::isnan(load<Float>(chunk.values, chunk.offset + i))) return false;
  }
  return true;
}

}  // namespace

bool is_blank(const Table& table, int column) {
  const Type type = table.field(column).type.type;
  const auto has_none = [&](const Chunk& chunk) {
    if (type == Type::kFloat) return all_null_or_nan<float>(chunk);
    if (type == Type::kDouble) return all_null_or_nan<double>(chunk);
    return type == Type::kUnsupported ? chunk.length == 0 : chunk.null_count == chunk.length;
  };
  const std::span<const Chunk> chunks = table.chunks(column);
  return std::all_of(chunks.begin(), chunks.end(), has_none);
}

std::string_view text_of_chunk(const Chunk& chunk, Type type, int64_t row) {
  return plain_text_at(chunk, type, row);
}

bool TextReader::reads(const DataType& type) {
  return is_text(type.type) || (type.type == Type::kDictionary && is_text(type.value));
}

Result<TextReader> TextReader::open(const Table& table, int column) {
  if (!reads(table.field(column).type)) return wrong_type(table, column, "text");
  TextReader reader;
  reader.type_ = table.field(column).type;
  reader.chunks_ = table.chunks(column);
  return reader;
}

std::string_view TextReader::of_row(int64_t row) const {
  for (const Chunk& chunk : chunks_) {
    if (row < chunk.length) return null(chunk, row) ? std::string_view() : at(chunk, row);
    row -= chunk.length;
  }
  return {};
}

std::string_view TextReader::at(const Chunk& chunk, int64_t row) const {
  if (type_.type != Type::kDictionary) return plain_text_at(chunk, type_.type, row);
  return plain_text_at(*chunk.dictionary, type_.value, dictionary_index(chunk, type_.index, row));
}

bool TextReader::read(int chunk, int64_t begin, int64_t n, std::string_view* out,
                      CellState* states) const {
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  const auto fill = [&](auto text_at) {
    for (int64_t i = 0; i < n; i++) out[i] = text_at(begin + i);
  };
  if (c.null_count == 0 && type_.type == Type::kString) {
    std::fill_n(states, n, CellState::kOk);
    fill([&c](int64_t row) { return plain_text_at(c, Type::kString, row); });
    return true;
  }
  if (c.null_count == 0 && type_.type == Type::kLargeString) {
    std::fill_n(states, n, CellState::kOk);
    fill([&c](int64_t row) { return plain_text_at(c, Type::kLargeString, row); });
    return true;
  }
  if (c.null_count == 0 && type_.type == Type::kStringView) {
    std::fill_n(states, n, CellState::kOk);
    fill([&c](int64_t row) { return plain_text_at(c, Type::kStringView, row); });
    return true;
  }
  bool clean = true;
  for (int64_t i = 0; i < n; i++) {
    const bool missing = null(c, begin + i);
    states[i] = missing ? CellState::kNull : CellState::kOk;
    out[i] = missing ? std::string_view() : at(c, begin + i);
    clean &= !missing;
  }
  return clean;
}

bool TextReader::null(const Chunk& chunk, int64_t row) const {
  if (!chunk.valid(row)) return true;
  if (type_.type != Type::kDictionary || chunk.dictionary->null_count == 0) return false;
  return !chunk.dictionary->valid(dictionary_index(chunk, type_.index, row));
}

bool IntReader::reads(const DataType& type) {
  return is_integer(type.type) || (type.type == Type::kDictionary && is_integer(type.value));
}

Result<IntReader> IntReader::open(const Table& table, int column) {
  if (!reads(table.field(column).type)) return wrong_type(table, column, "an integer");
  IntReader reader;
  reader.type_ = table.field(column).type;
  reader.chunks_ = table.chunks(column);
  return reader;
}

const int64_t* IntReader::direct(int chunk) const {
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  if (type_.type != Type::kInt64 || c.null_count != 0) return nullptr;
  return static_cast<const int64_t*>(c.values) + c.offset;
}

bool IntReader::read(int chunk, int64_t begin, int64_t n, int64_t* out, CellState* states) const {
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  if (type_.type != Type::kDictionary) return read_integers(c, type_.type, begin, n, out, states);
  bool clean = mark_nulls(c, begin, n, states);
  for (int64_t i = 0; i < n; i++) {
    if (states[i] != CellState::kOk) continue;
    const int64_t index = dictionary_index(c, type_.index, begin + i);
    clean &= read_integers(*c.dictionary, type_.value, index, 1, out + i, states + i);
  }
  return clean;
}

Result<TimeReader> TimeReader::open(const Table& table, int column, const TimeZone& zone) {
  const DataType& type = table.field(column).type;
  TimeReader reader;
  reader.type_ = type;
  reader.zone_ = zone;
  reader.chunks_ = table.chunks(column);
  if (TextReader::reads(type)) {
    Result<TextReader> text = TextReader::open(table, column);
    reader.text_ = *text;
    return reader;
  }
  const bool date = type.type == Type::kDate32 || type.type == Type::kDate64;
  if (!date && type.type != Type::kTimestamp)
    return wrong_type(table, column, "a date, a time stamp or ISO 8601 text");
  reader.wall_ = !zone.is_utc() && (date || type.zone.empty());
  if (reader.wall_) reader.clock_ = reader.make_wall_clock();
  return reader;
}

const int64_t* TimeReader::direct(int chunk) const {
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  if (type_.type != Type::kTimestamp || type_.unit != TimeUnit::kMicro || wall_ ||
      c.null_count != 0)
    return nullptr;
  return static_cast<const int64_t*>(c.values) + c.offset;
}

bool TimeReader::read(int chunk, int64_t begin, int64_t n, Micros* out, CellState* states) const {
  if (TextReader::reads(type_)) return read_text(chunk, begin, n, out, states);
  const bool clean = read_micros(chunk, begin, n, out, states);
  return to_instants(n, out, states) && clean;
}

bool TimeReader::read_micros(int chunk, int64_t begin, int64_t n, int64_t* out,
                             CellState* states) const {
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  bool clean = mark_nulls(c, begin, n, states);
  if (type_.type == Type::kDate32) {
    widen<int32_t>(c, begin, n, out);
    clean &= multiply(n, kMicrosPerDay, out, states);
  } else {
    widen<int64_t>(c, begin, n, out);
    const TimeUnit unit = type_.type == Type::kDate64 ? TimeUnit::kMilli : type_.unit;
    if (unit == TimeUnit::kNano) {  // towards the past, so that the order of instants is kept
      for (int64_t i = 0; i < n; i++) out[i] = out[i] / 1000 - (out[i] % 1000 < 0);
    } else {
      clean &= multiply(n,
                        unit == TimeUnit::kSecond  ? 1'000'000
                        : unit == TimeUnit::kMilli ? 1000
                                                   : 1,
                        out, states);
    }
  }
  return clean;
}

std::shared_ptr<const WallClock> TimeReader::make_wall_clock() const {
  constexpr int64_t kRun = 1024;
  int64_t values[kRun];
  CellState states[kRun];
  int64_t low = kEndTime, high = kMinTime;
  for (size_t chunk = 0; chunk < chunks_.size(); chunk++) {
    for (int64_t begin = 0; begin < chunks_[chunk].length; begin += kRun) {
      const int64_t n = std::min(kRun, chunks_[chunk].length - begin);
      read_micros(static_cast<int>(chunk), begin, n, values, states);
      for (int64_t i = 0; i < n; i++) {
        if (states[i] != CellState::kOk || values[i] < kMinTime || values[i] >= kEndTime) continue;
        low = std::min(low, values[i]);
        high = std::max(high, values[i]);
      }
    }
  }
  if (low > high) low = high = 0;
  return std::make_shared<const WallClock>(zone_, low, high);
}

bool TimeReader::to_instants(int64_t n, Micros* out, CellState* states) const {
  // A wall clock up to a day outside may be an instant inside.
  const int64_t margin = wall_ ? kMicrosPerDay : 0;
  bool clean = true;
  for (int64_t i = 0; i < n; i++) {
    const bool inside = out[i] >= kMinTime - margin && out[i] < kEndTime + margin;
    if (inside && !wall_) continue;
    if (states[i] == CellState::kNull) continue;
    if (inside && states[i] == CellState::kOk) {
      // The table spans the walls between kMinTime and kEndTime; those a day outside ask the zone.
      const bool spanned = out[i] >= kMinTime && out[i] < kEndTime;
      out[i] = spanned ? clock_->instant_of_wall(out[i]) : zone_.from_wall(out[i]);
      if (out[i] >= kMinTime && out[i] < kEndTime) continue;
    }
    states[i] = CellState::kRange;
    clean = false;
  }
  return clean;
}

bool TimeReader::read_text(int chunk, int64_t begin, int64_t n, Micros* out,
                           CellState* states) const {
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  bool clean = true;
  for (int64_t i = 0; i < n; i++) {
    states[i] = CellState::kOk;
    if (text_.null(c, begin + i)) {
      states[i] = CellState::kNull;
    } else if (Result<Micros> t = parse_time(text_.at(c, begin + i), zone_); t.ok()) {
      out[i] = *t;
      continue;
    } else {
      const bool is_time = read_time_text(text_.at(c, begin + i)).error == TimeTextError::kNone;
      states[i] = is_time ? CellState::kRange : CellState::kText;
    }
    clean = false;
  }
  return clean;
}

Result<AmountReader> AmountReader::open(const Table& table, int column, int scale) {
  const DataType& type = table.field(column).type;
  if (!is_integer(type.type) && type.type != Type::kFloat && type.type != Type::kDouble &&
      type.type != Type::kDecimal128)
    return wrong_type(table, column, "a number: an integer, a decimal or a double");
  AmountReader reader;
  reader.type_ = type;
  reader.scale_ = scale;
  reader.chunks_ = table.chunks(column);
  return reader;
}

bool AmountReader::read(int chunk, int64_t begin, int64_t n, int64_t* out,
                        CellState* states) const {
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  if (is_integer(type_.type)) {
    const bool clean = read_integers(c, type_.type, begin, n, out, states);
    return multiply(n, power_of_ten(scale_), out, states) && clean;
  }
  bool clean = mark_nulls(c, begin, n, states);
  const double power = kPowersOfTen[static_cast<size_t>(scale_)];
  if (type_.type == Type::kDecimal128) {
    const char* values = static_cast<const char*>(c.values) + 16 * (c.offset + begin);
    for (int64_t i = 0; i < n; i++) {
      if (states[i] != CellState::kOk) continue;
      Int128 value;
      std::memcpy(&value, values + 16 * i, 16);
      states[i] = decimal_to_minor(value, type_.scale, scale_, out + i);
      clean &= states[i] == CellState::kOk;
    }
    return clean;
  }
  constexpr int64_t kRun = 512;
  double wide[kRun];
  uint8_t flags[kRun];
  for (int64_t done = 0; done < n; done += kRun) {
    const int64_t run = std::min(kRun, n - done);
    const double* values;
    if (type_.type == Type::kDouble) {
      values = static_cast<const double*>(c.values) + c.offset + begin + done;
    } else {
      const float* narrow = static_cast<const float*>(c.values) + c.offset + begin + done;
      for (int64_t i = 0; i < run; i++) wide[i] = static_cast<double>(narrow[i]);
      values = wide;
    }
    const bool plain = run_with_best_simd([&] {
      minor_from_doubles(values, run, power, out + done, flags);
      uint8_t any = 0;
      for (int64_t i = 0; i < run; i++) any |= flags[i];
      return any == 0;
    });
    if (plain) continue;
    for (int64_t i = 0; i < run; i++) {
      CellState& state = states[done + i];
      if (flags[i] == 0 || state != CellState::kOk) continue;
      state = flags[i] == 1   ? CellState::kRounded
              : flags[i] == 2 ? CellState::kNotFinite
                              : CellState::kOverflow;
      clean = false;
    }
  }
  return clean;
}

}  // namespace patron::internal
