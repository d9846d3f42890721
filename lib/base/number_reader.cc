#include "lib/base/number_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string>

#include "lib/base/int128.h"
#include "lib/base/simd.h"
#include "lib/base/table_data.h"

namespace patron::internal {
namespace {

template <typename T>
PATRON_SIMD_INLINE void convert(const T* in, int64_t n, double* out) {
  for (int64_t i = 0; i < n; i++) out[i] = static_cast<double>(in[i]);
}

/// Whether all are finite: x - x is 0 for what is, NaN for what is not.
PATRON_SIMD_INLINE bool all_finite(const double* values, int64_t n) {
  int64_t bad = 0;
  for (int64_t i = 0; i < n; i++) bad |= static_cast<int64_t>(values[i] - values[i] != 0);
  return bad == 0;
}

/// value / 10^scale, correctly rounded: one division of two exact doubles, or by way of the text.
double decimal_double(Int128 value, int scale) {
  constexpr Int128 kExact = static_cast<Int128>(1) << 53;
  if (value >= -kExact && value <= kExact && scale >= 0 && scale <= 22) {
    double power = 1;
    for (int k = 0; k < scale; k++) power *= 10;  // 10^22 is a double
    return static_cast<double>(value) / power;
  }
  std::array<char, 64> text;
  char* const middle = text.data() + 48;
  char* at = middle;
  auto digits = static_cast<Uint128>(value);
  if (value < 0) digits = ~digits + 1;
  for (; digits != 0 || at == middle; digits /= 10) {
    *--at = static_cast<char>('0' + static_cast<int>(digits % 10));
  }
  if (value < 0) *--at = '-';
  *middle = 'e';
  const char* end = std::to_chars(middle + 1, text.data() + text.size(), -scale).ptr;
  double result = 0;
  std::from_chars(at, end, result);
  return result;
}

void read_decimals(const void* values, int64_t first, int64_t n, int scale, double* out) {
  for (int64_t i = 0; i < n; i++) {
    Int128 value;
    std::memcpy(&value, static_cast<const char*>(values) + 16 * (first + i), 16);
    out[i] = decimal_double(value, scale);
  }
}

}  // namespace

Result<NumberReader> NumberReader::open(const Table& table, int column) {
  const Field& field = table.field(column);
  const Type type = field.type.type;
  NumberReader reader;
  if (type == Type::kDictionary && IntReader::reads(field.type)) {
    Result<IntReader> ints = IntReader::open(table, column);
    if (!ints.ok()) return ints.status();
    reader.ints_ = *ints;
  } else if (!is_integer(type) && type != Type::kFloat && type != Type::kDouble &&
             type != Type::kDecimal128 && type != Type::kNull) {
    return Status(Code::kType, "column \"" + field.name + "\" is " + type_name(field.type) +
                                   "; it must be of numbers: integers, decimals, float or double");
  }
  reader.type_ = field.type;
  reader.chunks_ = table.chunks(column);
  return reader;
}

const double* NumberReader::direct(int chunk) const {
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  if (type_.type != Type::kDouble || c.null_count != 0) return nullptr;
  return static_cast<const double*>(c.values) + c.offset;
}

void NumberReader::read_values(int chunk, int64_t begin, int64_t n, double* out,
                               CellState* states) const {
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  const int64_t first = c.offset + begin;
  const auto plain = [&]<typename T>(T) {
    const T* values = static_cast<const T*>(c.values) + first;
    run_with_best_simd([&] { convert(values, n, out); });
  };
  switch (type_.type) {
    case Type::kInt8:
      return plain(int8_t{});
    case Type::kInt16:
      return plain(int16_t{});
    case Type::kInt32:
      return plain(int32_t{});
    case Type::kInt64:
      return plain(int64_t{});
    case Type::kUint8:
      return plain(uint8_t{});
    case Type::kUint16:
      return plain(uint16_t{});
    case Type::kUint32:
      return plain(uint32_t{});
    case Type::kUint64:
      return plain(uint64_t{});
    case Type::kFloat:
      return plain(float{});
    case Type::kDouble:
      return plain(double{});
    case Type::kDecimal128:
      return read_decimals(c.values, first, n, type_.scale, out);
    default:
      read_dictionary(chunk, begin, n, out, states);
  }
}

void NumberReader::read_dictionary(int chunk, int64_t begin, int64_t n, double* out,
                                   CellState* states) const {
  for (int64_t i = 0; i < n; i++) {
    int64_t value = 0;
    ints_.read(chunk, begin + i, 1, &value, states + i);
    out[i] = static_cast<double>(value);
    if (states[i] == CellState::kOverflow) {  // an unsigned integer above 2^63
      out[i] = static_cast<double>(static_cast<uint64_t>(value));
      states[i] = CellState::kOk;
    }
  }
}

bool NumberReader::read(int chunk, int64_t begin, int64_t n, double* out, CellState* states) const {
  if (type_.type == Type::kNull) {
    std::fill_n(out, n, 0.0);
    std::fill_n(states, n, CellState::kNull);
    return n == 0;
  }
  std::fill_n(states, n, CellState::kOk);
  read_values(chunk, begin, n, out, states);
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  bool clean = true;
  for (int64_t i = 0; c.null_count != 0 && i < n; i++) {
    if (c.valid(begin + i)) continue;
    states[i] = CellState::kNull;
    out[i] = 0;
    clean = false;
  }
  if (run_with_best_simd([&] { return all_finite(out, n); })) return clean;
  for (int64_t i = 0; i < n; i++) {
    if (states[i] == CellState::kOk && !std::isfinite(out[i])) states[i] = CellState::kNotFinite;
  }
  return false;
}

}  // namespace patron::internal
