// KnownDays: local days of a time zone, for those who ask for the same ones again and again.
//
//   KnownDays days(zone);
//   Day today = days.of(t);            // as zone.local_day(t)
//   Micros begin = days.begin(today);  // as zone.start_of_day(today)
//
// Thread class: serial.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "lib/base/civil.h"
#include "lib/base/zone_rules.h"
#include "patron/time.h"

namespace patron::internal {

class KnownDays {
 public:
  explicit KnownDays(const TimeZone& zone) : zone_(zone) {
    begins_.fill({0, zone_.start_of_day(0)});
  }

  Day of(Micros t) {
    if (t < from_ || t >= until_) return look_up(t);
    return floor_div(t + offset_, kMicrosPerDay);
  }
  Micros begin(Day day) {
    auto& known = begins_[static_cast<uint64_t>(day) % kBegins];
    if (known.first != day) known = {day, zone_.start_of_day(day)};
    return known.second;
  }

 private:
  static constexpr size_t kBegins = 512;

  [[gnu::noinline]] Day look_up(Micros t) {
    const ZoneRules& rules = ZoneRules::of(zone_);
    const ZoneRules::Located there = rules.locate(t);
    const size_t segment = there.segment;
    // Centuries ahead a day is looked up each time.
    if (there.value == t) {
      from_ = segment == 0 ? kMinTime : rules.at[segment - 1];
      until_ = segment == rules.at.size() ? kEndTime : rules.at[segment];
      offset_ = rules.offset_micros(segment);
    }
    return zone_.local_day(t);
  }

  TimeZone zone_;
  Micros from_ = 0, until_ = 0;  // instants of one offset from UTC, the one that was asked for last
  int64_t offset_ = 0;
  std::array<std::pair<Day, Micros>, kBegins> begins_;
};

}  // namespace patron::internal
