#include "patron/nps.h"

#include "capi/src/options.h"

using namespace patron::capi;  // NOLINT
using patron::Code;
using patron::Result;
using patron::Status;

namespace {

Status read_method(const patron_nps_method* in, const char* name, patron::NpsMethod& out) {
  patron_nps_method method = {};
  Status status = read_struct(in, name, method);
  if (!status.ok()) return status;
  const std::string question = std::string(name) + ".question";
  const std::string interval = std::string(name) + ".interval";
  out.scale = {method.lowest, method.highest, method.top_boxes};
  out.confidence = method.confidence;
  return first_error(
      {read_choice(method.question, patron::Question::kCes, question.c_str(), out.question),
       read_choice(method.interval, patron::Interval::kStudent, interval.c_str(), out.interval)});
}

Status read_texts(const patron_nps_options& in, patron::NpsOptions& out) {
  return first_error({read_string(in.score, "options.score", out.score),
                      read_optional(in.group, "options.group", out.group),
                      read_optional(in.kind, "options.kind", out.kind),
                      read_optional(in.only, "options.only", out.only),
                      read_optional(in.customer, "options.customer", out.customer),
                      read_optional(in.time, "options.time", out.time),
                      read_or_default(in.timezone, "options.timezone", out.timezone),
                      read_strings(in.topics, in.topic_count, "options.topics", out.topics)});
}

Status read_options(const patron_nps_options* in, patron::NpsOptions& out, Call& call) {
  patron_nps_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  read_pointed(options.as_of, out.as_of);
  read_pointed(options.population, out.population);
  return first_error(
      {read_texts(options, out), read_window(options.window, "options.window", out.window),
       options.method == nullptr ? Status()
                                 : read_method(options.method, "options.method", out.method),
       read_on_bad_row(options.on_bad_row, "options.on_bad_row", out.refuse_bad_rows),
       read_threads(options.threads, "options.threads", out.threads),
       read_control(options.cancel, options.progress, options.progress_context, out.control,
                    call)});
}

void write_score(const patron::Estimate& estimate, std::string_view kind, patron_nps_score* score) {
  patron_nps_score value = PATRON_NPS_SCORE_INIT;
  value.kind = view(kind);
  value.count = estimate.count;
  value.promoters = estimate.promoters;
  value.passives = estimate.passives;
  value.detractors = estimate.detractors;
  value.score = estimate.score;
  value.standard_error = estimate.standard_error;
  value.low = estimate.low;
  value.high = estimate.high;
  write_struct(value, score);
}

/// Code::kArgument where there is not just one score.
Status require_one_kind(const patron::NpsResult& result, const char* name) {
  if (result.overall.size() == 1) return {};
  return {Code::kArgument, std::string(name) + " holds responses of " +
                               std::to_string(result.overall.size()) +
                               " kinds; compute it with options.only"};
}

}  // namespace

patron_status patron_nps_estimate(const int64_t* counts, uint64_t count_size,
                                  const int64_t* population, const patron_nps_method* method,
                                  patron_nps_score* score, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({require_array(counts, count_size, sizeof(int64_t), "counts"),
                                 check_output(score, "score")});
    if (!status.ok()) return status;
    patron::Counts given;
    if (count_size > given.of.size()) {
      return {Code::kArgument,
              "count_size is " + std::to_string(count_size) + "; a scale has at most 11 scores"};
    }
    patron::NpsMethod wanted;
    status = read_method(method, "method", wanted);
    if (!status.ok()) return status;
    for (uint64_t i = 0; i < count_size; ++i) given.of[i] = counts[i];
    if (population != nullptr) given.population = *population;
    const Result<patron::Estimate> estimate = patron::nps_estimate(given, wanted);
    if (!estimate.ok()) return estimate.status();
    write_score(*estimate, "", score);
    return {};
  });
}

