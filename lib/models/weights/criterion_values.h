// A column of numbers as doubles: the values of a criterion over all rows.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "lib/base/buffer.h"
#include "patron/status.h"
#include "patron/table.h"

namespace patron::internal {

struct CriterionValues {
  Buffer memory;
  int64_t count = 0;
  std::span<double> values() { return {memory.as<double>(), static_cast<size_t>(count)}; }
};

/// Integers, decimals (as their whole number, without the point: a criterion has no unit), float
/// and double. Code::kColumn, kType, kEmpty for fewer than 2 rows, kNull and kNumber with the row.
Result<CriterionValues> criterion_values(const Table& table, std::string_view column);

}  // namespace patron::internal
