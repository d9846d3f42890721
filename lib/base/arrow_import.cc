#include <cerrno>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "lib/base/arrow_format.h"
#include "lib/base/chunk_check.h"
#include "lib/base/table_data.h"
#include "lib/base/utf8.h"
#include "patron/table.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::ChunkPlace;
using internal::quoted;
using internal::RowMask;
using internal::TableData;

// A struct of the C data interface that has been moved here and is released once. The producer's
// own copy is marked released at once, so nothing releases it twice.
template <typename Arrow>
struct Held {
  Held() = default;
  explicit Held(Arrow* from) {
    if (from == nullptr) return;
    value = *from;
    from->release = nullptr;
  }
  ~Held() {
    if (value.release != nullptr) value.release(&value);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  Arrow value{};
};

// A stream that gives more of them in a row, and no row between, is taken for one without an end.
constexpr int64_t kMostEmptyBatches = 1'000'000;

Status broken(std::string what) { return {Code::kArrow, std::move(what)}; }

Status released(const std::string& what) {
  return {Code::kState, what + " has been released or was never set; export it again"};
}

std::string column_name(const ArrowSchema& schema) {
  return schema.name == nullptr ? std::string() : schema.name;
}

struct ViewBuffers {
  std::vector<const uint8_t*> pointers;
  std::vector<int64_t> sizes;
};

// The dictionary that a column came with last, so that the same one is not checked for each batch.
struct LastDictionary {
  int64_t length = -1;
  int64_t offset = 0;
  std::vector<const void*> buffers;
  std::shared_ptr<const Chunk> checked;

  bool is(const ArrowArray& array) const {
    if (checked == nullptr || array.length != length || array.offset != offset ||
        array.n_buffers != static_cast<int64_t>(buffers.size())) {
      return false;
    }
    for (size_t i = 0; i < buffers.size(); ++i) {
      if (array.buffers[i] != buffers[i]) return false;
    }
    return true;
  }
};

class Importer {
 public:
  Importer() : data_(std::make_shared<TableData>()) {}

  Status schema(const ArrowSchema& schema);
  Status batch(const std::shared_ptr<Held<ArrowArray>>& held);
  Table finish() { return Table(std::move(data_)); }

 private:
  Status field(const ArrowSchema* schema, size_t column);
  Status column(const ArrowArray& batch, size_t column, Chunk& chunk);
  Status dictionary(const ArrowArray& array, size_t column, Chunk& chunk);
  Status buffers(const DataType& type, const ArrowArray& array, const ChunkPlace& place,
                 Chunk& chunk);
  std::string named(size_t column) const { return "column " + quoted(data_->fields[column].name); }

