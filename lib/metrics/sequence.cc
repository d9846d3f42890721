#include "lib/metrics/sequence.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace patron::internal {
namespace {

using Place = std::tuple<uint64_t, Micros, uint32_t>;  // key, time, place in the log

Micros end_of(const TimeZone& zone, Micros start, Period within) {
  const Micros end = zone.add(start, within);
  return end < kEndTime ? end : TimeRange::kNever;
}

// The followers by key, then in their order; all of one key under kAnyKey.
std::vector<Place> index_followers(std::span<const KeyedEvent> seconds, FollowMatch match) {
  std::vector<Place> index;
  index.reserve(seconds.size());
  for (const KeyedEvent& event : seconds) {
    if (match == FollowMatch::kAnyKey) {
      index.emplace_back(0, event.time, event.place);
    } else if (event.key) {
      index.emplace_back(*event.key, event.time, event.place);
    }
  }
  std::sort(index.begin(), index.end());
  return index;
}

}  // namespace

std::vector<Following> followings(std::span<const KeyedEvent> firsts,
                                  std::span<const KeyedEvent> seconds, FollowMatch match,
                                  bool one_stream, Period within, const TimeZone& zone,
                                  Micros now) {
  const std::vector<Place> index = index_followers(seconds, match);
  std::vector<Following> out;
  out.reserve(firsts.size());
  for (const KeyedEvent& first : firsts) {
    Following following;
    following.until = end_of(zone, first.time, within);
    const bool can = match == FollowMatch::kAnyKey || first.key.has_value();
    const uint64_t key = match == FollowMatch::kAnyKey ? 0 : first.key.value_or(0);
    // Of the same stream: what stands behind it. Of another: whatever shares its instant, too.
    const Place least{key, first.time, one_stream ? first.place + 1 : 0};
    const auto next = std::lower_bound(index.begin(), index.end(), least);
    const bool found = can && next != index.end() && std::get<0>(*next) == key &&
                       std::get<1>(*next) < following.until && std::get<1>(*next) <= now;
    following.state = found                    ? FollowState::kFollowed
                      : now >= following.until ? FollowState::kNotFollowed
                                               : FollowState::kPending;
    out.push_back(following);
  }
  return out;
}

std::vector<Micros> open_since(std::span<const OpeningEvent> events) {
  std::set<uint64_t> decided;
  std::vector<Micros> open;
  for (size_t i = events.size(); i-- > 0;) {
    const OpeningEvent& event = events[i];
    if (!event.event.key || (!event.opens && !event.closes)) continue;
    const bool newest = decided.insert(*event.event.key).second;
    if (newest && !event.closes) open.push_back(event.event.time);
  }
  std::reverse(open.begin(), open.end());
  return open;
}

std::optional<uint32_t> furthest_step(std::span<const FunnelEvent> events, uint32_t steps,
                                      std::optional<Period> within, const TimeZone& zone) {
  // Of the chains that reach a step, the one that began last: it has the most time left.
  std::vector<std::optional<Micros>> begun(steps);
  std::vector<const FunnelEvent*> instant;
  const auto take = [&](const FunnelEvent& event) {
    for (size_t i = event.steps.size(); i-- > 0;) {  // downwards: one event is one step of a chain
      const uint32_t step = event.steps[i];
      const std::optional<Micros> start = step == 0 ? event.time : begun[step - 1];
      if (!start || (within && event.time >= end_of(zone, *start, *within))) continue;
      begun[step] = std::max(begun[step].value_or(*start), *start);
    }
  };
  for (size_t begin = 0; begin < events.size();) {
    instant.clear();
    size_t end = begin;
    for (; end < events.size() && events[end].time == events[begin].time; ++end) {
      instant.push_back(&events[end]);
    }
    std::stable_sort(instant.begin(), instant.end(), [](const auto* a, const auto* b) {
      return a->steps.front() < b->steps.front();
    });
    for (const FunnelEvent* event : instant) take(*event);
    begin = end;
  }
  for (uint32_t step = steps; step-- > 0;) {
    if (begun[step]) return step;
  }
  return std::nullopt;
}

}  // namespace patron::internal
