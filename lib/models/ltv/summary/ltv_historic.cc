#include "patron/ltv_historic.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "lib/base/money_block.h"
#include "lib/base/number_text.h"
#include "lib/base/quotient.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/summary/historic_customer.h"
#include "lib/models/orders/aggregate_all.h"
#include "lib/models/orders/result_columns.h"
#include "patron/money.h"

namespace patron {
namespace internal {
namespace {

/// A customer and her measures.
template <typename Key>
struct HistoricCustomer : HistoricMeasures {
  using KeyType = Key;
  using Measures = HistoricMeasures;
  uint8_t code;  ///< length code of a text key
  Key key;
};

struct HistoricPlan {
  HistoricRules rules;
  bool text_orders = false;  ///< order ids are TextRefs
};

/// One worker's scratch, kept from partition to partition.
template <typename Row>
class HistoricAggregator {
 public:
  using CustomerType = HistoricCustomer<typename Row::KeyType>;
  using Kinds = RowKinds;

  HistoricAggregator(const HistoricPlan& plan, const Pause& pause)
      : plan_(plan), pause_(pause), grouper_(plan.text_orders) {}

  std::span<const CustomerType> aggregate(const std::vector<RowRun<Row>>& runs, RowKinds* kinds) {
    int64_t rows = 0;
    for (const RowRun<Row>& run : runs) rows += run.end - run.begin;
    using Mine = CustomerRowOf<Row>;
    const bool done = grouper_.each_customer(
        runs, rows, &table_, &pause_, kinds, [this](CustomerType& c, std::span<Mine> mine) {
          static_cast<HistoricMeasures&>(c) =
              value_customer(mine, Row::kOrders, plan_.rules, pause_.pause());
        });
    if (!done) table_.clear();
    return table_.customers();
  }

 private:
  const HistoricPlan plan_;
  RowPause pause_;
  CustomerTable<Row, CustomerType> table_;
  RowGrouper<Row, CustomerType> grouper_;
};

struct HistoricColumns : IdColumn {
  int64_t customers = 0;
  Buffer first, last, orders, years, revenue, revenue_at, margin, margin_at, annual;
  Buffer bought;     ///< validity of what who never bought has not; empty where all did
  Buffer has_years;  ///< validity of annual; empty where all have
  int64_t never = 0, without_years = 0;
};

/// The columns, for writing customer by customer from many threads.
class HistoricWriter {
 public:
  HistoricWriter(Micros as_of, int scale, bool margin, HistoricColumns* columns)
      : as_of_(as_of), scale_(scale), has_margin_(margin), columns_(*columns) {
    const size_t bytes = static_cast<size_t>(columns->customers) * sizeof(int64_t);
    for (Buffer* buffer : {&columns->first, &columns->last, &columns->orders, &columns->years,
                           &columns->revenue, &columns->revenue_at, &columns->annual})
      *buffer = Buffer(bytes);
    if (!margin) return;
    columns->margin = Buffer(bytes);
    columns->margin_at = Buffer(bytes);
  }

  template <typename Customer>
  void write(EmitPart* part, const Customer& c) const {
    const int64_t i = part->begin++;
    write_id(part, i, c, &columns_);
    const bool buyer = c.orders > 0;
    const Micros first = buyer ? kRowOrigin + static_cast<Micros>(c.first) : 0;
    const double years = buyer ? nearest_quotient(as_of_ - first, kMicrosPerYear) : 0;
    const double revenue = money_to_double(c.revenue, scale_);
    columns_.first.as<int64_t>()[i] = first;
    columns_.last.as<int64_t>()[i] = buyer ? kRowOrigin + static_cast<Micros>(c.last) : 0;
    columns_.orders.as<int64_t>()[i] = c.orders;
    columns_.years.as<double>()[i] = years;
    columns_.revenue.as<double>()[i] = revenue;
    columns_.revenue_at.as<double>()[i] = major(c.revenue_at, c.revenue);
    columns_.annual.as<double>()[i] = years > 0 ? revenue / years : 0;
    if (!has_margin_) return;
    columns_.margin.as<double>()[i] = money_to_double(c.margin, scale_);
    columns_.margin_at.as<double>()[i] = major(c.margin_at, c.margin);
  }

 private:
  /// Without interest the exact sum, so that both columns are equal.
  double major(double at, int64_t exact) const {
    if (at == static_cast<double>(exact)) return money_to_double(exact, scale_);
    return at / kPowersOfTen[static_cast<size_t>(scale_)];
  }