  std::shared_ptr<TableData> data_;
  std::vector<LastDictionary> dictionaries_;
};

Status Importer::schema(const ArrowSchema& schema) {
  if (schema.release == nullptr) return released("the Arrow schema");
  if (schema.format == nullptr) return broken("the Arrow schema has no format");
  if (std::strcmp(schema.format, "+s") != 0) {
    return broken("the Arrow data has the format " + quoted(schema.format) +
                  "; a table is wanted: record batches, of format \"+s\"");
  }
  if (schema.n_children < 0 || schema.n_children > std::numeric_limits<int>::max() ||
      (schema.n_children > 0 && schema.children == nullptr)) {
    return broken("the Arrow schema has " + std::to_string(schema.n_children) +
                  " columns, or none where it says so");
  }
  const auto columns = static_cast<size_t>(schema.n_children);
  for (size_t i = 0; i < columns; ++i) {
    Status status = field(schema.children[i], i);
    if (!status.ok()) return status;
  }
  data_->chunks.resize(columns);
  dictionaries_.resize(columns);
  return {};
}

Status Importer::field(const ArrowSchema* schema, size_t column) {
  const std::string which = "column " + std::to_string(column);
  if (schema == nullptr) return broken(which + " of the Arrow schema is missing");
  if (schema->release == nullptr) return released(which + " of the Arrow schema");
  if (schema->format == nullptr) return broken(which + " of the Arrow schema has no format");
  Field field;
  field.name = column_name(*schema);
  Status status = internal::check_name(field.name, column);
  if (!status.ok()) return status;
  field.type = internal::parse_arrow_format(schema->format);
  if (field.type.type == Type::kTimestamp && !internal::is_utf8(field.type.zone)) {
    return {Code::kUtf8, "column " + quoted(field.name) + ": the time zone is no UTF-8"};
  }
  if (schema->dictionary != nullptr) {
    const ArrowSchema& values = *schema->dictionary;
    if (values.release == nullptr) return released(which + " of the Arrow schema (its dictionary)");
    if (values.format == nullptr) return broken(which + " of the Arrow schema has no value format");
    if (!internal::is_integer(field.type.type)) {
      return broken("column " + quoted(field.name) + " has dictionary indices of type " +
                    type_name(field.type) + "; they must be integers");
    }
    const DataType value = internal::parse_arrow_format(values.format);
    DataType type;
    if (values.dictionary == nullptr &&
        (internal::is_text(value.type) || internal::is_integer(value.type))) {
      type.type = Type::kDictionary;
      type.index = field.type.type;
      type.value = value.type;
      type.ordered = (schema->flags & ARROW_FLAG_DICTIONARY_ORDERED) != 0;
    } else {
      type.type = type.value = Type::kUnsupported;
      type.format = values.format;
    }
    field.type = std::move(type);
  }
  data_->fields.push_back(std::move(field));
  return {};
}

Status Importer::batch(const std::shared_ptr<Held<ArrowArray>>& held) {
  const ArrowArray& array = held->value;
  const size_t columns = data_->fields.size();
  if (array.length < 0 || array.offset < 0 || array.offset > internal::kMaxChunkEnd ||
      array.length > internal::kMaxChunkEnd - array.offset ||
      array.length > internal::kMaxChunkEnd - data_->rows) {
    return broken("a record batch of length " + std::to_string(array.length) + " at offset " +
                  std::to_string(array.offset));
  }
  if (array.n_children != static_cast<int64_t>(columns) ||
      (columns > 0 && array.children == nullptr)) {
    return broken("a record batch with " + std::to_string(array.n_children) +
                  " columns, or none where it says so; the schema has " + std::to_string(columns));
  }
  if (array.n_buffers != 1 || array.buffers == nullptr) {
    return broken("a record batch with " + std::to_string(array.n_buffers) +
                  " buffers of its own; it must have 1");
  }
  if (array.null_count < -1 || (array.null_count > 0 && array.buffers[0] == nullptr)) {
    return broken("a record batch that announces " + std::to_string(array.null_count) +
                  " null rows without saying which");
  }
  // Everything is checked and every allocation made before the first change to the columns.
  std::vector<Chunk> chunks(columns);
  const size_t owners = data_->owners.size();
  data_->owners.push_back(held);
  for (size_t i = 0; i < columns; ++i) {
    Status status = column(array, i, chunks[i]);
    if (!status.ok()) return status;
  }
  if (array.length == 0) {
    // Nobody reads it, so it goes at once, and its dictionaries with it.
    data_->owners.resize(owners);
    for (LastDictionary& last : dictionaries_) last = {};
    return {};
  }
  for (size_t i = 0; i < columns; ++i) data_->chunks[i].push_back(chunks[i]);
  data_->rows += array.length;
  return {};
}

Status Importer::column(const ArrowArray& batch, size_t column, Chunk& chunk) {
  const DataType& type = data_->fields[column].type;
  const ChunkPlace place{data_->fields[column].name, data_->rows};
  chunk.length = batch.length;
  const ArrowArray* array = batch.children[column];
  if (array == nullptr) return broken(named(column) + " is missing in a record batch");
  if (array->release == nullptr) return released(named(column) + " of a record batch");
  if (array->length < 0 || array->offset < 0 || array->offset > internal::kMaxChunkEnd ||
      array->length > internal::kMaxChunkEnd || array->null_count < -1) {
    return broken(named(column) + " has length " + std::to_string(array->length) + ", offset " +
                  std::to_string(array->offset) + " and " + std::to_string(array->null_count) +
                  " nulls");
  }
  if (array->length < batch.offset + batch.length) {
    return broken(named(column) + " has " + std::to_string(array->length) +
                  " rows in a record batch that needs " +
                  std::to_string(batch.offset + batch.length));
  }
  if (type.type != Type::kUnsupported) {
    Status status = buffers(type, *array, place, chunk);
    if (!status.ok()) return status;
    chunk.offset = array->offset + batch.offset;
    chunk.null_count = array->null_count;
    if (type.type == Type::kDictionary) status = dictionary(*array, column, chunk);
    if (!status.ok()) return status;
  }
  const RowMask mask{static_cast<const uint8_t*>(batch.buffers[0]), batch.offset};
  return internal::check_chunk(type, place, mask, data_->owners, chunk);
}

// The number of buffers and which is which; what they hold is check_chunk's.
Status Importer::buffers(const DataType& type, const ArrowArray& array, const ChunkPlace& place,
                         Chunk& chunk) {
  const bool text = type.type == Type::kString || type.type == Type::kLargeString;
  const bool view = type.type == Type::kStringView;
  const int64_t least = type.type == Type::kNull ? 0 : text || view ? 3 : 2;
  // Older producers give null columns one buffer.
  const int64_t most = type.type == Type::kNull ? 1
                       : view                   ? int64_t{std::numeric_limits<int32_t>::max()} + 3
                                                : least;
  if (array.n_buffers < least || array.n_buffers > most ||
      (array.n_buffers > 0 && array.buffers == nullptr)) {
    return broken("column " + quoted(place.column) + (place.dictionary ? ", dictionary," : "") +
                  " has " + std::to_string(array.n_buffers) +
                  " buffers, or none where it says so; " +
                  (place.dictionary ? "its values" : type_name(type)) + " must have " +
                  (view ? "at least " : "") + std::to_string(least));
  }
  if (type.type == Type::kNull) return {};
  chunk.validity = static_cast<const uint8_t*>(array.buffers[0]);
  if (text) {
    chunk.offsets = array.buffers[1];
    chunk.bytes = static_cast<const uint8_t*>(array.buffers[2]);
    return {};
  }
  chunk.values = array.buffers[1];
  const auto data_buffers = static_cast<size_t>(array.n_buffers - least);
  if (!view || data_buffers == 0) return {};
  const void* sizes = array.buffers[array.n_buffers - 1];
  if (sizes == nullptr) {
    return broken("column " + quoted(place.column) + ": the sizes of the view buffers are missing");
  }
  auto views = std::make_shared<ViewBuffers>();
  views->pointers.resize(data_buffers);
  views->sizes.resize(data_buffers);
  for (size_t i = 0; i < data_buffers; ++i) {
    views->pointers[i] = static_cast<const uint8_t*>(array.buffers[2 + i]);
  }
  std::memcpy(views->sizes.data(), sizes, data_buffers * sizeof(int64_t));
  chunk.view_buffers = views->pointers;
  chunk.view_sizes = views->sizes;
  data_->owners.push_back(std::move(views));
  return {};
}

Status Importer::dictionary(const ArrowArray& array, size_t column, Chunk& chunk) {
  const ArrowArray* values = array.dictionary;
  if (values == nullptr) return broken(named(column) + ": the dictionary is missing");
  if (values->release == nullptr) return released(named(column) + " (its dictionary)");
  LastDictionary& last = dictionaries_[column];
  ChunkPlace place{data_->fields[column].name, 0};
  place.dictionary = true;
  DataType type;
  type.type = data_->fields[column].type.value;
  Chunk checked;
  checked.length = values->length;
  checked.offset = values->offset;
  checked.null_count = values->null_count;
  Status status = buffers(type, *values, place, checked);
  if (!status.ok()) return status;
  if (!last.is(*values)) {
    status = internal::check_chunk(type, place, {}, data_->owners, checked);
    if (!status.ok()) return status;
    auto kept = std::make_shared<const Chunk>(checked);
    data_->owners.push_back(kept);
    last.length = values->length;
    last.offset = values->offset;
    last.buffers.assign(values->buffers, values->buffers + values->n_buffers);
    last.checked = std::move(kept);
  }
  chunk.dictionary = last.checked.get();
  return {};
}

Status producer_failed(ArrowArrayStream& stream, int error, const char* doing) {
  const char* text = stream.get_last_error == nullptr ? nullptr : stream.get_last_error(&stream);
  std::string message = std::string("the Arrow producer failed while ") + doing + " (errno " +
                        std::to_string(error) + ")";
  if (text != nullptr && *text != '\0') message += ": " + internal::printable(text, 600);
  return {error == ENOMEM ? Code::kMemory : Code::kArrow, std::move(message)};
}

}  // namespace

