// The edge of the library: what happens in C++ becomes a patron_status, and nothing else leaves.
//
// Every function that returns a patron_status has one guard around its body:
//
//   patron_status patron_zone_check(const char* name, uint64_t name_size,
//                                   patron_error* error) noexcept {
//     return guard(error, [&]() -> Status {
//       Result<std::string_view> text = read_text(name, name_size, "name");
//       if (!text.ok()) return text.status();
//       return TimeZone::load(*text).status();
//     });
//   }
//
// Thread class of everything here: pure.
#pragma once

#include <new>

#include "patron/patron.h"
#include "patron/status.h"

namespace patron::capi {

/// Whether the caller's error struct can be written: it is NULL, or it has the size it always has.
inline bool usable(const patron_error* error) {
  return error == nullptr || error->struct_size == sizeof(patron_error);
}

/// Fills the caller's error struct, where there is one; returns the status.
patron_status report(const Status& status, patron_error* error) noexcept;
patron_status report(Code code, const char* message, patron_error* error) noexcept;

/// Runs a body that returns a Status.
template <typename Body>
patron_status guard(patron_error* error, const Body& body) noexcept {
  if (!usable(error)) return PATRON_E_UNSUPPORTED;
  try {
    const Status status = body();
    return status.ok() ? PATRON_OK : report(status, error);
  } catch (const std::bad_alloc&) {
    return report(Code::kMemory, "memory ran out; nothing has changed", error);
  } catch (...) {
    return report(Code::kInternal, "an unexpected exception; please report it", error);
  }
}

/// Runs a body that returns a value and has no way to fail but memory or a defect.
template <typename T, typename Body>
T guard_value(T otherwise, const Body& body) noexcept {
  try {
    return body();
  } catch (...) {
    return otherwise;
  }
}

}  // namespace patron::capi
