// Facts go into an engine: batches of events and attributes, events one by one, deletions.
#include "capi/src/engine_calls.h"
#include "capi/src/engine_events.h"
#include "capi/src/ingest_answer.h"

using namespace patron::capi;  // NOLINT
using patron::IngestReport;
using patron::Result;
using patron::Status;

namespace {

Status read_ingest(const patron_ingest_options& in, patron::IngestOptions& out) {
  patron_ingest_options options = {};
  Status status = read_struct(&in, "options", options);
  if (!status.ok()) return status;
  out.quiet = options.quiet != 0;
  status = require_choice(options.quiet, 1, "options.quiet");
  if (!status.ok()) return status;
  status = read_threads(options.threads, "options.threads", out.threads);
  if (!status.ok()) return status;
  return read_choice(options.nulls, patron::AttributeNulls::kClear, "options.nulls", out.nulls);
}

// A call that hands facts to an engine: `change` takes (options, report) and gives a status.
template <typename Change>
patron_status take_facts(patron_engine* engine, const patron_ingest_options* options,
                         const IngestAnswer& answer, patron_error* error,
                         const Change& change) noexcept {
  clear(answer.refused);
  return short_engine_call(engine, error, [&]() -> Status {
    patron::IngestOptions wanted;
    if (options != nullptr) {
      if (Status status = read_ingest(*options, wanted); !status.ok()) return status;
    }
    return answered(answer, engine->report,
                    [&](IngestReport& report) { return change(wanted, report); });
  });
}

}  // namespace

patron_status patron_engine_ingest(patron_engine* engine, const char* stream, uint64_t stream_size,
                                   const patron_table* events, const patron_ingest_options* options,
                                   patron_ingest_report* report, patron_table** refused,
                                   patron_error* error) noexcept {
  return take_facts(engine, options, {report, refused}, error,
                    [&](const patron::IngestOptions& wanted, IngestReport& out) -> Status {
                      Status status = check_handle(events, "events");
                      if (!status.ok()) return status;
                      const Result<std::string_view> name =
                          read_text(stream, stream_size, "stream");
                      if (!name.ok()) return name.status();
                      return engine->engine.ingest(*name, events->table, wanted, &out);
                    });
}

patron_status patron_engine_add(patron_engine* engine, int32_t stream, const patron_event* events,
                                uint64_t count, const patron_ingest_options* options,
                                patron_ingest_report* report, patron_table** refused,
                                patron_error* error) noexcept {
  return take_facts(engine, options, {report, refused}, error,
                    [&](const patron::IngestOptions& wanted, IngestReport& out) -> Status {
                      const patron::BookSpec& spec = engine->engine.layout().spec();
                      const size_t streams = spec.streams.size();
                      if (stream < 0 || static_cast<size_t>(stream) >= streams) {
                        return require_index(stream, static_cast<int64_t>(streams), "stream");
                      }
                      const patron::BookStream& into = spec.streams[static_cast<size_t>(stream)];
                      if (count > 1) {
                        const Result<bool> good = engine->engine.ingest(
                            stream, EventStructs(into, events, count), wanted, &out);
                        if (!good.ok()) return good.status();
                        if (*good) return {};
                      }
                      EventReader reader;
                      if (!reader.read_sound(into, spec.customer, events, count)) {
                        Status status = reader.read(into, spec.customer, events, count);
                        if (!status.ok()) return status;
                      }
                      // One event whose report nobody asks for has a short way.
                      const bool asked = report != nullptr || refused != nullptr;
                      return engine->engine.ingest(stream, reader.events(), wanted,
                                                   asked || count > 1 ? &out : nullptr);
                    });
}

patron_status patron_engine_set_attributes(patron_engine* engine, const patron_table* values,
                                           const patron_ingest_options* options,
                                           patron_ingest_report* report, patron_table** refused,
                                           patron_error* error) noexcept {
  return take_facts(engine, options, {report, refused}, error,
                    [&](const patron::IngestOptions& wanted, IngestReport& out) -> Status {
                      Status status = check_handle(values, "values");
                      if (!status.ok()) return status;
                      return engine->engine.set_attributes(values->table, wanted, &out);
                    });
}

patron_status patron_engine_delete(patron_engine* engine, const char* stream, uint64_t stream_size,
                                   const patron_table* keys, const patron_ingest_options* options,
                                   patron_ingest_report* report, patron_table** refused,
                                   patron_error* error) noexcept {
  return take_facts(engine, options, {report, refused}, error,
                    [&](const patron::IngestOptions& wanted, IngestReport& out) -> Status {
                      Status status = check_handle(keys, "keys");
                      if (!status.ok()) return status;
                      const Result<std::string_view> name =
                          read_text(stream, stream_size, "stream");
                      if (!name.ok()) return name.status();
                      return engine->engine.remove(*name, keys->table, wanted, &out);
                    });
}
