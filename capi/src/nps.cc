#include "patron/nps.h"

#include "capi/src/guard.h"
#include "capi/src/handles.h"

using namespace patron::capi;  // NOLINT
using patron::Code;
using patron::Result;
using patron::Status;

namespace {

/// What a call is made with, and what must live until it ends.
struct Call {
  patron::NpsOptions options;
  std::shared_ptr<patron::CancelToken> cancel;
  int32_t callback_result = 0;
};

Status read_method(const patron_nps_method* in, const char* name, patron::NpsMethod& out) {
  patron_nps_method method = {};
  Status status = read_struct(in, name, method);
  if (!status.ok()) return status;
  const std::string question = std::string(name) + ".question";
  const std::string interval = std::string(name) + ".interval";
  status =
      first_error({require_choice(method.question, PATRON_QUESTION_CES, question.c_str()),
                   require_choice(method.interval, PATRON_INTERVAL_STUDENT, interval.c_str())});
  if (!status.ok()) return status;
  out.question = static_cast<patron::Question>(method.question);
  out.interval = static_cast<patron::Interval>(method.interval);
  out.scale = {method.lowest, method.highest, method.top_boxes};
  out.confidence = method.confidence;
  return {};
}

/// A text that is optional: empty is absent.
Status read_optional(const patron_str& in, const char* name, std::optional<std::string>& out) {
  const Result<std::string_view> text = read_text(in, name);
  if (!text.ok()) return text.status();
  if (!text->empty()) out = *text;
  return {};
}

Status read_texts(const patron_nps_options& in, patron::NpsOptions& out) {
  std::optional<std::string> score, timezone;
  Status status =
      first_error({read_optional(in.score, "options.score", score),
                   read_optional(in.group, "options.group", out.group),
                   read_optional(in.kind, "options.kind", out.kind),
                   read_optional(in.only, "options.only", out.only),
                   read_optional(in.customer, "options.customer", out.customer),
                   read_optional(in.time, "options.time", out.time),
                   read_optional(in.timezone, "options.timezone", timezone),
                   require_array(in.topics, in.topic_count, sizeof(patron_str), "options.topics")});
  if (!status.ok()) return status;
  out.score = score.value_or("");
  if (timezone) out.timezone = *timezone;
  for (uint64_t i = 0; i < in.topic_count; ++i) {
    const std::string name = "options.topics[" + std::to_string(i) + "]";
    const Result<std::string_view> topic = read_text(in.topics[i], name.c_str());
    if (!topic.ok()) return topic.status();
    out.topics.emplace_back(*topic);
  }
  return {};
}

Status read_window(const patron_period* in, patron::NpsOptions& out) {
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
  out.window = patron::Period{period.months, period.micros};
  return {};
}

Status read_options(const patron_nps_options* in, Call& call) {
  patron_nps_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  patron::NpsOptions& out = call.options;
  status = first_error(
      {read_texts(options, out), read_window(options.window, out),
       options.method == nullptr ? Status()
                                 : read_method(options.method, "options.method", out.method),
       require_choice(options.on_bad_row, PATRON_BAD_ROW_FAIL, "options.on_bad_row")});
  if (!status.ok()) return status;
  if (options.threads < 0) {
    return {Code::kArgument, "options.threads is " + std::to_string(options.threads) +
                                 "; want a number of threads, or 0 for one on each core"};
  }
  out.threads = options.threads;
  out.refuse_bad_rows = options.on_bad_row == PATRON_BAD_ROW_REFUSE;
  if (options.as_of != nullptr) out.as_of = *options.as_of;
  if (options.population != nullptr) out.population = *options.population;
  if (options.cancel != nullptr) {
    status = check_handle(options.cancel, "options.cancel");
    if (!status.ok()) return status;
    call.cancel = options.cancel->token;
    out.control.cancel = call.cancel.get();
  }
  if (options.progress != nullptr) {
    out.control.progress = [function = options.progress, context = options.progress_context,
                            &call](double share) -> int {
      const int32_t result = function(context, share);
      if (result != 0) call.callback_result = result;
      return result;
    };
  }
  return {};
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
  int32_t callback_result = 0;
  const patron_status outcome = guard(error, [&]() -> Status {
    Status status = first_error({check_handle(responses, "responses"), require(nps, "nps")});
    if (!status.ok()) return status;
    Call call;
    status = read_options(options, call);
    if (!status.ok()) return status;
    Result<patron::NpsResult> result = patron::nps(responses->table, call.options);
    callback_result = call.callback_result;
    if (!result.ok()) return result.status();
    return hand_out(*std::move(result), nps);
  });
  if (outcome == PATRON_E_CALLBACK && error != nullptr) error->detail = callback_result;
  return outcome;
}

patron_status patron_nps_table(const patron_nps* nps, patron_table** table,
                               patron_error* error) noexcept {
  clear(table);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(nps, "nps"), require(table, "table")});
    return status.ok() ? hand_out(nps->result.table, table) : status;
  });
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
  clear(drivers);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(nps, "nps"), require(drivers, "drivers")});
    return status.ok() ? hand_out(nps->result.drivers, drivers) : status;
  });
}

patron_status patron_nps_refused(const patron_nps* nps, patron_table** refused,
                                 patron_error* error) noexcept {
  clear(refused);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(nps, "nps"), require(refused, "refused")});
    return status.ok() ? hand_out(nps->result.refused, refused) : status;
  });
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
