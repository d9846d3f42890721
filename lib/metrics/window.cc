#include "lib/metrics/window.h"

#include <algorithm>
#include <array>

#include "lib/metrics/calendar_grid.h"

namespace patron::internal {
namespace {

CalendarGrid grid_of(const Window& window, const TimeZone& zone) {
  static constexpr std::array<int32_t, 3> kMonths{1, 3, 12};
  return {{kMonths[static_cast<size_t>(window.calendar)], 0}, zone};
}

// An instant, or kNever where it lies beyond the accepted ones.
Micros or_never(Micros t) { return t < kEndTime ? t : TimeRange::kNever; }

Period sum(Period a, Period b) { return {a.months + b.months, a.micros + b.micros}; }

Micros after(const TimeZone& zone, Micros e, Period period) {
  return or_never(zone.add(e, period));
}

TimeRange fixed_range(const Window& window, const TimeZone& zone) {
  return {window.from ? zone.start_of_day(*window.from) : kMinTime,
          window.to ? zone.start_of_day(*window.to) : TimeRange::kNever};
}

TimeRange calendar_range(const Window& window, const TimeZone& zone, Micros now) {
  const CalendarGrid grid = grid_of(window, zone);
  const int64_t period = grid.index_of(now) - window.previous;
  return {grid.start_of(period), or_never(grid.start_of(period + 1))};
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
      const CalendarGrid grid = grid_of(window, zone);
      const int64_t from = grid.index_of(e) + window.previous;
      return {std::max(e, or_never(grid.start_of(from))), or_never(grid.start_of(from + 1))};
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
