// What comes back beside the status where facts go into an engine: a report, and the rows that were
// refused.
//
//   return engine_call(engine, error, [&](Call&) -> Status {
//     return answered({report, refused}, engine->report,
//                     [&](IngestReport& out) { return engine->engine.ingest(..., &out); });
//   });
//
// Thread class: pure.
#pragma once

#include <new>
#include <span>
#include <utility>

#include "capi/src/engine_tables.h"
#include "capi/src/handles.h"

namespace patron::capi {

/// Both may be NULL. The table is cleared by who takes the call.
struct IngestAnswer {
  patron_ingest_report* report;
  patron_table** refused;
};

inline patron_ingest_report report_view(const IngestReport& from) {
  patron_ingest_report value = PATRON_INGEST_REPORT_INIT;
  value.rows = from.rows;
  value.accepted = from.accepted;
  value.duplicates = from.duplicates;
  value.corrected = from.corrected;
  value.deleted = from.deleted;
  value.unknown = from.unknown;
  value.refused_rows = from.refused_rows;
  value.late = from.late;
  value.waiting = from.waiting;
  return value;
}

/// The facts are in: where the list of the others finds no memory, that is no error of the call,
/// which would say that nothing has changed. It stays NULL, and the report has how many they are.
inline void hand_out_refused(std::span<const BookRefusal> refused, patron_table** out) {
  try {
    *out = new patron_table(refused_table(refused));
  } catch (const std::bad_alloc&) {
    *out = nullptr;
  }
}

/// Makes a change, `change(report)`, and hands out what became of it. Code::kUnsupported for a
/// report that cannot be written, before anything is changed. `report` is that of the engine, whose
/// memory is kept for calls with an event each.
template <typename Change>
Status answered(const IngestAnswer& answer, IngestReport& report, const Change& change) {
  struct KeepLittle {
    IngestReport& report;
    ~KeepLittle() {
      constexpr size_t kFew = 4;
      if (report.effects.capacity() > kFew || report.refused.capacity() > 0) report = {};
    }
  } const keep_little{report};
  if (answer.report == nullptr && answer.refused == nullptr) return change(report);
  Status status = check_optional_output(answer.report, "report");
  if (status.ok()) status = change(report);
  if (!status.ok()) return status;
  if (answer.refused != nullptr) hand_out_refused(report.refused, answer.refused);
  if (answer.report != nullptr) write_struct(report_view(report), answer.report);
  return {};
}

}  // namespace patron::capi