  const Micros as_of_;
  const int scale_;
  const bool has_margin_;
  HistoricColumns& columns_;
};

/// The bits of the values that are above 0, and how many are not; empty where all are.
template <typename T>
Buffer bits_above_zero(const Buffer& values, int64_t n, int64_t* others) {
  Buffer bits((static_cast<size_t>(n) + 63) / 64 * 8);
  std::fill_n(bits.data(), bits.size(), uint8_t{0});
  *others = 0;
  for (int64_t i = 0; i < n; i++) {
    const bool set = values.as<T>()[i] > 0;
    *others += !set;
    uint8_t& byte = bits.data()[i / 8];
    byte = static_cast<uint8_t>(byte | set << (i % 8));
  }
  return *others == 0 ? Buffer() : std::move(bits);
}

template <typename Customer>
Status check_sums(const AllCustomers<Customer>& customers, const LtvHistoricOptions& options) {
  if (const Customer* c = customers.find([](const Customer& one) { return one.overflow; }))
    return {Code::kOverflow,
            "the money of customer " + id_of(*c) + " exceeds 64-bit minor units at scale " +
                std::to_string(options.scale) + "; check her amounts, or use a smaller scale"};
  const auto endless = [](const Customer& one) {
    return !std::isfinite(one.revenue_at) || !std::isfinite(one.margin_at);
  };
  if (const Customer* c = customers.find(endless))
    return {Code::kOverflow, "the money of customer " + id_of(*c) +
                                 " with interest exceeds the largest double; use a rate_per_year "
                                 "nearer to 0"};
  return {};
}

/// One call, once its columns are open.
class Historic {
 public:
  Historic(const LtvHistoricOptions& options, const RowSource& source, Watch* watch,
           LtvHistoricResult* result)
      : options_(options), source_(source), watch_(*watch), result_(*result) {}

  template <typename Row>
  Result<HistoricColumns> run(const std::vector<Batch>& batches, std::vector<RefusedRow>* refused) {
    RowStats stats;
    Result<Partitions<Row>> partitions =
        Partitions<Row>::make(source_, batches, options_.as_of, options_.refuse_bad_rows, threads_,
                              options_.workspace, &watch_, &stats);
    if (!partitions.ok()) return partitions.status();
    Status status = check_some_rows(stats, result_.rows, "as_of", options_.as_of, source_);
    if (!status.ok()) return status;
    *refused = std::move(stats.refused);
    result_.rounded_rows = stats.rounded;
    result_.waiting_rows = stats.waiting;
    result_.as_of = options_.as_of.value_or(stats.latest);

    HistoricPlan plan;
    plan.rules.refunds = options_.refunds;
    plan.rules.zero = options_.zero;
    plan.rules.as_of = static_cast<uint64_t>(result_.as_of - kRowOrigin);
    plan.rules.log_rate = ltv::log1p(options_.rate_per_year);
    plan.text_orders = source_.text_orders;
    watch_.phase(0.9);
    RowKinds kinds;
    const auto customers =
        aggregate_all<HistoricAggregator<Row>>(&*partitions, plan, threads_, &watch_, &kinds);
    if (!customers.ok()) return customers.status();
    if (status = check_sums(*customers, options_); !status.ok()) return status;
    result_.zero_rows = kinds.zero;
    result_.refund_rows = kinds.refund;
    watch_.phase(0.98);
    return emit(*customers);
  }

 private:
  template <typename Customer>
  Result<HistoricColumns> emit(const AllCustomers<Customer>& customers) {
    HistoricColumns columns;
    columns.customers = customers.count;
    EmitParts<Customer, EmitPart> parts(customers);
    Status status = lay_out_ids(&parts, customers.count, threads_, &watch_, &columns);
    if (!status.ok()) return status;
    const HistoricWriter writer(result_.as_of, options_.scale, source_.has_margin, &columns);
    status = parts.each(threads_, &watch_,
                        [&](EmitPart* part, const Customer& c) { writer.write(part, c); });
    if (!status.ok()) return status;
    columns.bought = bits_above_zero<int64_t>(columns.orders, columns.customers, &columns.never);
    columns.has_years =
        bits_above_zero<double>(columns.years, columns.customers, &columns.without_years);
    return columns;
  }

