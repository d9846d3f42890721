#include "capi/src/columns.h"

namespace patron::capi {
namespace {

constexpr int32_t kLastType = PATRON_TYPE_DICTIONARY;
constexpr int32_t kLastUnit = PATRON_UNIT_NANO;
constexpr int32_t kMostDigits = 38;

bool is_index(int32_t type) { return type >= PATRON_TYPE_INT8 && type <= PATRON_TYPE_UINT64; }

bool is_dictionary_value(int32_t type) {
  return is_index(type) || type == PATRON_TYPE_STRING || type == PATRON_TYPE_LARGE_STRING ||
         type == PATRON_TYPE_STRING_VIEW;
}

Status check_decimal(const patron_column& column, const std::string& name) {
  if (column.precision >= 1 && column.precision <= kMostDigits && column.scale >= -kMostDigits &&
      column.scale <= kMostDigits) {
    return {};
  }
  return {Code::kArgument, name + ": a decimal of precision " + std::to_string(column.precision) +
                               " and scale " + std::to_string(column.scale) +
                               "; want a precision of 1 to 38 and a scale within 38"};
}

Status read_type(const patron_column& column, const std::string& name, DataType& out) {
  Status status = require_choice(column.type, kLastType, (name + ".type").c_str());
  if (!status.ok()) return status;
  out.type = static_cast<Type>(column.type);
  if (out.type == Type::kTimestamp || out.type == Type::kDuration) {
    status = require_choice(column.unit, kLastUnit, (name + ".unit").c_str());
    if (!status.ok()) return status;
    out.unit = static_cast<TimeUnit>(column.unit);
  }
  if (out.type == Type::kTimestamp) {
    const Result<std::string_view> zone = read_text(column.zone, (name + ".zone").c_str());
    if (!zone.ok()) return zone.status();
    out.zone = *zone;
  }
  if (out.type == Type::kDecimal128) {
    out.precision = column.precision;
    out.scale = column.scale;
    return check_decimal(column, name);
  }
  return {};
}

Chunk read_chunk(const patron_column& column) {
  Chunk chunk;
  chunk.length = column.length;
  chunk.offset = column.offset;
  chunk.validity = column.validity;
  chunk.values = column.values;
  chunk.offsets = column.offsets;
  chunk.bytes = column.bytes;
  chunk.view_buffers = {column.view_buffers, column.view_buffer_count};
  chunk.view_sizes = {column.view_sizes, column.view_buffer_count};
  return chunk;
}

Status check_buffers(const patron_column& column, const std::string& name) {
  return first_error({require_array(column.view_buffers, column.view_buffer_count, sizeof(void*),
                                    (name + ".view_buffers").c_str()),
                      require_array(column.view_sizes, column.view_buffer_count, sizeof(int64_t),
                                    (name + ".view_sizes").c_str())});
}

/// Writes the name and the type of a field: what patron_field and patron_column have in common.
template <typename View>
void describe(const Field& field, View& out) {
  out.name = view(field.name);
  out.type = static_cast<int32_t>(field.type.type);
  out.unit = static_cast<int32_t>(field.type.unit);
  out.precision = field.type.precision;
  out.scale = field.type.scale;
  out.index = static_cast<int32_t>(field.type.index);
  out.value = static_cast<int32_t>(field.type.value);
  out.ordered = field.type.ordered ? 1 : 0;
  out.zone = view(field.type.zone);
}

patron_column plain(const Chunk& chunk) {
  patron_column out = PATRON_COLUMN_INIT;
  out.length = chunk.length;
  out.offset = chunk.offset;
  out.null_count = chunk.null_count;
  out.validity = chunk.validity;
  out.values = chunk.values;
  out.offsets = chunk.offsets;
  out.bytes = chunk.bytes;
  out.view_buffers = chunk.view_buffers.data();
  out.view_sizes = chunk.view_sizes.data();
  out.view_buffer_count = chunk.view_buffers.size();
  return out;
}

}  // namespace

Status ColumnReader::read(const patron_column* columns, uint64_t count) {
  const char* bytes = reinterpret_cast<const char*>(columns);
  for (uint64_t i = 0; i < count; ++i) {
    const std::string name = "columns[" + std::to_string(i) + "]";
    const auto* at = reinterpret_cast<const patron_column*>(bytes + i * columns->struct_size);
    patron_column column = {};
    Status status = read_struct(at, name.c_str(), column);
    if (!status.ok()) return status;
    if (at->struct_size != columns->struct_size) {
      return {Code::kUnsupported, name + ": struct_size is " + std::to_string(at->struct_size) +
                                      ", that of columns[0] is " +
                                      std::to_string(columns->struct_size)};
    }
    views_.emplace_back();
    status = one(column, name, views_.back());
    if (!status.ok()) return status;
  }
  return {};
}

Status ColumnReader::one(const patron_column& column, const std::string& name, ColumnView& out) {
  const Result<std::string_view> text = read_text(column.name, (name + ".name").c_str());
  if (!text.ok()) return text.status();
  out.name = *text;
  Status status = read_type(column, name, out.type);
  if (!status.ok()) return status;
  status = check_buffers(column, name);
  if (!status.ok()) return status;
  out.chunk = read_chunk(column);
  return out.type.type == Type::kDictionary ? dictionary(column, name, out) : Status();
}

Status ColumnReader::dictionary(const patron_column& column, const std::string& name,
                                ColumnView& out) {
  if (!is_index(column.index)) {
    return {Code::kType, name + ".index is " + std::to_string(column.index) +
                             "; want an integer type, PATRON_TYPE_INT8 to UINT64"};
  }
  const std::string inner_name = name + ".dictionary";
  patron_column inner = {};
  Status status = read_struct(column.dictionary, inner_name.c_str(), inner);
  if (!status.ok()) return status;
  if (inner.type != column.value || !is_dictionary_value(inner.type)) {
    return {Code::kType, inner_name + ".type is " + std::to_string(inner.type) + " and " + name +
                             ".value " + std::to_string(column.value) +
                             "; want the same integer or string type in both"};
  }
  status = check_buffers(inner, inner_name);
  if (!status.ok()) return status;
  out.type.index = static_cast<Type>(column.index);
  out.type.value = static_cast<Type>(column.value);
  out.type.ordered = column.ordered != 0;
  out.chunk.dictionary = &dictionaries_.emplace_back(read_chunk(inner));
  return {};
}

patron_field field_view(const Field& field, const std::string& type_name) {
  patron_field out = PATRON_FIELD_INIT;
  describe(field, out);
  out.type_name = view(type_name);
  return out;
}

patron_column column_view(const Field& field, const Chunk& chunk) {
  patron_column out = plain(chunk);
  describe(field, out);
  return out;
}

patron_column dictionary_view(const Field& field, const Chunk& chunk) {
  patron_column out = chunk.dictionary == nullptr ? plain(Chunk()) : plain(*chunk.dictionary);
  out.type = static_cast<int32_t>(field.type.value);
  out.name = view(field.name);
  return out;
}

}  // namespace patron::capi
