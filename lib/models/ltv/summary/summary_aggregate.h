// Aggregation of summaries: the rows of one partition to the measures of its customers.
//
// The fast path (orders without ids, few periods or rows in time order) goes over the rows three
// times, all of them in cache: it numbers their periods; finds each row's customer and marks the
// periods of her orders, with a bitmap, or in time order by comparing with her last one; and, once
// the first period of everybody is known, adds up the money. Everything else goes by runs: rows are
// brought together by customer and handed to summarise_customer().
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/models/ltv/summary/customer_summary.h"
#include "lib/models/orders/customer_table.h"
#include "lib/models/orders/partition.h"
#include "lib/models/orders/row_grouper.h"

namespace patron::internal {

/// A customer and her measures.
template <typename Key>
struct SummaryCustomer : SummaryMeasures {
  using KeyType = Key;
  using Measures = SummaryMeasures;
  uint8_t code;  ///< length code of a text key
  Key key;
};

/// How the periods of a call are counted, chosen once for all partitions.
struct SummaryPlan {
  SummaryRules rules;
  const PeriodClock* clock = nullptr;
  uint64_t last_calibration = ~uint64_t{0};  ///< number of the calibration's last period
  bool sorted = false;                       ///< rows come in time order
  bool text_orders = false;                  ///< order ids are TextRefs
  bool fast = true;  ///< false: never the fast path, which needs periods that only ascend
};

/// What a partition's rows hold beside the customers of the sample.
struct SummaryKinds : RowKinds {
  int64_t later = 0;    ///< customers whose first order is in the hold-out
  int64_t without = 0;  ///< customers without an order
  void add(const SummaryKinds& other) {
    RowKinds::add(other);
    later += other.later;
    without += other.without;
  }
};

/// One worker's scratch, kept from partition to partition. Once `pause` says stop, what it gives
/// means nothing.
template <typename Row>
class SummaryAggregator {
 public:
  using Key = typename Row::KeyType;
  using CustomerType = SummaryCustomer<Key>;
  using Kinds = SummaryKinds;

  SummaryAggregator(const SummaryPlan& plan, const Pause& pause)
      : plan_(plan), pause_(pause), grouper_(plan.text_orders) {}

  /// The customers of a partition who are in the sample, given its rows, in no particular order.
  /// They stand here until the next call.
  std::span<const CustomerType> aggregate(const std::vector<RowRun<Row>>& runs,
                                          SummaryKinds* kinds);

 private:
  bool fast_possible() const;
  bool fast(const std::vector<RowRun<Row>>& runs, int64_t rows, RowKinds* kinds);
  template <bool kSorted>
  bool mark_periods(const std::vector<RowRun<Row>>& runs, RowKinds* kinds);
  bool add_money(const std::vector<RowRun<Row>>& runs);
  void by_runs(const std::vector<RowRun<Row>>& runs, int64_t rows, RowKinds* kinds);
  std::span<const CustomerType> sample(SummaryKinds* kinds);

  const SummaryPlan plan_;
  RowPause pause_;
  CustomerTable<Row, CustomerType> table_;
  RowGrouper<Row, CustomerType> grouper_;
  SummaryScratch scratch_;
  std::vector<uint32_t> period_of_row_;
  std::vector<uint32_t> customer_of_row_;
};

}  // namespace patron::internal
