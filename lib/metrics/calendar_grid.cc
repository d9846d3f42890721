#include "lib/metrics/calendar_grid.h"

#include <algorithm>

#include "lib/base/civil.h"
#include "lib/expr/texts.h"

namespace patron::internal {
namespace {

constexpr Day kMonday = 4;  // 1970-01-05

}  // namespace

CalendarGrid::CalendarGrid(Period length, const TimeZone& zone) : zone_(zone) {
  if (length.months > 0) {
    unit_ = Unit::kMonths;
    length_ = length.months;
  } else if (length.micros % kMicrosPerDay == 0) {
    unit_ = Unit::kDays;
    length_ = length.micros / kMicrosPerDay;
  } else {
    unit_ = Unit::kMicros;
    length_ = length.micros;
  }
}

int64_t CalendarGrid::index_of(Micros t) const {
  if (unit_ == Unit::kMicros) return floor_div(t - kMonday * kMicrosPerDay, length_);
  const Day day = zone_.local_day(t);
  int64_t index = 0;
  if (unit_ == Unit::kDays) {
    index = floor_div(day - kMonday, length_);
  } else {
    const CivilDate date = civil_from_day(day);
    index = floor_div(int64_t{date.year} * 12 + date.month - 1, length_);
  }
  return index + (start_of(index + 1) <= t ? 1 : 0);
}

Micros CalendarGrid::start_of(int64_t index) const {
  if (unit_ == Unit::kMicros) {
    if (index > (kEndTime - kMonday * kMicrosPerDay) / length_) return kEndTime;
    return std::max(kMinTime, index * length_ + kMonday * kMicrosPerDay);
  }
  Day day = 0;
  if (unit_ == Unit::kDays) {
    if (index > (kLastDay - kMonday) / length_) return kEndTime;
    day = index * length_ + kMonday;
  } else {
    if (index > (int64_t{10'000} * 12) / length_) return kEndTime;
    const int64_t month = index * length_;
    day = civil_to_day(floor_div(month, 12), floor_mod(month, 12) + 1, 1);
  }
  if (day < kFirstDay) return kMinTime;
  if (day > kLastDay) return kEndTime;
  return std::clamp(zone_.start_of_day(day), kMinTime, kEndTime);
}

}  // namespace patron::internal
