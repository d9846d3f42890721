#include "lib/models/ltv/summary/ltv_summary.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/models/ltv/summary/summary_aggregate.h"
#include "lib/models/ltv/summary/summary_emit.h"
#include "lib/models/orders/aggregate_all.h"
#include "lib/models/orders/result_columns.h"
#include "patron/money.h"

namespace patron {
namespace internal {
namespace {

Status check_end(const std::optional<Micros>& end, const char* name) {
  if (!end || (*end >= kMinTime && *end < kEndTime)) return {};
  return {Code::kTime, std::string(name) + " is outside the years 0001 to 9999"};
}

Status check_options(const LtvSummaryOptions& options) {
  if (options.customer.empty() || options.time.empty())
    return {Code::kArgument, "name the customer and time columns"};
  if (options.scale < 0 || options.scale > kMaxMoneyScale)
    return {Code::kArgument, "scale is " + std::to_string(options.scale) + "; it must be 0 to " +
                                 std::to_string(kMaxMoneyScale)};
  if (options.threads < 0)
    return {Code::kArgument, "threads is " + std::to_string(options.threads) +
                                 "; give a number above zero, or 0 for one for each core"};
  if (Status status = check_end(options.calibration_end, "calibration_end"); !status.ok())
    return status;
  return check_end(options.observation_end, "observation_end");
}

/// Where calibration and observation end.
struct Ends {
  bool has_holdout = false;
  int64_t calibration = 0;  ///< period
  int64_t observation = 0;  ///< period
  Micros holdout = kEndTime;
};

/// The ends, once it is known which rows there are.
Result<Ends> find_ends(const LtvSummaryOptions& options, const PeriodGrid& grid,
                       const RowStats& stats, LtvSummaryResult* result) {
  result->observation_end = options.observation_end.value_or(stats.latest);
  result->calibration_end = options.calibration_end.value_or(result->observation_end);
  Ends ends;
  ends.observation = grid.period_of(result->observation_end);
  ends.calibration = grid.period_of(result->calibration_end);
  if (!options.calibration_end) return ends;
  ends.has_holdout = true;
  ends.holdout = std::min(grid.end_of(ends.calibration), kEndTime);
  const std::string given = "calibration_end " + format_time(*options.calibration_end);
  if (*options.calibration_end > result->observation_end)
    return Status(Code::kArgument,
                  given + " is after " +
                      (options.observation_end ? "observation_end " : "the newest order (") +
                      format_time(result->observation_end) + (options.observation_end ? "" : ")") +
                      "; give an earlier one, or none where nothing is held out");
  if (stats.earliest >= ends.holdout)
    return Status(Code::kTime, given + " is before the first order (" +
                                   format_time(stats.earliest) + "); give a later one");
  return ends;
}

template <typename Key>
Status check_customers(const AllCustomers<SummaryCustomer<Key>>& customers,
                       const SummaryKinds& kinds, const LtvSummaryOptions& options) {
  if (customers.count == 0) {
    if (kinds.later > 0)
      return {Code::kEmpty, "nobody ordered before the hold-out; give a later calibration_end"};
    return {Code::kEmpty,
            "no row is an order: all amounts are below zero, or zero where zero does not count"};
  }
  if (const auto* c = customers.find([](const auto& one) { return one.overflow; }))
    return {Code::kOverflow,
            "the money of customer " + id_of(*c) + " exceeds 64-bit minor units at scale " +
                std::to_string(options.scale) + "; check her amounts, or use a smaller scale"};
  return {};
}

Table summary_table(SummaryColumns columns, const SummaryShape& shape) {
  const auto type_of = ResultColumns::type_of;
  ResultColumns table(columns.customers);
  table.add_ids("customer", std::move(static_cast<IdColumn&>(columns)));
  table.add("frequency", type_of(Type::kInt64), std::move(columns.frequency));
  table.add("recency", type_of(Type::kDouble), std::move(columns.recency));
  table.add("T", type_of(Type::kDouble), std::move(columns.T));
  if (shape.has_money) table.add("monetary", type_of(Type::kDouble), std::move(columns.monetary));
  if (shape.has_holdout) {
    table.add("frequency_holdout", type_of(Type::kInt64), std::move(columns.frequency_holdout));
    if (shape.has_money)
      table.add("monetary_holdout", type_of(Type::kDouble), std::move(columns.monetary_holdout));
    table.add("duration_holdout", type_of(Type::kDouble), std::move(columns.duration_holdout));
  }
  return table.finish();
}

/// One call, once its columns are open.
class Summary {
 public:
  Summary(const LtvSummaryOptions& options, const TimeZone& zone, const SummaryTuning& tuning,
          const RowSource& source, Watch* watch, LtvSummaryResult* result)
      : options_(options),
        tuning_(tuning),
        source_(source),
        grid_(zone, options.unit, options.collapse),
        watch_(*watch),
        result_(*result) {}

