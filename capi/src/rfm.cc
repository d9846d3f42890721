#include "patron/rfm.h"

#include "capi/src/rfm_options.h"

using namespace patron::capi;  // NOLINT
using patron::Result;
using patron::Status;

patron_str patron_refusal_reason(int32_t refusal) noexcept {
  if (refusal < PATRON_REFUSAL_NULL_CUSTOMER || refusal > PATRON_REFUSAL_MARGIN_OVERFLOW) {
    return {nullptr, 0};
  }
  return view(patron::refusal_reason(static_cast<patron::Refusal>(refusal)));
}

patron_status patron_rfm_compute(const patron_table* orders, const patron_rfm_options* options,
                                 patron_rfm** rfm, patron_error* error) noexcept {
  clear(rfm);
  return guard_call(error, [&](Call& call) -> Status {
    Status status = first_error({check_handle(orders, "orders"), require(rfm, "rfm")});
    if (!status.ok()) return status;
    patron::RfmOptions wanted;
    status = read_rfm_options(options, wanted, call);
    if (!status.ok()) return status;
    Result<patron::RfmResult> result = patron::rfm(orders->table, wanted);
    if (!result.ok()) return result.status();
    return hand_out(*std::move(result), rfm);
  });
}

patron_status patron_rfm_table(const patron_rfm* rfm, patron_table** table,
                               patron_error* error) noexcept {
  return hand_out_part(rfm, "rfm", &patron::RfmResult::table, table, "table", error);
}

patron_status patron_rfm_refused(const patron_rfm* rfm, patron_table** refused,
                                 patron_error* error) noexcept {
  return hand_out_part(rfm, "rfm", &patron::RfmResult::refused, refused, "refused", error);
}

patron_status patron_rfm_cuts(const patron_rfm* rfm, patron_cuts** cuts,
                              patron_error* error) noexcept {
  return hand_out_part(rfm, "rfm", &patron::RfmResult::cuts, cuts, "cuts", error);
}

patron_status patron_rfm_counts(const patron_rfm* rfm, patron_rfm_summary* summary,
                                patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(rfm, "rfm"), check_output(summary, "summary")});
    if (!status.ok()) return status;
    const patron::RfmResult& result = rfm->result;
    patron_rfm_summary value = PATRON_RFM_SUMMARY_INIT;
    value.customers = result.table.rows();
    value.rows = result.rows;
    value.refused_rows = result.refused_rows;
    value.rounded_rows = result.rounded_rows;
    value.waiting_rows = result.waiting_rows;
    value.zero_rows = result.zero_rows;
    value.refund_rows = result.refund_rows;
    value.as_of = result.as_of;
    write_struct(value, summary);
    return {};
  });
}

void patron_rfm_close(patron_rfm* rfm) noexcept { close(rfm); }
