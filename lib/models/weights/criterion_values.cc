#include "lib/models/weights/criterion_values.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "lib/base/int128.h"
#include "lib/base/number_text.h"
#include "lib/base/utf8.h"

namespace patron::internal {
namespace {

// An Arrow decimal: 16 bytes of two's complement, the low half first.
struct DecimalBits {
  uint64_t low, high;
};

double as_double(DecimalBits bits) {
  return static_cast<double>(
      static_cast<Int128>((static_cast<Uint128>(bits.high) << 64) | bits.low));
}
template <typename T>
double as_double(T value) {
  return static_cast<double>(value);
}

Status refused(Code code, const Field& field, int64_t row, const std::string& what) {
  return Status(code,
                "column " + quoted(field.name) + ", row " + std::to_string(row) + ": " + what +
                    " has no place in an entropy; leave the row out, or fill the value",
                row);
}

template <typename T>
Result<CriterionValues> read(const Table& table, int column, std::span<const uint8_t> left_out) {
  CriterionValues out;
  out.memory = Buffer(static_cast<size_t>(table.rows()) * sizeof(double));
  auto* next = out.memory.as<double>();
  int64_t row = 0;
  for (const Chunk& chunk : table.chunks(column)) {
    const T* values = static_cast<const T*>(chunk.values) + chunk.offset;
    for (int64_t i = 0; i < chunk.length; ++i, ++row) {
      if (!left_out.empty() && left_out[static_cast<size_t>(row)] != 0) continue;
      if (chunk.null_count != 0 && !chunk.valid(i)) {
        return refused(Code::kNull, table.field(column), row, "null");
      }
      const double value = as_double(values[i]);
      if (!std::isfinite(value)) {
        return refused(Code::kNumber, table.field(column), row, number_text(value));
      }
      next[out.count++] = value;
    }
  }
  return out;
}

Result<CriterionValues> read_any(const Table& table, int column,
                                 std::span<const uint8_t> left_out) {
  const Field& field = table.field(column);
  switch (field.type.type) {
    case Type::kInt8:
      return read<int8_t>(table, column, left_out);
    case Type::kInt16:
      return read<int16_t>(table, column, left_out);
    case Type::kInt32:
      return read<int32_t>(table, column, left_out);
    case Type::kInt64:
      return read<int64_t>(table, column, left_out);
    case Type::kUint8:
      return read<uint8_t>(table, column, left_out);
    case Type::kUint16:
      return read<uint16_t>(table, column, left_out);
    case Type::kUint32:
      return read<uint32_t>(table, column, left_out);
    case Type::kUint64:
      return read<uint64_t>(table, column, left_out);
    case Type::kDecimal128:
      return read<DecimalBits>(table, column, left_out);
    case Type::kFloat:
      return read<float>(table, column, left_out);
    case Type::kDouble:
      return read<double>(table, column, left_out);
    default:
      return Status(Code::kType, "column " + quoted(field.name) + " is " + type_name(field.type) +
                                     "; entropy takes integers, decimals, float and double");
  }
}

}  // namespace

Result<std::vector<uint8_t>> rows_with_null(const Table& table,
                                            std::span<const std::string_view> columns) {
  std::vector<uint8_t> marks;
  for (const std::string_view column : columns) {
    const Result<int> found = table.require(column);
    if (!found.ok()) return found.status();
    int64_t row = 0;
    for (const Chunk& chunk : table.chunks(*found)) {
      const bool all = table.field(*found).type.type == Type::kNull;
      if (all || chunk.null_count != 0) marks.resize(static_cast<size_t>(table.rows()));
      for (int64_t i = 0; i < chunk.length && (all || chunk.null_count != 0); ++i) {
        if (all || !chunk.valid(i)) marks[static_cast<size_t>(row + i)] = 1;
      }
      row += chunk.length;
    }
  }
  return marks;
}

Result<CriterionValues> criterion_values(const Table& table, std::string_view column,
                                         std::span<const uint8_t> left_out) {
  const Result<int> found = table.require(column);
  if (!found.ok()) return found.status();
  const Field& field = table.field(*found);
  const int64_t rows = table.rows() - std::count(left_out.begin(), left_out.end(), uint8_t{1});
  if (rows < 2) {
    return Status(Code::kEmpty, "column " + quoted(field.name) + ": " + std::to_string(rows) +
                                    (left_out.empty() ? " rows" : " rows without a null") +
                                    "; entropy compares 2 or more");
  }
  if (field.type.type == Type::kNull) return refused(Code::kNull, field, 0, "null");
  return read_any(table, *found, left_out);
}

}  // namespace patron::internal