  template <typename Row>
  Result<SummaryColumns> run(const std::vector<Batch>& batches, std::vector<RefusedRow>* refused) {
    std::optional<Micros> newest;
    if (options_.observation_end)
      newest = grid_.end_of(grid_.period_of(*options_.observation_end)) - 1;
    RowStats stats;
    Result<Partitions<Row>> partitions =
        Partitions<Row>::make(source_, batches, newest, options_.refuse_bad_rows, threads_,
                              options_.workspace, &watch_, &stats);
    if (!partitions.ok()) return partitions.status();
    Status status =
        check_some_rows(stats, result_.rows, "observation_end", options_.observation_end, source_);
    if (!status.ok()) return status;
    *refused = std::move(stats.refused);
    result_.rounded_rows = stats.rounded;
    result_.waiting_rows = stats.waiting;
    const Result<Ends> ends = find_ends(options_, grid_, stats, &result_);
    if (!ends.ok()) return ends.status();

    watch_.phase(0.85);
    const PeriodClock clock(grid_, stats.earliest, stats.latest);
    const SummaryPlan plan = make_plan(*ends, clock, stats.sorted);
    SummaryKinds kinds;
    const auto customers =
        aggregate_all<SummaryAggregator<Row>>(&*partitions, plan, threads_, &watch_, &kinds);
    if (!customers.ok()) return customers.status();
    if (status = check_customers(*customers, kinds, options_); !status.ok()) return status;
    result_.zero_rows = kinds.zero;
    result_.refund_rows = kinds.refund;
    result_.later_customers = kinds.later;
    result_.without_orders = kinds.without;

    watch_.phase(0.98);
    shape_.end = ends->calibration;
    shape_.observation_end = ends->observation;
    shape_.has_holdout = ends->has_holdout;
    return emit_summary(*customers, shape(), threads_, &watch_);
  }

  const SummaryShape& shape() {
    shape_.grid = &grid_;
    shape_.has_money = options_.amount.has_value();
    shape_.total = options_.money == LtvMoney::kTotal;
    shape_.keep_first = options_.first_order == LtvFirstOrder::kKeep;
    shape_.scale = options_.scale;
    return shape_;
  }

 private:
  SummaryPlan make_plan(const Ends& ends, const PeriodClock& clock, bool sorted) const {
    SummaryPlan plan;
    plan.clock = &clock;
    plan.sorted = sorted;
    plan.text_orders = source_.text_orders;
    plan.fast = tuning_.fast;
    plan.rules.refunds = options_.refunds;
    plan.rules.zero = options_.zero;
    plan.rules.keep_first = options_.first_order == LtvFirstOrder::kKeep;
    plan.rules.has_money = options_.amount.has_value();
    plan.rules.clock = &clock;
    plan.rules.origin = kRowOrigin;
    if (ends.has_holdout) {
      plan.rules.has_holdout = true;
      plan.rules.holdout = static_cast<uint64_t>(ends.holdout - kRowOrigin);
      plan.last_calibration = static_cast<uint64_t>(ends.calibration - clock.first());
    }
    return plan;
  }

  const LtvSummaryOptions& options_;
  const SummaryTuning& tuning_;
  const RowSource& source_;
  const PeriodGrid grid_;
  Watch& watch_;
  LtvSummaryResult& result_;
  const int threads_ = thread_count(options_.threads);
  SummaryShape shape_;
};

}  // namespace

Result<LtvSummaryResult> summarise(const Table& orders, const LtvSummaryOptions& options,
                                   const SummaryTuning& tuning) {
  if (Status status = check_options(options); !status.ok()) return status;
  const Result<TimeZone> zone = TimeZone::load(options.timezone);
  if (!zone.ok()) return zone.status();
  const OrderColumns names{options.customer, options.time, options.amount,
                           options.order,    {},           options.scale};
  const Result<RowSource> source = RowSource::open(orders, names, *zone);
  if (!source.ok()) return source.status();
  LtvSummaryResult result;
  result.rows = orders.rows();
  if (orders.rows() == 0)
    return Status(Code::kEmpty, "the orders have no rows; a summary needs at least one order");

  Watch watch(options.control);
  Summary summary(options, *zone, tuning, *source, &watch, &result);
  const std::vector<Batch> batches = work_batches(orders, tuning.batch_rows, options.threads);
  std::vector<RefusedRow> refused;
  Result<SummaryColumns> columns =
      with_row_type(*source, [&]<typename Row>() { return summary.run<Row>(batches, &refused); });
  if (!columns.ok()) return columns.status();
  Result<Table> refused_rows = refused_table(refused, names, &watch);
  if (!refused_rows.ok()) return refused_rows.status();
  result.table = summary_table(*std::move(columns), summary.shape());
  result.refused = *std::move(refused_rows);
  result.refused_rows = static_cast<int64_t>(refused.size());
  return result;
}

}  // namespace internal

inline namespace v0 {

Result<LtvSummaryResult> ltv_summary(const Table& orders, const LtvSummaryOptions& options) {
  return internal::summarise(orders, options, {});
}

}  // namespace v0
}  // namespace patron
