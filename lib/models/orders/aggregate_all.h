// Aggregate all: every partition to its customers, in parallel, in the order of their ids.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/base/utf8.h"
#include "lib/models/orders/id_order.h"
#include "lib/models/orders/partition.h"
#include "lib/models/orders/row_grouper.h"

namespace patron::internal {

/// The customers of one partition, in one run or several.
template <typename Customer>
struct KeptCustomers {
  size_t count = 0;
  std::vector<std::span<const Customer>> runs;
  std::vector<Customer> own;  ///< where the memory of the rows was too small

  template <typename Step>
  void each(Step step) const {
    for (const std::span<const Customer> run : runs) {
      for (const Customer& customer : run) step(customer);
    }
  }
};

/// Customers of every partition. Where the partitions are ordered, one after the other is the order
/// of ids; else `in_order` is.
template <typename Customer>
struct AllCustomers {
  std::vector<KeptCustomers<Customer>> by_partition;
  std::vector<const Customer*> in_order;  ///< empty where the partitions are ordered
  int64_t count = 0;

  /// The first by id for whom test(customer) holds, or null.
  template <typename Test>
  const Customer* find(Test test) const {
    const Customer* found = nullptr;
    const auto look = [&](const Customer& c) {
      if (found == nullptr && test(c)) found = &c;
    };
    for (const Customer* c : in_order) look(*c);
    if (!in_order.empty()) return found;
    for (const KeptCustomers<Customer>& partition : by_partition) partition.each(look);
    return found;
  }
};

/// Her id, for messages.
template <typename Customer>
std::string id_of(const Customer& c) {
  if constexpr (Customer::KeyType::kText)
    return quoted(TextKey::text(c.key, c.code));
  else
    return std::to_string(c.key.value());
}

/// Keeps customers where the rows of their partition were, since nobody needs these any more; where
/// there is no room, in memory of their own. `get(i)` is the i-th.
template <typename Row, typename Customer, typename Get>
void keep_customers(size_t count, Get get, const std::vector<RowRun<Row>>& runs,
                    KeptCustomers<Customer>* kept) {
  const auto room = [](const RowRun<Row>& run) {
    return static_cast<size_t>(run.end - run.begin) * sizeof(Row) / sizeof(Customer);
  };
  size_t rooms = 0;
  for (const RowRun<Row>& run : runs) rooms += room(run);
  kept->count = count;
  if (rooms < count) {
    kept->own.reserve(count);
    for (size_t i = 0; i < count; i++) kept->own.push_back(get(i));
    kept->runs.emplace_back(kept->own);
    return;
  }
  size_t i = 0;
  for (const RowRun<Row>& run : runs) {
    const size_t n = std::min(room(run), count - i);
    if (n == 0) continue;
    Customer* const begin = reinterpret_cast<Customer*>(run.begin);
    for (size_t k = 0; k < n; k++) new (begin + k) Customer(get(i++));
    kept->runs.emplace_back(begin, n);
  }
}

/// All partitions, each by an Aggregator of its worker: Aggregator(plan, pause), and
/// aggregate(runs, kinds) gives a span of its CustomerType and notes Kinds, which add up.
template <typename Aggregator, typename Row, typename Plan>
Result<AllCustomers<typename Aggregator::CustomerType>> aggregate_all(
    Partitions<Row>* partitions, const Plan& plan, int threads, Watch* watch,
    typename Aggregator::Kinds* kinds) {
  using Customer = typename Aggregator::CustomerType;
  struct Worker {
    Worker(const Plan& plan, const Splitter& splitter, const Pause& pause)
        : aggregator(plan, pause), sorter(splitter, pause) {}
    Aggregator aggregator;
    IdSorter<Customer> sorter;
  };
  AllCustomers<Customer> customers;
  const size_t count = static_cast<size_t>(partitions->count());
  const bool ordered = partitions->splitter().is_ordered();
  customers.by_partition.resize(count);
  std::vector<typename Aggregator::Kinds> found(count);
  // The largest partitions first, so that one with half of all rows does not start last.
  std::vector<int> order(count);
  std::vector<int64_t> rows(count);
  for (size_t p = 0; p < count; p++) {
    order[p] = static_cast<int>(p);
    rows[p] = partitions->rows(static_cast<int>(p));
  }
  std::ranges::stable_sort(order, std::greater<>(),
                           [&](int p) { return rows[static_cast<size_t>(p)]; });
  std::vector<std::unique_ptr<Worker>> workers(static_cast<size_t>(threads));
  const auto body = [&](int64_t task, int worker) {
    std::unique_ptr<Worker>& mine = workers[static_cast<size_t>(worker)];
    if (!mine) mine = std::make_unique<Worker>(plan, partitions->splitter(), Pause{watch, worker});
    const int partition = order[static_cast<size_t>(task)];
    const size_t p = static_cast<size_t>(partition);
    const std::vector<RowRun<Row>> runs = partitions->runs(partition);
    const auto all = mine->aggregator.aggregate(runs, &found[p]);
    if (ordered) {
      const auto sorted = mine->sorter.sort(all);
      keep_customers(
          sorted.size(), [&](size_t i) { return *sorted[i].customer; }, runs,
          &customers.by_partition[p]);
    } else {
      keep_customers(
          all.size(), [&](size_t i) { return all[i]; }, runs, &customers.by_partition[p]);
    }
  };
  Status status = parallel_for(static_cast<int64_t>(count), threads, watch, body);
  if (!status.ok()) return status;
  for (size_t p = 0; p < count; p++) {
    kinds->add(found[p]);
    customers.count += static_cast<int64_t>(customers.by_partition[p].count);
  }
  if (customers.count > 0xffff'fffe)
    return Status(Code::kLimit, "more than 4,294,967,294 customers; split the orders by customer");
  if (ordered) return customers;
  customers.in_order.reserve(static_cast<size_t>(customers.count));
  for (const KeptCustomers<Customer>& partition : customers.by_partition) {
    if (status = watch->poll(1); !status.ok()) return status;
    partition.each([&](const Customer& c) { customers.in_order.push_back(&c); });
  }
  if (status = sort_by_id(&customers.in_order, watch); !status.ok()) return status;
  return customers;
}

/// kTime where all good rows are after `end`, the option `end_name`; kEmpty where all were refused.
inline Status check_some_rows(const RowStats& stats, int64_t rows, const char* end_name,
                              const std::optional<Micros>& end, const RowSource& source) {
  if (stats.accepted > 0) return {};
  if (stats.waiting > 0)
    return {Code::kTime, std::string(end_name) + " " + format_time(*end) +
                             " is before the first order (" + format_time(stats.earliest_waiting) +
                             "); give a later " + end_name};
  const RefusedRow& first = stats.refused.front();
  return {Code::kEmpty,
          "all " + std::to_string(rows) + " rows were refused, row " + std::to_string(first.row) +
              " first: " + told(first, source),
          first.row};
}

/// The batches that a table's rows are worked on in.
inline std::vector<Batch> work_batches(const Table& orders, int64_t batch_rows, int threads) {
  if (batch_rows == 0) {
    const int64_t tasks = 4 * thread_count(threads);
    batch_rows = std::clamp<int64_t>(orders.rows() / tasks, 1 << 16, 1 << 18);
  }
  return cut_batches(orders, 0, batch_rows);
}

/// Calls run.template operator()<Row>() with the row type of a source that has no margin.
template <typename Run>
auto with_row_type(const RowSource& source, const Run& run) {
  if (source.text_customers)
    return source.has_order ? run.template operator()<OrderRow<TextKey>>()
                            : run.template operator()<PlainRow<TextKey>>();
  return source.has_order ? run.template operator()<OrderRow<IntKey>>()
                          : run.template operator()<PlainRow<IntKey>>();
}

}  // namespace patron::internal
