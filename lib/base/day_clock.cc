#include "lib/base/day_clock.h"

#include <algorithm>
#include <bit>

#include "lib/base/civil.h"
#include "lib/base/simd.h"
#include "lib/base/zone_rules.h"

namespace patron::internal {
namespace {

// Spans longer than this get no table: bad data must not cost memory.
constexpr int64_t kMaxDays = kDaysPer400Years;

struct DayRange {
  Day first, last;
  bool ascending;
};

// The least and the greatest local day of the instants min to max, and whether it only grows: in
// each segment it does, so the ends of the segments decide.
DayRange local_days(const TimeZone& zone, Micros min, Micros max) {
  const ZoneRules& rules = ZoneRules::of(zone);
  DayRange range{std::min(zone.local_day(min), zone.local_day(max)),
                 std::max(zone.local_day(min), zone.local_day(max)), true};
  for (Micros t = min; t < max;) {
    const ZoneRules::Located there = rules.locate(t);
    if (there.segment == rules.at.size()) break;
    const Micros next = rules.at[there.segment] + there.shift;
    if (next > max) break;
    const Day before = zone.local_day(next - 1), after = zone.local_day(next);
    range.first = std::min(range.first, after);
    range.last = std::max(range.last, before);
    range.ascending &= before <= after;
    t = next;
  }
  return range;
}

// Whether the offset is one from the begin of a day to that of another, and the first begins with
// its midnight.
bool has_one_offset(const TimeZone& zone, Day first, Day end) {
  const ZoneRules& rules = ZoneRules::of(zone);
  const Micros begin = zone.start_of_day(first);
  const ZoneRules::Located from = rules.locate(begin), to = rules.locate(zone.start_of_day(end));
  return from.segment == to.segment && from.shift == to.shift &&
         begin == first * kMicrosPerDay - rules.offset_micros(from.segment);
}

}  // namespace

DayClock::DayClock(const TimeZone& zone, Micros min, Micros max) : zone_(zone) {
  const DayRange range = local_days(zone, min, max);
  first_day_ = range.first;
  days_ = range.last - range.first + 1;
  ascending_ = range.ascending;
  fixed_ = ZoneRules::of(zone).fixed() || has_one_offset(zone, first_day_, first_day_ + days_);
  if (fixed_) {
    origin_ = zone.start_of_day(first_day_);
    origin_day_ = first_day_;
    return;
  }
  origin_ = floor_div(min, kMicrosPerDay) * kMicrosPerDay;
  if (days_ > kMaxDays) return;

  const ZoneRules& rules = ZoneRules::of(zone);
  const size_t blocks = block_of(max) + 1;
  blocks_.reserve(blocks);
  for (size_t i = 0; i < blocks; ++i) {
    const Micros begin = origin_ + static_cast<int64_t>(i) * kMicrosPerDay;
    const ZoneRules::Located there = rules.locate(begin);
    const bool changes =
        there.segment < rules.at.size() && rules.at[there.segment] < there.value + kMicrosPerDay;
    const int64_t offset = rules.offset_micros(there.segment);
    const Day day = floor_div(begin + offset, kMicrosPerDay);
    blocks_.push_back({changes ? kAskZone : (day + 1) * kMicrosPerDay - offset, day});
  }
  starts_.reserve(static_cast<size_t>(days_) + 1);
  for (Day day = first_day_; day <= first_day_ + days_; ++day) {
    starts_.push_back(zone.start_of_day(day));
  }
}

// A day is 2^13 x 10,546,875 microseconds. What is left of a time without its last 13 bits is less
// than 2^51, so a double has it and a half more exactly; its quotient by 10,546,875 is wrong by
// less than 2^-29, and the half keeps it 2^-25 away from every whole number.
void DayClock::days_of(std::span<const Micros> times, Day* out) const {
  if (!fixed_) {
    for (size_t i = 0; i < times.size(); ++i) out[i] = day_of(times[i]);
    return;
  }
  constexpr int kTwos = 13;
  constexpr int64_t kRest = kMicrosPerDay >> kTwos;
  static_assert(kRest << kTwos == kMicrosPerDay);
  static_assert((kEndTime - kMinTime) >> kTwos < int64_t{1} << 50);
  run_with_best_simd([&]() __attribute__((always_inline)) {
    // The bits of 2^52, below which those of a whole number are its own.
    constexpr uint64_t kExponent = uint64_t{0x433} << 52;
    const Micros* const from = times.data();
    Day* const to = out;
    const Micros origin = origin_;
    const Day first = origin_day_;
    const size_t n = times.size();
    for (size_t i = 0; i < n; ++i) {
      const uint64_t units = static_cast<uint64_t>(from[i] - origin) >> kTwos;
      const double whole = std::bit_cast<double>(units | kExponent) - 0x1p52;
      to[i] = first + static_cast<int32_t>((whole + 0.5) * (1.0 / kRest));
    }
    return 0;
  });
}

WallClock::WallClock(const TimeZone& zone, int64_t min, int64_t max)
    : zone_(zone), fixed_(ZoneRules::of(zone).fixed()) {
  const ZoneRules& rules = ZoneRules::of(zone);
  origin_ = floor_div(min, kMicrosPerDay) * kMicrosPerDay;
  const int64_t days = (max - origin_) / kMicrosPerDay + 1;
  if (fixed_) {
    offset_ = rules.offset_micros(0);
    return;
  }
  if (days > kMaxDays) return;
  offsets_.reserve(static_cast<size_t>(days));
  for (int64_t i = 0; i < days; ++i) {
    const ZoneRules::Located there = rules.locate_wall(origin_ + i * kMicrosPerDay);
    const bool inside = there.segment == 0 || rules.wall_begin(there.segment) <= there.value;
    const bool whole = there.segment == rules.at.size() ||
                       rules.wall_end[there.segment] >= there.value + kMicrosPerDay;
    offsets_.push_back(inside && whole ? rules.offset_micros(there.segment) : kAskZone);
  }
}

}  // namespace patron::internal
