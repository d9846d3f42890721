// TableColumns: what the columns of a table are to a stream, an attribute or the identity keys.
//
//   TableColumns columns;
//   Status status = open_columns(table, stream, layout, columns);
//   columns.time->read(chunk, begin, n, block);
//
// Thread class: what is opened is shared.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "lib/book/cell_reader.h"
#include "lib/book/layout.h"

namespace patron::internal {

inline constexpr const char* kCustomerColumn = "customer";
inline constexpr const char* kTimeOfRow = "time";
inline constexpr const char* kCurrencyColumn = "currency";
inline constexpr const char* kRateColumn = "rate";

/// Readers of the columns that are there. The columns stay where they are: readers point to them.
struct TableColumns {
  TableColumns(const StreamLayout& stream, const LayoutData& layout);
  TableColumns(const TableColumns&) = delete;
  TableColumns& operator=(const TableColumns&) = delete;

  const StreamLayout* stream;
  bool text_ids;
  std::optional<CellReader> customer, time, currency, rate;
  std::vector<std::optional<CellReader>> cells;
  CellColumn customer_column, time_column, currency_column, rate_column;
};

/// Opens all columns of a table of events. Code::kColumn for one that is none of the stream's, that
/// comes twice or is missing; kType.
Status open_columns(const Table& table, TableColumns& out, const LayoutData& layout);
/// Opens one. Code::kColumn where it has been opened; kType.
Status open_column(const Table& table, int index, const CellColumn& column,
                   const LayoutData& layout, std::optional<CellReader>& to);
/// "the table has no column \"time\", which stream \"orders\" needs"
Status missing_column(std::string_view name, const StreamLayout& stream);

}  // namespace patron::internal
