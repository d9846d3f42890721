#include "lib/models/rank/rank_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <type_traits>
#include <utility>

#include "lib/base/utf8.h"

namespace patron::internal {
namespace {

Magnitude whole(Int128 value) {
  const auto bits = static_cast<Uint128>(value);
  return {value < 0 ? ~bits + 1 : bits, 0, value < 0};
}

// number / 10^scale, correctly rounded: by way of the text, which from_chars rounds once.
double decimal_double(Int128 value, int scale) {
  std::array<char, 64> text;
  char* const middle = text.data() + 48;
  char* at = middle;
  for (Uint128 digits = whole(value).digits; digits != 0 || at == middle; digits /= 10) {
    *--at = static_cast<char>('0' + static_cast<int>(digits % 10));
  }
  if (value < 0) *--at = '-';
  *middle = 'e';
  const char* end = std::to_chars(middle + 1, text.data() + text.size(), -scale).ptr;
  double result = 0;
  std::from_chars(at, end, result);
  return result;
}

// An Arrow decimal: 16 bytes of two's complement, the low half first.
struct DecimalBits {
  uint64_t low, high;
};

Int128 exact(DecimalBits bits) {
  return static_cast<Int128>((static_cast<Uint128>(bits.high) << 64) | bits.low);
}
template <typename T>
Int128 exact(T value) {
  return value;
}

// Calls visit(value, row) for each value that is there, until one of the calls gives false.
template <typename T, typename Visit>
void each_value(const Table& table, int column, Visit visit) {
  int64_t row = 0;
  for (const Chunk& chunk : table.chunks(column)) {
    const T* values = static_cast<const T*>(chunk.values) + chunk.offset;
    for (int64_t i = 0; i < chunk.length; ++i, ++row) {
      if (chunk.null_count != 0 && !chunk.valid(i)) continue;
      if (!visit(values[i], row)) return;
    }
  }
}

// Least significant byte first; bytes in which all keys agree cost nothing.
template <typename Keys>
void radix_sort(RankedValues<Keys>& values) {
  using Item = Entry<Keys>;
  const auto count = static_cast<size_t>(values.count);
  Item* from = values.memory.template as<Item>();
  std::array<std::array<size_t, 256>, 8> histograms{};
  for (size_t i = 0; i < count; ++i) {
    for (size_t byte = 0; byte < 8; ++byte) ++histograms[byte][from[i].key >> (8 * byte) & 255];
  }
  Buffer spare(count * sizeof(Item));
  Item* to = spare.as<Item>();
  for (size_t byte = 0; byte < 8; ++byte) {
    std::array<size_t, 256>& starts = histograms[byte];
    if (starts[from[0].key >> (8 * byte) & 255] == count) continue;
    size_t sum = 0;
    for (size_t& start : starts) sum += std::exchange(start, sum);
    for (size_t i = 0; i < count; ++i) to[starts[from[i].key >> (8 * byte) & 255]++] = from[i];
    std::swap(from, to);
  }
  if (from != values.memory.template as<Item>()) values.memory = std::move(spare);
}

template <typename Keys>
void sort(RankedValues<Keys>& values) {
  constexpr int64_t kRadixFrom = 1 << 12;
  if constexpr (std::is_same_v<typename Keys::Key, uint64_t>) {
    if (values.count >= kRadixFrom) return radix_sort(values);
  }
  auto* first = values.memory.template as<Entry<Keys>>();
  std::sort(first, first + values.count,
            [](const Entry<Keys>& a, const Entry<Keys>& b) { return a.key < b.key; });
}

template <typename Keys>
RankedValues<Keys> with_room(const Table& table, int column, Keys keys) {
  int64_t count = 0;
  for (const Chunk& chunk : table.chunks(column)) count += chunk.length - chunk.null_count;
  RankedValues<Keys> values;
  values.keys = keys;
  values.memory = Buffer(static_cast<size_t>(count) * sizeof(Entry<Keys>));
  return values;
}

template <typename T, typename Keys>
Result<AnyRankedValues> sorted_numbers(const Table& table, int column, Keys keys) {
  using Whole = decltype(Keys::value(0));
  RankedValues<Keys> values = with_room(table, column, keys);
  auto* entries = values.memory.template as<Entry<Keys>>();
  each_value<T>(table, column, [&](T value, int64_t row) {
    entries[values.count++] = {Keys::key(static_cast<Whole>(exact(value))), row};
    return true;
  });
  sort(values);
  return AnyRankedValues(std::move(values));
}

// The narrow keys where all values fit, as nearly always.
template <typename T>
Result<AnyRankedValues> whole_numbers(const Table& table, int column, int scale = 0) {
  bool fits = true;
  if constexpr (sizeof(T) >= 8 && !std::is_same_v<T, int64_t>) {
    each_value<T>(table, column, [&fits](T value, int64_t) {
      return fits = static_cast<int64_t>(exact(value)) == exact(value);
    });
  }
  if (fits) return sorted_numbers<T>(table, column, Int64Keys{scale});
  return sorted_numbers<T>(table, column, Int128Keys{scale});
}

template <typename T>
Result<AnyRankedValues> floating(const Table& table, int column) {
  RankedValues<DoubleKeys> values = with_room(table, column, DoubleKeys{});
  auto* entries = values.memory.template as<Entry<DoubleKeys>>();
  Status refused;
  each_value<T>(table, column, [&](T value, int64_t row) {
    if (std::isfinite(value)) {
      entries[values.count++] = {DoubleKeys::key(static_cast<double>(value)), row};
      return true;
    }
    refused = Status(Code::kNumber,
                     "column " + quoted(table.field(column).name) + ", row " + std::to_string(row) +
                         ": " + (std::isnan(value) ? "NaN" : "infinity") +
                         " has no rank; make it null or leave the row out",
                     row);
    return false;
  });
  if (!refused.ok()) return refused;
  sort(values);
  return AnyRankedValues(std::move(values));
}

Result<AnyRankedValues> read(const Table& table, int column) {
  const Field& field = table.field(column);
  switch (field.type.type) {
    case Type::kNull:
      return AnyRankedValues(RankedValues<Int64Keys>());
    case Type::kInt8:
      return whole_numbers<int8_t>(table, column);
    case Type::kInt16:
      return whole_numbers<int16_t>(table, column);
    case Type::kInt32:
      return whole_numbers<int32_t>(table, column);
    case Type::kInt64:
      return whole_numbers<int64_t>(table, column);
    case Type::kUint8:
      return whole_numbers<uint8_t>(table, column);
    case Type::kUint16:
      return whole_numbers<uint16_t>(table, column);
    case Type::kUint32:
      return whole_numbers<uint32_t>(table, column);
    case Type::kUint64:
      return whole_numbers<uint64_t>(table, column);
    case Type::kDecimal128:
      return whole_numbers<DecimalBits>(table, column, field.type.scale);
    case Type::kFloat:
      return floating<float>(table, column);
    case Type::kDouble:
      return floating<double>(table, column);
    default:
      return Status(Code::kType, "column " + quoted(field.name) + " is " + type_name(field.type) +
                                     "; rank takes integers, decimals, float and double");
  }
}

}  // namespace

Magnitude Int64Keys::magnitude(Key key) const { return whole(value(key)); }
double Int64Keys::as_double(Key key) const {
  return scale == 0 ? static_cast<double>(value(key)) : decimal_double(value(key), scale);
}
Magnitude Int128Keys::magnitude(Key key) const { return whole(value(key)); }
double Int128Keys::as_double(Key key) const { return decimal_double(value(key), scale); }

DoubleKeys::Key DoubleKeys::key(double value) {
  const auto bits = std::bit_cast<uint64_t>(value + 0.0);  // -0 + 0 is 0
  return ~(bits ^ (bits >> 63 != 0 ? ~uint64_t{0} : uint64_t{1} << 63));
}

double DoubleKeys::value(Key key) {
  const uint64_t ascending = ~key;
  return std::bit_cast<double>(ascending ^
                               (ascending >> 63 != 0 ? uint64_t{1} << 63 : ~uint64_t{0}));
}

Magnitude DoubleKeys::magnitude(Key key) const { return magnitude_of(value(key)); }

Result<AnyRankedValues> ranked_values(const Table& table, int column) {
  Result<AnyRankedValues> values = read(table, column);
  if (!values.ok()) return values;
  const int64_t count = std::visit([](const auto& v) { return v.count; }, *values);
  if (count > 0) return values;
  return Status(Code::kEmpty, "column " + quoted(table.field(column).name) +
                                  (table.rows() == 0 ? " has no rows" : " holds only nulls") +
                                  "; there is nobody to rank");
}

}  // namespace patron::internal