  const LtvHistoricOptions& options_;
  const RowSource& source_;
  Watch& watch_;
  LtvHistoricResult& result_;
  const int threads_ = thread_count(options_.threads);
};

Buffer copy_of(const Buffer& buffer) {
  if (buffer.size() == 0) return Buffer();
  Buffer copy(buffer.size());
  std::copy_n(buffer.data(), buffer.size(), copy.data());
  return copy;
}

Table historic_table(HistoricColumns columns, const std::string& zone, bool margin) {
  const DataType instant = ResultColumns::instant(zone);
  const DataType number = ResultColumns::type_of(Type::kDouble);
  const int64_t never = columns.never;
  ResultColumns table(columns.customers);
  table.add_ids("customer", std::move(static_cast<IdColumn&>(columns)));
  table.add("first_order", instant, std::move(columns.first), copy_of(columns.bought), never);
  table.add("last_order", instant, std::move(columns.last), copy_of(columns.bought), never);
  table.add("orders", ResultColumns::type_of(Type::kInt64), std::move(columns.orders));
  table.add("years", number, std::move(columns.years), std::move(columns.bought), never);
  table.add("revenue", number, std::move(columns.revenue));
  table.add("revenue_at_as_of", number, std::move(columns.revenue_at));
  if (margin) {
    table.add("margin", number, std::move(columns.margin));
    table.add("margin_at_as_of", number, std::move(columns.margin_at));
  }
  table.add("annual_spend", number, std::move(columns.annual), std::move(columns.has_years),
            columns.without_years);
  return table.finish();
}

Status check_options(const LtvHistoricOptions& options) {
  if (options.customer.empty() || options.time.empty() || options.amount.empty())
    return {Code::kArgument, "name the customer, time and amount columns"};
  if (options.scale < 0 || options.scale > kMaxMoneyScale)
    return {Code::kArgument, "scale is " + std::to_string(options.scale) + "; it must be 0 to " +
                                 std::to_string(kMaxMoneyScale)};
  if (options.threads < 0)
    return {Code::kArgument, "threads is " + std::to_string(options.threads) +
                                 "; give a number above zero, or 0 for one for each core"};
  if (!(options.rate_per_year > -1) || !std::isfinite(options.rate_per_year))
    return {Code::kArgument, "rate_per_year is " + number_text(options.rate_per_year) +
                                 "; it must be finite and above -1"};
  if (options.as_of && (*options.as_of < kMinTime || *options.as_of >= kEndTime))
    return {Code::kTime, "as_of is outside the years 0001 to 9999"};
  return {};
}

}  // namespace
}  // namespace internal

inline namespace v0 {

Result<LtvHistoricResult> ltv_historic(const Table& orders, const LtvHistoricOptions& options) {
  using internal::HistoricColumns;
  using internal::WithMargin;
  if (Status status = internal::check_options(options); !status.ok()) return status;
  const Result<TimeZone> zone = TimeZone::load(options.timezone);
  if (!zone.ok()) return zone.status();
  const internal::OrderColumns names{options.customer, options.time,   options.amount,
                                     options.order,    options.margin, options.scale};
  const Result<internal::RowSource> source = internal::RowSource::open(orders, names, *zone);
  if (!source.ok()) return source.status();
  LtvHistoricResult result;
  result.rows = orders.rows();
  if (orders.rows() == 0)
    return Status(Code::kEmpty, "the orders have no rows; historic value needs at least one");

  internal::Watch watch(options.control);
  internal::Historic historic(options, *source, &watch, &result);
  const auto batches = internal::work_batches(orders, 0, options.threads);
  std::vector<internal::RefusedRow> refused;
  Result<HistoricColumns> columns =
      internal::with_row_type(*source, [&]<typename Row>() -> Result<HistoricColumns> {
        if (source->has_margin) return historic.run<WithMargin<Row>>(batches, &refused);
        return historic.run<Row>(batches, &refused);
      });
  if (!columns.ok()) return columns.status();
  Result<Table> refused_rows = internal::refused_table(refused, names, &watch);
  if (!refused_rows.ok()) return refused_rows.status();
  result.table =
      internal::historic_table(*std::move(columns), options.timezone, source->has_margin);
  result.refused = *std::move(refused_rows);
  result.refused_rows = static_cast<int64_t>(refused.size());
  return result;
}

}  // namespace v0
}  // namespace patron
