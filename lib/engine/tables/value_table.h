// Value tables: one row for each customer, a column for each value of the policy, computed page by
// page on several threads.
//
//   ValueTableInput input{policy.data(), book.state(), states, constants, now};
//   Result<Table> table = value_table(input, rows, wanted, threads, control);
//
// Thread class: pure, but for the states, which are asked for from every thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "lib/engine/tables/value_pages.h"
#include "patron/control.h"
#include "patron/table.h"

namespace patron::internal {

struct ValueTableInput {
  const PolicyData& policy;
  const BookState& book;
  const StateOf& states;
  const std::shared_ptr<const CalibrationData>& constants;  ///< null: nothing is calibrated
  Micros now;
  const RfmMeasures* measured = nullptr;  ///< as RfmPages::use(); null: none
};

/// `customer`, then the values at the places `wanted` (of an empty span all), in the order of the
/// policy; row k is of the customer rows[k], and none comes twice. Sets are texts with commas
/// between the members. The same bytes on any number of threads. Code::kCancelled, kCallback.
/// Throws std::bad_alloc. Cost: the events, and the cells of the table.
Result<Table> value_table(const ValueTableInput& input, std::span<const uint32_t> rows,
                          std::span<const size_t> wanted, int threads, const Control& control);

/// The rows of customers ordered by their ids: of linked ids who stands for all. Cost: n log n.
std::vector<uint32_t> rows_by_id(const BookState& book, uint32_t customers);

}  // namespace patron::internal
