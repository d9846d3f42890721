#include <limits>

#include "capi/src/engine_calls.h"
#include "capi/src/engine_tables.h"
#include "capi/src/profiles_options.h"

using namespace patron::capi;  // NOLINT
using patron::CustomerId;
using patron::EngineSnapshot;
using patron::Kind;
using patron::Result;
using patron::Status;

namespace {

Kind ids_of(const EngineSnapshot& snapshot) { return snapshot.customer(); }

// A call that hands out a table of a snapshot, `make(snapshot, call)`.
template <typename Make>
patron_status table_call(const patron_snapshot* snapshot, patron_table** out, const char* name,
                         patron_error* error, const Make& make) noexcept {
  clear(out);
  return guard_call(error, [&](Call& call) -> Status {
    Status status = first_error({check_handle(snapshot, "snapshot"), require(out, name)});
    if (!status.ok()) return status;
    const EngineSnapshot kept = snapshot->snapshot;  // a callback may close the handle
    return make(kept, call);
  });
}

}  // namespace

patron_status patron_engine_snapshot(const patron_engine* engine, patron_snapshot** snapshot,
                                     patron_error* error) noexcept {
  clear(snapshot);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(snapshot, "snapshot");
    return status.ok() ? hand_out(engine->engine.snapshot(), snapshot) : status;
  });
}

patron_status patron_snapshot_describe(const patron_snapshot* snapshot, patron_snapshot_info* info,
                                       patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(snapshot, "snapshot"), check_output(info, "info")});
    if (!status.ok()) return status;
    const EngineSnapshot& from = snapshot->snapshot;
    patron_snapshot_info value = PATRON_SNAPSHOT_INFO_INIT;
    value.customer = static_cast<int32_t>(ids_of(from));
    value.clock =
        from.clock() == patron::kMinTime ? std::numeric_limits<int64_t>::min() : from.clock();
    value.customers = from.customers();
    value.calibration = from.calibration().number();
    write_struct(value, info);
    return {};
  });
}

patron_status patron_snapshot_classes(const patron_snapshot* snapshot,
                                      const patron_table* customers, patron_table** classes,
                                      patron_error* error) noexcept {
  return table_call(
      snapshot, classes, "classes", error, [&](const EngineSnapshot& from, Call&) -> Status {
        if (customers == nullptr) return hand_out_table(from.classes(), classes);
        Status status = check_handle(customers, "customers");
        if (!status.ok()) return status;
        const Result<std::vector<CustomerId>> ids = read_customers(customers->table, ids_of(from));
        return ids.ok() ? hand_out_table(from.classes(*ids), classes) : ids.status();
      });
}

patron_status patron_snapshot_profiles(const patron_snapshot* snapshot,
                                       const patron_profiles_options* options,
                                       patron_table** profiles, patron_error* error) noexcept {
  return table_call(snapshot, profiles, "profiles", error,
                    [&](const EngineSnapshot& from, Call& call) -> Status {
                      patron::ProfilesOptions wanted;
                      std::vector<CustomerId> ids;
                      Status status = read_profiles(options, ids_of(from), ids, wanted, call);
                      return status.ok() ? hand_out_table(from.profiles(wanted), profiles) : status;
                    });
}

patron_status patron_snapshot_profile(const patron_snapshot* snapshot, int64_t number,
                                      const char* customer, uint64_t customer_size,
                                      patron_table** profile, patron_error* error) noexcept {
  return table_call(
      snapshot, profile, "profile", error, [&](const EngineSnapshot& from, Call&) -> Status {
        const Result<CustomerId> id = read_id(ids_of(from), number, customer, customer_size);
        if (!id.ok()) return id.status();
        return hand_out_table(from.profile_table(*id), profile);
      });
}

patron_status patron_snapshot_distribution(const patron_snapshot* snapshot,
                                           const char* classification, uint64_t classification_size,
                                           patron_table** distribution,
                                           patron_error* error) noexcept {
  return table_call(
      snapshot, distribution, "distribution", error,
      [&](const EngineSnapshot& from, Call&) -> Status {
        const Result<std::string_view> name =
            read_text(classification, classification_size, "classification");
        if (!name.ok()) return name.status();
        const Result<std::vector<patron::ClassCount>> counts = from.distribution(*name);
        return counts.ok() ? hand_out(distribution_table(*counts), distribution) : counts.status();
      });
}

patron_status patron_snapshot_customer_of(const patron_snapshot* snapshot, int64_t number,
                                          const char* id, uint64_t id_size,
                                          patron_identity* identity, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status =
        first_error({check_handle(snapshot, "snapshot"), check_output(identity, "identity")});
    if (!status.ok()) return status;
    const EngineSnapshot& from = snapshot->snapshot;
    const Result<CustomerId> given = read_id(ids_of(from), number, id, id_size);
    if (!given.ok()) return given.status();
    write_identity(from.customer_of(*given), identity);
    return {};
  });
}

patron_status patron_snapshot_identities(const patron_snapshot* snapshot, const patron_table* ids,
                                         patron_table** identities, patron_error* error) noexcept {
  return table_call(
      snapshot, identities, "identities", error, [&](const EngineSnapshot& from, Call&) -> Status {
        if (ids == nullptr) return hand_out_table(from.identities(), identities);
        Status status = check_handle(ids, "ids");
        if (!status.ok()) return status;
        const Result<std::vector<CustomerId>> wanted =
            read_customers(ids->table, ids_of(from), Impossible::kRefused);
        return wanted.ok() ? hand_out_table(from.identities(*wanted), identities) : wanted.status();
      });
}

void patron_snapshot_close(patron_snapshot* snapshot) noexcept { close(snapshot); }
