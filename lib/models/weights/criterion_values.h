// A column of numbers as doubles: the values of a criterion over all rows.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/buffer.h"
#include "patron/status.h"
#include "patron/table.h"

namespace patron::internal {

struct CriterionValues {
  Buffer memory;
  int64_t count = 0;
  std::span<double> values() { return {memory.as<double>(), static_cast<size_t>(count)}; }
};

/// A byte for each row of the table, 1 where one of the columns is null; empty where none is.
/// Code::kColumn.
Result<std::vector<uint8_t>> rows_with_null(const Table& table,
                                            std::span<const std::string_view> columns);

/// Integers, decimals (as their whole number, without the point: a criterion has no unit), float
/// and double; without the rows that `left_out` marks, where it is not empty. Code::kColumn, kType,
/// kEmpty for fewer than 2 rows, kNull and kNumber with the row of the table.
Result<CriterionValues> criterion_values(const Table& table, std::string_view column,
                                         std::span<const uint8_t> left_out = {});

}  // namespace patron::internal
