// What every call of an engine does first: one at a time.
//
//   return engine_call(engine, error, [&](Call& call) -> Status { ... engine->engine ... });
//
// Thread class of everything here: any-time; whoever comes second is refused.
#pragma once

#include "capi/src/handles.h"
#include "capi/src/options.h"

namespace patron::capi {

/// Holds an engine for one call.
class EngineUse {
 public:
  explicit EngineUse(const patron_engine* engine)
      : engine_(engine), taken_(!engine->in_use.exchange(true, std::memory_order_acquire)) {}
  ~EngineUse() {
    if (taken_) engine_->in_use.store(false, std::memory_order_release);
  }
  EngineUse(const EngineUse&) = delete;
  EngineUse& operator=(const EngineUse&) = delete;

  /// Code::kState where another call holds it.
  Status status() const {
    if (taken_) return {};
    return {Code::kState,
            "engine is in use by another call: use it from one thread at a time, and not from its "
            "own callbacks"};
  }

 private:
  const patron_engine* engine_;
  bool taken_;
};

/// guard_call for a call of an engine, which `body` may then use.
template <typename Body>
patron_status engine_call(const patron_engine* engine, patron_error* error,
                          const Body& body) noexcept {
  return guard_call(error, [&](Call& call) -> Status {
    Status status = check_handle(engine, "engine");
    if (!status.ok()) return status;
    const EngineUse use(engine);
    status = use.status();
    return status.ok() ? body(call) : status;
  });
}

/// A customer's id of the kind that the policy has. Code::kUtf8, kArgument.
inline Result<CustomerId> read_id(const Engine& engine, int64_t number, const char* text,
                                  uint64_t size) {
  const Result<std::string_view> read = read_text(text, size, "customer");
  if (!read.ok()) return read.status();
  const bool whole = engine.layout().spec().customer == Kind::kInt64;
  return whole ? CustomerId{number, {}} : CustomerId{0, *read};
}

/// Who may stop the call; NULL is nobody. Code::kUnsupported, kHandle, kState.
inline Status read_advance(const patron_advance_options* in, Control& out, Call& call) {
  if (in == nullptr) return {};
  patron_advance_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  return read_control(options.cancel, options.progress, options.progress_context, out, call);
}

}  // namespace patron::capi
