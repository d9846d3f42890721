#include "lib/models/ltv/summary/period_grid.h"

#include <algorithm>

#include "lib/base/civil.h"
#include "lib/base/quotient.h"

namespace patron::internal {
namespace {

constexpr Micros kMicrosPerWeek = 7 * kMicrosPerDay;
constexpr Day kMonday = 4;  // 1970-01-05

/// Months since January of the year 0.
int64_t month_of_day(Day day) {
  const CivilDate date = civil_from_day(day);
  return int64_t{date.year} * 12 + date.month - 1;
}

Day first_day_of_month(int64_t month) {
  return civil_to_day(floor_div(month, 12), static_cast<int>(floor_mod(month, 12)) + 1, 1);
}

}  // namespace

PeriodGrid::PeriodGrid(const TimeZone& zone, LtvUnit unit, LtvCollapse collapse)
    : zone_(zone), unit_(unit), collapse_(collapse) {
  switch (unit) {
    case LtvUnit::kHour:
      micros_ = kMicrosPerHour;
      break;
    case LtvUnit::kDay:
      micros_ = kMicrosPerDay;
      break;
    case LtvUnit::kWeek:
      micros_ = kMicrosPerWeek;
      break;
    case LtvUnit::kMonth:
      months_ = 1;
      break;
    case LtvUnit::kQuarter:
      months_ = 3;
      break;
    case LtvUnit::kYear:
      months_ = 12;
      break;
  }
}

bool PeriodGrid::of_days() const {
  return collapse_ == LtvCollapse::kDay ||
         (collapse_ == LtvCollapse::kUnit && unit_ != LtvUnit::kHour);
}

int64_t PeriodGrid::period_of_day(Day day) const {
  if (collapse_ == LtvCollapse::kDay || unit_ == LtvUnit::kDay) return day;
  if (unit_ == LtvUnit::kWeek) return floor_div(day - kMonday, 7);
  return floor_div(month_of_day(day), months_);
}

int64_t PeriodGrid::period_of(Micros t) const {
  if (collapse_ == LtvCollapse::kNone) return t;
  if (of_days()) return period_of_day(zone_.local_day(t));
  return floor_div(zone_.to_wall(t), kMicrosPerHour);
}

Micros PeriodGrid::end_of(int64_t period) const {
  const int64_t next = period + 1;
  if (collapse_ == LtvCollapse::kNone) return next;
  if (!of_days()) return zone_.from_wall(next * kMicrosPerHour);
  if (collapse_ == LtvCollapse::kDay || unit_ == LtvUnit::kDay) return zone_.start_of_day(next);
  if (unit_ == LtvUnit::kWeek) return zone_.start_of_day(next * 7 + kMonday);
  return zone_.start_of_day(first_day_of_month(next * months_));
}

double PeriodGrid::span(int64_t from, int64_t to) const {
  if (collapse_ == LtvCollapse::kUnit) return static_cast<double>(to - from);
  if (months_ != 0) return calendar_span(from, to);
  if (collapse_ == LtvCollapse::kNone) return nearest_quotient(to - from, micros_);
  if (unit_ == LtvUnit::kHour) return static_cast<double>((to - from) * 24);
  return nearest_quotient(to - from, micros_ / kMicrosPerDay);
}

double PeriodGrid::calendar_span(int64_t from, int64_t to) const {
  const bool instants = collapse_ == LtvCollapse::kNone;
  const CivilDate first = civil_from_day(instants ? zone_.local_day(from) : from);
  const int64_t month = int64_t{first.year} * 12 + first.month - 1;
  const int64_t last = month_of_day(instants ? zone_.local_day(to) : to);
  const auto later = [&](int64_t units) {
    const int64_t months = units * months_;
    if (instants) return zone_.add(from, Period{static_cast<int32_t>(months), 0});
    const Day begin = first_day_of_month(month + months);
    if (first.day <= 28) return begin + first.day - 1;
    return std::min(begin + first.day - 1, first_day_of_month(month + months + 1));
  };
  int64_t units = std::max<int64_t>(0, (last - month) / months_);
  int64_t begin = later(units);
  int64_t end = later(units + 1);
  while (units > 0 && begin > to) {
    end = begin;
    begin = later(--units);
  }
  while (end <= to) {
    begin = end;
    end = later(++units + 1);
  }
  const int64_t length = end - begin;
  return nearest_quotient(units * length + (to - begin), length);
}

PeriodClock::PeriodClock(const PeriodGrid& grid, Micros min, Micros max)
    : grid_(grid),
      days_(grid.zone(), min, max),
      whole_days_(false),
      ascending_(days_.ascending()),
      first_(0),
      count_(0) {
  constexpr int64_t kMaxTable = 4 * kDaysPer400Years;
  if (!grid.of_days()) {
    first_ = std::min(grid.period_of(min), grid.period_of(max));
    count_ = std::max(grid.period_of(min), grid.period_of(max)) - first_ + 1;
    // Hours come again whenever clocks go back.
    ascending_ = grid.collapse() == LtvCollapse::kNone || days_.is_utc();
    return;
  }
  const Day last = days_.first_day() + days_.days() - 1;
  first_ = grid.period_of_day(days_.first_day());
  count_ = grid.period_of_day(last) - first_ + 1;
  whole_days_ = count_ == days_.days();
  if (whole_days_ || days_.days() > kMaxTable) return;
  of_day_.reserve(static_cast<size_t>(days_.days()));
  for (Day day = days_.first_day(); day <= last; day++)
    of_day_.push_back(number(grid.period_of_day(day)));
}

}  // namespace patron::internal
