#include "patron/engine.h"

#include <limits>
#include <vector>

#include "capi/src/engine_calls.h"
#include "capi/src/engine_tables.h"

using namespace patron::capi;  // NOLINT
using patron::Code;
using patron::Engine;
using patron::Result;
using patron::Status;

patron_status patron_engine_open(const patron_policy* policy, const patron_engine_options* options,
                                 patron_engine** engine, patron_error* error) noexcept {
  clear(engine);
  return guard(error, [&]() -> Status {
    patron::EngineOptions wanted;
    Status status =
        first_error({check_handle(policy, "policy"), require(engine, "engine"),
                     options == nullptr ? Status() : read_engine_options(options, wanted)});
    if (!status.ok()) return status;
    Result<Engine> opened = Engine::open(policy->policy, wanted);
    return opened.ok() ? hand_out(*std::move(opened), engine) : std::move(opened).status();
  });
}

patron_status patron_engine_describe(const patron_engine* engine, patron_engine_info* info,
                                     patron_error* error) noexcept {
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = check_output(info, "info");
    if (!status.ok()) return status;
    const Engine& from = engine->engine;
    const patron::BookFacts facts = from.facts();
    patron_engine_info value = PATRON_ENGINE_INFO_INIT;
    value.customer = static_cast<int32_t>(from.layout().spec().customer);
    value.clock =
        from.clock() == patron::kMinTime ? std::numeric_limits<int64_t>::min() : from.clock();
    value.next_due =
        from.next_due() >= patron::kEndTime ? std::numeric_limits<int64_t>::max() : from.next_due();
    value.customers = from.customers();
    value.events = facts.events;
    value.values = facts.values;
    value.transitions = from.transition_count();
    value.calibration = from.calibration().number();
    value.calibration_due = from.calibration_due().value_or(std::numeric_limits<int64_t>::max());
    write_struct(value, info);
    return {};
  });
}

patron_status patron_engine_measure(const patron_engine* engine, patron_engine_memory* memory,
                                    patron_error* error) noexcept {
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = check_output(memory, "memory");
    if (!status.ok()) return status;
    const patron::EngineMemory held = engine->engine.memory();
    patron_engine_memory value = PATRON_ENGINE_MEMORY_INIT;
    value.customers = held.book.customers;
    value.events = held.book.events;
    value.event_keys = held.book.event_keys;
    value.attributes = held.book.attributes;
    value.texts = held.book.texts;
    value.identities = held.book.identities;
    value.slack = held.book.slack;
    value.classes = held.classes;
    value.waiting = held.waiting;
    value.transitions = held.transitions;
    value.total = held.total;
    write_struct(value, memory);
    return {};
  });
}

int32_t patron_engine_find_stream(const patron_engine* engine, const char* name,
                                  uint64_t name_size) noexcept {
  if (!usable_handle(engine)) return -1;
  return guard_value(-1, [&] {
    const Result<std::string_view> text = read_text(name, name_size, "name");
    return text.ok() ? engine->engine.layout().find_stream(*text) : -1;
  });
}

patron_status patron_engine_columns(const patron_engine* engine, int32_t stream,
                                    patron_table** columns, patron_error* error) noexcept {
  clear(columns);
  return engine_call(engine, error, [&](Call&) -> Status {
    const auto& streams = engine->engine.layout().spec().streams;
    Status status =
        first_error({require(columns, "columns"),
                     require_index(stream, static_cast<int64_t>(streams.size()), "stream")});
    if (!status.ok()) return status;
    return hand_out(columns_table(streams[static_cast<size_t>(stream)]), columns);
  });
}

namespace {

constexpr int64_t kToldAtOnce = 1000;

// Tells of the transitions from the `after`-th on. Code::kCallback where the handler ends it.
Status tell(const patron_engine* engine, int64_t after, const TransitionsHandler& handler,
            Call& call) {
  const Engine& from = engine->engine;
  const patron::Kind ids = from.layout().spec().customer;
  for (;;) {
    const std::vector<patron::Transition> some = from.transitions(after, kToldAtOnce);
    if (some.empty()) return {};
    after = some.back().number;
    const patron_table batch(transitions_table(some, ids));
    const EngineTelling telling(engine);
    call.callback_result = handler.function(handler.context, &batch);
    if (telling.closed()) {
      return {Code::kState, "engine was closed by its on_transitions; everybody was settled"};
    }
    if (call.callback_result != 0) {
      return {Code::kCallback,
              "on_transitions returned " + std::to_string(call.callback_result) +
                  "; everybody is settled, and it was told of those up to number " +
                  std::to_string(after)};
    }
  }
}

}  // namespace

patron_status patron_engine_advance(patron_engine* engine, int64_t now,
                                    const patron_advance_options* options,
                                    patron_error* error) noexcept {
  if (options == nullptr) {
    return short_engine_call(engine, error,
                             [&]() -> Status { return engine->engine.advance(now, {}); });
  }
  return engine_call(engine, error, [&](Call& call) -> Status {
    patron::Control control;
    TransitionsHandler handler;
    Status status = read_advance(options, control, call, &handler);
    if (!status.ok()) return status;
    const int64_t before = engine->engine.transition_count();
    status = engine->engine.advance(now, control);
    if (!status.ok() || handler.function == nullptr) return status;
    return tell(engine, before, handler, call);
  });
}

void patron_engine_close(patron_engine* engine) noexcept {
  if (engine == nullptr || !engine->tag.is(patron_engine::kKind)) return;
  // From within a call that uses it: that frees it at its end.
  const bool used = engine->tag.of_this_process() &&
                    engine->state.exchange(EngineState::kClosed) != EngineState::kFree;
  if (!used) delete engine;
}