Result<Table> Table::import(ArrowArrayStream* stream) {
  Held<ArrowArrayStream> held(stream);
  ArrowArrayStream& source = held.value;
  if (source.release == nullptr) return released("the Arrow stream");
  if (source.get_schema == nullptr || source.get_next == nullptr) {
    return broken("the Arrow stream has no get_schema or no get_next");
  }
  Importer importer;
  {
    Held<ArrowSchema> schema;
    const int error = source.get_schema(&source, &schema.value);
    if (error != 0) {
      schema.value.release = nullptr;
      return producer_failed(source, error, "giving its schema");
    }
    Status status = importer.schema(schema.value);
    if (!status.ok()) return status;
  }
  for (int64_t empty = 0; empty <= kMostEmptyBatches;) {
    auto batch = std::make_shared<Held<ArrowArray>>();
    const int error = source.get_next(&source, &batch->value);
    if (error != 0) {
      batch->value.release = nullptr;
      return producer_failed(source, error, "giving its next record batch");
    }
    if (batch->value.release == nullptr) return importer.finish();
    Status status = importer.batch(batch);
    if (!status.ok()) return status;
    empty = batch->value.length == 0 ? empty + 1 : 0;
  }
  return broken("the Arrow stream has given " + std::to_string(kMostEmptyBatches) +
                " record batches without a row and does not end; let the producer end it");
}

Result<Table> Table::import(ArrowArray* array, ArrowSchema* schema) {
  const Held<ArrowSchema> held_schema(schema);
  Held<ArrowArray> held_array(array);
  if (held_schema.value.release == nullptr) return released("the Arrow schema");
  if (held_array.value.release == nullptr) return released("the Arrow array");
  Importer importer;
  Status status = importer.schema(held_schema.value);
  if (!status.ok()) return status;
  auto shared = std::make_shared<Held<ArrowArray>>();
  std::swap(shared->value, held_array.value);
  status = importer.batch(shared);
  if (!status.ok()) return status;
  return importer.finish();
}

}  // namespace v0
}  // namespace patron
