// Status and Result: how every fallible patron function reports failure.
//
// A Status is a code, a message a person can act on, and the place the error was found: a row of
// the input and a byte offset in a text, each -1 where there is none. Result<T> holds a T or the
// Status that says why there is none. Nothing throws except std::bad_alloc.
//
//   patron::Result<patron::TimeZone> zone = patron::TimeZone::load("Asia/Shangai");
//   if (!zone.ok()) std::cerr << zone.status().message();
//
// Thread class: pure.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace patron {
inline namespace v0 {

/// What went wrong. The numbers are those of the C ABI, frozen once released. The tens digit is the
/// family: 1 argument, 2 policy text, 3 data, 4 state, 5 I/O, 6 resource, 7 callback, 9 internal.
enum class Code : int32_t {
  kOk = 0,
  kArgument = 10,     ///< a value outside its domain
  kUnsupported = 11,  ///< a struct with an unknown tail, or one too small
  kHandle = 12,       ///< null or foreign handle
  kBuffer = 13,       ///< the caller's buffer is too small; the size needed is reported
  kSyntax = 20,       ///< text that does not parse
  kDocument = 21,     ///< text that parses but means nothing sound: gaps, overlaps, unknown keys
  kZone = 22,         ///< no such IANA time zone
  kColumn = 30,       ///< no such column
  kType = 31,         ///< a column of the wrong type
  kLength = 32,       ///< lengths that differ
  kEmpty = 33,        ///< no rows, or none that can be used
  kNull = 34,         ///< null where a value is required
  kNumber = 35,       ///< NaN or infinite
  kOverflow = 36,     ///< a sum or a value outside int64
  kTime = 37,         ///< a time outside the years 0001 to 9999, or text that is no time
  kUtf8 = 38,         ///< bytes that are no UTF-8
  kArrow = 39,        ///< an Arrow array or stream that breaks the Arrow rules
  kState = 40,        ///< not now: released, closed, or used after fork
  kIo = 50,
  kMemory = 60,  ///< an allocation failed; nothing changed
  kLimit = 61,   ///< more than patron can hold (for one, 2^32 - 2 customers)
  kCancelled = 70,
  kCallback = 71,  ///< a callback returned non-zero
  kInternal = 90,
};

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message, int64_t row = -1, int64_t byte_offset = -1)
      : code_(code), row_(row), byte_offset_(byte_offset), message_(std::move(message)) {}

  bool ok() const { return code_ == Code::kOk; }
  Code code() const { return code_; }
  const std::string& message() const { return message_; }
  /// Zero-based row of the input, or -1.
  int64_t row() const { return row_; }
  /// Zero-based byte offset in the text, or -1.
  int64_t byte_offset() const { return byte_offset_; }

 private:
  Code code_ = Code::kOk;
  int64_t row_ = -1;
  int64_t byte_offset_ = -1;
  std::string message_;
};

/// A T, or the Status that says why not. `*result` and `result->` require ok().
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}         // NOLINT
  Result(Status status) : state_(std::in_place_index<1>, std::move(status)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  Status status() const& { return ok() ? Status() : *std::get_if<1>(&state_); }
  Status status() && { return ok() ? Status() : std::move(*std::get_if<1>(&state_)); }

  T& operator*() & { return *std::get_if<0>(&state_); }
  const T& operator*() const& { return *std::get_if<0>(&state_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }

 private:
  std::variant<T, Status> state_;
};

/// The lower-case name of a code, such as "column"; "unknown" for a number that is none.
const char* code_name(Code code);

}  // namespace v0
}  // namespace patron
