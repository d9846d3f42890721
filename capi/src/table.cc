#include "patron/table.h"

#include "capi/src/columns.h"
#include "capi/src/guard.h"
#include "capi/src/handles.h"

using namespace patron::capi;  // NOLINT
using patron::Result;
using patron::Status;

namespace {

// Releases what a call consumes, whichever way the call ends. Table::import takes the struct over
// and marks the caller's as released, so nothing is released twice.
template <typename Arrow>
class Consumed {
 public:
  explicit Consumed(Arrow* arrow) : arrow_(arrow) {}
  ~Consumed() {
    if (arrow_ != nullptr && arrow_->release != nullptr) arrow_->release(arrow_);
  }
  Consumed(const Consumed&) = delete;
  Consumed& operator=(const Consumed&) = delete;

 private:
  Arrow* arrow_;
};

Status check_column(const patron_table* table, int32_t column) {
  Status status = check_handle(table, "table");
  if (!status.ok()) return status;
  return require_index(column, table->table.columns(), "column");
}

}  // namespace

patron_table::patron_table(patron::Table value) : table(std::move(value)) {
  const int columns = table.columns();
  type_names.reserve(static_cast<size_t>(columns));
  dictionaries.resize(static_cast<size_t>(columns));
  for (int i = 0; i < columns; ++i) {
    const patron::Field& field = table.field(i);
    type_names.push_back(patron::type_name(field.type));
    if (field.type.type != patron::Type::kDictionary) continue;
    for (const patron::Chunk& chunk : table.chunks(i)) {
      dictionaries[static_cast<size_t>(i)].push_back(dictionary_view(field, chunk));
    }
  }
}

patron_status patron_table_import_stream(ArrowArrayStream* stream, patron_table** table,
                                         patron_error* error) noexcept {
  const Consumed consumed(stream);
  clear(table);
  return guard(error, [&]() -> Status {
    Status status = first_error({require(stream, "stream"), require(table, "table")});
    if (!status.ok()) return status;
    return hand_out_table(patron::Table::import(stream), table);
  });
}

patron_status patron_table_import_array(ArrowArray* array, ArrowSchema* schema,
                                        patron_table** table, patron_error* error) noexcept {
  const Consumed consumed_array(array);
  const Consumed consumed_schema(schema);
  clear(table);
  return guard(error, [&]() -> Status {
    Status status =
        first_error({require(array, "array"), require(schema, "schema"), require(table, "table")});
    if (!status.ok()) return status;
    return hand_out_table(patron::Table::import(array, schema), table);
  });
}

patron_status patron_table_create(const patron_column* columns, uint64_t count,
                                  patron_table** table, patron_error* error) noexcept {
  clear(table);
  return guard(error, [&]() -> Status {
    Status status = first_error(
        {require_array(columns, count, sizeof(patron_column), "columns"), require(table, "table")});
    if (!status.ok()) return status;
    ColumnReader reader;
    status = reader.read(columns, count);
    if (!status.ok()) return status;
    return hand_out_table(patron::make_table(reader.views()), table);
  });
}

int64_t patron_table_rows(const patron_table* table) noexcept {
  return usable_handle(table) ? table->table.rows() : -1;
}

int32_t patron_table_columns(const patron_table* table) noexcept {
  return usable_handle(table) ? table->table.columns() : -1;
}

int64_t patron_table_chunks(const patron_table* table) noexcept {
  if (!usable_handle(table)) return -1;
  if (table->table.columns() == 0) return 0;
  return static_cast<int64_t>(table->table.chunks(0).size());
}

patron_status patron_table_find(const patron_table* table, const char* name, uint64_t name_size,
                                int32_t* column, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(table, "table"), require(column, "column")});
    if (!status.ok()) return status;
    const Result<std::string_view> text = read_text(name, name_size, "name");
    if (!text.ok()) return text.status();
    const Result<int> found = table->table.require(*text);
    if (!found.ok()) return found.status();
    *column = *found;
    return {};
  });
}

patron_status patron_table_field(const patron_table* table, int32_t column, patron_field* field,
                                 patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_column(table, column), check_output(field, "field")});
    if (!status.ok()) return status;
    const auto index = static_cast<size_t>(column);
    write_struct(field_view(table->table.field(column), table->type_names[index]), field);
    return {};
  });
}

patron_status patron_table_column(const patron_table* table, int32_t column, int64_t chunk,
                                  patron_column* out, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_column(table, column), check_output(out, "view")});
    if (!status.ok()) return status;
    const auto chunks = table->table.chunks(column);
    status = require_index(chunk, static_cast<int64_t>(chunks.size()), "chunk");
    if (!status.ok()) return status;
    const auto place = static_cast<size_t>(chunk);
    patron_column value = column_view(table->table.field(column), chunks[place]);
    const auto& dictionaries = table->dictionaries[static_cast<size_t>(column)];
    if (!dictionaries.empty()) value.dictionary = &dictionaries[place];
    write_struct(value, out);
    return {};
  });
}

patron_status patron_table_select(const patron_table* table, const patron_str* names,
                                  uint64_t count, patron_table** selected,
                                  patron_error* error) noexcept {
  clear(selected);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(table, "table"),
                                 require_array(names, count, sizeof(patron_str), "names"),
                                 require(selected, "selected")});
    if (!status.ok()) return status;
    std::vector<std::string> wanted;
    for (uint64_t i = 0; i < count; ++i) {
      const std::string which = "names[" + std::to_string(i) + "]";
      const Result<std::string_view> name = read_text(names[i], which.c_str());
      if (!name.ok()) return name.status();
      wanted.emplace_back(*name);
    }
    return hand_out_table(table->table.select(wanted), selected);
  });
}

patron_status patron_table_export_stream(const patron_table* table, ArrowArrayStream* stream,
                                         patron_error* error) noexcept {
  if (stream != nullptr) *stream = ArrowArrayStream{};
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(table, "table"), require(stream, "stream")});
    if (!status.ok()) return status;
    return table->table.export_stream(stream);
  });
}

void patron_table_close(patron_table* table) noexcept { close(table); }
