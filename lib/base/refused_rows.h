// Refused rows as a table: which row, which column, and why. One for every model that refuses rows.
//
//   return refused_rows_table(refused, watch, [&](Refusal reason) { return name_of(reason); });
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/parallel.h"
#include "patron/table.h"

namespace patron::internal {

/// row int64 (zero-based), column utf8, reason utf8, in the order given. A Row has `row` and
/// `reason`; column_of(reason) is the name of the column, refusal_reason(reason) the text.
/// kCancelled, kCallback. Cost: linear, some 100 bytes a row.
template <typename Row, typename ColumnOf>
Result<Table> refused_rows_table(const std::vector<Row>& refused, Watch* watch,
                                 const ColumnOf& column_of) {
  std::vector<int64_t> rows;
  std::vector<std::string> columns, reasons;
  for (const Row& row : refused) {
    if (rows.size() % Pause::kRows == 0) {
      if (Status status = watch->poll(1); !status.ok()) return status;
    }
    rows.push_back(row.row);
    columns.emplace_back(column_of(row.reason));
    reasons.emplace_back(refusal_reason(row.reason));
  }
  return TableBuilder()
      .int64("row", std::move(rows))
      .strings("column", columns)
      .strings("reason", reasons)
      .finish();
}

}  // namespace patron::internal
