#include "capi/src/rfm_options.h"

#include "capi/src/handles.h"
#include "capi/src/input.h"

namespace patron::capi {
namespace {

Status read_string(const patron_str& in, const char* name, std::string& out) {
  const Result<std::string_view> text = read_text(in, name);
  if (!text.ok()) return text.status();
  out = *text;
  return {};
}

Status read_texts(const patron_rfm_options& in, RfmOptions& out) {
  std::string order, timezone;
  Status status = first_error({read_string(in.customer, "options.customer", out.customer),
                               read_string(in.time, "options.time", out.time),
                               read_string(in.amount, "options.amount", out.amount),
                               read_string(in.order, "options.order", order),
                               read_string(in.timezone, "options.timezone", timezone)});
  if (!status.ok()) return status;
  if (!order.empty()) out.order = std::move(order);
  if (!timezone.empty()) out.timezone = std::move(timezone);
  return {};
}

// Reads a field that is one of a list of constants.
template <typename Enum>
Status read_choice(int32_t value, Enum last, const char* name, Enum& out) {
  Status status = require_choice(value, static_cast<int32_t>(last), name);
  if (status.ok()) out = static_cast<Enum>(value);
  return status;
}

Status read_choices(const patron_rfm_options& in, RfmOptions& out) {
  out.chinese = in.language == PATRON_LANGUAGE_ZH;
  out.refuse_bad_rows = in.on_bad_row == PATRON_BAD_ROW_REFUSE;
  out.scale = in.scale;
  out.threads = in.threads;
  if (in.threads < 0) {
    return {Code::kArgument, "options.threads is " + std::to_string(in.threads) +
                                 "; want a number of threads, or 0 for one on each core"};
  }
  return first_error(
      {read_choice(in.refunds, Refunds::kIgnore, "options.refunds", out.refunds),
       read_choice(in.zero, ZeroAmounts::kCount, "options.zero", out.zero),
       read_choice(in.octant_names, OctantNames::kVe, "options.octant_names", out.octant_names),
       read_choice(in.on_gap, OnGap::kNull, "options.on_gap", out.on_gap),
       read_choice(in.on_overlap, OnOverlap::kFirst, "options.on_overlap", out.on_overlap),
       require_choice(in.language, PATRON_LANGUAGE_ZH, "options.language"),
       require_choice(in.on_bad_row, PATRON_BAD_ROW_FAIL, "options.on_bad_row")});
}

Status read_axis(const patron_rfm_axis* in, const std::string& name, RfmAxis& out,
                 OctantSplit& split) {
  if (in == nullptr) return {};
  patron_rfm_axis axis = {};
  Status status = read_struct(in, name.c_str(), axis);
  if (!status.ok()) return status;
  status = first_error(
      {read_choice(axis.method, RfmMethod::kFixed, (name + ".method").c_str(), out.method),
       read_choice(axis.octant_split, OctantSplit::Kind::kValue, (name + ".octant_split").c_str(),
                   split.kind),
       require_array(axis.cuts, axis.cut_count, sizeof(double), (name + ".cuts").c_str())});
  if (!status.ok()) return status;
  out.bins = axis.bins;
  out.cuts.assign(axis.cuts, axis.cuts + axis.cut_count);
  split.value = axis.octant_value;
  return {};
}

Status read_window(const patron_period* in, RfmOptions& out) {
  if (in == nullptr) return {};
  patron_period period = {};
  Status status = read_struct(in, "options.window", period);
  if (!status.ok()) return status;
  const bool one_part = (period.months > 0) != (period.micros > 0);
  if (!one_part || period.months < 0 || period.micros < 0) {
    return {Code::kArgument, "options.window has " + std::to_string(period.months) +
                                 " months and " + std::to_string(period.micros) +
                                 " microseconds; want one of the two above zero, the other zero"};
  }
  out.window = Period{period.months, period.micros};
  return {};
}

Status read_handles(const patron_rfm_options& in, RfmCall& call) {
  if (in.cuts != nullptr) {
    Status status = check_handle(in.cuts, "options.cuts");
    if (!status.ok()) return status;
    call.options.cuts = in.cuts->cuts;
  }
  if (in.segments != nullptr) {
    Status status = check_handle(in.segments, "options.segments");
    if (!status.ok()) return status;
    call.options.table = in.segments->table;
  }
  if (in.cancel != nullptr) {
    Status status = check_handle(in.cancel, "options.cancel");
    if (!status.ok()) return status;
    call.cancel = in.cancel->token;
    call.options.control.cancel = call.cancel.get();
  }
  if (in.workspace != nullptr) {
    Status status = check_handle(in.workspace, "options.workspace");
    if (!status.ok()) return status;
    call.options.workspace = &in.workspace->workspace;
  }
  return {};
}

void read_progress(const patron_rfm_options& in, RfmCall& call) {
  if (in.progress == nullptr) return;
  call.options.control.progress = [function = in.progress, context = in.progress_context,
                                   &call](double share) -> int {
    const int32_t result = function(context, share);
    if (result != 0) call.callback_result = result;
    return result;
  };
}

}  // namespace

Status read_rfm_options(const patron_rfm_options* in, RfmCall& call) {
  patron_rfm_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  RfmOptions& out = call.options;
  status = first_error(
      {read_texts(options, out), read_choices(options, out),
       read_axis(options.recency, "options.recency", out.recency, out.octant_split[0]),
       read_axis(options.frequency, "options.frequency", out.frequency, out.octant_split[1]),
       read_axis(options.monetary, "options.monetary", out.monetary, out.octant_split[2]),
       read_window(options.window, out), read_handles(options, call)});
  if (!status.ok()) return status;
  if (options.as_of != nullptr) out.as_of = *options.as_of;
  read_progress(options, call);
  return {};
}

}  // namespace patron::capi
