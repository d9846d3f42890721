#include "tests/abi/arguments.h"

namespace patron::test {
namespace {

// Bytes of an element of a fixed-width type; 0 for the others.
size_t width(int32_t type) {
  switch (type) {
    case PATRON_TYPE_INT8:
    case PATRON_TYPE_UINT8:
      return 1;
    case PATRON_TYPE_INT32:
    case PATRON_TYPE_DATE32:
      return 4;
    case PATRON_TYPE_INT64:
    case PATRON_TYPE_DOUBLE:
    case PATRON_TYPE_TIMESTAMP:
      return 8;
    default:
      return 0;
  }
}

std::string hexadecimal(const void* data, size_t size) {
  static const char* const digits = "0123456789abcdef";
  std::string out;
  for (size_t i = 0; i < size; ++i) {
    const auto byte = static_cast<const unsigned char*>(data)[i];
    out += {digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

bool is_null(const patron_column& column, int64_t place) {
  return column.validity != nullptr && (column.validity[place / 8] >> (place % 8) & 1) == 0;
}

std::string element(const patron_column& column, int64_t i) {
  const int64_t place = column.offset + i;
  if (is_null(column, place)) return "null";
  if (column.type == PATRON_TYPE_STRING) {
    const auto* offsets = static_cast<const int32_t*>(column.offsets) + place;
    return {column.bytes + offsets[0], column.bytes + offsets[1]};
  }
  if (column.type == PATRON_TYPE_DICTIONARY && column.index == PATRON_TYPE_INT8) {
    return element(*column.dictionary, static_cast<const int8_t*>(column.values)[place]);
  }
  const size_t size = width(column.type);
  const auto* bytes = static_cast<const char*>(column.values);
  return hexadecimal(bytes + static_cast<size_t>(place) * size, size);
}

}  // namespace

std::string describe(const World&, const patron_buffer* buffer) {
  return text(patron_buffer_text(buffer));
}

std::string describe(const World&, const patron_table* table) {
  std::string out = std::to_string(patron_table_rows(table)) + " rows";
  for (int32_t i = 0; i < patron_table_columns(table); ++i) {
    patron_field field = PATRON_FIELD_INIT;
    EXPECT_EQ(patron_table_field(table, i, &field, nullptr), PATRON_OK);
    out += "\n" + text(field.name) + " " + text(field.type_name) + ":";
    for (int64_t chunk = 0; chunk < patron_table_chunks(table); ++chunk) {
      patron_column column = PATRON_COLUMN_INIT;
      EXPECT_EQ(patron_table_column(table, i, chunk, &column, nullptr), PATRON_OK);
      for (int64_t k = 0; k < column.length; ++k) out += " " + element(column, k);
    }
  }
  return out;
}

ArrowStructs::~ArrowStructs() {
  if (stream_.release != nullptr) stream_.release(&stream_);
  if (array_.release != nullptr) array_.release(&array_);
  if (schema_.release != nullptr) schema_.release(&schema_);
}

ArrowArrayStream* ArrowStructs::full_stream(const World& world) {
  EXPECT_EQ(patron_table_export_stream(world.table.get(), &stream_, nullptr), PATRON_OK);
  return &stream_;
}

ArrowArray* ArrowStructs::full_array(const World& world) {
  ArrowArrayStream* stream = full_stream(world);
  EXPECT_EQ(stream->get_schema(stream, &schema_), 0);
  EXPECT_EQ(stream->get_next(stream, &array_), 0);
  stream->release(stream);
  return &array_;
}

ArrowSchema* ArrowStructs::full_schema(const World&) { return &schema_; }

void* ArrowStructs::owned(int32_t kind) {
  void* arrow = nullptr;
  EXPECT_EQ(patron_arrow_create(kind, &arrow, nullptr), PATRON_OK);
  return arrow;
}

std::string ArrowStructs::describe_stream(const World& world) {
  patron_table* table = nullptr;
  EXPECT_EQ(patron_table_import_stream(&stream_, &table, nullptr), PATRON_OK);
  const Table closed(table);
  return describe(world, table);
}

}  // namespace patron::test
