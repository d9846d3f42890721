// Who is who in an engine, and the classes that people decide.
#include "capi/src/engine_calls.h"
#include "capi/src/engine_tables.h"
#include "capi/src/ingest_answer.h"

using namespace patron::capi;  // NOLINT
using patron::CustomerId;
using patron::IngestReport;
using patron::Result;
using patron::Status;

namespace {

// A customer's id as the caller gives it.
struct GivenCustomer {
  int64_t number;
  const char* text;
  uint64_t size;
};

Result<CustomerId> read(const patron_engine* engine, const GivenCustomer& id) {
  return read_id(engine->engine, id.number, id.text, id.size);
}

// A call about two ids, `body(first, second)`.
template <typename Body>
patron_status pair_call(const patron_engine* engine, const GivenCustomer& a, const GivenCustomer& b,
                        patron_error* error, const Body& body) noexcept {
  return engine_call(engine, error, [&](Call&) -> Status {
    const Result<CustomerId> first = read(engine, a);
    if (!first.ok()) return first.status();
    const Result<CustomerId> second = read(engine, b);
    return second.ok() ? body(*first, *second) : second.status();
  });
}

// A call that takes a table of rows to be done, `change(table, report)`.
template <typename Change>
patron_status table_call(patron_engine* engine, const patron_table* table, const char* name,
                         const IngestAnswer& answer, patron_error* error,
                         const Change& change) noexcept {
  clear(answer.refused);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = check_handle(table, name);
    if (!status.ok()) return status;
    return answered(answer, engine->report,
                    [&](IngestReport& report) { return change(table->table, &report); });
  });
}

Status read_override(const patron_override* in, patron::Override& out) {
  patron_override given = {};
  Status status = read_struct(in, "what", given);
  if (!status.ok()) return status;
  read_pointed(given.at, out.at);
  read_pointed(given.until, out.until);
  return first_error({read_choice(given.kind, patron::OverrideKind::kFloor, "what.kind", out.kind),
                      read_string(given.classification, "what.classification", out.classification),
                      read_string(given.to, "what.to", out.to),
                      read_string(given.reason, "what.reason", out.reason),
                      read_string(given.author, "what.author", out.author)});
}

}  // namespace

patron_status patron_engine_link(patron_engine* engine, int64_t first_number, const char* first,
                                 uint64_t first_size, int64_t second_number, const char* second,
                                 uint64_t second_size, patron_link_report* report,
                                 patron_error* error) noexcept {
  return pair_call(engine, {first_number, first, first_size}, {second_number, second, second_size},
                   error, [&](CustomerId a, CustomerId b) -> Status {
                     Status status = check_optional_output(report, "report");
                     if (!status.ok()) return status;
                     const Result<patron::LinkReport> made = engine->engine.link(a, b);
                     if (!made.ok()) return made.status();
                     if (report == nullptr) return {};
                     patron_link_report value = PATRON_LINK_REPORT_INIT;
                     value.done = made->done ? 1 : 0;
                     value.survivor_number = made->survivor.number;
                     value.survivor = view(made->survivor.text);
                     value.other_number = made->other.number;
                     value.other = view(made->other.text);
                     write_struct(value, report);
                     return {};
                   });
}

patron_status patron_engine_unlink(patron_engine* engine, int64_t first_number, const char* first,
                                   uint64_t first_size, int64_t second_number, const char* second,
                                   uint64_t second_size, patron_error* error) noexcept {
  return pair_call(engine, {first_number, first, first_size}, {second_number, second, second_size},
                   error, [&](CustomerId a, CustomerId b) { return engine->engine.unlink(a, b); });
}

patron_status patron_engine_link_pairs(patron_engine* engine, const patron_table* pairs,
                                       patron_ingest_report* report, patron_table** refused,
                                       patron_error* error) noexcept {
  return table_call(engine, pairs, "pairs", {report, refused}, error,
                    [&](const patron::Table& table, IngestReport* out) {
                      return engine->engine.link(table, out);
                    });
}

patron_status patron_engine_unlink_pairs(patron_engine* engine, const patron_table* pairs,
                                         patron_ingest_report* report, patron_table** refused,
                                         patron_error* error) noexcept {
  return table_call(engine, pairs, "pairs", {report, refused}, error,
                    [&](const patron::Table& table, IngestReport* out) {
                      return engine->engine.unlink(table, out);
                    });
}

