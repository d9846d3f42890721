#include "capi/src/engine_calls.h"

using namespace patron::capi;  // NOLINT
using patron::Code;
using patron::Engine;
using patron::Result;
using patron::Status;

namespace {

// What is to be loaded, as the caller gives it.
struct Saved {
  const char* bytes;
  uint64_t size;
  const patron_engine_options* options;
};

// Hands out the engine that `make(bytes, options)` gives.
template <typename Make>
Status load(const Saved& saved, patron_engine** engine, const Make& make) {
  patron::EngineOptions wanted;
  Status status = first_error(
      {require_array(saved.bytes, saved.size, 1, "bytes"), require(engine, "engine"),
       saved.options == nullptr ? Status() : read_engine_options(saved.options, wanted)});
  if (!status.ok()) return status;
  const std::string_view all =
      saved.size == 0 ? std::string_view("") : std::string_view(saved.bytes, saved.size);
  Result<Engine> loaded = make(all, wanted);
  return loaded.ok() ? hand_out(*std::move(loaded), engine) : std::move(loaded).status();
}

}  // namespace

patron_status patron_engine_save(const patron_engine* engine, patron_buffer** bytes,
                                 patron_error* error) noexcept {
  clear(bytes);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(bytes, "bytes");
    return status.ok() ? hand_out_text(engine->engine.save(), bytes) : status;
  });
}

patron_status patron_engine_save_to(const patron_engine* engine, const patron_sink* sink,
                                    patron_error* error) noexcept {
  return engine_call(engine, error, [&](Call& call) -> Status {
    patron_sink to = {};
    Status status = read_struct(sink, "sink", to);
    if (!status.ok()) return status;
    if (to.write == nullptr) return {Code::kArgument, "sink.write is NULL"};
    return engine->engine.save([&](std::string_view piece) -> Status {
      const auto* bytes = reinterpret_cast<const uint8_t*>(piece.data());
      call.callback_result = to.write(to.context, bytes, piece.size());
      if (call.callback_result == 0) return {};
      return {Code::kCallback, "sink.write returned " + std::to_string(call.callback_result)};
    });
  });
}

patron_status patron_engine_load(const char* bytes, uint64_t bytes_size,
                                 const patron_engine_options* options, patron_engine** engine,
                                 patron_error* error) noexcept {
  clear(engine);
  return guard(error, [&]() -> Status {
    return load({bytes, bytes_size, options}, engine,
                [](std::string_view all, const patron::EngineOptions& wanted) {
                  return Engine::load(all, wanted);
                });
  });
}

patron_status patron_engine_load_with_policy(const char* bytes, uint64_t bytes_size,
                                             const patron_policy* policy,
                                             const patron_engine_options* options,
                                             patron_engine** engine, patron_error* error) noexcept {
  clear(engine);
  return guard(error, [&]() -> Status {
    Status status = check_handle(policy, "policy");
    if (!status.ok()) return status;
    return load({bytes, bytes_size, options}, engine,
                [&](std::string_view all, const patron::EngineOptions& wanted) {
                  return Engine::load(all, policy->policy, wanted);
                });
  });
}

patron_status patron_engine_policy(const patron_engine* engine, patron_policy** policy,
                                   patron_error* error) noexcept {
  clear(policy);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(policy, "policy");
    return status.ok() ? hand_out(engine->engine.policy(), policy) : status;
  });
}
