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

#include "patron/time.h"

namespace patron::internal {

class KnownDays {
 public:
  explicit KnownDays(const TimeZone& zone) : zone_(zone) {
    last_ = {kMinTime, zone_.local_day(kMinTime)};
    begins_.fill({0, zone_.start_of_day(0)});
  }

  Day of(Micros t) {
    if (t != last_.first) last_ = {t, zone_.local_day(t)};
    return last_.second;
  }
  Micros begin(Day day) {
    auto& known = begins_[static_cast<uint64_t>(day) % kBegins];
    if (known.first != day) known = {day, zone_.start_of_day(day)};
    return known.second;
  }

 private:
  static constexpr size_t kBegins = 512;
  TimeZone zone_;
  std::pair<Micros, Day> last_;
  std::array<std::pair<Day, Micros>, kBegins> begins_;
};

}  // namespace patron::internal
