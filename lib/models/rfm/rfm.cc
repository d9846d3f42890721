// patron::rfm: measure, calibrate, evaluate, and the tables that come out.
#include "patron/rfm.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/base/parallel.h"
#include "lib/models/orders/result_columns.h"
#include "lib/models/rfm/calibrate.h"
#include "lib/models/rfm/evaluate.h"
#include "lib/models/rfm/measure.h"
#include "patron/money.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::Buffer;
using internal::CustomerColumns;
using internal::Evaluation;
using internal::MeasureReport;
using internal::Pause;

Status check_frozen(const RfmAxisCuts& axis, const std::string& name) {
  if (axis.cuts.empty() || axis.cuts.size() > 9)
    return {Code::kArgument, "the frozen " + name + " cuts make " +
                                 std::to_string(axis.cuts.size() + 1) +
                                 " bins; bins must be 2 to 10"};
  if (!std::is_sorted(axis.cuts.begin(), axis.cuts.end()))
    return {Code::kArgument, "the frozen " + name + " cuts decrease; list cuts from low to high"};
  return {};
}

Status check_frozen(const RfmCuts& cuts, int scale) {
  if (cuts.scale != scale)
    return {Code::kArgument, "the cuts are of scale " + std::to_string(cuts.scale) +
                                 " and the call of scale " + std::to_string(scale) +
                                 "; use the scale of the cuts"};
  for (const auto& [axis, name] :
       {std::pair(&cuts.recency, "recency"), std::pair(&cuts.frequency, "frequency"),
        std::pair(&cuts.monetary, "monetary")}) {
    if (Status status = check_frozen(*axis, name); !status.ok()) return status;
  }
  return {};
}

Status check_options(const RfmOptions& options) {
  if (options.customer.empty() || options.time.empty() || options.amount.empty())
    return {Code::kArgument, "name the customer, time and amount columns"};
  if (options.scale < 0 || options.scale > kMaxMoneyScale)
    return {Code::kArgument, "scale is " + std::to_string(options.scale) + "; it must be 0 to " +
                                 std::to_string(kMaxMoneyScale)};
  if (options.threads < 0)
    return {Code::kArgument, "threads is " + std::to_string(options.threads) +
                                 "; give a number above zero, or 0 for one for each core"};
  if (options.as_of && (*options.as_of < kMinTime || *options.as_of >= kEndTime))
    return {Code::kTime, "as_of is outside the years 0001 to 9999"};
  if (const Period window = options.window.value_or(Period{1, 0});
      window.months < 0 || window.micros < 0 || window == Period())
    return {Code::kArgument, "the window has no length; write for one \"365d\""};
  return options.cuts ? check_frozen(*options.cuts, options.scale) : Status();
}

/// The measures of the customers who ordered in the window, moved together where not all did.
class Sample {
 public:
  Sample(const CustomerColumns& customers, internal::Watch* watch) {
    const size_t n = static_cast<size_t>(customers.customers);
    const std::span<const int64_t> recency(customers.recency_days.as<int64_t>(), n);
    const std::span<const int64_t> frequency(customers.frequency.as<int64_t>(), n);
    const std::span<const int64_t> monetary(customers.monetary_minor.as<int64_t>(), n);
    const size_t absent = static_cast<size_t>(customers.without_frequency);
    sample_ = {recency, frequency, monetary};
    if (absent == 0) return;
    for (std::vector<int64_t>& column : columns_) column.reserve(n - absent);
    for (size_t i = 0; i < n; i++) {
      if (i % Pause::kRows == 0 && !watch->poll(0).ok()) break;  // the watch will say so again
      if (frequency[i] == 0) continue;
      columns_[0].push_back(recency[i]);
      columns_[1].push_back(frequency[i]);
      columns_[2].push_back(monetary[i]);
    }
    sample_ = {columns_[0], columns_[1], columns_[2]};
  }
  const RfmSample& get() const { return sample_; }

 private:
  std::array<std::vector<int64_t>, 3> columns_;
  RfmSample sample_;
};

