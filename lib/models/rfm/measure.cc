#include "lib/models/rfm/measure.h"

#include <algorithm>
#include <string>

#include "lib/models/orders/aggregate_all.h"
#include "lib/models/rfm/aggregate.h"
#include "lib/models/rfm/emit.h"

namespace patron::internal {
namespace {

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
  if (Status status = check_some_rows(stats, report->rows, "as_of", options.as_of, source);
      !status.ok())
    return status;
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
      aggregate_all<Aggregator<Row>>(&*partitions, plan, threads, watch, &kinds);
  if (!customers.ok()) return customers.status();
  if (const auto* c = customers->find([](const auto& one) { return one.overflow; }))
    return Status(Code::kOverflow, "the money of customer " + id_of(*c) +
                                       " exceeds 64-bit minor units at scale " +
                                       std::to_string(options.scale) +
                                       "; check her amounts, or use a smaller scale");
  report->zero = kinds.zero;
  report->refund = kinds.refund;

  watch->phase(0.93);
  return emit(*customers, plan.rules, zone.local_day(report->as_of), threads, watch);
}

}  // namespace

OrderColumns order_columns(const RfmOptions& options) {
  return {options.customer, options.time, options.amount, options.order, {}, options.scale};
}

Result<CustomerColumns> measure(const Table& orders, const RfmOptions& options,
                                const TimeZone& zone, const MeasureTuning& tuning, Watch* watch,
                                MeasureReport* report) {
  Result<RowSource> source = RowSource::open(orders, order_columns(options), zone);
  if (!source.ok()) return source.status();
  report->rows = orders.rows();
  if (orders.rows() == 0)
    return Status(Code::kEmpty, "the orders have no rows; RFM needs at least one order");

  const std::vector<Batch> batches = work_batches(orders, tuning.batch_rows, options.threads);
  return with_row_type(*source, [&]<typename Row>() {
    return measure_rows<Row>(*source, batches, options, zone, tuning, watch, report);
  });
}

}  // namespace patron::internal
