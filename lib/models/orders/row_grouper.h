// Row grouper: the rows of one partition, brought together by customer.
//
// By hash, then by counting sort; where ids were crafted to collide, by sorting. The plain way for
// any measure that needs all rows of a customer at once.
#pragma once

#include <numeric>
#include <span>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/base/parallel.h"
#include "lib/models/orders/customer_table.h"
#include "lib/models/orders/partition.h"

namespace patron::internal {

/// What a partition's rows hold beside the customers.
struct RowKinds {
  int64_t zero = 0;    ///< amounts of zero
  int64_t refund = 0;  ///< negative amounts
  void add(const RowKinds& other) {
    zero += other.zero;
    refund += other.refund;
  }
};

/// Asks a Pause once many rows went by.
class RowPause {
 public:
  explicit RowPause(const Pause& pause) : pause_(pause) {}
  const Pause& pause() const { return pause_; }
  /// Counts rows; whether to stop.
  bool stop_after(int64_t rows) {
    constexpr int64_t kMany = 1 << 18;
    if ((unasked_ += rows) >= kMany) {
      unasked_ = 0;
      stopped_ |= pause_.stop();
    }
    return stopped_;
  }
  void stop_if(bool stop) { stopped_ |= stop; }
  bool stopped() const { return stopped_; }

 private:
  const Pause pause_;
  int64_t unasked_ = 0;
  bool stopped_ = false;
};

template <typename Row, typename Customer>
class RowGrouper {
 public:
  using Key = typename Row::KeyType;
  using Mine = CustomerRowOf<Row>;
  using Table = CustomerTable<Row, Customer>;

  /// With `text_orders` the order ids are TextRefs; the rows handed out have numbers instead.
  explicit RowGrouper(bool text_orders) : text_orders_(text_orders) {}

  /// Fills the table with the customers of the rows, and calls step(customer, rows) for each, her
  /// rows in input order (with text orders: in any). False once `pause` says stop; then the table
  /// means nothing.
  template <typename Step>
  bool each_customer(const std::vector<RowRun<Row>>& runs, int64_t rows, Table* table,
                     RowPause* pause, RowKinds* kinds, Step step);

 private:
  bool by_hash(const std::vector<RowRun<Row>>& runs, int64_t rows, Table* table, RowPause* pause);
  void by_sort(const std::vector<RowRun<Row>>& runs, int64_t rows, Table* table, RowPause* pause);
  static void number_orders(std::span<Mine> rows, const Pause& pause);

  const bool text_orders_;
  std::vector<uint32_t> customer_of_row_;
  std::vector<uint32_t> run_ends_;
  Buffer run_rows_;
};

template <typename Row, typename Customer>
bool RowGrouper<Row, Customer>::by_hash(const std::vector<RowRun<Row>>& runs, int64_t rows,
                                        Table* customers, RowPause* pause) {
  customers->start(rows, 0);
  typename Table::Lookup table = customers->lookup();
  uint32_t* out = customer_of_row_.data();
  for (const RowRun<Row>& run : runs) {
    if (pause->stop_after(run.end - run.begin)) return true;
    for (const Row* row = run.begin; row != run.end; row++) {
      uint64_t at;
      uint32_t index = table.find(*row, &at);
      if (index == 0) {
        index = customers->insert(*row, at, &table);
        if (index == 0) return false;
      }
      *out++ = index - 1;
    }
  }
  return !table.gave_up();
}

template <typename Row, typename Customer>
void RowGrouper<Row, Customer>::by_sort(const std::vector<RowRun<Row>>& runs, int64_t rows,
                                        Table* customers, RowPause* pause) {
  struct Entry {
    const Row* row;
    uint32_t index;
  };
  std::vector<Entry> entries;
  entries.reserve(static_cast<size_t>(rows));
  for (const RowRun<Row>& run : runs) {
    for (const Row* row = run.begin; row != run.end; row++)
      entries.push_back({row, static_cast<uint32_t>(entries.size())});
  }
  const auto less = [](const Entry& a, const Entry& b) {
    if constexpr (Key::kText) {
      const uint32_t code_a = When::code(a.row->when), code_b = When::code(b.row->when);
      return TextKey::text(a.row->key, code_a) < TextKey::text(b.row->key, code_b);
    } else {
      return a.row->key.id < b.row->key.id;
    }
  };
  customers->clear();
  pause->stop_if(!sort_with_pauses(std::span(entries), pause->pause(), less));
  if (pause->stopped()) return;
  for (size_t i = 0; i < entries.size(); i++) {
    if (i == 0 || less(entries[i - 1], entries[i])) customers->add(*entries[i].row);
    customer_of_row_[entries[i].index] = static_cast<uint32_t>(customers->size() - 1);
  }
}

template <typename Row, typename Customer>
void RowGrouper<Row, Customer>::number_orders(std::span<Mine> rows, const Pause& pause) {
  sort_with_pauses(rows, pause, [](const Mine& a, const Mine& b) {
    return TextRef::unpack(a.order) < TextRef::unpack(b.order);
  });
  uint64_t number = 0;
  std::string_view before;
  for (size_t i = 0; i < rows.size(); i++) {
    const std::string_view order = TextRef::unpack(rows[i].order);
    if (order != before) number++;
    before = order;
    rows[i].order = number;
    if ((i + 1) % Pause::kRows == 0 && pause.stop()) return;
  }
}

template <typename Row, typename Customer>
template <typename Step>
bool RowGrouper<Row, Customer>::each_customer(const std::vector<RowRun<Row>>& runs, int64_t rows,
                                              Table* table, RowPause* pause, RowKinds* kinds,
                                              Step step) {
  customer_of_row_.resize(static_cast<size_t>(rows));
  if (!by_hash(runs, rows, table, pause)) by_sort(runs, rows, table, pause);
  if (pause->stopped()) return false;  // not every row has a customer

  // Counting sort: the rows of each customer side by side, in input order.
  run_ends_.assign(table->size() + 1, 0);
  for (int64_t i = 0; i < rows; i++) run_ends_[customer_of_row_[static_cast<size_t>(i)] + 1]++;
  std::partial_sum(run_ends_.begin(), run_ends_.end(), run_ends_.begin());
  const size_t bytes = static_cast<size_t>(rows) * sizeof(Mine);
  if (run_rows_.size() < bytes) run_rows_ = Buffer(bytes);
  Mine* const by_customer = run_rows_.as<Mine>();
  size_t i = 0;
  for (const RowRun<Row>& run : runs) {
    if (pause->stop_after(run.end - run.begin)) return false;
    for (const Row* row = run.begin; row != run.end; row++) {
      Mine& mine = by_customer[run_ends_[customer_of_row_[i++]]++];
      mine.time = When::micros(row->when);
      mine.minor = row->minor;
      mine.order = 0;
      if constexpr (Row::kOrders) mine.order = row->order;
      if constexpr (Row::kMargin) mine.margin = row->margin;
      kinds->zero += row->minor == 0;
      kinds->refund += row->minor < 0;
    }
  }
  size_t begin = 0;  // run_ends_[c] is now where the rows of c end
  for (size_t c = 0; c < table->size(); c++) {
    const std::span<Mine> mine(by_customer + begin, run_ends_[c] - begin);
    if (pause->stop_after(static_cast<int64_t>(mine.size()))) return false;
    begin = run_ends_[c];
    if (Row::kOrders && text_orders_) number_orders(mine, pause->pause());
    step(table->customers()[c], mine);
  }
  return true;
}

}  // namespace patron::internal
