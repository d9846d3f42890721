#include "lib/models/rfm/measure.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <string>

#include "lib/base/utf8.h"
#include "lib/models/rfm/aggregate.h"
#include "lib/models/rfm/emit.h"
#include "lib/models/rfm/id_order.h"
#include "lib/models/rfm/partition.h"

namespace patron::internal {
namespace {

std::string id_text(const Customer<IntKey>& c) { return std::to_string(c.key.value()); }
std::string id_text(const Customer<TextKey>& c) { return quoted(TextKey::text(c.key, c.code)); }

/// Keeps customers where the rows of their partition were, since nobody needs these any more; where
/// there is no room, in memory of their own. `get(i)` is the i-th.
template <typename Row, typename Get>
void keep(size_t count, Get get, const std::vector<RowRun<Row>>& runs,
          KeptCustomers<typename Row::KeyType>* kept) {
  using Kept = Customer<typename Row::KeyType>;
  const auto room = [](const RowRun<Row>& run) {
    return static_cast<size_t>(run.end - run.begin) * sizeof(Row) / sizeof(Kept);
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
    Kept* const begin = reinterpret_cast<Kept*>(run.begin);
    for (size_t k = 0; k < n; k++) new (begin + k) Kept(get(i++));
    kept->runs.emplace_back(begin, n);
  }
}

/// One worker's scratch for aggregate_all.
template <typename Row>
struct AggregateWorker {
  using Key = typename Row::KeyType;
  AggregateWorker(const AggregatePlan& plan, const Splitter& splitter, const Pause& pause)
      : aggregator(plan, pause), sorter(splitter, pause) {}
  Aggregator<Row> aggregator;
  IdSorter<Key> sorter;
};

template <typename Row>
Result<Customers<typename Row::KeyType>> aggregate_all(Partitions<Row>* partitions,
                                                       const AggregatePlan& plan, int threads,
                                                       Watch* watch, RowKinds* kinds) {
  using Key = typename Row::KeyType;
  Customers<Key> customers;
  const size_t count = static_cast<size_t>(partitions->count());
  const bool ordered = partitions->splitter().is_ordered();
  customers.by_partition.resize(count);
  std::vector<RowKinds> found(count);
  // The largest partitions first, so that one with half of all rows does not start last.
  std::vector<int> order(count);
  std::vector<int64_t> rows(count);
  for (size_t p = 0; p < count; p++) {
    order[p] = static_cast<int>(p);
    rows[p] = partitions->rows(static_cast<int>(p));
  }
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return rows[static_cast<size_t>(a)] > rows[static_cast<size_t>(b)];
  });
  std::vector<std::unique_ptr<AggregateWorker<Row>>> workers(static_cast<size_t>(threads));
  const auto body = [&](int64_t task, int worker) {
    std::unique_ptr<AggregateWorker<Row>>& mine = workers[static_cast<size_t>(worker)];
    if (!mine)
      mine = std::make_unique<AggregateWorker<Row>>(plan, partitions->splitter(),
                                                    Pause{watch, worker});
    const int partition = order[static_cast<size_t>(task)];
    const size_t p = static_cast<size_t>(partition);
    const std::vector<RowRun<Row>> runs = partitions->runs(partition);
    const auto all = mine->aggregator.aggregate(runs, &found[p]);
    if (ordered) {
      const auto sorted = mine->sorter.sort(all);
      keep(
          sorted.size(), [&](size_t i) { return *sorted[i].customer; }, runs,
          &customers.by_partition[p]);
    } else {
      keep(
          all.size(), [&](size_t i) { return all[i]; }, runs, &customers.by_partition[p]);
    }
  };
  Status status = parallel_for(static_cast<int64_t>(count), threads, watch, body);
  if (!status.ok()) return status;
  for (size_t p = 0; p < count; p++) {
    kinds->zero += found[p].zero;
    kinds->refund += found[p].refund;
    customers.count += static_cast<int64_t>(customers.by_partition[p].count);
  }
  if (customers.count > 0xffff'fffe)
    return Status(Code::kLimit, "more than 4,294,967,294 customers; split the orders by customer");
  if (ordered) return customers;
  customers.in_order.reserve(static_cast<size_t>(customers.count));
  for (const KeptCustomers<Key>& partition : customers.by_partition) {
    if (status = watch->poll(1); !status.ok()) return status;
    partition.each([&](const Customer<Key>& c) { customers.in_order.push_back(&c); });
  }
  if (status = sort_by_id(&customers.in_order, watch); !status.ok()) return status;
  return customers;
}

/// The first customer by id whose money overflows, or null.
template <typename Key>
const Customer<Key>* find_overflow(const Customers<Key>& customers) {
  const Customer<Key>* found = nullptr;
  const auto look = [&found](const Customer<Key>& c) {
    if (c.overflow && found == nullptr) found = &c;
  };
  for (const Customer<Key>* c : customers.in_order) look(*c);
  if (!customers.in_order.empty()) return found;
  for (const KeptCustomers<Key>& partition : customers.by_partition) partition.each(look);
  return found;
}

Status check_rows(const RowStats& stats, const RfmOptions& options, int64_t rows) {
  if (stats.accepted > 0) return {};
  if (stats.waiting > 0)
    return {Code::kTime, "as_of " + format_time(*options.as_of) + " is before the first order (" +
                             format_time(stats.earliest_waiting) + "); give a later as_of"};
  const RefusedRow& first = stats.refused.front();
  return {Code::kEmpty,
          "all " + std::to_string(rows) + " rows were refused, row " + std::to_string(first.row) +
              " first: " + std::string(refusal_reason(first.reason)),
          first.row};
}

template <typename Row>
Result<CustomerColumns> measure_rows(const RowSource& source, const std::vector<Batch>& batches,
                                     const RfmOptions& options, const TimeZone& zone,
                                     const MeasureTuning& tuning, Watch* watch,
                                     MeasureReport* report) {
  const int threads = thread_count(options.threads);
  RowStats stats;
  Result<Partitions<Row>> partitions =
      Partitions<Row>::make(source, batches, options.as_of, options.refuse_bad_rows, threads,
                            options.workspace, watch, &stats);
  if (!partitions.ok()) return partitions.status();
  if (Status status = check_rows(stats, options, report->rows); !status.ok()) return status;
  report->rounded = stats.rounded;
  report->waiting = stats.waiting;
  report->refused = std::move(stats.refused);
  report->as_of = options.as_of ? *options.as_of : stats.latest;

  // One instant more than the rows have, so that a window may start behind the last of them.
  const DayClock clock(zone, stats.earliest, std::min(stats.latest + 1, kEndTime - 1));
  AggregatePlan plan;
  plan.sorted = stats.sorted;
  plan.fast = tuning.fast && clock.ascending();
  plan.text_orders = source.text_orders;
  plan.rules.refunds = options.refunds;
  plan.rules.zero = options.zero;
  plan.rules.clock = &clock;
  plan.rules.origin = kRowOrigin;
  if (options.window) {
    // A window that starts before all rows starts with them; one after all rows holds none of them.
    const Micros start = zone.window_start(report->as_of, *options.window);
    plan.rules.has_window = start > stats.earliest;
    plan.rules.window_start = static_cast<uint64_t>(
        std::clamp(start, stats.earliest, stats.latest + 1) - plan.rules.origin);
  }
  watch->phase(0.85);
  RowKinds kinds;
  Result<Customers<typename Row::KeyType>> customers =
      aggregate_all(&*partitions, plan, threads, watch, &kinds);
  if (!customers.ok()) return customers.status();
  if (const auto* c = find_overflow(*customers))
    return Status(Code::kOverflow, "the money of customer " + id_text(*c) +
                                       " exceeds 64-bit minor units at scale " +
                                       std::to_string(options.scale) +
                                       "; check her amounts, or use a smaller scale");
  report->zero = kinds.zero;
  report->refund = kinds.refund;

  watch->phase(0.93);
  return emit(*customers, plan.rules, zone.local_day(report->as_of), threads, watch);
}

}  // namespace

Result<CustomerColumns> measure(const Table& orders, const RfmOptions& options,
                                const TimeZone& zone, const MeasureTuning& tuning, Watch* watch,
                                MeasureReport* report) {
  Result<RowSource> source = RowSource::open(orders, options, zone);
  if (!source.ok()) return source.status();
  report->rows = orders.rows();
  if (orders.rows() == 0)
    return Status(Code::kEmpty, "the orders have no rows; RFM needs at least one order");

  int64_t batch_rows = tuning.batch_rows;
  if (batch_rows == 0) {
    const int64_t tasks = 4 * thread_count(options.threads);
    batch_rows = std::clamp<int64_t>(orders.rows() / tasks, 1 << 16, 1 << 18);
  }
  const std::vector<Batch> batches = cut_batches(orders, 0, batch_rows);
  const auto run = [&]<typename Row>() {
    return measure_rows<Row>(*source, batches, options, zone, tuning, watch, report);
  };
  if (source->text_customers)
    return source->has_order ? run.template operator()<OrderRow<TextKey>>()
                             : run.template operator()<PlainRow<TextKey>>();
  return source->has_order ? run.template operator()<OrderRow<IntKey>>()
                           : run.template operator()<PlainRow<IntKey>>();
}

}  // namespace patron::internal
