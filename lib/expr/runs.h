// A program over all rows of a table: runs of rows on several threads, each handed on with its
// results.
//
//   Status s = run_table(program, schema, table, options, best_simd(),
//                        [&](const Frame& frame, int64_t first_row, int64_t n) {
//                          store(frame.result(0), first_row, n);
//                        }, &counts);
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "lib/expr/program.h"
#include "patron/expression.h"
#include "patron/table.h"

namespace patron::internal {

/// Code::kArgument where `now` is no instant, or is missing where the program speaks of it.
Status check_now(const Program& program, std::optional<Micros> now);

/// Takes the results of n <= kChunkRows rows. It is called on several threads, each time for other
/// rows, in no order.
using TakeRun = std::function<void(const Frame& frame, int64_t first_row, int64_t n)>;

/// Runs a program over the columns that it reads, which are found by the names of the schema's
/// fields. The errors of Expression::evaluate. `counts` may be null; all but unknown_rows is
/// filled. Where it fails, some rows may have been taken.
Status run_table(const Program& program, const Schema& schema, const Table& table,
                 const ExpressionOptions& options, SimdLevel level, const TakeRun& take,
                 ExpressionCounts* counts);

}  // namespace patron::internal
