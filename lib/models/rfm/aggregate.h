// Aggregation: the rows of one partition to the measures of its customers.
//
// The fast path (orders without ids) keeps one slot for each customer in an open-addressing table
// that stays in cache and counts order days with a bitmap, or, where the rows come in time order,
// by comparing with the customer's last day. Everything else goes by runs: rows are brought
// together by customer and handed to measure_customer(). Where ids crafted to collide make the
// table slow, the rows are sorted instead, so no input costs more than n log n.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/models/rfm/customer.h"
#include "lib/models/rfm/partition.h"

namespace patron::internal {

/// A customer and her measures. (Derived, so that `code` takes a byte the measures leave free: 48
/// bytes with an integer key.)
template <typename Key>
struct Customer : Measures {
  uint8_t code;  ///< length code of a text key
  Key key;
};

/// What a partition's rows hold beside the customers.
struct RowKinds {
  int64_t zero = 0;    ///< amounts of zero
  int64_t refund = 0;  ///< negative amounts
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

  Aggregator(const AggregatePlan& plan, const Pause& pause);

  /// The customers of a partition, given its rows, in no particular order. They stand here until
  /// the next call.
  std::span<const Customer<Key>> aggregate(const std::vector<RowRun<Row>>& runs, RowKinds* kinds);

 private:
  struct Lookup;

  bool stop_after(int64_t rows);
  void give_up() { count_ = 0; }
  bool fast(const std::vector<RowRun<Row>>& runs, int64_t rows, RowKinds* kinds);
  template <bool kSorted>
  bool add_rows_by_day(const std::vector<RowRun<Row>>& runs, RowKinds* kinds);
  template <bool kSorted, bool kWindow, typename DayOfRow>
  bool add_rows(const DayOfRow& day_of, const std::vector<RowRun<Row>>& runs, RowKinds* kinds);
  void count_window_days();
  void by_runs(const std::vector<RowRun<Row>>& runs, int64_t rows, RowKinds* kinds);
  bool group_by_hash(const std::vector<RowRun<Row>>& runs, int64_t rows);
  void group_by_sort(const std::vector<RowRun<Row>>& runs, int64_t rows);
  void number_orders(std::span<CustomerRow> rows);

  // The open-addressing table of the customers of one partition. It gives up where keys collide so
  // often that sorting would be faster.
  void start_table(int64_t rows, size_t state_words);
  Lookup lookup(int64_t probes);
  uint32_t insert(const Row& row, uint64_t at, Lookup* table);
  bool grow_table(int64_t* probes);
  uint32_t add_customer(const Row& row);

  const AggregatePlan plan_;
  const Pause pause_;
  int64_t unasked_ = 0;                 ///< rows since `pause_` was asked
  bool stopped_ = false;                ///< what it said
  int64_t days_ = 0;                    ///< local days from the first row of the call to the last
  uint64_t window_day_ = ~uint64_t{0};  ///< the day the window starts on, like DayOfRow's
  size_t state_words_ = 0;              ///< fast path: words of day state for each customer
  std::vector<uint32_t> slots_;         ///< 1 + index in customers_, or 0
  uint64_t mask_ = 0;
  int64_t probe_limit_ = 0;
  size_t table_words_ = 0;                ///< words of day state for each customer of the table
  size_t count_ = 0;                      ///< customers
  std::vector<Customer<Key>> customers_;  ///< count_ of them, and room
  std::vector<uint64_t> day_state_;       ///< table_words_ for each of customers_
  std::vector<uint32_t> customer_of_row_;
  std::vector<uint32_t> run_ends_;
  Buffer run_rows_;
  std::vector<int64_t> day_scratch_;
};

}  // namespace patron::internal
