// Emit: the measured customers of all partitions as the columns of a summary, in the order of ids.
#pragma once

#include <cstdint>

#include "lib/models/ltv/summary/summary_aggregate.h"
#include "lib/models/orders/emit_parts.h"

namespace patron::internal {

/// How measures become columns.
struct SummaryShape {
  const PeriodGrid* grid = nullptr;
  int64_t end = 0;              ///< period in which the calibration ends
  int64_t observation_end = 0;  ///< period in which the observation ends
  bool has_money = true;
  bool total = false;       ///< money as a sum, not as a mean
  bool keep_first = false;  ///< the first period's money is in the sum
  bool has_holdout = false;
  int scale = 2;
};

struct SummaryColumns : IdColumn {
  int64_t customers = 0;
  Buffer frequency, recency, T;                                  ///< int64, double, double
  Buffer monetary;                                               ///< double; empty without money
  Buffer frequency_holdout, monetary_holdout, duration_holdout;  ///< int64, double, double
};

/// Fills the columns, in parallel. kCancelled, kCallback.
template <typename Key>
Result<SummaryColumns> emit_summary(const AllCustomers<SummaryCustomer<Key>>& customers,
                                    const SummaryShape& shape, int threads, Watch* watch);

}  // namespace patron::internal
