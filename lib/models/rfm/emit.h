// Emit: the measured customers of all partitions as columns in the order of their ids.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/models/rfm/aggregate.h"
#include "lib/models/rfm/measure.h"

namespace patron::internal {

/// The customers of one partition, in one run or several.
template <typename Key>
struct KeptCustomers {
  size_t count = 0;
  std::vector<std::span<const Customer<Key>>> runs;
  std::vector<Customer<Key>> own;  ///< where the memory of the rows was too small

  template <typename Step>
  void each(Step step) const {
    for (const std::span<const Customer<Key>> run : runs) {
      for (const Customer<Key>& customer : run) step(customer);
    }
  }
};

/// Customers of every partition. Where the partitions are ordered, one after the other is the order
/// of ids; else `in_order` is.
template <typename Key>
struct Customers {
  std::vector<KeptCustomers<Key>> by_partition;
  std::vector<const Customer<Key>*> in_order;  ///< empty where the partitions are ordered
  int64_t count = 0;
};

/// Fills the columns, in parallel. `today` is the local day of evaluation. kCancelled, kCallback.
template <typename Key>
Result<CustomerColumns> emit(const Customers<Key>& customers, const MeasureRules& rules, Day today,
                             int threads, Watch* watch);

}  // namespace patron::internal
