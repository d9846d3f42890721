// Result columns: buffers that a model filled, put together as the table that it returns.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/table_data.h"
#include "lib/models/orders/emit_parts.h"

namespace patron::internal {

class ResultColumns {
 public:
  explicit ResultColumns(int64_t rows) : rows_(rows) {}

  static DataType type_of(Type type) {
    DataType data_type;
    data_type.type = type;
    return data_type;
  }
  static DataType instant(const std::string& zone) {
    DataType data_type = type_of(Type::kTimestamp);
    data_type.zone = zone;
    return data_type;
  }

  void add(const char* name, DataType type, Buffer values) {
    add(name, std::move(type), std::move(values), Buffer(), 0);
  }
  void add(const char* name, DataType type, Buffer values, Buffer validity, int64_t nulls) {
    OwnedColumn column;
    column.field = {name, std::move(type)};
    column.length = rows_;
    column.values = std::move(values);
    column.validity = std::move(validity);
    column.null_count = nulls;
    columns_.push_back(std::move(column));
  }
  void add_ids(const char* name, IdColumn ids) {
    if (!ids.text) return add(name, type_of(Type::kInt64), std::move(ids.ids));
    add(name, type_of(ids.large_text ? Type::kLargeString : Type::kString),
        std::move(ids.id_bytes));
    columns_.back().offsets = std::move(ids.ids);
  }
  void add_dictionary(const char* name, Buffer indices, Buffer validity, int64_t nulls,
                      std::vector<std::string> names) {
    DataType type = type_of(Type::kDictionary);
    type.index = Type::kInt8;
    add(name, type, std::move(indices), std::move(validity), nulls);
    columns_.back().dictionary = std::move(names);
  }
  Table finish() { return make_owned_table(std::move(columns_)); }

 private:
  int64_t rows_;
  std::vector<OwnedColumn> columns_;
};

}  // namespace patron::internal
