// An engine with facts, and its functions that return a status, each as a call that succeeds and
// leaves it as it is: the same events again are duplicates, the clock is where it goes to.
#pragma once

#include <string_view>
#include <vector>

#include "tests/capi/handing_out.h"
#include "tests/capi/world.h"

namespace patron::test {

inline std::vector<Call> engine_calls() {
  return {
      {"patron_engine_open", Kind::kPolicy,
       [](void* handle, patron_error* error) {
         return handing_out<patron_engine>(patron_engine_close, [&](patron_engine** out) {
           return patron_engine_open(as<patron_policy>(handle), nullptr, out, error);
         });
       }},
      {"patron_engine_describe", Kind::kEngine,
       [](void* handle, patron_error* error) {
         patron_engine_info info = PATRON_ENGINE_INFO_INIT;
         return patron_engine_describe(as<patron_engine>(handle), &info, error);
       }},
      {"patron_engine_measure", Kind::kEngine,
       [](void* handle, patron_error* error) {
         patron_engine_memory memory = PATRON_ENGINE_MEMORY_INIT;
         return patron_engine_measure(as<patron_engine>(handle), &memory, error);
       }},
      {"patron_engine_columns", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_columns(as<patron_engine>(handle), 0, out, error);
         });
       }},
      {"patron_engine_ingest", Kind::kEngine,
       [](void* handle, patron_error* error) {
         const LiveFacts facts;
         const Table table = facts.events();
         patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_ingest(as<patron_engine>(handle), "orders", 6, table.get(), nullptr,
                                       &report, out, error);
         });
       }},
      {"patron_engine_add", Kind::kEngine,
       [](void* handle, patron_error* error) {
         const LiveEvent event;
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_add(as<patron_engine>(handle), 0, &event.event, 1, nullptr, nullptr,
                                    out, error);
         });
       }},
      {"patron_engine_set_attributes", Kind::kEngine,
       [](void* handle, patron_error* error) {
         const LiveFacts facts;
         const Table table = facts.values();
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_set_attributes(as<patron_engine>(handle), table.get(), nullptr,
                                               nullptr, out, error);
         });
       }},
      {"patron_engine_delete", Kind::kEngine,
       [](void* handle, patron_error* error) {
         const LiveFacts facts;
         const Table table = facts.keys();
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_delete(as<patron_engine>(handle), "orders", 6, table.get(), nullptr,
                                       nullptr, out, error);
         });
       }},
      {"patron_engine_advance", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return patron_engine_advance(as<patron_engine>(handle), kLiveNow, nullptr, error);
       }},
      {"patron_engine_transitions", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_transitions(as<patron_engine>(handle), 0, 10, out, error);
         });
       }},
      {"patron_engine_history", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_history(as<patron_engine>(handle), 3, nullptr, 0, out, error);
         });
       }},
      {"patron_engine_classes", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_classes(as<patron_engine>(handle), nullptr, out, error);
         });
       }},
      {"patron_engine_profiles", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_profiles(as<patron_engine>(handle), nullptr, out, error);
         });
       }},
      {"patron_engine_profile", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_profile(as<patron_engine>(handle), 3, nullptr, 0, out, error);
         });
       }},
      {"patron_engine_snapshot", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_snapshot>(patron_snapshot_close, [&](patron_snapshot** out) {
           return patron_engine_snapshot(as<patron_engine>(handle), out, error);
         });
       }},
      {"patron_snapshot_describe", Kind::kSnapshot,
       [](void* handle, patron_error* error) {
         patron_snapshot_info info = PATRON_SNAPSHOT_INFO_INIT;
         return patron_snapshot_describe(as<patron_snapshot>(handle), &info, error);
       }},
      {"patron_snapshot_classes", Kind::kSnapshot,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_snapshot_classes(as<patron_snapshot>(handle), nullptr, out, error);
         });
       }},
      {"patron_snapshot_profiles", Kind::kSnapshot,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_snapshot_profiles(as<patron_snapshot>(handle), nullptr, out, error);
         });
       }},
      {"patron_snapshot_profile", Kind::kSnapshot,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_snapshot_profile(as<patron_snapshot>(handle), 3, nullptr, 0, out, error);
         });
       }},
      {"patron_snapshot_distribution", Kind::kSnapshot,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_snapshot_distribution(as<patron_snapshot>(handle), "tier", 4, out, error);
         });
       }},
      {"patron_snapshot_customer_of", Kind::kSnapshot,
       [](void* handle, patron_error* error) {
         patron_identity found = PATRON_IDENTITY_INIT;
         return patron_snapshot_customer_of(as<patron_snapshot>(handle), 3, nullptr, 0, &found,
                                            error);
       }},
      {"patron_snapshot_identities", Kind::kSnapshot,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_snapshot_identities(as<patron_snapshot>(handle), nullptr, out, error);
         });
       }},
      {"patron_engine_customer_of", Kind::kEngine,
       [](void* handle, patron_error* error) {
         patron_identity found = PATRON_IDENTITY_INIT;
         return patron_engine_customer_of(as<patron_engine>(handle), 3, nullptr, 0, &found, error);
       }},
      {"patron_engine_identities", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_identities(as<patron_engine>(handle), nullptr, out, error);
         });
       }},
      {"patron_engine_key_meetings", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_key_meetings(as<patron_engine>(handle), out, error);
         });
       }},
      {"patron_engine_overrides", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_overrides(as<patron_engine>(handle), 3, nullptr, 0, out, error);
         });
       }},
      {"patron_engine_save", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_buffer>(patron_buffer_close, [&](patron_buffer** out) {
           return patron_engine_save(as<patron_engine>(handle), out, error);
         });
       }},
      {"patron_engine_save_to", Kind::kEngine,
       [](void* handle, patron_error* error) {
         patron_sink sink = PATRON_SINK_INIT;
         sink.write = [](void*, const uint8_t*, uint64_t) -> int32_t { return 0; };
         return patron_engine_save_to(as<patron_engine>(handle), &sink, error);
       }},
      {"patron_engine_policy", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_policy>(patron_policy_close, [&](patron_policy** out) {
           return patron_engine_policy(as<patron_engine>(handle), out, error);
         });
       }},
      {"patron_engine_calibration", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_calibration>(
             patron_calibration_close, [&](patron_calibration** out) {
               return patron_engine_calibration(as<patron_engine>(handle), out, error);
             });
       }},
      {"patron_calibration_to_json", Kind::kCalibration,
       [](void* handle, patron_error* error) {
         return handing_out<patron_buffer>(patron_buffer_close, [&](patron_buffer** out) {
           return patron_calibration_to_json(as<patron_calibration>(handle), out, error);
         });
       }},
      {"patron_calibration_describe", Kind::kCalibration,
       [](void* handle, patron_error* error) {
         patron_calibration_info info = PATRON_CALIBRATION_INFO_INIT;
         return patron_calibration_describe(as<patron_calibration>(handle), &info, error);
       }},
      {"patron_calibration_report", Kind::kCalibration,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_calibration_report(as<patron_calibration>(handle), out, error);
         });
       }},
      {"patron_engine_distribution", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_distribution(as<patron_engine>(handle), "tier", 4, out, error);
         });
       }},
      {"patron_engine_forecast", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_table>(patron_table_close, [&](patron_table** out) {
           return patron_engine_forecast(as<patron_engine>(handle), kLiveNow * 2, nullptr, 0,
                                         nullptr, out, error);
         });
       }},
      {"patron_engine_state_hash", Kind::kEngine,
       [](void* handle, patron_error* error) {
         return handing_out<patron_buffer>(patron_buffer_close, [&](patron_buffer** out) {
           return patron_engine_state_hash(as<patron_engine>(handle), out, error);
         });
       }},
  };
}

}  // namespace patron::test
