#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "lib/base/bitmap.h"
#include "lib/base/chunk_check.h"
#include "lib/base/table_data.h"
#include "lib/base/utf8.h"
#include "patron/table.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::Buffer;
using internal::TableData;

DataType plain(Type type) {
  DataType out;
  out.type = type;
  return out;
}

// A column is added whole or not at all: all memory is there before the first vector changes.
void add(TableData& data, Field field, const Chunk& chunk, std::shared_ptr<const void> owner) {
  std::vector<Chunk> chunks;
  if (chunk.length > 0) chunks.push_back(chunk);
  data.fields.reserve(data.fields.size() + 1);
  data.chunks.reserve(data.chunks.size() + 1);
  data.owners.push_back(std::move(owner));
  data.fields.push_back(std::move(field));
  data.chunks.push_back(std::move(chunks));
}

template <typename T>
void add_values(TableData& data, Field field, std::vector<T> values) {
  const auto owner = std::make_shared<const std::vector<T>>(std::move(values));
  Chunk chunk;
  chunk.length = static_cast<int64_t>(owner->size());
  chunk.values = owner->data();
  add(data, std::move(field), chunk, owner);
}

struct TextColumn {
  Buffer validity, offsets, bytes;
};

// Strings of `count` rows, of which row i is text(i), or null where text(i) is nullptr.
template <typename Text>
void add_text(TableData& data, std::string name, size_t count, Text text) {
  size_t size = 0;
  int64_t nulls = 0;
  for (size_t i = 0; i < count; ++i) {
    const std::string* value = text(i);
    size += value == nullptr ? 0 : value->size();
    nulls += value == nullptr;
  }
  const bool large = size > static_cast<size_t>(std::numeric_limits<int32_t>::max());
  auto column = std::make_shared<TextColumn>();
  column->offsets = Buffer((count + 1) * (large ? sizeof(int64_t) : sizeof(int32_t)));
  column->bytes = Buffer(size);
  if (nulls > 0) {
    column->validity = Buffer((count + 7) / 8);
    std::memset(column->validity.data(), 0, column->validity.size());
  }
  size_t at = 0;
  const auto put_offset = [&](size_t i) {
    if (large) {
      column->offsets.as<int64_t>()[i] = static_cast<int64_t>(at);
    } else {
      column->offsets.as<int32_t>()[i] = static_cast<int32_t>(at);
    }
  };
  for (size_t i = 0; i < count; ++i) {
    put_offset(i);
    const std::string* value = text(i);
    if (value == nullptr) continue;
    if (!value->empty()) std::memcpy(column->bytes.data() + at, value->data(), value->size());
    at += value->size();
    if (nulls > 0) internal::set_bit(column->validity.data(), static_cast<int64_t>(i));
  }
  put_offset(count);
  Chunk chunk;
  chunk.length = static_cast<int64_t>(count);
  chunk.null_count = nulls;
  chunk.validity = nulls > 0 ? column->validity.data() : nullptr;
  chunk.offsets = column->offsets.data();
  chunk.bytes = column->bytes.data();
  add(data, {std::move(name), plain(large ? Type::kLargeString : Type::kString)}, chunk, column);
}

}  // namespace

TableBuilder::TableBuilder() : data_(std::make_unique<TableData>()) {}
TableBuilder::~TableBuilder() = default;
TableBuilder::TableBuilder(TableBuilder&&) noexcept = default;
TableBuilder& TableBuilder::operator=(TableBuilder&&) noexcept = default;

TableBuilder& TableBuilder::int64(std::string name, std::vector<int64_t> values) {
  add_values(*data_, {std::move(name), plain(Type::kInt64)}, std::move(values));
  return *this;
}

TableBuilder& TableBuilder::doubles(std::string name, std::vector<double> values) {
  add_values(*data_, {std::move(name), plain(Type::kDouble)}, std::move(values));
  return *this;
}

TableBuilder& TableBuilder::strings(std::string name, std::span<const std::string> values) {
  add_text(*data_, std::move(name), values.size(), [values](size_t i) { return &values[i]; });
  return *this;
}

TableBuilder& TableBuilder::strings(std::string name,
                                    std::span<const std::optional<std::string>> values) {
  add_text(*data_, std::move(name), values.size(), [values](size_t i) -> const std::string* {
    return values[i].has_value() ? &*values[i] : nullptr;
  });
  return *this;
}

