#include "patron/calibration.h"

#include <algorithm>

#include "capi/src/engine_calls.h"
#include "capi/src/engine_tables.h"

using namespace patron::capi;  // NOLINT
using patron::Calibration;
using patron::Result;
using patron::Status;

patron_status patron_engine_calibrate(patron_engine* engine, patron_calibration** calibration,
                                      patron_error* error) noexcept {
  clear(calibration);
  return engine_call(engine, error, [&](Call&) -> Status {
    Result<Calibration> found = engine->engine.calibrate();
    if (!found.ok()) return std::move(found).status();
    return calibration == nullptr ? Status() : hand_out(*std::move(found), calibration);
  });
}

patron_status patron_engine_calibration(const patron_engine* engine,
                                        patron_calibration** calibration,
                                        patron_error* error) noexcept {
  clear(calibration);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(calibration, "calibration");
    return status.ok() ? hand_out(engine->engine.calibration(), calibration) : status;
  });
}

patron_status patron_engine_set_calibration(patron_engine* engine,
                                            const patron_calibration* calibration,
                                            patron_error* error) noexcept {
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = check_handle(calibration, "calibration");
    return status.ok() ? engine->engine.set_calibration(calibration->calibration) : status;
  });
}

patron_status patron_engine_calibrations(const patron_engine* engine, patron_table** calibrations,
                                         patron_error* error) noexcept {
  clear(calibrations);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(calibrations, "calibrations");
    return status.ok() ? hand_out(calibrations_table(engine->engine.calibrations()), calibrations)
                       : status;
  });
}

patron_status patron_engine_summary_for_merge(patron_engine* engine, patron_buffer** summary,
                                              patron_error* error) noexcept {
  clear(summary);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = require(summary, "summary");
    if (!status.ok()) return status;
    Result<std::string> bytes = engine->engine.summary_for_merge();
    return bytes.ok() ? hand_out_text(*std::move(bytes), summary) : std::move(bytes).status();
  });
}

patron_status patron_summaries_merge(const patron_str* parts, uint64_t count,
                                     patron_buffer** merged, patron_error* error) noexcept {
  clear(merged);
  return guard(error, [&]() -> Status {
    Status status = first_error(
        {require_array(parts, count, sizeof(patron_str), "parts"), require(merged, "merged")});
    if (!status.ok()) return status;
    std::vector<std::string> bytes;
    for (uint64_t i = 0; i < count; ++i) {
      const std::string name = "parts[" + std::to_string(i) + "]";
      status = require_array(parts[i].data, parts[i].size, 1, name.c_str());
      if (!status.ok()) return status;
      bytes.emplace_back();
      if (parts[i].size > 0) bytes.back().assign(parts[i].data, parts[i].size);
    }
    Result<std::string> all = patron::Engine::merge_summaries(bytes);
    return all.ok() ? hand_out_text(*std::move(all), merged) : std::move(all).status();
  });
}

patron_status patron_engine_learn(const patron_engine* engine, const char* summary,
                                  uint64_t summary_size, patron_calibration** calibration,
                                  patron_error* error) noexcept {
  clear(calibration);
  return engine_call(engine, error, [&](Call&) -> Status {
    Status status = first_error(
        {require_array(summary, summary_size, 1, "summary"), require(calibration, "calibration")});
    if (!status.ok()) return status;
    const std::string_view bytes =
        summary_size == 0 ? std::string_view("") : std::string_view(summary, summary_size);
    Result<Calibration> found = engine->engine.learn(bytes);
    return found.ok() ? hand_out(*std::move(found), calibration) : std::move(found).status();
  });
}

patron_status patron_calibration_parse(const char* json, uint64_t json_size,
                                       patron_calibration** calibration,
                                       patron_error* error) noexcept {
  clear(calibration);
  return guard(error, [&]() -> Status {
    Status status = require(calibration, "calibration");
    if (!status.ok()) return status;
    const Result<std::string_view> text = read_text(json, json_size, "json");
    if (!text.ok()) return text.status();
    Result<Calibration> read = Calibration::parse(*text);
    return read.ok() ? hand_out(*std::move(read), calibration) : std::move(read).status();
  });
}

patron_status patron_calibration_to_json(const patron_calibration* calibration,
                                         patron_buffer** json, patron_error* error) noexcept {
  clear(json);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(calibration, "calibration"), require(json, "json")});
    return status.ok() ? hand_out_text(calibration->calibration.to_json(), json) : status;
  });
}

patron_status patron_calibration_describe(const patron_calibration* calibration,
                                          patron_calibration_info* info,
                                          patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status =
        first_error({check_handle(calibration, "calibration"), check_output(info, "info")});
    if (!status.ok()) return status;
    const Calibration& from = calibration->calibration;
    patron_calibration_info value = PATRON_CALIBRATION_INFO_INIT;
    value.complete = from.complete() ? 1 : 0;
    value.number = from.number();
    value.at = from.at();
    value.customers = from.customers();
    write_struct(value, info);
    return {};
  });
}

patron_status patron_calibration_report(const patron_calibration* calibration,
                                        patron_table** report, patron_error* error) noexcept {
  clear(report);
  return guard(error, [&]() -> Status {
    Status status =
        first_error({check_handle(calibration, "calibration"), require(report, "report")});
    return status.ok() ? hand_out(model_reports_table(calibration->calibration.report()), report)
                       : status;
  });
}

void patron_calibration_close(patron_calibration* calibration) noexcept { close(calibration); }
