#include "lib/models/weights/criterion_values.h"

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
Result<CriterionValues> read(const Table& table, int column) {
  CriterionValues out;
  out.memory = Buffer(static_cast<size_t>(table.rows()) * sizeof(double));
  auto* next = out.memory.as<double>();
  for (const Chunk& chunk : table.chunks(column)) {
    const T* values = static_cast<const T*>(chunk.values) + chunk.offset;
    for (int64_t i = 0; i < chunk.length; ++i, ++out.count) {
      if (chunk.null_count != 0 && !chunk.valid(i)) {
        return refused(Code::kNull, table.field(column), out.count, "null");
      }
      const double value = as_double(values[i]);
      if (!std::isfinite(value)) {
        return refused(Code::kNumber, table.field(column), out.count, number_text(value));
      }
      *next++ = value;
    }
  }
  return out;
}

}  // namespace

Result<CriterionValues> criterion_values(const Table& table, std::string_view column) {
  const Result<int> found = table.require(column);
  if (!found.ok()) return found.status();
  const Field& field = table.field(*found);
  if (table.rows() < 2) {
    return Status(Code::kEmpty, "column " + quoted(field.name) + ": " +
                                    std::to_string(table.rows()) +
                                    " rows; entropy compares 2 or more");
  }
  switch (field.type.type) {
    case Type::kNull:
      return refused(Code::kNull, field, 0, "null");
    case Type::kInt8:
      return read<int8_t>(table, *found);
    case Type::kInt16:
      return read<int16_t>(table, *found);
    case Type::kInt32:
      return read<int32_t>(table, *found);
    case Type::kInt64:
      return read<int64_t>(table, *found);
    case Type::kUint8:
      return read<uint8_t>(table, *found);
    case Type::kUint16:
      return read<uint16_t>(table, *found);
    case Type::kUint32:
      return read<uint32_t>(table, *found);
    case Type::kUint64:
      return read<uint64_t>(table, *found);
    case Type::kDecimal128:
      return read<DecimalBits>(table, *found);
    case Type::kFloat:
      return read<float>(table, *found);
    case Type::kDouble:
      return read<double>(table, *found);
    default:
      return Status(Code::kType, "column " + quoted(field.name) + " is " + type_name(field.type) +
                                     "; entropy takes integers, decimals, float and double");
  }
}

}  // namespace patron::internal