TableBuilder& TableBuilder::timestamps(std::string name, std::vector<int64_t> micros,
                                       std::string zone) {
  DataType type = plain(Type::kTimestamp);
  type.unit = TimeUnit::kMicro;
  type.zone = std::move(zone);
  add_values(*data_, {std::move(name), std::move(type)}, std::move(micros));
  return *this;
}

TableBuilder& TableBuilder::dates(std::string name, std::vector<int32_t> days) {
  add_values(*data_, {std::move(name), plain(Type::kDate32)}, std::move(days));
  return *this;
}

Result<Table> TableBuilder::finish() {
  const auto length = [](const std::vector<Chunk>& chunks) {
    return chunks.empty() ? 0 : chunks.front().length;
  };
  TableData& data = *data_;
  for (size_t i = 0; i < data.fields.size(); ++i) {
    const std::string& name = data.fields[i].name;
    Status status = internal::check_name(name, i);
    if (!status.ok()) return status;
    for (size_t k = 0; k < i; ++k) {
      if (data.fields[k].name == name) {
        return Status(Code::kArgument, "two columns are named " + internal::quoted(name));
      }
    }
    if (length(data.chunks[i]) != length(data.chunks[0])) {
      return Status(Code::kLength, "column " + internal::quoted(name) + " has " +
                                       std::to_string(length(data.chunks[i])) + " rows; column " +
                                       internal::quoted(data.fields[0].name) + " has " +
                                       std::to_string(length(data.chunks[0])));
    }
    for (Chunk& chunk : data.chunks[i]) {
      status = internal::check_chunk(data.fields[i].type, {name}, {}, data.owners, chunk);
      if (!status.ok()) return status;
    }
    data.rows = length(data.chunks[i]);
  }
  auto finished = std::make_shared<TableData>();
  std::swap(*finished, *data_);
  return Table(std::move(finished));
}

}  // namespace v0

namespace internal {
namespace {

// The buffers of one computed column, and its dictionary as one chunk.
struct OwnedMemory {
  Buffer validity, values, offsets;
  Buffer dictionary_offsets, dictionary_bytes;
  Chunk dictionary;
};

void lay_out_dictionary(const std::vector<std::string>& values, OwnedMemory& memory) {
  size_t size = 0;
  for (const std::string& value : values) size += value.size();
  memory.dictionary_offsets = Buffer((values.size() + 1) * sizeof(int32_t));
  memory.dictionary_bytes = Buffer(size);
  int32_t* offsets = memory.dictionary_offsets.as<int32_t>();
  int32_t at = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    offsets[i] = at;
    if (!values[i].empty()) {
      std::memcpy(memory.dictionary_bytes.data() + at, values[i].data(), values[i].size());
    }
    at += static_cast<int32_t>(values[i].size());
  }
  offsets[values.size()] = at;
  memory.dictionary.length = static_cast<int64_t>(values.size());
  memory.dictionary.offsets = offsets;
  memory.dictionary.bytes = memory.dictionary_bytes.data();
}

}  // namespace

Table make_owned_table(std::vector<OwnedColumn> columns) {
  auto data = std::make_shared<TableData>();
  for (OwnedColumn& column : columns) {
    auto memory = std::make_shared<OwnedMemory>();
    memory->validity = std::move(column.validity);
    memory->values = std::move(column.values);
    memory->offsets = std::move(column.offsets);
    const bool text =
        column.field.type.type == Type::kString || column.field.type.type == Type::kLargeString;
    Chunk chunk;
    chunk.length = column.length;
    chunk.null_count = column.null_count;
    chunk.validity = column.null_count > 0 ? memory->validity.data() : nullptr;
    chunk.values = text ? nullptr : memory->values.data();
    chunk.offsets = text ? memory->offsets.data() : nullptr;
    chunk.bytes = text ? memory->values.data() : nullptr;
    if (column.field.type.type == Type::kDictionary) {
      lay_out_dictionary(column.dictionary, *memory);
      chunk.dictionary = &memory->dictionary;
    }
    data->rows = column.length;
    add(*data, std::move(column.field), chunk, memory);
  }
  return Table(std::move(data));
}

}  // namespace internal
}  // namespace patron