patron_status patron_nps_compute(const patron_table* responses, const patron_nps_options* options,
                                 patron_nps** nps, patron_error* error) noexcept {
  clear(nps);
  return guard_call(error, [&](Call& call) -> Status {
    Status status = first_error({check_handle(responses, "responses"), require(nps, "nps")});
    if (!status.ok()) return status;
    patron::NpsOptions wanted;
    status = read_options(options, wanted, call);
    if (!status.ok()) return status;
    Result<patron::NpsResult> result = patron::nps(responses->table, wanted);
    if (!result.ok()) return result.status();
    return hand_out(*std::move(result), nps);
  });
}

patron_status patron_nps_table(const patron_nps* nps, patron_table** table,
                               patron_error* error) noexcept {
  return hand_out_part(nps, "nps", &patron::NpsResult::table, table, "table", error);
}

patron_status patron_nps_overall(const patron_nps* nps, int32_t kind, patron_nps_score* score,
                                 patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(nps, "nps"), check_output(score, "score")});
    if (!status.ok()) return status;
    const std::vector<patron::KindEstimate>& overall = nps->result.overall;
    status = require_index(kind, static_cast<int64_t>(overall.size()), "kind");
    if (!status.ok()) return status;
    const patron::KindEstimate& wanted = overall[static_cast<size_t>(kind)];
    write_score(wanted.estimate, wanted.kind, score);
    return {};
  });
}

patron_status patron_nps_drivers(const patron_nps* nps, patron_table** drivers,
                                 patron_error* error) noexcept {
  return hand_out_part(nps, "nps", &patron::NpsResult::drivers, drivers, "drivers", error);
}

patron_status patron_nps_refused(const patron_nps* nps, patron_table** refused,
                                 patron_error* error) noexcept {
  return hand_out_part(nps, "nps", &patron::NpsResult::refused, refused, "refused", error);
}

patron_status patron_nps_counts(const patron_nps* nps, patron_nps_summary* summary,
                                patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(nps, "nps"), check_output(summary, "summary")});
    if (!status.ok()) return status;
    const patron::NpsResult& result = nps->result;
    patron_nps_summary value = PATRON_NPS_SUMMARY_INIT;
    value.kinds = static_cast<int32_t>(result.overall.size());
    value.rows = result.rows;
    value.refused_rows = result.refused_rows;
    value.waiting_rows = result.waiting_rows;
    value.old_rows = result.old_rows;
    value.superseded_rows = result.superseded_rows;
    value.other_rows = result.other_rows;
    value.as_of = result.as_of;
    write_struct(value, summary);
    return {};
  });
}

patron_status patron_nps_difference(const patron_nps* a, const patron_nps* b, int32_t interval,
                                    double confidence, patron_nps_change* change,
                                    patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status =
        first_error({check_handle(a, "a"), check_handle(b, "b"), check_output(change, "change"),
                     require_choice(interval, PATRON_INTERVAL_STUDENT, "interval")});
    if (!status.ok()) return status;
    status = first_error({require_one_kind(a->result, "a"), require_one_kind(b->result, "b")});
    if (!status.ok()) return status;
    patron::NpsMethod method = a->result.method;
    const patron::NpsMethod& other = b->result.method;
    if (method.question != other.question || method.scale != other.scale)
      return {Code::kArgument,
              "a and b answer different questions, or on different scales; compare like with like"};
    method.interval = static_cast<patron::Interval>(interval);
    method.confidence = confidence;
    const Result<patron::Change> found =
        patron::nps_difference(a->result.overall[0].counts, b->result.overall[0].counts, method);
    if (!found.ok()) return found.status();
    patron_nps_change value = PATRON_NPS_CHANGE_INIT;
    value.difference = found->difference;
    value.standard_error = found->standard_error;
    value.low = found->low;
    value.high = found->high;
    value.z = found->z;
    value.p = found->p;
    value.degrees = found->degrees;
    write_struct(value, change);
    return {};
  });
}

void patron_nps_close(patron_nps* nps) noexcept { close(nps); }
