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

/// Keeps a partition's customers where its rows were, since nobody needs these any more; where
/// there is no room, in memory of their own.
template <typename Key>
std::span<const Customer<Key>> keep(std::span<const Customer<Key>> customers,
                                    std::span<uint8_t> memory, std::vector<Customer<Key>>* own) {
  if (customers.size_bytes() > memory.size()) {
    own->assign(customers.begin(), customers.end());
    return *own;
  }
  Customer<Key>* const begin = reinterpret_cast<Customer<Key>*>(memory.data());
  std::uninitialized_copy(customers.begin(), customers.end(), begin);
  return {begin, customers.size()};
}

template <typename Row>
Result<Customers<typename Row::KeyType>> aggregate_all(Partitions<Row>* partitions,
                                                       const AggregatePlan& plan, int threads,
                                                       Watch* watch, RowKinds* kinds) {
  using Key = typename Row::KeyType;
  Customers<Key> customers;
  const size_t count = static_cast<size_t>(partitions->count());
  customers.by_partition.resize(count);
  customers.own.resize(count);
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
  std::vector<std::unique_ptr<Aggregator<Row>>> workers(static_cast<size_t>(threads));
  Status status =
      parallel_for(static_cast<int64_t>(count), threads, watch, [&](int64_t task, int worker) {
        std::unique_ptr<Aggregator<Row>>& mine = workers[static_cast<size_t>(worker)];
        if (!mine) mine = std::make_unique<Aggregator<Row>>(plan, Pause{watch, worker});
        const int partition = order[static_cast<size_t>(task)];
        const size_t p = static_cast<size_t>(partition);
        customers.by_partition[p] = keep(mine->aggregate(*partitions, partition, &found[p]),
                                         partitions->memory(partition), &customers.own[p]);
      });
  if (!status.ok()) return status;
  for (size_t p = 0; p < count; p++) {
    kinds->zero += found[p].zero;
    kinds->refund += found[p].refund;
    customers.count += static_cast<int64_t>(customers.by_partition[p].size());
  }
  if (customers.count > 0xffff'fffe)
    return Status(Code::kLimit, "more than 4,294,967,294 customers; split the orders by customer");
  if (partitions->is_ordered()) return customers;
  customers.in_order.reserve(static_cast<size_t>(customers.count));
  for (const std::span<const Customer<Key>> partition : customers.by_partition) {
    if (status = watch->poll(1); !status.ok()) return status;
    for (const Customer<Key>& c : partition) customers.in_order.push_back(&c);
  }
  if (status = sort_by_id(&customers.in_order, watch); !status.ok()) return status;
  return customers;
}

/// The customer whose money overflows, or null; the first by id.
template <typename Key>
const Customer<Key>* find_overflow(const Customers<Key>& customers) {
  for (const Customer<Key>* c : customers.in_order) {
    if (c->overflow) return c;
  }
  if (!customers.in_order.empty()) return nullptr;
  for (const std::span<const Customer<Key>> partition : customers.by_partition) {
    for (const Customer<Key>& c : partition) {
      if (c.overflow) return &c;
    }
  }
  return nullptr;
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
Result<CustomerColumns> measure_rows(const RowSource& source, const std::vector<Segment>& segments,
                                     const RfmOptions& options, const TimeZone& zone,
                                     const MeasureTuning& tuning, Watch* watch,
                                     MeasureReport* report) {
  const int threads = thread_count(options.threads);
  RowStats stats;
  Result<Partitions<Row>> partitions = Partitions<Row>::make(
      source, segments, options.as_of, options.refuse_bad_rows, threads, watch, &stats);
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

  int64_t segment_rows = tuning.segment_rows;
  if (segment_rows == 0) {
    const int64_t tasks = 4 * thread_count(options.threads);
    segment_rows = std::clamp<int64_t>(orders.rows() / tasks, 1 << 16, 1 << 18);
  }
  const std::vector<Segment> segments = cut_segments(orders, 0, segment_rows);
  const auto run = [&]<typename Row>() {
    return measure_rows<Row>(*source, segments, options, zone, tuning, watch, report);
  };
  if (source->text_customers)
    return source->has_order ? run.template operator()<OrderRow<TextKey>>()
                             : run.template operator()<PlainRow<TextKey>>();
  return source->has_order ? run.template operator()<OrderRow<IntKey>>()
                           : run.template operator()<PlainRow<IntKey>>();
}

}  // namespace patron::internal
