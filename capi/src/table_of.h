// Tables of what the library says: a row for each element of a list, a column for each property.
//
//   return table_of<ClassCount>(counts, {{"class", Kind::kString, &ClassCount::name},
//                                        {"customers", Kind::kInt64, &ClassCount::customers}});
//
// A property is a member or a function of the element; what it gives is a bool, a number, a text, a
// Cell, or one of these that may be absent, which is null. Thread class: pure.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "lib/engine/tables/cell_table.h"

namespace patron::capi {

inline Cell cell_of(const Cell& value) { return value; }
inline Cell cell_of(double value) { return Cell::of_double(value); }
inline Cell cell_of(std::string_view value) { return Cell::of_text(value); }
template <typename Integer>
requires std::is_integral_v<Integer> Cell cell_of(Integer value) { return Cell::of(value); }
template <typename T>
Cell cell_of(const std::optional<T>& value) {
  return value ? cell_of(*value) : Cell();
}

/// A name, or null where there is none.
inline std::optional<std::string_view> named(std::string_view name) {
  return name.empty() ? std::nullopt : std::optional(name);
}

template <typename Row>
struct ColumnOf {
  template <typename Property>
  ColumnOf(std::string_view of, Kind as, Property property)
      : name(of), kind(as), push([property](const Row& row, internal::CellTable& out, size_t at) {
          const auto& value = std::invoke(property, row);
          out.push(at, cell_of(value));
        }) {}
  std::string_view name;
  Kind kind;
  std::function<void(const Row& row, internal::CellTable& out, size_t at)> push;
};

template <typename Row>
Table table_of(std::span<const Row> rows, const std::vector<ColumnOf<Row>>& columns) {
  internal::CellTable out;
  std::vector<size_t> places;
  places.reserve(columns.size());
  for (const ColumnOf<Row>& column : columns) {
    places.push_back(out.column(std::string(column.name), column.kind));
  }
  for (const Row& row : rows) {
    for (size_t c = 0; c < columns.size(); ++c) columns[c].push(row, out, places[c]);
  }
  return out.finish();
}

}  // namespace patron::capi
