#include "lib/metrics/evaluator.h"

#include <algorithm>
#include <utility>

#include "lib/base/number_text.h"
#include "lib/metrics/calendar_grid.h"
#include "lib/metrics/gaps.h"
#include "lib/metrics/points.h"
#include "lib/metrics/rhythm.h"

namespace patron::internal {
namespace {

std::vector<Micros> times_of(EventSpan events) {
  std::vector<Micros> times;
  times.reserve(events.size());
  for (const EventRef& event : events) times.push_back(event.time());
  return times;
}

MetricValue whole(int64_t value) {
  MetricValue out;
  out.cell = Cell::of(value);
  return out;
}

// Referrals on the other side are no events of hers.
void keep_side(const EventSource& from, ReferralSide side, std::vector<EventRef>& events) {
  std::erase_if(events, [&](const EventRef& event) { return !from.on_side(event, side); });
}

void sooner(MetricValue& out, Micros t) { out.next_change = std::min(out.next_change, t); }

// What of a stretch lies ahead of now: the next instant at which an event comes or goes.
Micros next_edge(const TimeRange& presence, Micros now) {
  if (presence.empty()) return TimeRange::kNever;
  if (presence.begin > now) return presence.begin;
  return presence.end > now ? presence.end : TimeRange::kNever;
}

bool of_text(Kind kind) { return kind == Kind::kString || kind == Kind::kEnum; }

}  // namespace

MetricEvaluator::MetricEvaluator(const MetricSpec& spec, std::span<const MetricStream> streams,
                                 const TimeZone& zone)
    : spec_(spec), streams_(streams), zone_(zone) {
  for (const FunnelStep& step : spec.steps) steps_.push_back(source(step.stream));
  if (spec.followed_by) follower_.emplace(source(spec.followed_by->stream));
  if (spec.stream < 0) return;
  main_.emplace(source(spec.stream));
  column_ = column(spec.stream, spec.column);
  by_ = column(spec.stream, spec.by);
}

EventSource MetricEvaluator::source(int stream) const {
  const MetricStream& from = streams_[static_cast<size_t>(stream)];
  return {from.schema, *from.reader, from.rules};
}

int MetricEvaluator::column(int stream, int column) const {
  if (column < 0) return kTimeColumn;
  const MetricStream& from = streams_[static_cast<size_t>(stream)];
  return EventSource(from.schema, *from.reader, from.rules)
      .column(from.columns[static_cast<size_t>(column)]);
}

// Refunds enter sums of money only.
bool MetricEvaluator::sees_refunds() const {
  const bool sums = spec_.verb == Verb::kSum || spec_.verb == Verb::kShare ||
                    (spec_.verb == Verb::kTrend && spec_.column >= 0);
  return sums && main_->kind(column_) == Kind::kMoney;
}

void MetricEvaluator::keep_where(const std::optional<Expression>& where, EventSource& from,
                                 Events& events) const {
  if (!where) return;
  std::erase_if(events, [&](const EventRef& event) { return !from.holds(where, event); });
}

std::vector<KeyedEvent> MetricEvaluator::keyed(const EventSource& from, const Events& events,
                                               int column) {
  std::vector<KeyedEvent> out;
  out.reserve(events.size());
  for (const EventRef& event : events) {
    KeyedEvent one;
    one.time = event.time();
    one.place = event.place;
    const Cell cell = from.cell(event, column);
    if (cell.known) {
      // The kinds of two columns may differ in how they are stored, not in what is equal.
      const std::string value =
          of_text(from.kind(column))
              ? std::string(cell.text)
              : std::to_string(cell.integer) + ' ' + number_text(cell.number + 0.0);  // -0 is 0
      one.key = tokens_.emplace(value, tokens_.size()).first->second;
    }
    out.push_back(one);
  }
  return out;
}

void MetricEvaluator::keep_followed(Events& events, uint32_t customer, Micros now,
                                    MetricValue& out) {
  if (!spec_.followed_by) return;
  const Follower& follower = *spec_.followed_by;
  Events seconds = follower_->read(customer, now);
  keep_side(*follower_, ReferralSide::kReferrer, seconds);
  std::erase_if(seconds, [&](const EventRef& event) { return !follower_->is_sale(event); });
  keep_where(follower.where, *follower_, seconds);
  const bool same = !follower.same.empty();
  const std::string_view key = same ? std::string_view(follower.same) : "time";
  const std::vector<Following> states = followings(
      keyed(*main_, events, main_->column(key)), keyed(*follower_, seconds, follower_->column(key)),
      same ? FollowMatch::kSameKey : FollowMatch::kAnyKey, follower.stream == spec_.stream,
      follower.within, zone_, now);
  const FollowState wanted = follower.wanted ? FollowState::kFollowed : FollowState::kNotFollowed;
  Events kept;
  for (size_t i = 0; i < events.size(); ++i) {
    if (states[i].state == wanted) kept.push_back(events[i]);
    if (states[i].state == FollowState::kPending && !follower.wanted) sooner(out, states[i].until);
  }
  events = std::move(kept);
}

void MetricEvaluator::keep_window(Events& events, Micros now, const Anchors& anchors,
                                  MetricValue& out) const {
  if (timed_ && moves_with_time(spec_.window)) {
    for (const EventRef& event : events) {
      sooner(out, next_edge(presence(spec_.window, zone_, event.time(), anchors), now));
    }
  }
  const TimeRange inside = range(spec_.window, zone_, now, anchors);
  std::erase_if(events, [&](const EventRef& event) { return !inside.contains(event.time()); });
}

MetricValue MetricEvaluator::share(const Events& events) {
  Events part = events;
  keep_where(spec_.where, *main_, part);
  return share_of(*main_, part, events, column_);
}

MetricValue MetricEvaluator::gaps(const Events& events) const {
  const std::vector<Day> days = distinct_days(times_of(events), zone_);
  MetricValue out;
  if (spec_.verb == Verb::kGapCv) {
    if (const std::optional<double> cv = gap_cv(days)) out.cell = Cell::of_double(*cv);
    return out;
  }
  const std::optional<int64_t> gap = spec_.verb == Verb::kGapLast   ? gap_last(days)
                                     : spec_.verb == Verb::kGapMean ? gap_mean(days)
                                                                    : gap_median(days);
  if (gap) out.cell = Cell::of(*gap);
  return out;
}

MetricValue MetricEvaluator::streaks(const Events& events, Micros now) const {
  const CalendarGrid grid(*spec_.every, zone_);
  const std::vector<Micros> times = times_of(events);
  MetricValue out = whole(streak(times, grid, now));
  if (out.cell.integer > 0) sooner(out, streak_end(times, grid));
  return out;
}

MetricValue MetricEvaluator::points(const Events& events, Micros now) {
  const PointsRule rule{spec_.cap, spec_.cap_per, spec_.expires, spec_.inactive_after,
                        spec_.inactive_share};
  std::vector<PointsEvent> earned;
  for (const EventRef& event : events) {
    const Cell cell = main_->value(*spec_.each, event);
    const bool doubles = spec_.each->kind() == Kind::kDouble;
    const double points = doubles ? cell.number : static_cast<double>(cell.integer);
    earned.push_back({event.time(), cell.known ? points : 0});
  }
  const PointsBalance balance = points_balance(earned, rule, zone_, now);
  MetricValue out;
  out.cell = Cell::of_double(balance.points);
  out.next_change = balance.next_change;
  return out;
}

MetricValue MetricEvaluator::apply(const Events& events, Micros now) {
  switch (spec_.verb) {
    case Verb::kCount:
      return whole(static_cast<int64_t>(events.size()));
    case Verb::kSum:
      return sum_of(*main_, events, column_);
    case Verb::kMean:
      return mean_of(*main_, events, column_);
    case Verb::kMin:
      return least_of(*main_, events, column_);
    case Verb::kMax:
      return greatest_of(*main_, events, column_);
    case Verb::kFirst:
      return first_of(*main_, events, column_);
    case Verb::kLast:
      return last_of(*main_, events, column_);
    case Verb::kDistinct:
      return distinct_of(*main_, events, column_);
    case Verb::kDaysActive:
      return whole(static_cast<int64_t>(distinct_days(times_of(events), zone_).size()));
    case Verb::kShare:
      return share(events);
    case Verb::kTop:
      return top_of(*main_, events, column_, by_, spec_.n);
    case Verb::kStreak:
      return streaks(events, now);
    case Verb::kGapLast:
    case Verb::kGapMean:
    case Verb::kGapMedian:
    case Verb::kGapCv:
      return gaps(events);
    case Verb::kTrend:
      return trend_of(*main_, events, column_, CalendarGrid(*spec_.every, zone_), spec_.n, now);
    case Verb::kPath:
      return path_of(*main_, events, column_, spec_.n);
    case Verb::kPoints:
      return points(events, now);
    case Verb::kRatio:
    case Verb::kOpen:
    case Verb::kFunnel:
      break;
  }
  return {};
}

MetricValue MetricEvaluator::open(uint32_t customer, Micros now, const Anchors& anchors) {
  Events events = main_->read(customer, now);
  keep_side(*main_, spec_.side, events);
  const std::vector<KeyedEvent> keys = keyed(*main_, events, column(spec_.stream, spec_.key));
  std::vector<OpeningEvent> openings;
  for (size_t i = 0; i < events.size(); ++i) {
    openings.push_back(
        {keys[i], main_->holds(spec_.where, events[i]), main_->holds(spec_.closed_by, events[i])});
  }
  MetricValue out = whole(0);
  for (const OpeningEvent& one : openings) {
    if (one.opens || one.closes) out.as_of = one.event.time;
  }
  const TimeRange inside = range(spec_.window, zone_, now, anchors);
  for (const Micros opened : open_since(openings)) {
    if (inside.contains(opened)) ++out.cell.integer;
    sooner(out, next_edge(presence(spec_.window, zone_, opened, anchors), now));
  }
  return out;
}

MetricValue MetricEvaluator::funnel(uint32_t customer, Micros now, const Anchors& anchors) {
  MetricValue out;
  // One event may be several steps, where their conditions overlap in one stream.
  std::map<std::pair<int, uint32_t>, FunnelEvent> found;
  for (size_t step = 0; step < steps_.size(); ++step) {
    Events events = steps_[step].read(customer, now);
    keep_side(steps_[step], ReferralSide::kReferrer, events);
    std::erase_if(events, [&](const EventRef& event) { return !steps_[step].is_sale(event); });
    keep_where(spec_.steps[step].where, steps_[step], events);
    keep_window(events, now, anchors, out);
    for (const EventRef& event : events) {
      FunnelEvent& one = found[{spec_.steps[step].stream, event.place}];
      one.time = event.time();
      one.steps.push_back(static_cast<uint32_t>(step));
    }
  }
  std::vector<FunnelEvent> events;
  events.reserve(found.size());
  for (auto& [place, event] : found) events.push_back(std::move(event));
  std::stable_sort(events.begin(), events.end(),
                   [](const FunnelEvent& a, const FunnelEvent& b) { return a.time < b.time; });
  if (!events.empty()) out.as_of = events.back().time;
  const std::optional<uint32_t> step =
      furthest_step(events, static_cast<uint32_t>(spec_.steps.size()), spec_.expires, zone_);
  if (step) {
    out.cell.known = true;
    out.text = spec_.steps[*step].name;
  }
  return out;
}

MetricValue MetricEvaluator::evaluate(uint32_t customer, Micros now, const Anchors& anchors,
                                      bool timed) {
  tokens_.clear();
  timed_ = timed;
  if (spec_.verb == Verb::kFunnel) return funnel(customer, now, anchors);
  if (spec_.verb == Verb::kOpen) return open(customer, now, anchors);
  MetricValue limits;
  Events events = main_->read(customer, now);
  keep_side(*main_, spec_.side, events);
  if (!sees_refunds()) {
    std::erase_if(events, [&](const EventRef& event) { return !main_->is_sale(event); });
  }
  if (spec_.verb != Verb::kShare) keep_where(spec_.where, *main_, events);
  keep_followed(events, customer, now, limits);
  keep_window(events, now, anchors, limits);
  MetricValue out = apply(events, now);
  for (const EventRef& event : events) {
    out.as_of = std::max(out.as_of.value_or(event.own_time()), event.own_time());
  }
  sooner(out, limits.next_change);
  return out;
}

}  // namespace patron::internal
