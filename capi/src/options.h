// What the options of most calls have in common: texts, choices, threads, windows, cancel,
// progress.
//
//   return guard_call(error, [&](Call& call) -> Status {
//     patron_x_options options = {};
//     Status status = read_struct(in, "options", options);
//     if (!status.ok()) return status;
//     status = first_error({read_optional(options.time, "options.time", out.time),
//                           read_window(options.window, "options.window", out.window),
//                           read_threads(options.threads, "options.threads", out.threads),
//                           read_control(options.cancel, options.progress,
//                                        options.progress_context, out.control, call)});
//     ...
//
// Each function reads one field into one member; `name` is that of the field, for the message.
// Where it fails the member is unspecified. Thread class of everything here: pure.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capi/src/guard.h"
#include "capi/src/handles.h"
#include "capi/src/input.h"
#include "patron/control.h"
#include "patron/patron.h"
#include "patron/time.h"

namespace patron::capi {

/// What must live as long as a call does, and what its callback said.
struct Call {
  std::shared_ptr<const CancelToken> cancel;
  int32_t callback_result = 0;  ///< the last answer of the progress callback that was not 0
};

/// guard(), for a body that takes a Call& and hands it to read_control: error->detail becomes the
/// callback's answer where that ended the call.
template <typename Body>
patron_status guard_call(patron_error* error, const Body& body) noexcept {
  Call call;
  const patron_status outcome = guard(error, [&] { return body(call); });
  if (outcome == PATRON_E_CALLBACK && error != nullptr) error->detail = call.callback_result;
  return outcome;
}

/// Code::kUtf8, kArgument.
Status read_string(const patron_str& in, const char* name, std::string& out);
/// The same; an empty text is none, and leaves `out` as it is.
Status read_optional(const patron_str& in, const char* name, std::optional<std::string>& out);
/// The same for a text with a default: an empty one leaves `out` as it is.
Status read_or_default(const patron_str& in, const char* name, std::string& out);
/// Code::kUtf8, kArgument; a message names the element, as in "options.topics[2]".
Status read_strings(const patron_str* in, uint64_t count, const char* name,
                    std::vector<std::string>& out);

/// Code::kArgument where the value is not one of an enum that counts from 0 to `last`.
template <typename Enum>
Status read_choice(int32_t value, Enum last, const char* name, Enum& out) {
  Status status = require_choice(value, static_cast<int32_t>(last), name);
  if (status.ok()) out = static_cast<Enum>(value);
  return status;
}

/// PATRON_BAD_ROW_REFUSE or _FAIL. Code::kArgument.
Status read_on_bad_row(int32_t value, const char* name, bool& refuse);
/// Code::kArgument below zero.
Status read_threads(int32_t value, const char* name, int& out);
/// A period of months or of microseconds; NULL leaves `out` as it is. Code::kArgument,
/// kUnsupported.
Status read_window(const patron_period* in, const char* name, std::optional<Period>& out);

/// A value that is optional: NULL leaves `out` as it is.
template <typename T, typename Value>
void read_pointed(const T* in, Value& out) {
  if (in != nullptr) out = *in;
}

/// Code::kHandle, kState for a token that is none. `call` must stay in place until the end of the
/// call.
Status read_control(const patron_cancel* cancel, patron_progress_fn progress, void* context,
                    Control& out, Call& call);

}  // namespace patron::capi