Result<RfmCuts> calibrate(const CustomerColumns& customers, const RfmOptions& options,
                          internal::Watch* watch) {
  RfmCalibration calibration;
  calibration.recency = options.recency;
  calibration.frequency = options.frequency;
  calibration.monetary = options.monetary;
  calibration.octant_split = options.octant_split;
  calibration.scale = options.scale;
  const Sample sample(customers, watch);
  Result<RfmCuts> cuts = internal::calibrate(sample.get(), calibration,
                                             internal::thread_count(options.threads), watch);
  if (cuts.ok()) cuts->timezone = options.timezone;
  return cuts;
}

Buffer copy_of(const Buffer& buffer) {
  if (buffer.size() == 0) return Buffer();
  Buffer copy(buffer.size());
  std::copy_n(buffer.data(), buffer.size(), copy.data());
  return copy;
}

Table result_table(CustomerColumns customers, Evaluation evaluation, const RfmOptions& options) {
  using internal::ResultColumns;
  const auto type_of = ResultColumns::type_of;
  const DataType instant = ResultColumns::instant(options.timezone);
  const int64_t prospects = customers.prospects;
  ResultColumns columns(customers.customers);
  columns.add_ids("customer", std::move(static_cast<internal::IdColumn&>(customers)));
  columns.add("first_order", instant, std::move(customers.first_order), copy_of(customers.bought),
              prospects);
  columns.add("last_order", instant, std::move(customers.last_order), copy_of(customers.bought),
              prospects);
  columns.add("orders", type_of(Type::kInt64), std::move(customers.orders));
  columns.add("order_days", type_of(Type::kInt64), std::move(customers.order_days));
  columns.add("recency_days", type_of(Type::kInt64), std::move(customers.recency_days),
              copy_of(customers.bought), prospects);
  columns.add("frequency", type_of(Type::kInt64), std::move(customers.frequency));
  columns.add("monetary", type_of(Type::kDouble), std::move(evaluation.monetary));
  columns.add("monetary_minor", type_of(Type::kInt64), std::move(customers.monetary_minor));
  columns.add("r", type_of(Type::kInt8), std::move(evaluation.rfm[0]));
  columns.add("f", type_of(Type::kInt8), std::move(evaluation.rfm[1]));
  columns.add("m", type_of(Type::kInt8), std::move(evaluation.rfm[2]));
  columns.add("code", type_of(Type::kInt32), std::move(evaluation.code));
  columns.add_dictionary("segment", std::move(evaluation.segment),
                         std::move(evaluation.segment_validity), evaluation.segment_nulls,
                         std::move(evaluation.segment_names));
  std::vector<std::string> octants;
  for (int octant = 0; octant < 8; octant++) {
    const OctantName name = octant_name(options.octant_names, octant);
    octants.emplace_back(options.chinese ? name.zh : name.en);
  }
  columns.add_dictionary("octant", std::move(evaluation.octant), std::move(customers.bought),
                         prospects, std::move(octants));
  return columns.finish();
}

}  // namespace

Result<RfmResult> rfm(const Table& orders, const RfmOptions& options) {
  if (Status status = check_options(options); !status.ok()) return status;
  Result<TimeZone> zone = TimeZone::load(options.timezone);
  if (!zone.ok()) return zone.status();
  internal::Watch watch(options.control);

  MeasureReport report;
  Result<CustomerColumns> customers =
      internal::measure(orders, options, *zone, {}, &watch, &report);
  if (!customers.ok()) return customers.status();

  RfmResult result;
  if (options.cuts) {
    result.cuts = *options.cuts;
  } else {
    Result<RfmCuts> cuts = calibrate(*customers, options, &watch);
    if (!cuts.ok()) return cuts.status();
    result.cuts = *std::move(cuts);
  }
  watch.phase(1);
  Result<Evaluation> evaluation = internal::evaluate(*customers, result.cuts, options, &watch);
  if (!evaluation.ok()) return evaluation.status();
  Result<Table> refused =
      internal::refused_table(report.refused, internal::order_columns(options), &watch);
  if (!refused.ok()) return refused.status();

  result.table = result_table(*std::move(customers), *std::move(evaluation), options);
  result.refused = *std::move(refused);
  result.rows = report.rows;
  result.refused_rows = static_cast<int64_t>(report.refused.size());
  result.rounded_rows = report.rounded;
  result.waiting_rows = report.waiting;
  result.zero_rows = report.zero;
  result.refund_rows = report.refund;
  result.as_of = report.as_of;
  return result;
}

}  // namespace v0
}  // namespace patron
