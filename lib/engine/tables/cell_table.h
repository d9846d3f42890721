// CellTable: rows of cells become a Table, a column each, of the type that goes with its kind.
//
//   CellTable out;
//   const size_t spend = out.column("spend_12m", Kind::kMoney, unit);
//   out.push(spend, Cell::of(1250));      // 12.50
//   out.push(spend, {});                  // null
//   Table table = out.finish();
//
// bool, int64, double, utf8, date32, timestamp[us, UTC], duration[us], decimal128 for money.
// Thread class: serial.
#pragma once

#include <string>
#include <vector>

#include "patron/expression.h"
#include "patron/money.h"
#include "patron/schema.h"
#include "patron/table.h"

namespace patron::internal {

/// How a table has the values of a kind; an enum_set as its bits.
DataType column_type(Kind kind, const MoneyUnit& unit);

class CellTable {
 public:
  /// Not of kEnumSet. The number of the column.
  size_t column(std::string name, Kind kind, const MoneyUnit& unit = {});
  /// The next row of a column; text is copied.
  void push(size_t column, const Cell& cell);
  /// All columns have the same number of rows. Leaves this empty.
  Table finish();

 private:
  struct Column {
    std::string name;
    Kind kind;
    MoneyUnit unit;
    std::vector<Cell> cells;
    std::string bytes;  // of texts; their cells have integer = end
  };
  std::vector<Column> columns_;
};

}  // namespace patron::internal
