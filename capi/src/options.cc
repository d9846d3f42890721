#include "capi/src/options.h"

namespace patron::capi {

Status read_string(const patron_str& in, const char* name, std::string& out) {
  const Result<std::string_view> text = read_text(in, name);
  if (!text.ok()) return text.status();
  out = *text;
  return {};
}

Status read_optional(const patron_str& in, const char* name, std::optional<std::string>& out) {
  const Result<std::string_view> text = read_text(in, name);
  if (!text.ok()) return text.status();
  if (!text->empty()) out = *text;
  return {};
}

Status read_or_default(const patron_str& in, const char* name, std::string& out) {
  const Result<std::string_view> text = read_text(in, name);
  if (!text.ok()) return text.status();
  if (!text->empty()) out = *text;
  return {};
}

Status read_strings(const patron_str* in, uint64_t count, const char* name,
                    std::vector<std::string>& out) {
  Status status = require_array(in, count, sizeof(patron_str), name);
  if (!status.ok()) return status;
  for (uint64_t i = 0; i < count; ++i) {
    const std::string element = std::string(name) + "[" + std::to_string(i) + "]";
    const Result<std::string_view> text = read_text(in[i], element.c_str());
    if (!text.ok()) return text.status();
    out.emplace_back(*text);
  }
  return {};
}

Status read_on_bad_row(int32_t value, const char* name, bool& refuse) {
  refuse = value == PATRON_BAD_ROW_REFUSE;
  return require_choice(value, PATRON_BAD_ROW_FAIL, name);
}

Status read_threads(int32_t value, const char* name, int& out) {
  out = value;
  if (value >= 0) return {};
  return {Code::kArgument, std::string(name) + " is " + std::to_string(value) +
                               "; want a number of threads, or 0 for one on each core"};
}

Status read_window(const patron_period* in, const char* name, std::optional<Period>& out) {
  if (in == nullptr) return {};
  patron_period period = {};
  Status status = read_struct(in, name, period);
  if (!status.ok()) return status;
  const bool one_part = (period.months > 0) != (period.micros > 0);
  if (!one_part || period.months < 0 || period.micros < 0) {
    return {Code::kArgument, std::string(name) + " has " + std::to_string(period.months) +
                                 " months and " + std::to_string(period.micros) +
                                 " microseconds; want one of the two above zero, the other zero"};
  }
  out = Period{period.months, period.micros};
  return {};
}

Status read_control(const patron_cancel* cancel, patron_progress_fn progress, void* context,
                    Control& out, Call& call) {
  Status status = check_optional(cancel, "options.cancel");
  if (!status.ok()) return status;
  if (cancel != nullptr) {
    call.cancel = cancel->token;
    out.cancel = call.cancel.get();
  }
  if (progress != nullptr) {
    out.progress = [progress, context, &call](double share) -> int {
      const int32_t result = progress(context, share);
      if (result != 0) call.callback_result = result;
      return result;
    };
  }
  return {};
}

}  // namespace patron::capi
