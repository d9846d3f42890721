// What every call of an engine does first: one at a time; and who is told what it changed.
//
//   return engine_call(engine, error, [&](Call& call) -> Status { ... engine->engine ... });
//
// Thread class of everything here: any-time; whoever comes second is refused.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>

#include "capi/src/handles.h"
#include "capi/src/options.h"

namespace patron::capi {

/// Holds an engine for one call. A call that only reads may come from within one that tells its
/// caller what changed, on the same thread.
class EngineUse {
 public:
  EngineUse(const patron_engine* engine, bool reads) : engine_(engine) {
    taken_ = swap(before_) || take_from_teller(reads);
  }
  ~EngineUse() {
    EngineState busy = EngineState::kBusy;
    // It was closed from within this call: the outermost frees it.
    if (taken_ && !engine_->state.compare_exchange_strong(busy, before_)) end_closed();
  }
  EngineUse(const EngineUse&) = delete;
  EngineUse& operator=(const EngineUse&) = delete;

  bool taken() const { return taken_; }
  /// Code::kState where another call holds it.
  Status status() const {
    if (taken_) return {};
    if (before_ == EngineState::kClosed) {
      return {Code::kState, "engine was closed by a callback of the call that uses it"};
    }
    if (refused_change_) {
      return {
          Code::kState,
          "engine tells of its transitions: it may be asked now, and changed when that call has "
          "ended"};
    }
    return {Code::kState,
            "engine is in use by another call: use it from one thread at a time, and not from its "
            "own callbacks"};
  }

 private:
  // Not inline: nearly every call finds it free.
  [[gnu::noinline]] bool take_from_teller(bool reads) {
    if (before_ != EngineState::kTelling) return false;
    if (engine_->teller.load(std::memory_order_relaxed) != std::this_thread::get_id()) {
      return false;
    }
    refused_change_ = !reads;
    return reads && swap(before_);
  }
  [[gnu::noinline]] void end_closed() {
    if (before_ == EngineState::kFree) delete engine_;
  }
  bool swap(EngineState& found) {
    return engine_->state.compare_exchange_strong(found, EngineState::kBusy);
  }

  const patron_engine* engine_;
  bool taken_ = false, refused_change_ = false;
  EngineState before_ = EngineState::kFree;  ///< what it was found to be
};

/// While the caller is told something by the call that holds an engine.
class EngineTelling {
 public:
  explicit EngineTelling(const patron_engine* engine) : engine_(engine) {
    engine_->teller.store(std::this_thread::get_id(), std::memory_order_relaxed);
    change(EngineState::kBusy, EngineState::kTelling);
  }
  ~EngineTelling() { change(EngineState::kTelling, EngineState::kBusy); }
  /// Whether it was closed by whoever was told.
  bool closed() const { return engine_->state.load() == EngineState::kClosed; }
  EngineTelling(const EngineTelling&) = delete;
  EngineTelling& operator=(const EngineTelling&) = delete;

 private:
  void change(EngineState from, EngineState to) {
    engine_->state.compare_exchange_strong(from, to);
  }

  const patron_engine* engine_;
};

/// Runs `body`, which may use the engine; a call of a const engine reads.
template <typename Handle, typename Body>
Status with_engine(Handle* engine, const Body& body) {
  if (!usable_handle(engine)) return handle_fault(engine, "engine");
  const EngineUse use(engine, std::is_const_v<Handle>);
  return use.taken() ? body() : use.status();
}

/// guard_call for a call of an engine.
template <typename Handle, typename Body>
patron_status engine_call(Handle* engine, patron_error* error, const Body& body) noexcept {
  return guard_call(
      error, [&](Call& call) -> Status { return with_engine(engine, [&] { return body(call); }); });
}

/// The same without a Call, for calls that nobody watches or stops.
template <typename Handle, typename Body>
patron_status short_engine_call(Handle* engine, patron_error* error, const Body& body) noexcept {
  return guard(error, [&]() -> Status { return with_engine(engine, body); });
}

/// A customer's id of the kind that the policy has. Code::kUtf8, kArgument.
inline Result<CustomerId> read_id(Kind customer, int64_t number, const char* text, uint64_t size) {
  const Result<std::string_view> read = read_text(text, size, "customer");
  if (!read.ok()) return read.status();
  return customer == Kind::kInt64 ? CustomerId{number, {}} : CustomerId{0, *read};
}
inline Result<CustomerId> read_id(const Engine& engine, int64_t number, const char* text,
                                  uint64_t size) {
  return read_id(engine.layout().spec().customer, number, text, size);
}

/// Which customer an id is, for the caller.
inline void write_identity(const std::optional<CustomerId>& customer, patron_identity* out) {
  patron_identity value = PATRON_IDENTITY_INIT;
  if (customer) {
    value.found = 1;
    value.number = customer->number;
    value.customer = view(customer->text);
  }
  write_struct(value, out);
}

/// How an engine is opened. Code::kUnsupported, kArgument.
inline Status read_engine_options(const patron_engine_options* in, EngineOptions& out) {
  patron_engine_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  if (options.memory_limit < 0) {
    return {Code::kArgument, "options.memory_limit is " + std::to_string(options.memory_limit) +
                                 "; want a number of bytes, or 0 for no limit"};
  }
  out.memory_limit = options.memory_limit;
  out.shard = options.shard != 0;
  read_pointed(options.refuse_after, out.refuse_after);
  return require_choice(options.shard, 1, "options.shard");
}

/// Who is told what changed.
struct TransitionsHandler {
  patron_transitions_fn function = nullptr;
  void* context = nullptr;
};

/// What only a forecast is told.
struct ForecastExtras {
  int threads = 1;
  bool reasons = true;
};

/// Who may stop the call, and who is told what it changed (null: nobody may be); NULL is nobody.
/// Code::kUnsupported, kHandle, kState, kArgument.
inline Status read_advance(const patron_advance_options* in, Control& out, Call& call,
                           TransitionsHandler* handler = nullptr,
                           ForecastExtras* extras = nullptr) {
  if (in == nullptr) return {};
  patron_advance_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  if (handler != nullptr) {
    *handler = {options.on_transitions, options.transitions_context};
  } else if (options.on_transitions != nullptr) {
    return {Code::kArgument, "options.on_transitions is for calls that change somebody's class"};
  }
  ForecastExtras asked;
  status = first_error(
      {read_threads(options.threads, "options.threads", asked.threads),
       read_control(options.cancel, options.progress, options.progress_context, out, call)});
  asked.reasons = options.reasons != 0;
  if (extras != nullptr) *extras = asked;
  return status;
}

}  // namespace patron::capi
