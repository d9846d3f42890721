#include "patron/time.h"

#include <string>

#include "capi/src/guard.h"
#include "capi/src/input.h"

using namespace patron::capi;  // NOLINT
using patron::Code;
using patron::Result;
using patron::Status;

patron_status patron_time_parse(const char* text, uint64_t text_size, const char* zone,
                                uint64_t zone_size, int64_t* micros, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    const Result<std::string_view> what = read_text(text, text_size, "text");
    if (!what.ok()) return what.status();
    const Result<std::string_view> name = read_text(zone, zone_size, "zone");
    if (!name.ok()) return name.status();
    Status status = require(micros, "micros");
    if (!status.ok()) return status;
    const auto rules = name->empty() ? Result<patron::TimeZone>(patron::TimeZone())
                                     : patron::TimeZone::load(*name);
    if (!rules.ok()) return rules.status();
    const Result<patron::Micros> found = patron::parse_time(*what, *rules);
    if (!found.ok()) return found.status();
    *micros = *found;
    return {};
  });
}

patron_status patron_time_format(int64_t micros, char* buffer, uint64_t capacity, uint64_t* needed,
                                 patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    if (micros < patron::kMinTime || micros >= patron::kEndTime) {
      return {Code::kTime, "micros is " + std::to_string(micros) +
                               ", outside the years 0001 to 9999; want microseconds since 1970"};
    }
    return write_text(patron::format_time(micros), buffer, capacity, needed);
  });
}

patron_status patron_period_parse(const char* text, uint64_t text_size, patron_period* period,
                                  patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    const Result<std::string_view> what = read_text(text, text_size, "text");
    if (!what.ok()) return what.status();
    Status status = check_output(period, "period");
    if (!status.ok()) return status;
    const Result<patron::Period> found = patron::parse_period(*what);
    if (!found.ok()) return found.status();
    patron_period value = PATRON_PERIOD_INIT;
    value.months = found->months;
    value.micros = found->micros;
    write_struct(value, period);
    return {};
  });
}

patron_status patron_zone_check(const char* name, uint64_t name_size,
                                patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    const Result<std::string_view> text = read_text(name, name_size, "name");
    if (!text.ok()) return text.status();
    return patron::TimeZone::load(*text).status();
  });
}

int32_t patron_zone_count() noexcept { return static_cast<int32_t>(patron::zone_names().size()); }

patron_str patron_zone_name(int32_t index) noexcept {
  const auto names = patron::zone_names();
  if (index < 0 || static_cast<size_t>(index) >= names.size()) return {nullptr, 0};
  return view(names[static_cast<size_t>(index)]);
}