patron_status patron_engine_claim(patron_engine* engine, const patron_table* keys,
                                  patron_ingest_report* report, patron_table** refused,
                                  patron_error* error) noexcept {
  return table_call(engine, keys, "keys", {report, refused}, error,
                    [&](const patron::Table& table, IngestReport* out) {
                      return engine->engine.claim(table, out);
                    });
}

patron_status patron_engine_key_meetings(const patron_engine* engine, patron_table** meetings,
                                         patron_error* error) noexcept {
  clear(meetings);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(meetings, "meetings");
    if (!status.ok()) return status;
    return hand_out(
        meetings_table(engine->engine.key_meetings(), engine->engine.layout().spec().customer),
        meetings);
  });
}

patron_status patron_engine_customer_of(const patron_engine* engine, int64_t number, const char* id,
                                        uint64_t id_size, patron_identity* identity,
                                        patron_error* error) noexcept {
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = check_output(identity, "identity");
    if (!status.ok()) return status;
    const Result<CustomerId> given = read(engine, {number, id, id_size});
    if (!given.ok()) return given.status();
    write_identity(engine->engine.customer_of(*given), identity);
    return {};
  });
}

patron_status patron_engine_identities(const patron_engine* engine, const patron_table* ids,
                                       patron_table** identities, patron_error* error) noexcept {
  clear(identities);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = first_error({check_optional(ids, "ids"), require(identities, "identities")});
    if (!status.ok()) return status;
    const patron::Engine& from = engine->engine;
    if (ids == nullptr) return hand_out_table(from.identities(), identities);
    const Result<std::vector<CustomerId>> wanted =
        read_customers(ids->table, from.layout().spec().customer, Impossible::kRefused);
    return wanted.ok() ? hand_out_table(from.identities(*wanted), identities) : wanted.status();
  });
}

patron_status patron_engine_forget(patron_engine* engine, int64_t number, const char* customer,
                                   uint64_t customer_size, int32_t* found,
                                   patron_error* error) noexcept {
  return engine_call(engine, error, [&](Call&) -> Status {
    const Result<CustomerId> id = read(engine, {number, customer, customer_size});
    if (!id.ok()) return id.status();
    const bool there = engine->engine.forget(*id);
    if (found != nullptr) *found = there ? 1 : 0;
    return {};
  });
}

patron_status patron_engine_override(patron_engine* engine, int64_t number, const char* customer,
                                     uint64_t customer_size, const patron_override* what,
                                     patron_error* error) noexcept {
  return engine_call(engine, error, [&](Call&) -> Status {
    patron::Override wanted;
    Status status = read_override(what, wanted);
    if (!status.ok()) return status;
    const Result<CustomerId> id = read(engine, {number, customer, customer_size});
    return id.ok() ? engine->engine.set_override(*id, wanted) : id.status();
  });
}

patron_status patron_engine_clear_override(patron_engine* engine, int64_t number,
                                           const char* customer, uint64_t customer_size,
                                           const char* classification, uint64_t classification_size,
                                           int32_t kind, patron_error* error) noexcept {
  return engine_call(engine, error, [&](Call&) -> Status {
    patron::OverrideKind wanted = patron::OverrideKind::kPin;
    Status status = read_choice(kind, patron::OverrideKind::kFloor, "kind", wanted);
    if (!status.ok()) return status;
    const Result<CustomerId> id = read(engine, {number, customer, customer_size});
    if (!id.ok()) return id.status();
    const Result<std::string_view> name =
        read_text(classification, classification_size, "classification");
    return name.ok() ? engine->engine.clear_override(*id, *name, wanted) : name.status();
  });
}

patron_status patron_engine_overrides(const patron_engine* engine, int64_t number,
                                      const char* customer, uint64_t customer_size,
                                      patron_table** overrides, patron_error* error) noexcept {
  clear(overrides);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(overrides, "overrides");
    if (!status.ok()) return status;
    const Result<CustomerId> id = read(engine, {number, customer, customer_size});
    if (!id.ok()) return id.status();
    return hand_out(overrides_table(engine->engine.overrides(*id)), overrides);
  });
}
