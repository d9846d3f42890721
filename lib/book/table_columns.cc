#include "lib/book/table_columns.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"

namespace patron::internal {
namespace {

CellColumn column_named(const char* name, Kind kind, CellType cell) {
  CellColumn column;
  column.name = name;
  column.kind = kind;
  column.cell = cell;
  column.width = static_cast<uint8_t>(cell_width(cell));
  return column;
}

bool has_money(const StreamLayout& stream) {
  return std::any_of(stream.columns.begin(), stream.columns.end(),
                     [](const CellColumn& column) { return column.kind == Kind::kMoney; });
}

Status unknown_column(const Table& table, const StreamLayout& stream, int index) {
  std::vector<std::string_view> known{kTimeOfRow};
  if (stream.referrer < 0) known.push_back(kCustomerColumn);
  for (const CellColumn& column : stream.columns) known.push_back(column.name);
  const std::string& name = table.field(index).name;
  return {Code::kColumn, "stream " + quoted(stream.name) + " has no column " + quoted(name) +
                             known_names(name, "columns", known) + "; declare it under streams." +
                             stream.name + ".columns, or leave it out"};
}

}  // namespace

TableColumns::TableColumns(const StreamLayout& of, const LayoutData& layout)
    : stream(&of),
      text_ids(layout.text_customers),
      cells(of.columns.size()),
      customer_column(column_named(kCustomerColumn, layout.spec.customer, CellType::kCustomer)),
      time_column(column_named(kTimeOfRow, Kind::kTimestamp, CellType::kInt)),
      currency_column(column_named(kCurrencyColumn, Kind::kString, CellType::kText)),
      rate_column(column_named(kRateColumn, Kind::kDouble, CellType::kDouble)) {}

Status missing_column(std::string_view name, const StreamLayout& stream) {
  return {Code::kColumn, "the table has no column " + quoted(name) + ", which " +
                             (stream.attribute ? "attribute " : "stream ") + quoted(stream.name) +
                             " needs"};
}

Status open_column(const Table& table, int index, const CellColumn& column,
                   const LayoutData& layout, std::optional<CellReader>& to) {
  if (to) {
    return {Code::kColumn,
            "column " + quoted(table.field(index).name) + " stands in the table twice"};
  }
  Result<CellReader> reader = CellReader::open(table, index, column, layout);
  if (!reader.ok()) return std::move(reader).status();
  to = *std::move(reader);
  return {};
}

Status open_columns(const Table& table, TableColumns& out, const LayoutData& layout) {
  const StreamLayout& stream = *out.stream;
  for (int i = 0; i < table.columns(); ++i) {
    const std::string& name = table.field(i).name;
    const int c = stream.find(name);
    const CellColumn* column = nullptr;
    std::optional<CellReader>* to = nullptr;
    if (c >= 0) {
      column = &stream.columns[static_cast<size_t>(c)];
      to = &out.cells[static_cast<size_t>(c)];
    } else if (name == kTimeOfRow) {
      column = &out.time_column;
      to = &out.time;
    } else if (name == kCustomerColumn && stream.referrer < 0) {
      column = &out.customer_column;
      to = &out.customer;
    } else if (name == kCurrencyColumn && has_money(stream)) {
      column = &out.currency_column;
      to = &out.currency;
    } else if (name == kRateColumn && has_money(stream)) {
      column = &out.rate_column;
      to = &out.rate;
    } else {
      return unknown_column(table, stream, i);
    }
    if (Status status = open_column(table, i, *column, layout, *to); !status.ok()) return status;
  }
  if (!out.time) return missing_column(kTimeOfRow, stream);
  if (!out.customer && stream.referrer < 0) return missing_column(kCustomerColumn, stream);
  for (size_t c = 0; c < stream.columns.size(); ++c) {
    const bool needed = !stream.columns[c].nullable || static_cast<int>(c) == stream.key;
    if (needed && !out.cells[c]) return missing_column(stream.columns[c].name, stream);
  }
  return {};
}

}  // namespace patron::internal
