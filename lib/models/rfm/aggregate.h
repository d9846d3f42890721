// Aggregation: the rows of one partition to the measures of its customers.
//
// The fast path (orders without ids) keeps one slot for each customer in an open-addressing table
// that stays in cache and counts order days with a bitmap, or, where the rows come in time order,
// by comparing with the customer's last day. Everything else goes by runs: rows are brought
// together by customer and handed to measure_customer().
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/models/orders/customer_table.h"
#include "lib/models/orders/partition.h"
#include "lib/models/orders/row_grouper.h"
#include "lib/models/rfm/customer.h"

namespace patron::internal {

/// A customer and her measures. (Derived, so that `code` takes a byte the measures leave free: 48
/// bytes with an integer key.)
template <typename Key>
struct Customer : Measures {
  using KeyType = Key;
  using Measures = internal::Measures;
  uint8_t code;  ///< length code of a text key
  Key key;
};

/// How the days of a call are counted, chosen once for all partitions.
struct AggregatePlan {
  MeasureRules rules;
  bool sorted = false;       ///< rows come in time order
  bool text_orders = false;  ///< order ids are TextRefs
  bool fast = true;          ///< false: never the fast path, which needs days that only ascend
};

/// One worker's scratch, kept from partition to partition. Once `pause` says stop, what it gives
/// means nothing.
template <typename Row>
class Aggregator {
 public:
  using Key = typename Row::KeyType;
  using CustomerType = Customer<Key>;
  using Kinds = RowKinds;

  Aggregator(const AggregatePlan& plan, const Pause& pause);

  /// The customers of a partition, given its rows, in no particular order. They stand here until
  /// the next call.
  std::span<const Customer<Key>> aggregate(const std::vector<RowRun<Row>>& runs, RowKinds* kinds);

 private:
  using Lookup = typename CustomerTable<Row, CustomerType>::Lookup;

  bool fast(const std::vector<RowRun<Row>>& runs, int64_t rows, RowKinds* kinds);
  template <bool kSorted>
  bool add_rows_by_day(const std::vector<RowRun<Row>>& runs, RowKinds* kinds);
  template <bool kSorted, bool kWindow, typename DayOfRow>
  bool add_rows(const DayOfRow& day_of, const std::vector<RowRun<Row>>& runs, RowKinds* kinds);
  void count_window_days();
  void by_runs(const std::vector<RowRun<Row>>& runs, int64_t rows, RowKinds* kinds);

  const AggregatePlan plan_;
  RowPause pause_;
  int64_t days_ = 0;                    ///< local days from the first row of the call to the last
  uint64_t window_day_ = ~uint64_t{0};  ///< the day the window starts on, like DayOfRow's
  size_t state_words_ = 0;              ///< fast path: words of day state for each customer
  CustomerTable<Row, CustomerType> table_;
  RowGrouper<Row, CustomerType> grouper_;
  std::vector<int64_t> day_scratch_;
};

}  // namespace patron::internal
