// Another policy takes over an engine, or is tried; who was where at other instants.
#include "capi/src/engine_calls.h"
#include "capi/src/engine_tables.h"
#include "capi/src/forecast_table.h"
#include "capi/src/publish_mapping.h"
#include "capi/src/table_of.h"

using namespace patron::capi;  // NOLINT
using patron::Kind;
using patron::Micros;
using patron::Result;
using patron::Status;

namespace {

// A call of an engine with another policy and a mapping, `body(policy, mapping, call)`.
template <typename Handle, typename Body>
patron_status policy_call(Handle* engine, const patron_policy* policy, const char* mapping,
                          uint64_t mapping_size, patron_error* error, const Body& body) noexcept {
  return engine_call(engine, error, [&](Call& call) -> Status {
    Status status = check_handle(policy, "policy");
    if (!status.ok()) return status;
    const Result<std::string_view> text = read_text(mapping, mapping_size, "mapping");
    if (!text.ok()) return text.status();
    const Result<patron::PublishMapping> read = read_mapping(*text);
    return read.ok() ? body(policy->policy, *read, call) : read.status();
  });
}

// A call about a classification of an engine, `make(name)`, that hands out a table.
template <typename Make>
patron_status class_call(const patron_engine* engine, const char* classification, uint64_t size,
                         patron_table** out, const char* out_name, patron_error* error,
                         const Make& make) noexcept {
  clear(out);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(out, out_name);
    if (!status.ok()) return status;
    const Result<std::string_view> name = read_text(classification, size, "classification");
    return name.ok() ? make(*name) : name.status();
  });
}

patron::Table models_table(const std::vector<std::string>& models) {
  return table_of<std::string>(
      models,
      {{"model", Kind::kString, [](const std::string& name) { return std::string_view(name); }}});
}

patron::Table policies_table(const std::vector<patron::PublishedPolicy>& policies) {
  using Row = patron::PublishedPolicy;
  const auto at = [](const Row& one) {
    return one.at == patron::kMinTime ? std::nullopt : std::optional<Micros>(one.at);
  };
  return table_of<Row>(policies, {{"number", Kind::kInt64, &Row::number},
                                  {"at", Kind::kTimestamp, at},
                                  {"name", Kind::kString, &Row::name},
                                  {"version", Kind::kString, &Row::version},
                                  {"hash", Kind::kString, &Row::hash}});
}

}  // namespace

patron_status patron_engine_publish(patron_engine* engine, const patron_policy* policy,
                                    const char* mapping, uint64_t mapping_size,
                                    patron_publish_report* report, patron_table** uncalibrated,
                                    patron_error* error) noexcept {
  clear(uncalibrated);
  return policy_call(
      engine, policy, mapping, mapping_size, error,
      [&](const patron::Policy& to, const patron::PublishMapping& read, Call&) -> Status {
        Status status = check_optional_output(report, "report");
        if (!status.ok()) return status;
        const Result<patron::PublishReport> done = engine->engine.publish(to, read);
        if (!done.ok()) return done.status();
        if (uncalibrated != nullptr) {
          status = hand_out(models_table(done->uncalibrated), uncalibrated);
          if (!status.ok()) return status;
        }
        if (report == nullptr) return {};
        patron_publish_report value = PATRON_PUBLISH_REPORT_INIT;
        value.same = done->same ? 1 : 0;
        value.number = done->number;
        value.customers = done->customers;
        value.uncalibrated = static_cast<int64_t>(done->uncalibrated.size());
        write_struct(value, report);
        return {};
      });
}

patron_status patron_engine_compare(const patron_engine* engine, const patron_policy* policy,
                                    const char* mapping, uint64_t mapping_size,
                                    const patron_advance_options* options, patron_table** moves,
                                    patron_error* error) noexcept {
  clear(moves);
  return policy_call(
      engine, policy, mapping, mapping_size, error,
      [&](const patron::Policy& to, const patron::PublishMapping& read, Call& call) -> Status {
        patron::Control control;
        Status status =
            first_error({require(moves, "moves"), read_advance(options, control, call)});
        if (!status.ok()) return status;
        const Result<patron::Forecasts> found = engine->engine.compare(to, read, control);
        if (!found.ok()) return found.status();
        const patron::Kind customer = engine->engine.layout().spec().customer;
        return hand_out(forecast_table(*found, customer, {}), moves);
      });
}

patron_status patron_engine_policies(const patron_engine* engine, patron_table** policies,
                                     patron_error* error) noexcept {
  clear(policies);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(policies, "policies");
    return status.ok() ? hand_out(policies_table(engine->engine.policies()), policies) : status;
  });
}

patron_status patron_engine_distribution_at(const patron_engine* engine, const char* classification,
                                            uint64_t classification_size, int64_t at,
                                            patron_table** distribution,
                                            patron_error* error) noexcept {
  return class_call(engine, classification, classification_size, distribution, "distribution",
                    error, [&](std::string_view name) -> Status {
                      const Result<std::vector<patron::ClassCount>> counts =
                          engine->engine.distribution(name, at);
                      return counts.ok() ? hand_out(distribution_table(*counts), distribution)
                                         : counts.status();
                    });
}

patron_status patron_engine_migration(const patron_engine* engine, const char* classification,
                                      uint64_t classification_size, int64_t start, int64_t end,
                                      patron_table** migration, patron_error* error) noexcept {
  return class_call(
      engine, classification, classification_size, migration, "migration", error,
      [&](std::string_view name) -> Status {
        const Result<patron::Migration> found = engine->engine.migration(name, start, end);
        if (!found.ok()) return found.status();
        Result<patron::Table> table = found->to_table();
        return table.ok() ? hand_out(*std::move(table), migration) : std::move(table).status();
      });
}
