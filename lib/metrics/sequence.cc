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

namespace {

// The events of one instant, of which a chain may take several: each another step. Which steps in a
// row they can be is a matching of steps and events (Kuhn 1955), of a stretch of steps that grows
// at its end and shrinks at its beginning.
class OneInstant {
 public:
  OneInstant(std::span<const FunnelEvent> events, uint32_t steps)
      : could_(steps), event_of_(steps, kNone), step_of_(events.size(), kNone) {
    for (uint32_t i = 0; i < events.size(); ++i) {
      for (const uint32_t step : events[i].steps) {
        // More than there are steps are never needed.
        if (could_[step].size() < steps) could_[step].push_back(i);
      }
    }
  }

  /// For each step the end of the longest stretch that begins with it; itself where it is empty.
  std::vector<uint32_t> ends() {
    const auto steps = static_cast<uint32_t>(could_.size());
    std::vector<uint32_t> out(steps);
    uint32_t end = 0;
    for (uint32_t begin = 0; begin < steps; ++begin) {
      end = std::max(end, begin);
      while (end < steps && placed(end)) ++end;
      out[begin] = end;
      if (event_of_[begin] != kNone) step_of_[event_of_[begin]] = kNone;
      event_of_[begin] = kNone;
    }
    return out;
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  bool placed(uint32_t step) {
    tried_.assign(step_of_.size(), false);
    return place(step);
  }
  bool place(uint32_t step) {
    for (const uint32_t i : could_[step]) {
      if (tried_[i]) continue;
      tried_[i] = true;
      if (step_of_[i] != kNone && !place(step_of_[i])) continue;
      event_of_[step] = i;
      step_of_[i] = step;
      return true;
    }
    return false;
  }

  std::vector<std::vector<uint32_t>> could_;
  std::vector<uint32_t> event_of_, step_of_;
  std::vector<bool> tried_;
};

}  // namespace

std::optional<uint32_t> furthest_step(std::span<const FunnelEvent> events, uint32_t steps,
                                      std::optional<Period> within, const TimeZone& zone) {
  // Of the chains that reach a step, the one that began last: it has the most time left.
  std::vector<std::optional<Micros>> begun(steps);
  const auto start_of = [&](uint32_t step, Micros t) {
    std::optional<Micros> start = step == 0 ? t : begun[step - 1];
    if (start && within && t >= end_of(zone, *start, *within)) start.reset();
    return start;
  };
  const auto reach = [&](uint32_t step, Micros start) {
    begun[step] = std::max(begun[step].value_or(start), start);
  };
  for (size_t begin = 0; begin < events.size();) {
    const Micros t = events[begin].time;
    size_t end = begin + 1;
    while (end < events.size() && events[end].time == t) ++end;
    if (end == begin + 1) {
      const std::vector<uint32_t>& could = events[begin].steps;
      for (size_t i = could.size(); i-- > 0;) {  // downwards: one event is one step of a chain
        if (const auto start = start_of(could[i], t)) reach(could[i], *start);
      }
    } else {
      const std::vector<uint32_t> ends =
          OneInstant(events.subspan(begin, end - begin), steps).ends();
      for (uint32_t step = steps; step-- > 0;) {
        const auto start = start_of(step, t);
        for (uint32_t next = step; start && next < ends[step]; ++next) reach(next, *start);
      }
    }
    begin = end;
  }
  for (uint32_t step = steps; step-- > 0;) {
    if (begun[step]) return step;
  }
  return std::nullopt;
}

}  // namespace patron::internal
