// Customers made distinct: the rows of a table as sorted unique rows with weights, which is all
// that a likelihood sees.
//
//   Watch watch(options.control);
//   Result<FitRows> rows = read_rows(customers, LtvModel::kBgNbd, options, &watch);
//   rows->unique.first[0], rows->unique.weight[0], rows->faults
//
// What comes out depends on the multiset of the rows alone: not on their order, the chunks of the
// table or the number of threads, and the summary of two tables is the summary of both together.
// Weights of equal rows are added in ascending order, so that this holds for fractions too.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/models/ltv/customers.h"
#include "lib/models/ltv/likelihood.h"

namespace patron::internal::ltv {

struct FitRows {
  UniqueRows unique;
  std::vector<FaultyRow> faults;  ///< in row order
  int64_t rows = 0;               ///< read, faulty ones among them
};

/// Reads, checks and makes distinct. Code as CustomerReader::open, kCancelled, kCallback, and where
/// options.refuse_bad_rows is false that of the first bad row (who has no purchases is none for
/// Gamma-Gamma). Cost: linear but for a sort of what is distinct in each 2^17 rows.
Result<FitRows> read_rows(const Table& customers, LtvModel model, const LtvFitOptions& options,
                          Watch* watch);

/// One row of a likelihood.
struct WeightedRow {
  double first = 0, second = 0, third = 0;
  double weight = 1;
};
/// Any rows made distinct: for small sets and tests. Values are at least 0 and finite, weights
/// above 0.
UniqueRows unique_rows(std::vector<WeightedRow> rows);

/// A systematic sample: `points` customers, evenly spaced by weight in the order of the rows, each
/// standing for as many. Sorted and distinct like its source.
UniqueRows sample_rows(const UniqueRows& rows, int64_t points);

}  // namespace patron::internal::ltv
