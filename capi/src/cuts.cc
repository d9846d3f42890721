#include "capi/src/guard.h"
#include "capi/src/handles.h"

using namespace patron::capi;  // NOLINT
using patron::Result;
using patron::Status;

patron_status patron_cuts_parse(const char* json, uint64_t json_size, patron_cuts** cuts,
                                patron_error* error) noexcept {
  clear(cuts);
  return guard(error, [&]() -> Status {
    Status status = require(cuts, "cuts");
    if (!status.ok()) return status;
    const Result<std::string_view> text = read_text(json, json_size, "json");
    if (!text.ok()) return text.status();
    Result<patron::RfmCuts> parsed = patron::RfmCuts::parse(*text);
    if (!parsed.ok()) return parsed.status();
    return hand_out(*std::move(parsed), cuts);
  });
}

patron_status patron_cuts_to_json(const patron_cuts* cuts, patron_buffer** json,
                                  patron_error* error) noexcept {
  clear(json);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(cuts, "cuts"), require(json, "json")});
    if (!status.ok()) return status;
    return hand_out_text(cuts->cuts.to_json(), json);
  });
}

patron_status patron_cuts_describe(const patron_cuts* cuts, patron_cuts_info* info,
                                   patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(cuts, "cuts"), check_output(info, "info")});
    if (!status.ok()) return status;
    patron_cuts_info value = PATRON_CUTS_INFO_INIT;
    value.scale = cuts->cuts.scale;
    value.timezone = view(cuts->cuts.timezone);
    value.customers = cuts->cuts.customers;
    write_struct(value, info);
    return {};
  });
}

patron_status patron_cuts_axis(const patron_cuts* cuts, int32_t axis, patron_axis_cuts* axis_cuts,
                               patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(cuts, "cuts"), check_output(axis_cuts, "axis_cuts"),
                                 require_choice(axis, PATRON_AXIS_MONETARY, "axis")});
    if (!status.ok()) return status;
    // check_handle() has refused a null handle, which the analyzer does not follow.
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    const patron::RfmAxisCuts& found = axis == PATRON_AXIS_RECENCY     ? cuts->cuts.recency
                                       : axis == PATRON_AXIS_FREQUENCY ? cuts->cuts.frequency
                                                                       : cuts->cuts.monetary;
    patron_axis_cuts value = PATRON_AXIS_CUTS_INIT;
    value.method = static_cast<int32_t>(found.method);
    value.cuts = found.cuts.data();
    value.count = found.cuts.size();
    value.octant_split = found.octant_split;
    write_struct(value, axis_cuts);
    return {};
  });
}

patron_status patron_cuts_score(const patron_cuts* cuts, int64_t recency_days, int64_t frequency,
                                int64_t monetary_minor, patron_scores* scores,
                                patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(cuts, "cuts"), check_output(scores, "scores")});
    if (!status.ok()) return status;
    const patron::Scores found =
        patron::rfm_score(recency_days, frequency, monetary_minor, cuts->cuts);
    patron_scores value = PATRON_SCORES_INIT;
    value.r = found.r;
    value.f = found.f;
    value.m = found.m;
    value.octant = patron::rfm_octant(recency_days, frequency, monetary_minor, cuts->cuts);
    write_struct(value, scores);
    return {};
  });
}

void patron_cuts_close(patron_cuts* cuts) noexcept { close(cuts); }
