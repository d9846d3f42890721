// Local days and wall clocks of a zone by table, for columns of time stamps.
//
//   DayClock clock(zone, oldest, newest);
//   Day day = clock.day_of(t);              // == zone.local_day(t), in a nanosecond or two
//
// The span is cut into blocks of 24 hours, of UTC for DayClock and of wall clock for WallClock, so
// the block of a value is one division. Unless the offset changes within a block, local midnight
// falls into it exactly once, so the local day is the one of the block's begin, plus one from that
// midnight on; and a wall clock differs from its instant by one offset. The few blocks in which the
// offset changes are marked and ask the zone itself, as does a span of more than 400 years.
//
// Thread class: a const clock is shared. Nothing allocates after construction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "patron/time.h"

namespace patron::internal {

/// From instants to local days.
class DayClock {
 public:
  /// For the instants min to max, both included; kMinTime <= min <= max < kEndTime. Takes 24 bytes
  /// a day, none for a zone whose offset never changes. Throws std::bad_alloc.
  DayClock(const TimeZone& zone, Micros min, Micros max);

  /// The least local day of any instant from min to max.
  Day first_day() const { return first_day_; }
  /// How many days from there to the greatest one, both included.
  int64_t days() const { return days_; }
  bool is_utc() const { return zone_.is_utc(); }
  /// Whether a later instant never has an earlier local day. Where clocks are set back over
  /// midnight (St. John's did so at 00:01 until 2011), a day comes, goes, and comes again.
  bool ascending() const { return ascending_; }

  /// zone.local_day(t), for t from min to max.
  Day day_of(Micros t) const {
    if (fixed_) return origin_day_ + static_cast<Day>(block_of(t));
    if (blocks_.empty()) return zone_.local_day(t);
    const Block& block = blocks_[block_of(t)];
    if (block.midnight == kAskZone) [[unlikely]]
      return zone_.local_day(t);
    return block.day + (t >= block.midnight ? 1 : 0);
  }

  /// The same of many.
  void days_of(std::span<const Micros> times, Day* out) const;

  /// zone.start_of_day(day), for first_day() <= day <= first_day() + days().
  Micros start_of(Day day) const {
    if (fixed_) return origin_ + (day - origin_day_) * kMicrosPerDay;
    if (starts_.empty()) return zone_.start_of_day(day);
    return starts_[static_cast<size_t>(day - first_day_)];
  }

 private:
  static constexpr Micros kAskZone = INT64_MIN;

  struct Block {
    Micros midnight;  // where the local day becomes day + 1
    Day day;
  };

  size_t block_of(Micros t) const {
    return static_cast<size_t>(static_cast<uint64_t>(t - origin_) / uint64_t{kMicrosPerDay});
  }

  TimeZone zone_;
  bool fixed_;
  Micros origin_ = 0;
  Day origin_day_ = 0;  // fixed_: the local day that begins at origin_
  Day first_day_ = 0;
  int64_t days_ = 0;
  bool ascending_ = true;
  std::vector<Block> blocks_;
  std::vector<Micros> starts_;
};

/// From wall clocks to instants.
class WallClock {
 public:
  /// For the wall clocks min to max, both included, in microseconds since 1970-01-01T00:00:00
  /// local, which must lie between kMinTime and kEndTime. Takes 8 bytes a day. Throws
  /// std::bad_alloc.
  WallClock(const TimeZone& zone, int64_t min, int64_t max);

  /// zone.from_wall(wall), for wall from min to max.
  Micros instant_of_wall(int64_t wall) const {
    if (fixed_) return wall - offset_;
    if (offsets_.empty()) return zone_.from_wall(wall);
    const int64_t offset = offsets_[static_cast<size_t>(static_cast<uint64_t>(wall - origin_) /
                                                        uint64_t{kMicrosPerDay})];
    if (offset == kAskZone) [[unlikely]]
      return zone_.from_wall(wall);
    return wall - offset;
  }

 private:
  static constexpr int64_t kAskZone = INT64_MIN;

  TimeZone zone_;
  bool fixed_;
  int64_t offset_ = 0;  // fixed_: microseconds east of UTC
  int64_t origin_ = 0;
  std::vector<int64_t> offsets_;
};

}  // namespace patron::internal
