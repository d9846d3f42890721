// Time zones: the readers of TZif and of POSIX TZ strings, and the fast tables against plain scans.
//
// An input is a TZif file as bytes, or choices that a sound one is made of. Whatever is accepted
// becomes ZoneRules, whose binary searches must say what a walk through all transitions says. Named
// zones go through DayClock and WallClock, which must say what the zone says.
#include <algorithm>
#include <string>
#include <vector>

#include "lib/base/day_clock.h"
#include "lib/base/posix_tz.h"
#include "lib/base/tzif.h"
#include "lib/base/zone_rules.h"
#include "patron/time.h"
#include "tests/fuzz/fuzz.h"

namespace {

using patron::kEndTime;
using patron::kMicrosPerDay;
using patron::kMicrosPerSecond;
using patron::kMinTime;
using patron::Micros;
using patron::internal::floor_div;
using patron::internal::PosixTz;
using patron::internal::Tzif;
using patron::internal::ZoneRules;

constexpr int64_t kFloor = kMinTime / kMicrosPerSecond - 2 * 86'400;

void append(std::string* out, uint64_t value, int bytes) {
  while (bytes > 0) *out += static_cast<char>(value >> (8 * --bytes) & 0xff);
}

/// A sound TZif file, or one with a small lie.
std::string make_tzif(Choices* choices) {
  static constexpr const char* kFooters[] = {"",
                                             "CET-1CEST,M3.5.0,M10.5.0/3",
                                             "IST-1GMT0,M10.5.0,M3.5.0/1",
                                             "<+03>-3",
                                             "XXX3EDT4,0/0,J365/23",
                                             "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
                                             "EST5EDT,M3.2.0/167,J60/-167"};
  const size_t times = choices->below(12), types = 1 + choices->below(5);
  std::string out = "TZif2" + std::string(15, '\0');
  const bool lie = choices->byte() == 255;
  for (const size_t count : {size_t{0}, size_t{0}, size_t{0}, times + lie, types, size_t{4}}) {
    append(&out, count, 4);
  }
  int64_t at = choices->one_in(4) ? kFloor - 1000 : -3'000'000'000;
  for (size_t i = 0; i < times; i++) {
    static constexpr int64_t kSteps[] = {1, 60, 1800, 3600, 86'400, 8'000'000, 700'000'000};
    at += choices->one_of(kSteps) * (1 + choices->byte());
    append(&out, static_cast<uint64_t>(at), 8);
  }
  for (size_t i = 0; i < times; i++) out += static_cast<char>(choices->byte() % types);
  for (size_t i = 0; i < types; i++) {
    const auto offset = (static_cast<int64_t>(choices->byte()) - 128) * 450;
    append(&out, static_cast<uint32_t>(offset), 4);
    append(&out, choices->below(2), 1);
    append(&out, 0, 1);
  }
  out += std::string("LMT\0", 4);
  const uint8_t footer = choices->byte();
  const std::string_view text =
      footer < 200 ? kFooters[footer % std::size(kFooters)] : choices->rest().substr(0, 40);
  return out + "\n" + std::string(text) + "\n";
}

/// The offset at t by the transitions one after the other, then by the footer year by year.
int32_t plain_offset(const Tzif& tzif, Micros t) {
  const int64_t second = floor_div(t, kMicrosPerSecond);
  int32_t offset = tzif.first_offset;
  int64_t last = INT64_MIN;
  for (size_t i = 0; i < tzif.transitions.size(); i++) {
    last = tzif.transitions[i];
    if (last <= second) offset = tzif.offsets[i];
  }
  if (!tzif.footer || second < last) return offset;
  if (tzif.transitions.empty()) offset = tzif.footer->standard;
  if (!tzif.footer->has_daylight) return offset;
  const int64_t year = patron::civil_from_day(floor_div(second, 86'400)).year;
  int64_t newest = INT64_MIN;
  for (int64_t y = year - 2; y <= year + 2; y++) {
    for (const PosixTz::Change& change : tzif.footer->changes(y)) {
      if (change.at <= last || change.at > second || change.at < newest) continue;
      newest = change.at;
      offset = change.offset;
    }
  }
  return offset;
}

void check_laws(const ZoneRules& rules, int64_t wall) {
  if (wall <= kMinTime || wall >= kEndTime) return;
  const Micros first = rules.from_wall(wall);
  FUZZ_CHECK(rules.to_wall(first) >= wall && rules.to_wall(first - 1) < wall);
  FUZZ_CHECK(rules.latest_wall(first) >= wall && rules.latest_wall(first - 1) < wall);
  const Micros good = rules.from_wall_for_good(wall);
  FUZZ_CHECK(good >= first && rules.to_wall(good) >= wall && rules.to_wall(good - 1) < wall);
}

void check_rules(const Tzif& tzif, Choices* choices) {
  const ZoneRules rules("fuzz", tzif);
  FUZZ_CHECK(std::is_sorted(rules.at.begin(), rules.at.end()));
  FUZZ_CHECK(rules.offset.size() == rules.at.size() + 1);
  std::vector<Micros> instants{0, choices->int64() % kEndTime, kEndTime - 1};
  for (const int64_t second : tzif.transitions) {
    if (second <= kMinTime / kMicrosPerSecond || second >= kEndTime / kMicrosPerSecond) continue;
    instants.push_back(second * kMicrosPerSecond);
    instants.push_back(second * kMicrosPerSecond + choices->byte() * 3'600'000'000);
  }
  // Before the first year the footer is not written out.
  const int64_t begin = tzif.transitions.empty() || tzif.transitions.back() < kFloor
                            ? kMinTime + 800 * kMicrosPerDay
                            : kMinTime;
  for (const Micros instant : instants) {
    for (const Micros t : {instant - 1, instant, instant + 1}) {
      if (t < begin || t >= kEndTime) continue;
      FUZZ_CHECK(rules.to_wall(t) == t + plain_offset(tzif, t) * kMicrosPerSecond);
      check_laws(rules, rules.to_wall(t));
      check_laws(rules, t);
    }
  }
}

void check_tzif(std::string_view bytes, Choices* choices) {
  const auto tzif = patron::internal::read_tzif(bytes);
  if (!tzif.ok()) {
    FUZZ_CHECK(tzif.status().code() == patron::Code::kZone && !tzif.status().message().empty());
    return;
  }
  FUZZ_CHECK(tzif->transitions.size() == tzif->offsets.size());
  check_rules(*tzif, choices);
}

/// A POSIX TZ string: each year has two changes, in order, at the wall clocks its rules name.
void check_posix(std::string_view text, Choices* choices) {
  const auto tz = patron::internal::parse_posix_tz(text);
  if (!tz) return;
  FUZZ_CHECK(tz->standard >= -90'000 && tz->standard <= 90'000);
  Tzif tzif;
  tzif.footer = tz;
  check_rules(tzif, choices);
  if (!tz->has_daylight) return;
  for (const int64_t year : {1, 1900, 2000, 2023, 2024, 9998}) {
    const auto changes = tz->changes(year);
    FUZZ_CHECK(changes[0].at <= changes[1].at);
  }
}

void check_clocks(Choices* choices) {
  const auto names = patron::zone_names();
  const size_t high = choices->byte(), low = choices->byte();
  const auto zone = *patron::TimeZone::load(names[(high * 256 + low) % names.size()]);
  const Micros begin = std::max(choices->int64() % (kEndTime / 2), kMinTime);
  const int64_t span = (1 + choices->byte() * int64_t{choices->byte()}) * kMicrosPerDay / 64;
  const Micros end = std::min(begin + span, kEndTime - 1);
  const patron::internal::DayClock days(zone, begin, end);
  const patron::internal::WallClock walls(zone, begin, end);
  patron::Day previous = INT64_MIN;
  const int64_t step = 1 + (end - begin) / 40;
  for (Micros t = begin; t <= end; t += step) {
    const patron::Day day = zone.local_day(t);
    FUZZ_CHECK(days.day_of(t) == day && (!days.ascending() || day >= previous));
    FUZZ_CHECK(day >= days.first_day() && day < days.first_day() + days.days());
    FUZZ_CHECK(days.start_of(day) == zone.start_of_day(day));
    FUZZ_CHECK(walls.instant_of_wall(t) == zone.from_wall(t));
    previous = day;
    const Micros midnight = zone.start_of_day(day);
    for (const Micros near : {midnight - 1, midnight, midnight + 1}) {
      if (near >= begin && near <= end) FUZZ_CHECK(days.day_of(near) == zone.local_day(near));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 2048) return 0;
  Choices choices(data, size);
  switch (choices.byte() % 4) {
    case 0:
      check_tzif(choices.rest(), &choices);
      break;
    case 1:
      check_tzif(make_tzif(&choices), &choices);
      break;
    case 2:
      check_posix(choices.rest(), &choices);
      break;
    default:
      check_clocks(&choices);
  }
  return 0;
}
