// What comes out of an engine: transitions, classes, profiles, distributions, forecasts, its hash.
#include <algorithm>

#include "capi/src/engine_calls.h"
#include "capi/src/engine_tables.h"
#include "capi/src/forecast_table.h"
#include "capi/src/profiles_options.h"
#include "lib/base/nearest.h"
#include "lib/base/utf8.h"

using namespace patron::capi;  // NOLINT
using patron::Code;
using patron::CustomerId;
using patron::Engine;
using patron::Kind;
using patron::Result;
using patron::Status;

namespace {

Kind ids_of(const Engine& engine) { return engine.layout().spec().customer; }

// The classification of that name; empty is all of them. Code::kUtf8, kColumn.
Result<std::string_view> read_classification(const Engine& engine, const char* data,
                                             uint64_t size) {
  Result<std::string_view> name = read_text(data, size, "classification");
  if (!name.ok() || name->empty()) return name;
  std::vector<std::string_view> known;
  for (const auto& one : engine.policy().classifications()) known.push_back(one.name);
  if (std::find(known.begin(), known.end(), *name) != known.end()) return name;
  return Status(Code::kColumn, "there is no classification " + patron::internal::quoted(*name) +
                                   patron::internal::known_names(*name, "classifications", known));
}

}  // namespace

patron_status patron_engine_transitions(const patron_engine* engine, int64_t after, int64_t limit,
                                        patron_table** transitions, patron_error* error) noexcept {
  clear(transitions);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(transitions, "transitions");
    if (!status.ok()) return status;
    if (after < 0 || limit < 0) {
      return {Code::kArgument,
              after < 0
                  ? "after is " + std::to_string(after) + "; want the number of a transition, or 0"
                  : "limit is " + std::to_string(limit) + "; want how many, or INT64_MAX for all"};
    }
    const std::vector<patron::Transition> found = engine->engine.transitions(after, limit);
    return hand_out(transitions_table(found, ids_of(engine->engine)), transitions);
  });
}

patron_status patron_engine_history(const patron_engine* engine, int64_t number,
                                    const char* customer, uint64_t customer_size,
                                    patron_table** transitions, patron_error* error) noexcept {
  clear(transitions);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(transitions, "transitions");
    if (!status.ok()) return status;
    const Result<CustomerId> id = read_id(engine->engine, number, customer, customer_size);
    if (!id.ok()) return id.status();
    const std::vector<patron::Transition> found = engine->engine.history(*id);
    return hand_out(transitions_table(found, ids_of(engine->engine)), transitions);
  });
}

patron_status patron_engine_classes(const patron_engine* engine, const patron_table* customers,
                                    patron_table** classes, patron_error* error) noexcept {
  clear(classes);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status =
        first_error({check_optional(customers, "customers"), require(classes, "classes")});
    if (!status.ok()) return status;
    if (customers == nullptr) return hand_out_table(engine->engine.classes(), classes);
    const Result<std::vector<CustomerId>> ids =
        read_customers(customers->table, ids_of(engine->engine));
    if (!ids.ok()) return ids.status();
    return hand_out_table(engine->engine.classes(*ids), classes);
  });
}

patron_status patron_engine_history_table(const patron_engine* engine, patron_table** history,
                                          patron_error* error) noexcept {
  clear(history);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(history, "history");
    return status.ok() ? hand_out_table(engine->engine.history_table(), history) : status;
  });
}

patron_status patron_engine_profiles(const patron_engine* engine,
                                     const patron_profiles_options* options,
                                     patron_table** profiles, patron_error* error) noexcept {
  clear(profiles);
  return engine_call(engine, error, [&](Call& call) -> Status {
    patron::ProfilesOptions wanted;
    std::vector<CustomerId> ids;
    Status status =
        first_error({require(profiles, "profiles"),
                     read_profiles(options, ids_of(engine->engine), ids, wanted, call)});
    if (!status.ok()) return status;
    return hand_out_table(engine->engine.profiles(wanted), profiles);
  });
}

patron_status patron_engine_profile(const patron_engine* engine, int64_t number,
                                    const char* customer, uint64_t customer_size,
                                    patron_table** profile, patron_error* error) noexcept {
  clear(profile);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(profile, "profile");
    if (!status.ok()) return status;
    const Result<CustomerId> id = read_id(engine->engine, number, customer, customer_size);
    if (!id.ok()) return id.status();
    return hand_out_table(engine->engine.profile_table(*id), profile);
  });
}

patron_status patron_engine_distribution(const patron_engine* engine, const char* classification,
                                         uint64_t classification_size, patron_table** distribution,
                                         patron_error* error) noexcept {
  clear(distribution);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(distribution, "distribution");
    if (!status.ok()) return status;
    const Result<std::string_view> name =
        read_text(classification, classification_size, "classification");
    if (!name.ok()) return name.status();
    const Result<std::vector<patron::ClassCount>> counts = engine->engine.distribution(*name);
    return counts.ok() ? hand_out(distribution_table(*counts), distribution) : counts.status();
  });
}

patron_status patron_engine_forecast(const patron_engine* engine, int64_t until,
                                     const char* classification, uint64_t classification_size,
                                     const patron_advance_options* options, patron_table** forecast,
                                     patron_error* error) noexcept {
  clear(forecast);
  return engine_call(engine, error, [&](Call& call) -> Status {
    patron::Control control;
    ForecastExtras asked;
    Status status = first_error(
        {require(forecast, "forecast"), read_advance(options, control, call, nullptr, &asked)});
    if (!status.ok()) return status;
    const Result<std::string_view> name =
        read_classification(engine->engine, classification, classification_size);
    if (!name.ok()) return name.status();
    const Result<patron::Forecasts> found = engine->engine.forecast(until, control, asked.threads);
    if (!found.ok()) return found.status();
    const ForecastTableOptions as{*name, asked.reasons, asked.threads};
    return hand_out(forecast_table(*found, ids_of(engine->engine), as), forecast);
  });
}

patron_status patron_engine_state_hash(const patron_engine* engine, patron_buffer** hash,
                                       patron_error* error) noexcept {
  clear(hash);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(hash, "hash");
    return status.ok() ? hand_out_text(engine->engine.state_hash(), hash) : status;
  });
}
