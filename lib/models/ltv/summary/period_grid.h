// Period grid: the periods in which orders count once, and how much time lies between two of them.
//
// A period has a number that grows by one from each to the next: the local day, hour, week, month,
// quarter or year, or the instant itself. Time is measured from period to period in a unit; months,
// quarters and years from days or instants are those of the calendar, whole ones and the fraction
// of the running one.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lib/base/day_clock.h"
#include "patron/ltv_summary.h"

namespace patron::internal {

class PeriodGrid {
 public:
  PeriodGrid(const TimeZone& zone, LtvUnit unit, LtvCollapse collapse);

  /// The period that holds an instant.
  int64_t period_of(Micros t) const;
  /// The period that holds a local day, where collapse is kDay, or kUnit and the unit no hour.
  int64_t period_of_day(Day day) const;
  /// Whether periods are made of whole local days.
  bool of_days() const;
  /// The first instant of the period after this one.
  Micros end_of(int64_t period) const;

  /// From one period to another that is not before it, in units, rounded once: for kUnit the
  /// difference of their numbers; for kDay the days between them, of 24 hours; for kNone the time
  /// between them. Months, quarters and years: the greatest k such that k of them after `from` is
  /// not after `to`, plus the share that has passed of the next one. Adding months keeps the day
  /// (for kNone: and the time of day); where it does not exist, it is the first of the month after.
  double span(int64_t from, int64_t to) const;

  const TimeZone& zone() const { return zone_; }
  LtvCollapse collapse() const { return collapse_; }

 private:
  double calendar_span(int64_t from, int64_t to) const;

  TimeZone zone_;
  LtvUnit unit_;
  LtvCollapse collapse_;
  int64_t months_ = 0;  ///< of the unit; 0 for exact lengths
  int64_t micros_ = 0;  ///< of the unit; 0 for calendar lengths
};

/// The periods of instants from min to max, numbered from the first of them, in a few nanoseconds.
class PeriodClock {
 public:
  PeriodClock(const PeriodGrid& grid, Micros min, Micros max);

  /// The least period of any instant from min to max.
  int64_t first() const { return first_; }
  /// How many from there to the greatest one, both included.
  int64_t count() const { return count_; }
  /// Whether a later instant never has an earlier period.
  bool ascending() const { return ascending_; }

  /// The period of an instant from min to max, as the grid has it.
  int64_t period_of(Micros t) const {
    if (grid_.collapse() == LtvCollapse::kNone) return t;
    if (!grid_.of_days()) return grid_.period_of(t);
    const Day day = days_.day_of(t);
    if (of_day_.empty()) return grid_.period_of_day(day);
    return first_ + of_day_[static_cast<size_t>(day - days_.first_day())];
  }

  /// Fills out[i] with the number of the period of time(i), which counts from `origin`, less
  /// first(). Their count must not exceed 2^32.
  template <typename Time>
  void read(int64_t n, Micros origin, Time time, uint32_t* out) const {
    if (!grid_.of_days()) {
      for (int64_t i = 0; i < n; i++)
        out[i] = number(grid_.period_of(origin + static_cast<Micros>(time(i))));
      return;
    }
    if (days_.is_utc()) {
      const auto phase = static_cast<uint64_t>(origin - days_.start_of(days_.first_day()));
      for (int64_t i = 0; i < n; i++)
        out[i] = static_cast<uint32_t>((time(i) + phase) / uint64_t{kMicrosPerDay});
    } else {
      for (int64_t i = 0; i < n; i++)
        out[i] = static_cast<uint32_t>(days_.day_of(origin + static_cast<Micros>(time(i))) -
                                       days_.first_day());
    }
    if (whole_days_) return;
    if (!of_day_.empty()) {
      for (int64_t i = 0; i < n; i++) out[i] = of_day_[out[i]];
    } else {
      for (int64_t i = 0; i < n; i++)
        out[i] = number(grid_.period_of_day(days_.first_day() + static_cast<Day>(out[i])));
    }
  }

 private:
  uint32_t number(int64_t period) const { return static_cast<uint32_t>(period - first_); }

  const PeriodGrid& grid_;
  DayClock days_;
  bool whole_days_;
  bool ascending_;
  int64_t first_;
  int64_t count_;
  std::vector<uint32_t> of_day_;  ///< the period of each day, where they are few enough
};

}  // namespace patron::internal
