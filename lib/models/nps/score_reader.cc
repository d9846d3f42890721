#include "lib/models/nps/score_reader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "lib/base/bitmap.h"
#include "lib/base/int128.h"
#include "lib/base/simd.h"
#include "lib/base/table_data.h"
#include "lib/models/nps/estimate.h"

namespace patron::internal {
namespace {

/// Wide holds the distance of any T from the lowest score: one below zero wraps to a large one.
template <typename T, typename Wide>
PATRON_SIMD_INLINE void codes_of_ints(const T* values, int64_t n, int64_t lowest, uint32_t points,
                                      uint8_t* codes) {
  const Wide from = static_cast<Wide>(lowest), limit = static_cast<Wide>(points);
  for (int64_t i = 0; i < n; i++) {
    const Wide distance = static_cast<Wide>(static_cast<Wide>(values[i]) - from);
    bool inside = distance < limit;
    if constexpr (std::is_same_v<T, uint64_t>) inside &= static_cast<int64_t>(values[i]) >= 0;
    codes[i] = inside ? static_cast<uint8_t>(distance) : kOutsideCode;
  }
}

template <typename T>
PATRON_SIMD_INLINE void codes_of_floats(const T* values, int64_t n, int64_t lowest, uint32_t points,
                                        uint8_t* codes) {
  const auto first = static_cast<int32_t>(lowest);
  const T low = static_cast<T>(first), high = static_cast<T>(lowest + points - 1);
  for (int64_t i = 0; i < n; i++) {
    const bool inside = values[i] >= low && values[i] <= high;
    const int32_t whole = static_cast<int32_t>(inside ? values[i] : low);
    const bool is_whole = static_cast<T>(whole) == values[i];
    const int32_t code = is_whole ? whole - first : kNotWholeCode;
    codes[i] = static_cast<uint8_t>(inside ? code : kOutsideCode);
  }
}

/// Tells what is not finite from what is outside the scale.
template <typename T>
void name_bad_floats(const T* values, int64_t n, uint8_t* codes) {
  for (int64_t i = 0; i < n; i++) {
    if (codes[i] == kOutsideCode && !std::isfinite(values[i])) codes[i] = kNotFiniteCode;
  }
}

uint8_t code_of_decimal(Int128 value, int scale, int64_t lowest, uint32_t points) {
  for (; scale > 0; scale--) {
    if (value % 10 != 0) return kNotWholeCode;
    value /= 10;
  }
  for (; scale < 0 && value != 0; scale++) {
    if (value > 1'000'000 || value < -1'000'000) return kOutsideCode;
    value *= 10;
  }
  const Int128 distance = value - lowest;
  return distance >= 0 && distance < points ? static_cast<uint8_t>(distance) : kOutsideCode;
}

PATRON_SIMD_INLINE bool all_good(const uint8_t* codes, int64_t n) {
  uint8_t bad = 0;
  for (int64_t i = 0; i < n; i++) bad |= codes[i] >= kFirstBadCode;
  return bad == 0;
}

}  // namespace

Result<ScoreReader> ScoreReader::open(const Table& table, int column, const Scale& scale) {
  const Field& field = table.field(column);
  const Type type = field.type.type;
  ScoreReader reader;
  if (type == Type::kDictionary && IntReader::reads(field.type)) {
    Result<IntReader> ints = IntReader::open(table, column);
    if (!ints.ok()) return ints.status();
    reader.ints_ = *ints;
  } else if (!is_integer(type) && type != Type::kFloat && type != Type::kDouble &&
             type != Type::kDecimal128) {
    return Status(Code::kType, "column \"" + field.name + "\" is " + type_name(field.type) +
                                   "; scores must be numbers: integers, doubles or decimals");
  }
  reader.type_ = field.type;
  reader.chunks_ = table.chunks(column);
  reader.lowest_ = scale.lowest;
  reader.points_ = static_cast<uint32_t>(points_of(scale));
  return reader;
}

const char* ScoreReader::address(int chunk, int64_t row, int* width) const {
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  *width = byte_width(type_.type);
  return static_cast<const char*>(c.values) + (c.offset + row) * *width;
}

void ScoreReader::read_dictionary(int chunk, int64_t begin, int64_t n, uint8_t* codes) const {
  int64_t values[kBlockResponses];
  CellState states[kBlockResponses];
  ints_.read(chunk, begin, n, values, states);
  codes_of_ints<int64_t, uint64_t>(values, n, lowest_, points_, codes);
  for (int64_t i = 0; i < n; i++) {
    if (states[i] == CellState::kNull) codes[i] = kNullCode;
    if (states[i] == CellState::kOverflow) codes[i] = kOutsideCode;
  }
}

bool ScoreReader::read(int chunk, int64_t begin, int64_t n, uint8_t* codes) const {
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  const int64_t first = c.offset + begin;
  const auto ints = [&]<typename T, typename Wide>(T, Wide) {
    const T* values = static_cast<const T*>(c.values) + first;
    run_with_best_simd([&] { codes_of_ints<T, Wide>(values, n, lowest_, points_, codes); });
  };
  const auto floats = [&]<typename T>(T) {
    const T* values = static_cast<const T*>(c.values) + first;
    run_with_best_simd([&] { codes_of_floats<T>(values, n, lowest_, points_, codes); });
    if (!run_with_best_simd([&] { return all_good(codes, n); })) name_bad_floats(values, n, codes);
  };
  switch (type_.type) {
    case Type::kInt8:
      ints(int8_t{}, uint16_t{});
      break;
    case Type::kInt16:
      ints(int16_t{}, uint32_t{});
      break;
    case Type::kInt32:
      ints(int32_t{}, uint32_t{});
      break;
    case Type::kUint8:
      ints(uint8_t{}, uint16_t{});
      break;
    case Type::kUint16:
      ints(uint16_t{}, uint32_t{});
      break;
    case Type::kUint32:
      ints(uint32_t{}, uint64_t{});
      break;
    case Type::kInt64:
      ints(int64_t{}, uint64_t{});
      break;
    case Type::kUint64:
      ints(uint64_t{}, uint64_t{});
      break;
    case Type::kFloat:
      floats(float{});
      break;
    case Type::kDouble:
      floats(double{});
      break;
    case Type::kDecimal128:
      for (int64_t i = 0; i < n; i++) {
        Int128 value;
        std::memcpy(&value, static_cast<const char*>(c.values) + 16 * (first + i), 16);
        codes[i] = code_of_decimal(value, type_.scale, lowest_, points_);
      }
      break;
    default:
      read_dictionary(chunk, begin, n, codes);
  }
  if (c.null_count != 0) {
    for (int64_t i = 0; i < n; i++) {
      if (!get_bit(c.validity, first + i)) codes[i] = kNullCode;
    }
  }
  return run_with_best_simd([&] { return all_good(codes, n); });
}

}  // namespace patron::internal
