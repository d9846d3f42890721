// check_table, and how the other checks read columns.
#include <cstring>

#include "lib/base/utf8.h"
#include "tests/fuzz/calls/result_checks.h"
#include "tests/fuzz/fuzz.h"

namespace patron::fuzz {
namespace {

bool valid(const patron_column& column, int64_t i) {
  const int64_t bit = column.offset + i;
  return column.validity == nullptr || (column.validity[bit / 8] >> (bit % 8) & 1) != 0;
}

int width(int32_t type) {
  switch (type) {
    case PATRON_TYPE_INT8:
    case PATRON_TYPE_UINT8:
      return 1;
    case PATRON_TYPE_INT16:
    case PATRON_TYPE_UINT16:
      return 2;
    case PATRON_TYPE_INT32:
    case PATRON_TYPE_UINT32:
    case PATRON_TYPE_FLOAT:
    case PATRON_TYPE_DATE32:
      return 4;
    case PATRON_TYPE_DECIMAL128:
    case PATRON_TYPE_STRING_VIEW:
      return 16;
    default:
      return 8;
  }
}

/// The number of `type` at element `at` of a buffer.
int64_t number_at(const void* values, int32_t type, int64_t at) {
  const auto* bytes = static_cast<const char*>(values) + at * width(type);
  const auto as = [&](auto value) {
    std::memcpy(&value, bytes, sizeof value);
    return static_cast<int64_t>(value);
  };
  switch (type) {
    case PATRON_TYPE_INT8:
      return as(int8_t{});
    case PATRON_TYPE_UINT8:
      return as(uint8_t{});
    case PATRON_TYPE_INT16:
      return as(int16_t{});
    case PATRON_TYPE_UINT16:
      return as(uint16_t{});
    case PATRON_TYPE_INT32:
    case PATRON_TYPE_FLOAT:
    case PATRON_TYPE_DATE32:
      return as(int32_t{});
    case PATRON_TYPE_UINT32:
      return as(uint32_t{});
    default:
      return as(int64_t{});
  }
}

std::string_view view_at(const patron_column& column, int64_t at) {
  const auto* view = static_cast<const char*>(column.values) + at * 16;
  int32_t length = 0, place[2] = {0, 0};
  std::memcpy(&length, view, 4);
  FUZZ_CHECK(length >= 0);
  if (length <= 12) return {view + 4, static_cast<size_t>(length)};
  std::memcpy(place, view + 8, 8);
  FUZZ_CHECK(place[0] >= 0 && static_cast<uint64_t>(place[0]) < column.view_buffer_count);
  FUZZ_CHECK(place[1] >= 0 && int64_t{place[1]} + length <= column.view_sizes[place[0]]);
  return {reinterpret_cast<const char*>(column.view_buffers[place[0]]) + place[1],
          static_cast<size_t>(length)};
}

std::string_view text_at(const patron_column& column, int64_t i) {
  const int64_t at = column.offset + i;
  if (column.type == PATRON_TYPE_STRING_VIEW) return view_at(column, at);
  const int32_t offset = column.type == PATRON_TYPE_STRING ? PATRON_TYPE_INT32 : PATRON_TYPE_INT64;
  const int64_t begin = number_at(column.offsets, offset, at);
  const int64_t end = number_at(column.offsets, offset, at + 1);
  FUZZ_CHECK(0 <= begin && begin <= end);
  if (begin == end) return {};
  return {reinterpret_cast<const char*>(column.bytes) + begin, static_cast<size_t>(end - begin)};
}

bool is_text(int32_t type) {
  return type == PATRON_TYPE_STRING || type == PATRON_TYPE_LARGE_STRING ||
         type == PATRON_TYPE_STRING_VIEW;
}

void check_value(const patron_column& column, int64_t i) {
  const int64_t at = column.offset + i;
  if (is_text(column.type)) {
    FUZZ_CHECK(internal::is_utf8(text_at(column, i)));
  } else if (column.type == PATRON_TYPE_DICTIONARY) {
    const int64_t index = number_at(column.values, column.index, at);
    FUZZ_CHECK(column.dictionary != nullptr && index >= 0 && index < column.dictionary->length);
    FUZZ_CHECK(valid(*column.dictionary, index));
    check_value(*column.dictionary, index);
  } else if (column.type == PATRON_TYPE_BOOL) {
    const auto* bits = static_cast<const uint8_t*>(column.values);
    FUZZ_CHECK((bits[at / 8] >> (at % 8) & 1) <= 1);
  } else if (column.type != PATRON_TYPE_NULL && column.type != PATRON_TYPE_UNSUPPORTED) {
    // Reading the last byte is enough for AddressSanitizer.
    volatile char last = static_cast<const char*>(column.values)[(at + 1) * width(column.type) - 1];
    (void)last;
  }
}

void check_chunk(const patron_column& column) {
  FUZZ_CHECK(column.offset >= 0 && column.offset < 8 && column.length > 0);
  int64_t nulls = 0;
  for (int64_t i = 0; i < column.length; i++) {
    if (column.type == PATRON_TYPE_NULL || !valid(column, i)) {
      nulls++;
    } else {
      check_value(column, i);
    }
  }
  if (column.type != PATRON_TYPE_UNSUPPORTED) FUZZ_CHECK(nulls == column.null_count);
}

/// Calls with(column, i) for every row of a named column of a table of patron's own.
template <typename With>
void each(const patron_table* table, std::string_view name, const With& with) {
  int32_t index = -1;
  FUZZ_CHECK(patron_table_find(table, name.data(), name.size(), &index, nullptr) == PATRON_OK);
  for (int64_t chunk = 0; chunk < patron_table_chunks(table); chunk++) {
    patron_column column = PATRON_COLUMN_INIT;
    FUZZ_CHECK(patron_table_column(table, index, chunk, &column, nullptr) == PATRON_OK);
    for (int64_t i = 0; i < column.length; i++) with(column, i);
  }
}

}  // namespace

void check_table(const patron_table* table) {
  const int64_t rows = patron_table_rows(table);
  const int64_t chunks = patron_table_chunks(table);
  const int32_t columns = patron_table_columns(table);
  FUZZ_CHECK(rows >= 0 && chunks >= 0 && columns >= 0);
  for (int32_t c = 0; c < columns; c++) {
    patron_field field = PATRON_FIELD_INIT;
    FUZZ_CHECK(patron_table_field(table, c, &field, nullptr) == PATRON_OK);
    FUZZ_CHECK(field.type_name.size > 0);
    int64_t seen = 0;
    for (int64_t k = 0; k < chunks; k++) {
      patron_column column = PATRON_COLUMN_INIT;
      FUZZ_CHECK(patron_table_column(table, c, k, &column, nullptr) == PATRON_OK);
      FUZZ_CHECK(column.type == field.type && column.name.data == field.name.data);
      check_chunk(column);
      seen += column.length;
    }
    FUZZ_CHECK(seen == rows);
  }
}

std::vector<std::optional<std::string>> texts(const patron_table* table, std::string_view name) {
  std::vector<std::optional<std::string>> out;
  each(table, name, [&](const patron_column& column, int64_t i) {
    if (!valid(column, i)) {
      out.emplace_back();
    } else if (column.type == PATRON_TYPE_DICTIONARY) {
      out.emplace_back(
          text_at(*column.dictionary, number_at(column.values, column.index, column.offset + i)));
    } else {
      out.emplace_back(text_at(column, i));
    }
  });
  return out;
}

std::vector<std::optional<int64_t>> numbers(const patron_table* table, std::string_view name) {
  std::vector<std::optional<int64_t>> out;
  each(table, name, [&](const patron_column& column, int64_t i) {
    out.emplace_back();
    if (valid(column, i)) out.back() = number_at(column.values, column.type, column.offset + i);
  });
  return out;
}

std::vector<std::optional<double>> doubles(const patron_table* table, std::string_view name) {
  std::vector<std::optional<double>> out;
  each(table, name, [&](const patron_column& column, int64_t i) {
    out.emplace_back();
    if (valid(column, i)) {
      out.back() = static_cast<const double*>(column.values)[column.offset + i];
    }
  });
  return out;
}

}  // namespace patron::fuzz
