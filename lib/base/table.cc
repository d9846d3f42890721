#include "patron/table.h"

#include <utility>

#include "lib/base/chunk_check.h"
#include "lib/base/nearest.h"
#include "lib/base/table_data.h"
#include "lib/base/utf8.h"

namespace patron {
inline namespace v0 {
namespace {

std::string no_column(std::string_view name, const std::vector<std::string_view>& names) {
  return "no column " + internal::quoted(name) +
         (names.empty() ? "; the table has no columns"
                        : internal::known_names(name, "columns", names));
}

}  // namespace

Table::Table() = default;

Table::Table(std::shared_ptr<const internal::TableData> data) : data_(std::move(data)) {}

int64_t Table::rows() const { return data_ == nullptr ? 0 : data_->rows; }

int Table::columns() const { return data_ == nullptr ? 0 : static_cast<int>(data_->fields.size()); }

const Field& Table::field(int column) const { return data_->fields[static_cast<size_t>(column)]; }

int Table::find(std::string_view name) const {
  for (int i = 0; i < columns(); ++i) {
    if (field(i).name == name) return i;
  }
  return -1;
}

Result<int> Table::require(std::string_view name) const {
  const int found = find(name);
  int times = 0;
  std::vector<std::string_view> names;
  names.reserve(static_cast<size_t>(columns()));
  for (int i = 0; i < columns(); ++i) {
    names.push_back(field(i).name);
    times += names.back() == name;
  }
  if (times == 1) return found;
  if (times > 1) {
    return Status(Code::kColumn, std::to_string(times) + " columns are named " +
                                     internal::quoted(name) + "; rename all but one");
  }
  return Status(Code::kColumn, no_column(name, names));
}

std::span<const Chunk> Table::chunks(int column) const {
  return data_->chunks[static_cast<size_t>(column)];
}

Result<Table> Table::select(std::span<const std::string> names) const {
  auto data = std::make_shared<internal::TableData>();
  data->rows = rows();
  for (const std::string& name : names) {
    const Result<int> column = require(name);
    if (!column.ok()) return column.status();
    data->fields.push_back(field(*column));
    data->chunks.push_back(data_->chunks[static_cast<size_t>(*column)]);
  }
  data->owners.push_back(data_);
  return Table(std::move(data));
}

namespace {

// Checks one column view; its dictionary first, as a chunk of its own.
Status check_column(const ColumnView& view, internal::TableData& data, Chunk& chunk) {
  if (view.type.type < Type::kNull || view.type.type > Type::kDictionary) {
    return {Code::kType, "column " + internal::quoted(view.name) + " has the type number " +
                             std::to_string(static_cast<int32_t>(view.type.type)) +
                             ", which is none that patron reads"};
  }
  chunk = view.chunk;
  internal::ChunkPlace place{view.name, 0};
  if (view.type.type == Type::kDictionary && chunk.dictionary != nullptr) {
    DataType values;
    values.type = view.type.value;
    if (!internal::is_text(values.type) && !internal::is_integer(values.type)) {
      return {Code::kType, "column " + internal::quoted(view.name) + " is a " +
                               type_name(view.type) + "; its values must be text or integers"};
    }
    auto dictionary = std::make_shared<Chunk>(*chunk.dictionary);
    data.owners.push_back(dictionary);
    place.dictionary = true;
    Status status = internal::check_chunk(values, place, {}, data.owners, *dictionary);
    if (!status.ok()) return status;
    place.dictionary = false;
    chunk.dictionary = dictionary.get();
  }
  return internal::check_chunk(view.type, place, {}, data.owners, chunk);
}

}  // namespace

Result<Table> make_table(std::span<const ColumnView> columns) {
  auto data = std::make_shared<internal::TableData>();
  for (size_t i = 0; i < columns.size(); ++i) {
    const ColumnView& view = columns[i];
    Status status = internal::check_name(view.name, i);
    if (!status.ok()) return status;
    if (view.chunk.length != columns.front().chunk.length) {
      return Status(Code::kLength, "column " + internal::quoted(view.name) + " has " +
                                       std::to_string(view.chunk.length) + " rows; column " +
                                       internal::quoted(columns.front().name) + " has " +
                                       std::to_string(columns.front().chunk.length));
    }
    Chunk chunk;
    status = check_column(view, *data, chunk);
    if (!status.ok()) return status;
    data->fields.push_back({view.name, view.type});
    data->rows = chunk.length;
    data->chunks.emplace_back();
    if (chunk.length > 0) data->chunks.back().push_back(chunk);
  }
  return Table(std::move(data));
}

}  // namespace v0

namespace internal {

Status check_name(std::string_view name, size_t column) {
  const std::string which = "the name of column " + std::to_string(column);
  if (!is_utf8(name)) {
    return {Code::kUtf8, which + " is no UTF-8: " + quoted(name)};
  }
  if (name.find('\0') != std::string_view::npos) {
    return {Code::kArgument, which + " has a NUL in it: " + quoted(name)};
  }
  return {};
}

int byte_width(Type type) {
  switch (type) {
    case Type::kInt8:
    case Type::kUint8:
      return 1;
    case Type::kInt16:
    case Type::kUint16:
      return 2;
    case Type::kInt32:
    case Type::kUint32:
    case Type::kFloat:
    case Type::kDate32:
      return 4;
    case Type::kInt64:
    case Type::kUint64:
    case Type::kDouble:
    case Type::kDate64:
    case Type::kTimestamp:
    case Type::kDuration:
      return 8;
    case Type::kDecimal128:
    case Type::kStringView:
      return 16;
    default:
      return 0;
  }
}

}  // namespace internal
}  // namespace patron
