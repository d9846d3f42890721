// Emit: the measured customers of all partitions as columns in the order of their ids.
#pragma once

#include "lib/models/orders/aggregate_all.h"
#include "lib/models/rfm/aggregate.h"
#include "lib/models/rfm/measure.h"

namespace patron::internal {

/// Customers of every partition.
template <typename Key>
using Customers = AllCustomers<Customer<Key>>;

/// Fills the columns, in parallel. `today` is the local day of evaluation. kCancelled, kCallback.
template <typename Key>
Result<CustomerColumns> emit(const Customers<Key>& customers, const MeasureRules& rules, Day today,
                             int threads, Watch* watch);

}  // namespace patron::internal
