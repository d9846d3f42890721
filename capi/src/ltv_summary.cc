#include "patron/ltv_summary.h"

#include "capi/src/options.h"
#include "patron/ltv_historic.h"

using namespace patron::capi;  // NOLINT
using patron::LtvHistoricOptions;
using patron::LtvHistoricResult;
using patron::LtvSummaryOptions;
using patron::LtvSummaryResult;
using patron::Result;
using patron::Status;

namespace {

/// What both kinds of options share, under the same names.
template <typename In, typename Out>
Status read_common(const In& in, Out& out, Call& call) {
  out.scale = in.scale;
  Status status = first_error(
      {read_string(in.customer, "options.customer", out.customer),
       read_string(in.time, "options.time", out.time),
       read_optional(in.order, "options.order", out.order),
       read_or_default(in.timezone, "options.timezone", out.timezone),
       read_choice(in.refunds, patron::Refunds::kIgnore, "options.refunds", out.refunds),
       read_choice(in.zero, patron::ZeroAmounts::kCount, "options.zero", out.zero),
       read_on_bad_row(in.on_bad_row, "options.on_bad_row", out.refuse_bad_rows),
       read_threads(in.threads, "options.threads", out.threads),
       check_optional(in.workspace, "options.workspace"),
       read_control(in.cancel, in.progress, in.progress_context, out.control, call)});
  if (status.ok() && in.workspace != nullptr) out.workspace = &in.workspace->workspace;
  return status;
}

Status read_options(const patron_ltv_summary_options* in, LtvSummaryOptions& out, Call& call) {
  patron_ltv_summary_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  read_pointed(options.calibration_end, out.calibration_end);
  read_pointed(options.observation_end, out.observation_end);
  return first_error(
      {read_common(options, out, call), read_optional(options.amount, "options.amount", out.amount),
       read_choice(options.unit, patron::LtvUnit::kYear, "options.unit", out.unit),
       read_choice(options.collapse, patron::LtvCollapse::kNone, "options.collapse", out.collapse),
       read_choice(options.first_order, patron::LtvFirstOrder::kKeep, "options.first_order",
                   out.first_order),
       read_choice(options.money, patron::LtvMoney::kTotal, "options.money", out.money)});
}

Status read_options(const patron_ltv_historic_options* in, LtvHistoricOptions& out, Call& call) {
  patron_ltv_historic_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  read_pointed(options.as_of, out.as_of);
  out.rate_per_year = options.rate_per_year;
  return first_error({read_common(options, out, call),
                      read_string(options.amount, "options.amount", out.amount),
                      read_optional(options.margin, "options.margin", out.margin)});
}

/// What both results count.
template <typename Result>
patron_ltv_counts counts_of(const Result& result) {
  patron_ltv_counts value = PATRON_LTV_COUNTS_INIT;
  value.customers = result.table.rows();
  value.rows = result.rows;
  value.refused_rows = result.refused_rows;
  value.rounded_rows = result.rounded_rows;
  value.waiting_rows = result.waiting_rows;
  value.zero_rows = result.zero_rows;
  value.refund_rows = result.refund_rows;
  return value;
}

}  // namespace

patron_status patron_ltv_summary_compute(const patron_table* orders,
                                         const patron_ltv_summary_options* options,
                                         patron_ltv_summary** summary,
                                         patron_error* error) noexcept {
  clear(summary);
  return guard_call(error, [&](Call& call) -> Status {
    Status status = first_error({check_handle(orders, "orders"), require(summary, "summary")});
    if (!status.ok()) return status;
    LtvSummaryOptions wanted;
    status = read_options(options, wanted, call);
    if (!status.ok()) return status;
    Result<LtvSummaryResult> result = patron::ltv_summary(orders->table, wanted);
    if (!result.ok()) return result.status();
    return hand_out(*std::move(result), summary);
  });
}

patron_status patron_ltv_summary_table(const patron_ltv_summary* summary, patron_table** table,
                                       patron_error* error) noexcept {
  return hand_out_part(summary, "summary", &LtvSummaryResult::table, table, "table", error);
}

patron_status patron_ltv_summary_refused(const patron_ltv_summary* summary, patron_table** refused,
                                         patron_error* error) noexcept {
  return hand_out_part(summary, "summary", &LtvSummaryResult::refused, refused, "refused", error);
}

patron_status patron_ltv_summary_counts(const patron_ltv_summary* summary,
                                        patron_ltv_counts* counts, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(summary, "summary"), check_output(counts, "counts")});
    if (!status.ok()) return status;
    patron_ltv_counts value = counts_of(summary->result);
    value.later_customers = summary->result.later_customers;
    value.without_orders = summary->result.without_orders;
    value.calibration_end = summary->result.calibration_end;
    value.observation_end = summary->result.observation_end;
    write_struct(value, counts);
    return {};
  });
}

void patron_ltv_summary_close(patron_ltv_summary* summary) noexcept { close(summary); }

patron_status patron_ltv_historic_compute(const patron_table* orders,
                                          const patron_ltv_historic_options* options,
                                          patron_ltv_historic** historic,
                                          patron_error* error) noexcept {
  clear(historic);
  return guard_call(error, [&](Call& call) -> Status {
    Status status = first_error({check_handle(orders, "orders"), require(historic, "historic")});
    if (!status.ok()) return status;
    LtvHistoricOptions wanted;
    status = read_options(options, wanted, call);
    if (!status.ok()) return status;
    Result<LtvHistoricResult> result = patron::ltv_historic(orders->table, wanted);
    if (!result.ok()) return result.status();
    return hand_out(*std::move(result), historic);
  });
}

patron_status patron_ltv_historic_table(const patron_ltv_historic* historic, patron_table** table,
                                        patron_error* error) noexcept {
  return hand_out_part(historic, "historic", &LtvHistoricResult::table, table, "table", error);
}

patron_status patron_ltv_historic_refused(const patron_ltv_historic* historic,
                                          patron_table** refused, patron_error* error) noexcept {
  return hand_out_part(historic, "historic", &LtvHistoricResult::refused, refused, "refused",
                       error);
}

patron_status patron_ltv_historic_counts(const patron_ltv_historic* historic,
                                         patron_ltv_counts* counts, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status =
        first_error({check_handle(historic, "historic"), check_output(counts, "counts")});
    if (!status.ok()) return status;
    patron_ltv_counts value = counts_of(historic->result);
    value.calibration_end = historic->result.as_of;
    value.observation_end = historic->result.as_of;
    write_struct(value, counts);
    return {};
  });
}

void patron_ltv_historic_close(patron_ltv_historic* historic) noexcept { close(historic); }

patron_status patron_ltv_plain_values(const double* annual_spend, const double* years,
                                      uint64_t count, double margin, double rate_per_year,
                                      double* values, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({require_array(annual_spend, count, sizeof(double), "annual_spend"),
                                 require_array(years, count, sizeof(double), "years"),
                                 require_array(values, count, sizeof(double), "values")});
    if (!status.ok()) return status;
    const size_t n = static_cast<size_t>(count);
    return patron::ltv_plain_values({annual_spend, n}, {years, n}, margin, rate_per_year,
                                    {values, n});
  });
}
