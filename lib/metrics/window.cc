#include "lib/metrics/window.h"

#include <algorithm>

#include "lib/base/civil.h"

namespace patron::internal {
namespace {

int64_t months_of(Window::Calendar calendar) {
  switch (calendar) {
    case Window::Calendar::kMonth:
      return 1;
    case Window::Calendar::kQuarter:
      return 3;
    case Window::Calendar::kYear:
      break;
  }
  return 12;
}

// The first instant of a period; before the first that can be told kMinTime, after the last kNever.
Micros period_start(Window::Calendar calendar, const TimeZone& zone, int64_t period) {
  const int64_t month = period * months_of(calendar);
  const int64_t year = floor_div(month, 12);
  if (year < 1) return kMinTime;
  if (year > 9999) return TimeRange::kNever;
  return zone.start_of_day(civil_to_day(year, floor_mod(month, 12) + 1, 1));
}

// The period that t lies in, counted from year 0: the last that has begun. Where clocks are set
// back over midnight, a day that comes again does not bring its month back.
int64_t calendar_period(Window::Calendar calendar, const TimeZone& zone, Micros t) {
  const CivilDate date = civil_from_day(zone.local_day(t));
  const int64_t period = floor_div(int64_t{date.year} * 12 + date.month - 1, months_of(calendar));
  return period + (period_start(calendar, zone, period + 1) <= t ? 1 : 0);
}

Period sum(Period a, Period b) { return {a.months + b.months, a.micros + b.micros}; }

// e + period: kNever where that lies beyond the accepted instants.
Micros after(const TimeZone& zone, Micros e, Period period) {
  const Micros t = zone.add(e, period);
  return t < kEndTime ? t : TimeRange::kNever;
}

TimeRange fixed_range(const Window& window, const TimeZone& zone) {
  return {window.from ? zone.start_of_day(*window.from) : kMinTime,
          window.to ? zone.start_of_day(*window.to) : TimeRange::kNever};
}

TimeRange calendar_range(const Window& window, const TimeZone& zone, Micros now) {
  const int64_t period = calendar_period(window.calendar, zone, now) - window.previous;
  return {period_start(window.calendar, zone, period),
          period_start(window.calendar, zone, period + 1)};
}

TimeRange rolling_range(const Window& window, const TimeZone& zone, Micros now) {
  if (!window.offset) return {zone.window_start(now, window.length), now + 1};
  // What has not yet left (now - o, now] is not yet inside.
  return {zone.window_start(now, sum(*window.offset, window.length)),
          zone.window_start(now, *window.offset)};
}

}  // namespace

TimeRange range(const Window& window, const TimeZone& zone, Micros now, const Anchors& anchors) {
  constexpr TimeRange kNothing{0, 0};
  TimeRange inside;
  switch (window.kind) {
    case Window::Kind::kAllTime:
      break;
    case Window::Kind::kRolling:
      inside = rolling_range(window, zone, now);
      break;
    case Window::Kind::kCalendar:
      inside = calendar_range(window, zone, now);
      break;
    case Window::Kind::kSinceJoin:
      if (!anchors.joined) return kNothing;
      inside.begin = *anchors.joined;
      break;
    case Window::Kind::kSinceClass:
      if (!anchors.entered) return kNothing;
      inside.begin = *anchors.entered + 1;
      break;
    case Window::Kind::kFixed:
      inside = fixed_range(window, zone);
      break;
  }
  inside.end = std::min(inside.end, now + 1);
  return inside.empty() ? kNothing : inside;
}

TimeRange presence(const Window& window, const TimeZone& zone, Micros e, const Anchors& anchors) {
  constexpr TimeRange kNowhere{0, 0};
  constexpr Micros kNever = TimeRange::kNever;
  switch (window.kind) {
    case Window::Kind::kAllTime:
      break;
    case Window::Kind::kRolling:
      if (!window.offset) return {e, after(zone, e, window.length)};
      return {after(zone, e, *window.offset), after(zone, e, sum(*window.offset, window.length))};
    case Window::Kind::kCalendar: {
      const int64_t from = calendar_period(window.calendar, zone, e) + window.previous;
      return {std::max(e, period_start(window.calendar, zone, from)),
              period_start(window.calendar, zone, from + 1)};
    }
    case Window::Kind::kSinceJoin:
      return anchors.joined && e >= *anchors.joined ? TimeRange{e, kNever} : kNowhere;
    case Window::Kind::kSinceClass:
      return anchors.entered && e > *anchors.entered ? TimeRange{e, kNever} : kNowhere;
    case Window::Kind::kFixed:
      return fixed_range(window, zone).contains(e) ? TimeRange{e, kNever} : kNowhere;
  }
  return {e, kNever};
}

bool moves_with_time(const Window& window) {
  return window.kind == Window::Kind::kRolling || window.kind == Window::Kind::kCalendar;
}

}  // namespace patron::internal
