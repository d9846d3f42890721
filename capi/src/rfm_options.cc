#include "capi/src/rfm_options.h"

namespace patron::capi {
namespace {

Status read_texts(const patron_rfm_options& in, RfmOptions& out) {
  return first_error({read_string(in.customer, "options.customer", out.customer),
                      read_string(in.time, "options.time", out.time),
                      read_string(in.amount, "options.amount", out.amount),
                      read_optional(in.order, "options.order", out.order),
                      read_or_default(in.timezone, "options.timezone", out.timezone)});
}

Status read_choices(const patron_rfm_options& in, RfmOptions& out) {
  out.chinese = in.language == PATRON_LANGUAGE_ZH;
  out.scale = in.scale;
  return first_error(
      {read_choice(in.refunds, Refunds::kIgnore, "options.refunds", out.refunds),
       read_choice(in.zero, ZeroAmounts::kCount, "options.zero", out.zero),
       read_choice(in.octant_names, OctantNames::kVe, "options.octant_names", out.octant_names),
       read_choice(in.on_gap, OnGap::kNull, "options.on_gap", out.on_gap),
       read_choice(in.on_overlap, OnOverlap::kFirst, "options.on_overlap", out.on_overlap),
       require_choice(in.language, PATRON_LANGUAGE_ZH, "options.language"),
       read_on_bad_row(in.on_bad_row, "options.on_bad_row", out.refuse_bad_rows),
       read_threads(in.threads, "options.threads", out.threads)});
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

Status read_handles(const patron_rfm_options& in, RfmOptions& out) {
  Status status = first_error({check_optional(in.cuts, "options.cuts"),
                               check_optional(in.segments, "options.segments"),
                               check_optional(in.workspace, "options.workspace")});
  if (!status.ok()) return status;
  if (in.cuts != nullptr) out.cuts = in.cuts->cuts;
  if (in.segments != nullptr) out.table = in.segments->table;
  if (in.workspace != nullptr) out.workspace = &in.workspace->workspace;
  return {};
}

}  // namespace

Status read_rfm_options(const patron_rfm_options* in, RfmOptions& out, Call& call) {
  patron_rfm_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  read_pointed(options.as_of, out.as_of);
  return first_error(
      {read_texts(options, out), read_choices(options, out),
       read_axis(options.recency, "options.recency", out.recency, out.octant_split[0]),
       read_axis(options.frequency, "options.frequency", out.frequency, out.octant_split[1]),
       read_axis(options.monetary, "options.monetary", out.monetary, out.octant_split[2]),
       read_window(options.window, "options.window", out.window), read_handles(options, out),
       read_control(options.cancel, options.progress, options.progress_context, out.control,
                    call)});
}

}  // namespace patron::capi
