// A table as lines of text, one for each row: for comparing with what a test expects.
//
//   EXPECT_EQ(lines(table, {"customer", "r"}), Lines({"7 5", "9 null"}));
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/column_reader.h"
#include "patron/table.h"

namespace patron::test {

using Lines = std::vector<std::string>;

inline std::string number_line(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

inline std::string text_of_cell(const Chunk& chunk, int64_t at) {
  const int32_t* offsets = static_cast<const int32_t*>(chunk.offsets);
  return std::string(reinterpret_cast<const char*>(chunk.bytes) + offsets[at],
                     static_cast<size_t>(offsets[at + 1] - offsets[at]));
}

/// One cell; of the types that results have.
inline std::string cell_line(const DataType& type, const Chunk& chunk, int64_t row) {
  if (!chunk.valid(row)) return "null";
  const int64_t at = chunk.offset + row;
  switch (type.type) {
    case Type::kInt8:
      return std::to_string(static_cast<const int8_t*>(chunk.values)[at]);
    case Type::kInt32:
      return std::to_string(static_cast<const int32_t*>(chunk.values)[at]);
    case Type::kInt64:
    case Type::kTimestamp:
      return std::to_string(static_cast<const int64_t*>(chunk.values)[at]);
    case Type::kDouble:
      return number_line(static_cast<const double*>(chunk.values)[at]);
    case Type::kString:
      return '"' + text_of_cell(chunk, at) + '"';
    case Type::kDictionary:
      return text_of_cell(*chunk.dictionary, static_cast<const int8_t*>(chunk.values)[at]);
    default:
      return "?";
  }
}

inline Lines lines(const Table& table, const std::vector<std::string>& columns) {
  Lines result(static_cast<size_t>(table.rows()));
  for (const std::string& name : columns) {
    const int column = table.find(name);
    size_t row = 0;
    if (column < 0) return {"no column " + name};
    for (const Chunk& chunk : table.chunks(column)) {
      for (int64_t i = 0; i < chunk.length; i++, row++) {
        if (!result[row].empty()) result[row] += ' ';
        result[row] += cell_line(table.field(column).type, chunk, i);
      }
    }
  }
  return result;
}

/// All columns.
inline Lines lines(const Table& table) {
  std::vector<std::string> names;
  for (int i = 0; i < table.columns(); i++) names.push_back(table.field(i).name);
  return lines(table, names);
}

/// Where two tables of lines differ first; empty where nowhere.
inline std::string difference(const Lines& expected, const Lines& found) {
  for (size_t i = 0; i < std::max(expected.size(), found.size()); i++) {
    const std::string want = i < expected.size() ? expected[i] : "(no row)";
    const std::string have = i < found.size() ? found[i] : "(no row)";
    if (want != have)
      return "row " + std::to_string(i) + "\n  expected " + want + "\n  found    " + have;
  }
  return {};
}

}  // namespace patron::test
