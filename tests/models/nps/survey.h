// A random survey as plain vectors, the table over it, and the score of its rows counted one by
// one.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "patron/nps.h"

namespace patron::test {

inline ColumnView int64_view(const char* name, const std::vector<int64_t>& values) {
  ColumnView view;
  view.name = name;
  view.type.type = Type::kInt64;
  view.chunk.length = static_cast<int64_t>(values.size());
  view.chunk.values = values.data();
  return view;
}

/// A column of any fixed-width type.
template <typename T>
ColumnView view_of(const char* name, Type type, const std::vector<T>& values) {
  ColumnView view;
  view.name = name;
  view.type.type = type;
  view.chunk.length = static_cast<int64_t>(values.size());
  view.chunk.values = values.data();
  return view;
}

/// Marks rows null; the bits live in `bits`.
inline void set_nulls(const std::vector<int64_t>& rows, std::vector<uint8_t>* bits,
                      ColumnView* view) {
  bits->assign(static_cast<size_t>(view->chunk.length + 7) / 8, 0xFF);
  for (const int64_t row : rows)
    (*bits)[static_cast<size_t>(row / 8)] &= static_cast<uint8_t>(~(1 << row % 8));
  view->chunk.validity = bits->data();
  view->chunk.null_count = static_cast<int64_t>(rows.size());
}

inline Table table_of(const std::vector<ColumnView>& views) {
  Result<Table> table = make_table(views);
  EXPECT_TRUE(table.ok()) << table.status().message();
  return *table;
}

template <typename T>
std::vector<T> values_of(const Table& table, const char* name) {
  std::vector<T> values;
  for (const Chunk& chunk : table.chunks(*table.require(name))) {
    const T* first = static_cast<const T*>(chunk.values) + chunk.offset;
    values.insert(values.end(), first, first + chunk.length);
  }
  return values;
}

/// The texts of a utf8 column; "(null)" where there is none.
inline std::vector<std::string> texts_of(const Table& table, const char* name) {
  std::vector<std::string> texts;
  for (const Chunk& chunk : table.chunks(*table.require(name))) {
    const auto* offsets = static_cast<const int32_t*>(chunk.offsets) + chunk.offset;
    for (int64_t i = 0; i < chunk.length; i++) {
      const char* bytes = reinterpret_cast<const char*>(chunk.bytes);
      texts.push_back(chunk.valid(i) ? std::string(bytes + offsets[i], bytes + offsets[i + 1])
                                     : "(null)");
    }
  }
  return texts;
}

/// The bytes that a table exports, validity included.
inline std::string bytes_of(const Table& table) {
  std::string bytes;
  for (int column = 0; column < table.columns(); column++) {
    bytes += table.field(column).name + type_name(table.field(column).type);
    for (const Chunk& chunk : table.chunks(column)) {
      for (int64_t i = 0; i < chunk.length; i++) bytes += chunk.valid(i) ? '1' : '0';
      const Type type = table.field(column).type.type;
      if (type == Type::kString) {
        for (const std::string& text : texts_of(table, table.field(column).name.c_str()))
          bytes += text + '\n';
      } else {
        bytes.append(static_cast<const char*>(chunk.values) + 8 * chunk.offset,
                     static_cast<size_t>(8 * chunk.length));
      }
    }
  }
  return bytes;
}

}  // namespace patron::test
