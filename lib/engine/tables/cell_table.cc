#include "lib/engine/tables/cell_table.h"

#include <cstring>
#include <utility>

#include "lib/base/int128.h"
#include "lib/base/table_data.h"

namespace patron::internal {
DataType column_type(Kind kind, const MoneyUnit& unit) {
  DataType type;
  switch (kind) {
    case Kind::kBool:
      type.type = Type::kBool;
      break;
    case Kind::kInt64:
    case Kind::kEnumSet:
      type.type = Type::kInt64;
      break;
    case Kind::kDouble:
      type.type = Type::kDouble;
      break;
    case Kind::kString:
    case Kind::kEnum:
      type.type = Type::kLargeString;
      break;
    case Kind::kDate:
      type.type = Type::kDate32;
      break;
    case Kind::kTimestamp:
      type.type = Type::kTimestamp;
      type.zone = "UTC";
      break;
    case Kind::kDuration:
      type.type = Type::kDuration;
      break;
    case Kind::kMoney:
      type.type = Type::kDecimal128;
      type.precision = 38;
      type.scale = unit.scale;
      break;
  }
  return type;
}

namespace {

bool is_text(Kind kind) { return kind == Kind::kString || kind == Kind::kEnum; }

template <typename T, typename Get>
Buffer fixed(const std::vector<Cell>& cells, Get get) {
  Buffer buffer(cells.size() * sizeof(T));
  for (size_t i = 0; i < cells.size(); ++i) buffer.as<T>()[i] = static_cast<T>(get(cells[i]));
  return buffer;
}

template <typename Get>
Buffer bits(const std::vector<Cell>& cells, Get get) {
  Buffer buffer((cells.size() + 7) / 8);
  std::memset(buffer.data(), 0, buffer.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    if (get(cells[i])) buffer.data()[i / 8] |= static_cast<uint8_t>(1U << i % 8);
  }
  return buffer;
}

int64_t integer_of(const Cell& cell) { return cell.integer; }

void set_values(Kind kind, const std::vector<Cell>& cells, OwnedColumn& out) {
  switch (kind) {
    case Kind::kBool:
      out.values = bits(cells, [](const Cell& cell) { return cell.known && cell.integer != 0; });
      break;
    case Kind::kDouble:
      out.values = fixed<double>(cells, [](const Cell& cell) { return cell.number; });
      break;
    case Kind::kDate:
      out.values = fixed<int32_t>(cells, integer_of);
      break;
    case Kind::kMoney:
      out.values = fixed<Int128>(cells, integer_of);
      break;
    default:
      out.values = fixed<int64_t>(cells, integer_of);
  }
}

}  // namespace

size_t CellTable::column(std::string name, Kind kind, const MoneyUnit& unit) {
  columns_.push_back({std::move(name), kind, unit, {}, {}});
  return columns_.size() - 1;
}

void CellTable::push(size_t column, const Cell& cell) {
  Column& to = columns_[column];
  to.cells.push_back(cell);
  if (!is_text(to.kind)) return;
  if (cell.known) to.bytes += cell.text;
  to.cells.back().integer = static_cast<int64_t>(to.bytes.size());
  to.cells.back().text = {};
}

Table CellTable::finish() {
  std::vector<OwnedColumn> columns;
  for (const Column& from : columns_) {
    OwnedColumn out;
    out.field = {from.name, column_type(from.kind, from.unit)};
    out.length = static_cast<int64_t>(from.cells.size());
    for (const Cell& cell : from.cells) out.null_count += cell.known ? 0 : 1;
    if (out.null_count > 0)
      out.validity = bits(from.cells, [](const Cell& cell) { return cell.known; });
    if (is_text(from.kind)) {
      out.offsets = Buffer((from.cells.size() + 1) * sizeof(int64_t));
      out.offsets.as<int64_t>()[0] = 0;
      for (size_t i = 0; i < from.cells.size(); ++i) {
        out.offsets.as<int64_t>()[i + 1] = from.cells[i].integer;
      }
      out.values = Buffer(from.bytes.size());
      std::memcpy(out.values.data(), from.bytes.data(), from.bytes.size());
    } else {
      set_values(from.kind, from.cells, out);
    }
    columns.push_back(std::move(out));
  }
  columns_.clear();
  return make_owned_table(std::move(columns));
}

}  // namespace patron::internal
