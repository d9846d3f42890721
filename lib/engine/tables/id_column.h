// Ids of customers from a column of a table: of those who are asked for, of those who are linked.
//
//   Result<std::vector<GivenId>> given = read_ids(table, "customer", Kind::kString);
//   if ((*given)[0].wrong.empty()) engine.history((*given)[0].id);
//
// Thread class: pure.
#pragma once

#include <string_view>
#include <vector>

#include "patron/book.h"
#include "patron/status.h"
#include "patron/table.h"

namespace patron::internal {

/// A cell of such a column.
struct GivenId {
  CustomerId id;           ///< text borrows from the table
  std::string_view wrong;  ///< why it is none: "null", "out of range", "too long"; empty: it is one
};

/// The ids of a column, a cell for each row. `customer` is the kind of the policy's ids. Code::
/// kColumn where there is no such column, kType where it holds something else. Cost: linear.
Result<std::vector<GivenId>> read_ids(const Table& table, std::string_view column, Kind customer);

}  // namespace patron::internal
