#include "lib/base/zone_rules.h"

#include <utility>

namespace patron::internal {
namespace {

constexpr int64_t kFloor = kMinTime - 2 * kMicrosPerDay;
constexpr int64_t kCeiling = kEndTime + 2 * kMicrosPerDay;
constexpr int64_t kPeriod = kDaysPer400Years * kMicrosPerDay;

int64_t bounded(int64_t micros) { return std::clamp(micros, kFloor, kCeiling); }

// How far a value at or beyond the end of the table must go back to fall into its last 400 years.
int64_t periods_beyond(int64_t value, int64_t end) {
  return ((value - end) / kPeriod + 1) * kPeriod;
}

using Changes = std::vector<PosixTz::Change>;

// The transitions that the footer implies after `last`, for a little more than 400 years.
Changes yearly_changes(const PosixTz& footer, int64_t last) {
  const int64_t first_year = civil_from_day(floor_div(last, kSecondsPerDay)).year;
  Changes changes;
  for (int64_t year = first_year - 1; year <= first_year + 402; ++year) {
    for (const PosixTz::Change& change : footer.changes(year)) {
      if (change.at > last) changes.push_back(change);
    }
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return changes;
}

}  // namespace

ZoneRules::ZoneRules(std::string zone_name, const Tzif& tzif) : name(std::move(zone_name)) {
  Changes changes;
  for (size_t i = 0; i < tzif.transitions.size(); ++i) {
    changes.push_back({tzif.transitions[i], tzif.offsets[i]});
  }
  int32_t first = tzif.first_offset;
  const int64_t floor = kFloor / kMicrosPerSecond, ceiling = kCeiling / kMicrosPerSecond;
  size_t yearly = changes.size();  // where the footer's changes begin
  if (tzif.footer && changes.empty()) first = tzif.footer->standard;
  if (tzif.footer && tzif.footer->has_daylight) {
    const int64_t last = changes.empty() ? floor : std::max(floor, changes.back().at);
    if (last <= ceiling) {
      const Changes more = yearly_changes(*tzif.footer, last);
      changes.insert(changes.end(), more.begin(), more.end());
    }
  }

  offset.push_back(first);
  for (size_t i = 0; i < changes.size(); ++i) {
    const bool replaced = i + 1 < changes.size() && changes[i + 1].at == changes[i].at;
    if (replaced || (i < yearly && changes[i].at > ceiling)) continue;
    if (changes[i].at < floor) {
      offset[0] = changes[i].offset;
    } else if (changes[i].offset != offset.back()) {
      at.push_back(changes[i].at * kMicrosPerSecond);
      offset.push_back(changes[i].offset);
      periodic = i >= yearly;
    }
  }
  for (size_t i = 0; i < at.size(); ++i) {
    const int64_t end = at[i] + offset_micros(i);
    wall_end.push_back(i == 0 ? end : std::max(end, wall_end[i - 1]));
  }
}

ZoneRules::Located ZoneRules::locate(Micros t) const {
  t = bounded(t);
  int64_t shift = 0;
  if (periodic && t >= at.back()) t -= shift = periods_beyond(t, at.back());
  const auto next = std::upper_bound(at.begin(), at.end(), t);
  return {t, shift, static_cast<size_t>(next - at.begin())};
}

ZoneRules::Located ZoneRules::locate_wall(int64_t wall) const {
  wall = bounded(wall);
  int64_t shift = 0;
  if (periodic && wall >= wall_end.back()) wall -= shift = periods_beyond(wall, wall_end.back());
  const auto next = std::upper_bound(wall_end.begin(), wall_end.end(), wall);
  return {wall, shift, static_cast<size_t>(next - wall_end.begin())};
}

int64_t ZoneRules::to_wall(Micros t) const {
  const Located there = locate(t);
  return there.value + there.shift + offset_micros(there.segment);
}

Micros ZoneRules::from_wall(int64_t wall) const {
  const Located there = locate_wall(wall);
  const Micros t = there.value - offset_micros(there.segment);
  return there.shift + (there.segment == 0 ? t : std::max(t, at[there.segment - 1]));
}

int64_t ZoneRules::latest_wall(Micros t) const {
  const Located there = locate(t);
  int64_t wall = there.value + offset_micros(there.segment);
  if (there.segment > 0) wall = std::max(wall, wall_end[there.segment - 1] - 1);
  return wall + there.shift;
}

Micros ZoneRules::from_wall_for_good(int64_t wall) const {
  const Located there = locate_wall(wall - 1);
  const int64_t last = there.value;  // the latest wall clock that is too early
  size_t segment = there.segment;
  if (segment > 0 && wall_begin(segment) > last) --segment;
  // A later segment may begin with a wall clock that was passed before: the clocks went back.
  for (size_t i = segment + 1; i <= at.size(); ++i) {
    if (at[i - 1] + kMinOffset * kMicrosPerSecond > last) break;
    if (wall_begin(i) <= last) segment = i;
  }
  const Micros t = last + 1 - offset_micros(segment);
  return there.shift + (segment < at.size() ? std::min(t, at[segment]) : t);
}

}  // namespace patron::internal
