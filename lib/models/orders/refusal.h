// Refusals: rows of an order log that cannot be used, and how they are reported.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/column_reader.h"
#include "lib/base/parallel.h"
#include "lib/models/orders/row_source.h"
#include "patron/orders.h"

namespace patron::internal {

/// A refused row, and why.
struct RefusedRow {
  int64_t row;
  Refusal reason;
};

/// How the cells of one row could be read.
struct RowStates {
  CellState customer = CellState::kOk;
  CellState time = CellState::kOk;
  CellState amount = CellState::kOk;  ///< kRounded is good
  CellState order = CellState::kOk;
  CellState margin = CellState::kOk;  ///< kRounded is good
};

/// The refusal for the first cell that is not good, in the order of RowStates; nothing where the
/// row is good.
std::optional<Refusal> refusal_of(const RowStates& states);

/// The reason for a message, with the value where it is a text that is no time.
std::string told(const RefusedRow& refused, const RowSource& source);

/// The status of a call that a refused row fails.
Status refused_status(const RefusedRow& refused, const RowSource& source = {});

/// row int64 (zero-based), column utf8, reason utf8, in the order given. kCancelled, kCallback.
Result<Table> refused_table(const std::vector<RefusedRow>& refused, const OrderColumns& columns,
                            Watch* watch);

}  // namespace patron::internal
