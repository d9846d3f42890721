// ISO 8601 text, read without allocating: for columns of time stamps.
//
//   TimeText text = read_time_text("2026-03-01T08:30:00+08:00");
//   Micros t = text.has_offset ? text.wall - text.offset * kMicrosPerSecond
//                              : zone.from_wall(text.wall);
//
// parse_time() of patron/time.h is this plus the zone, the bounds and the messages.
// Thread class of everything here: pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patron::internal {

/// Why a text is no time.
enum class TimeTextError : uint8_t {
  kNone = 0,
  kForm,       ///< not one of the forms
  kMonth,      ///< no month 01 to 12
  kDay,        ///< no such day in that month
  kHour24,     ///< 24:00
  kHour,       ///< no hour 00 to 23
  kMinute,     ///< no minute 00 to 59
  kLeap,       ///< second 60
  kSecond,     ///< no second 00 to 59
  kFraction,   ///< more than six digits
  kOffset,     ///< no offset from UTC
  kWeekDate,   ///< 2026-W09-7
  kBasicForm,  ///< 20260301
  kTrailing,   ///< a good time with something behind it
};

struct TimeText {
  TimeTextError error = TimeTextError::kForm;
  size_t at = 0;            ///< byte offset of the error
  int64_t wall = 0;         ///< microseconds since 1970-01-01T00:00:00 of the clock that is written
  bool has_offset = false;  ///< "Z" or "+08:00" is there
  int32_t offset = 0;       ///< seconds east of UTC
};

/// Reads a date, or a date and a time of day, with or without an offset; the whole text.
TimeText read_time_text(std::string_view text);
/// What is wrong with it, as what one says of a text, with what would be right: "has a day that
/// 2026-02 does not have".
std::string time_problem(std::string_view text, TimeTextError error);

}  // namespace patron::internal
