#include <algorithm>
#include <memory>
#include <utility>

#include "lib/base/civil.h"
#include "lib/base/nearest.h"
#include "lib/base/tzif.h"
#include "lib/base/utf8.h"
#include "lib/base/zone_data.h"
#include "lib/base/zone_rules.h"
#include "patron/time.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::floor_div;
using internal::floor_mod;

// Years beyond these lie outside every accepted instant, whatever the zone.
constexpr int64_t kFirstYear = 0;
constexpr int64_t kLastYear = 10'000;

// The wall clock `months` later: the same day of the month and time of day; 00:00 of the first day
// of the month after where that day does not exist.
int64_t add_months(int64_t wall, int64_t months) {
  const CivilDate date = civil_from_day(floor_div(wall, kMicrosPerDay));
  const int64_t month_index = int64_t{date.year} * 12 + date.month - 1 + months;
  const int64_t year = std::clamp(floor_div(month_index, 12), kFirstYear, kLastYear);
  const int month = static_cast<int>(floor_mod(month_index, 12)) + 1;
  if (date.day > internal::days_in_month(year, month)) {
    return internal::civil_to_day(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) *
           kMicrosPerDay;
  }
  return internal::civil_to_day(year, month, date.day) * kMicrosPerDay +
         floor_mod(wall, kMicrosPerDay);
}

// The first wall clock whose add_months is after `wall`.
int64_t first_month_later_than(int64_t wall, int64_t months) {
  const CivilDate date = civil_from_day(floor_div(wall, kMicrosPerDay));
  const int64_t month_index = int64_t{date.year} * 12 + date.month - 1 - months;
  const int64_t year = std::clamp(floor_div(month_index, 12), kFirstYear, kLastYear);
  const int month = static_cast<int>(floor_mod(month_index, 12)) + 1;
  if (const int length = internal::days_in_month(year, month); date.day > length) {
    return internal::civil_to_day(year, month, length + 1) * kMicrosPerDay;
  }
  return internal::civil_to_day(year, month, date.day) * kMicrosPerDay +
         floor_mod(wall, kMicrosPerDay) + 1;
}

Micros saturate(Micros t) { return std::clamp(t, kMinTime, kEndTime); }

Micros saturating_add(Micros t, int64_t micros) {
  Micros sum = 0;
  if (__builtin_add_overflow(t, micros, &sum)) return micros < 0 ? kMinTime : kEndTime;
  return saturate(sum);
}

Micros saturating_subtract(Micros t, int64_t micros) {
  Micros difference = 0;
  if (__builtin_sub_overflow(t, micros, &difference)) return micros < 0 ? kEndTime : kMinTime;
  return saturate(difference);
}

// "Shanghai" or "new york" for the city of a name: people know it and not the region.
std::string_view zone_of_city(std::string_view city) {
  const auto folded = [](char c) {
    return c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  for (std::string_view name : internal::kZoneData.names) {
    const std::string_view last = name.substr(name.rfind('/') + 1);
    if (std::equal(last.begin(), last.end(), city.begin(), city.end(),
                   [&](char a, char b) { return folded(a) == folded(b); })) {
      return name;
    }
  }
  return {};
}

// Abbreviations such as "CST" mean several zones: the nearest of them would mislead.
constexpr size_t kLongestAbbreviation = 4;

Status unknown_zone(std::string_view name) {
  if (name.empty()) return {Code::kZone, "the time zone is empty; write a name such as \"UTC\""};
  std::string message = "no time zone " + internal::quoted(name);
  if (const std::string_view city = zone_of_city(name); !city.empty()) {
    message += "; did you mean " + internal::quoted(city) + "?";
    return {Code::kZone, std::move(message)};
  }
  std::string near;
  if (name.size() > kLongestAbbreviation) {
    near = internal::did_you_mean(name, internal::kZoneData.names);
  }
  message += near.empty() ? "; write an IANA name such as \"Europe/Berlin\" or \"UTC\"" : near;
  return {Code::kZone, std::move(message)};
}

}  // namespace

TimeZone::TimeZone() : rules_(std::make_shared<internal::ZoneRules>()) {}

TimeZone::TimeZone(std::shared_ptr<const internal::ZoneRules> rules) : rules_(std::move(rules)) {}

Result<TimeZone> TimeZone::load(std::string_view name) {
  const std::span<const std::string_view> names = internal::kZoneData.names;
  const auto found = std::lower_bound(names.begin(), names.end(), name);
  if (found == names.end() || *found != name) return unknown_zone(name);
  const Result<internal::Tzif> tzif =
      internal::read_tzif(internal::kZoneData.rules[static_cast<size_t>(found - names.begin())]);
  if (!tzif.ok()) return tzif.status();
  return TimeZone(std::make_shared<internal::ZoneRules>(std::string(name), *tzif));
}

const std::string& TimeZone::name() const { return rules_->name; }

bool TimeZone::is_utc() const { return rules_->fixed() && rules_->offset[0] == 0; }

int32_t TimeZone::offset_at(Micros t) const { return rules_->offset[rules_->locate(t).segment]; }

Day TimeZone::local_day(Micros t) const { return floor_div(rules_->to_wall(t), kMicrosPerDay); }

int64_t TimeZone::to_wall(Micros t) const { return rules_->to_wall(t); }

Micros TimeZone::from_wall(int64_t wall) const { return rules_->from_wall(wall); }

Micros TimeZone::start_of_day(Day day) const {
  constexpr Day kFirst = kMinTime / kMicrosPerDay - 2, kLast = kEndTime / kMicrosPerDay + 2;
  return rules_->from_wall(std::clamp(day, kFirst, kLast) * kMicrosPerDay);
}

Micros TimeZone::add(Micros t, Period period) const {
  if (period.months != 0) t = from_wall(add_months(to_wall(t), period.months));
  return saturating_add(t, period.micros);
}

Micros TimeZone::window_start(Micros now, Period window) const {
  if (window.months == 0) return saturating_subtract(saturating_add(now, 1), window.micros);
  // e + w <= now says: the wall clock of e, months later, has been reached by `reached`.
  const Micros reached = saturating_subtract(now, window.micros);
  const int64_t wall = first_month_later_than(rules_->latest_wall(reached), window.months);
  return saturate(rules_->from_wall_for_good(wall));
}

std::string_view zone_data_version() { return internal::kZoneData.version; }
std::string_view zone_data_hash() { return internal::kZoneData.hash; }
std::span<const std::string_view> zone_names() { return internal::kZoneData.names; }

}  // namespace v0
}  // namespace patron
