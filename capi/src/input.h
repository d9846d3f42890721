// What callers hand over, checked before it is used: texts, structs that grow, numbers of a list.
//
// Thread class of everything here: pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>

#include "capi/src/layout.h"
#include "patron/money.h"
#include "patron/patron.h"
#include "patron/status.h"

namespace patron::capi {

/// No struct of patron's is ever larger: a greater struct_size is garbage and is not followed.
inline constexpr uint32_t kLargestStruct = 4096;

/// The first status that is not ok.
Status first_error(std::initializer_list<Status> statuses);

/// Code::kArgument where the pointer is NULL; `name` is that of the parameter.
Status require(const void* pointer, const char* name);
/// Code::kArgument where `count` elements are announced at NULL, or more than memory can hold.
Status require_array(const void* pointer, uint64_t count, uint64_t element_size, const char* name);
/// Code::kArgument where the value is not 0 to last; `name` is that of the parameter or field.
Status require_choice(int32_t value, int32_t last, const char* name);
/// Code::kArgument where an index is not 0 to count - 1.
Status require_index(int64_t index, int64_t count, const char* name);

/// Text of the caller's. Code::kArgument for NULL with a size, Code::kUtf8 with the byte offset.
Result<std::string_view> read_text(const char* data, uint64_t size, const char* name);
inline Result<std::string_view> read_text(const patron_str& text, const char* name) {
  return read_text(text.data, text.size, name);
}

/// Borrowed text for the caller.
inline patron_str view(std::string_view text) {
  return {text.data() == nullptr ? "" : text.data(), text.size()};
}

/// The currency of a unit, empty where it names none; borrows from the unit.
inline patron_str currency_view(const MoneyUnit& unit) {
  return {unit.currency.data(), unit.currency[0] == '\0' ? 0u : unit.currency.size()};
}

/// Writes text and a zero byte into the caller's buffer. Code::kBuffer with nothing but *needed
/// written where it does not fit.
Status write_text(std::string_view text, char* buffer, uint64_t capacity, uint64_t* needed);

/// Code::kUnsupported for a size below the first one or a tail that is not zero.
Status check_size(const void* in, uint32_t ours, uint32_t first, const char* name);

/// Where a struct of `size` bytes, of which this version knows `ours`, has one behind them that is
/// not zero, and so a field that would be ignored; `size` where it has none.
inline uint32_t find_unknown(const void* in, uint32_t ours, uint32_t size) {
  const char* bytes = static_cast<const char*>(in);
  uint32_t at = std::min(ours, size);
  while (at < size && bytes[at] == 0) ++at;
  return at;
}
/// What to say of it. Code::kUnsupported; `row` is that of an element, or -1.
Status unknown_field(const std::string& name, uint32_t ours, uint32_t size, uint32_t at,
                     int64_t row = -1);

/// Reads a struct of the caller's, whatever version of the header it was built with.
template <typename T>
Status read_struct(const T* in, const char* name, T& out) {
  Status status = require(in, name);
  if (!status.ok()) return status;
  status = check_size(in, sizeof(T), kFirstSize<T>, name);
  if (!status.ok()) return status;
  out = initial<T>();
  std::memcpy(&out, in, std::min<size_t>(in->struct_size, sizeof(T)));
  out.struct_size = sizeof(T);
  if (!reserved_are_zero(out)) {
    return {Code::kUnsupported,
            std::string(name) + ": a reserved field is not zero: start from the struct's _INIT"};
  }
  return {};
}

/// Whether a struct of the caller's can be written.
template <typename T>
Status check_output(const T* out, const char* name) {
  Status status = require(out, name);
  if (!status.ok()) return status;
  if (out->struct_size < kFirstSize<T> || out->struct_size > kLargestStruct) {
    return {Code::kUnsupported, std::string(name) + ": struct_size is " +
                                    std::to_string(out->struct_size) + "; want at least " +
                                    std::to_string(kFirstSize<T>) +
                                    ": start from the struct's _INIT"};
  }
  return {};
}

/// The same for a struct that the caller may leave out, as NULL.
template <typename T>
Status check_optional_output(const T* out, const char* name) {
  return out == nullptr ? Status() : check_output(out, name);
}

/// Fills a struct that check_output has passed; what a newer header has behind ours becomes zero.
template <typename T>
void write_struct(const T& value, T* out) {
  const uint32_t size = out->struct_size;
  const size_t known = std::min<size_t>(size, sizeof(T));
  std::memcpy(reinterpret_cast<char*>(out), &value, known);
  std::memset(reinterpret_cast<char*>(out) + known, 0, size - known);
  out->struct_size = size;
}

}  // namespace patron::capi
