#include "lib/metrics/points.h"

#include <algorithm>
#include <cstdint>

#include "lib/metrics/calendar_grid.h"

namespace patron::internal {
namespace {

struct Lot {
  double points = 0;
  Micros expires = TimeRange::kNever;
};

class Account {
 public:
  Account(const PointsRule& rule, const TimeZone& zone)
      : rule_(rule), zone_(zone), caps_(rule.cap ? rule.cap_per : Period{0, kMicrosPerDay}, zone) {}

  void apply(const PointsEvent& event) {
    pass_idle(event.time);
    expire(event.time);
    if (event.points > 0) {
      earn(event);
    } else if (event.points < 0) {
      spend(-event.points);
    }
    active_ = event.time;
    idle_periods_ = 0;
  }

  PointsBalance at(Micros now) {
    pass_idle(now + 1);  // what falls on now has passed: no event has come
    expire(now);
    PointsBalance balance;
    for (const Lot& lot : lots_) {
      if (lot.points == 0) continue;
      balance.points += lot.points;
      balance.next_change = std::min(balance.next_change, lot.expires);
    }
    if (balance.points != 0 && rule_.inactive_after) {
      balance.next_change = std::min(balance.next_change, idle_instant(idle_periods_ + 1));
    }
    balance.points -= owed_;
    return balance;
  }

 private:
  Micros after(Micros t, Period period) const {
    const Micros end = zone_.add(t, period);
    return end < kEndTime ? end : TimeRange::kNever;
  }
  // When she will have been idle for so many periods; counted from the event, on the calendar.
  Micros idle_instant(int32_t periods) const {
    const Period& once = *rule_.inactive_after;
    int64_t micros = 0;
    if (__builtin_mul_overflow(once.micros, int64_t{periods}, &micros)) return TimeRange::kNever;
    return after(*active_, {once.months * periods, micros});
  }
  // What idleness before `end` takes.
  void pass_idle(Micros end) {
    if (!rule_.inactive_after || !active_ || lots_.empty()) return;
    while (idle_instant(idle_periods_ + 1) < end) {
      ++idle_periods_;
      expire(idle_instant(idle_periods_));
      bool any = false;
      for (Lot& lot : lots_) {
        lot.points *= 1 - rule_.inactive_share;
        any = any || lot.points > 0;
      }
      if (!any) break;  // there is nothing left to take
    }
  }
  void expire(Micros t) {
    std::erase_if(lots_, [t](const Lot& lot) { return lot.expires <= t; });
  }
  void earn(const PointsEvent& event) {
    double points = event.points;
    if (rule_.cap) {
      const int64_t period = caps_.index_of(event.time);
      if (period != cap_period_) cap_period_ = period, earned_ = 0;
      points = std::min(points, std::max(0.0, *rule_.cap - earned_));
      earned_ += points;
    }
    const double paid = std::min(points, owed_);
    owed_ -= paid;
    points -= paid;
    if (points == 0) return;
    lots_.push_back(
        {points, rule_.expires ? after(event.time, *rule_.expires) : TimeRange::kNever});
  }
  void spend(double points) {
    for (Lot& lot : lots_) {
      const double taken = std::min(points, lot.points);
      lot.points -= taken;
      points -= taken;
    }
    owed_ += points;
    std::erase_if(lots_, [](const Lot& lot) { return lot.points == 0; });
  }

  const PointsRule& rule_;
  const TimeZone& zone_;
  CalendarGrid caps_;
  std::vector<Lot> lots_;  // the oldest first, none expired
  double owed_ = 0;
  int64_t cap_period_ = INT64_MIN;
  double earned_ = 0;  // in that period
  std::optional<Micros> active_;
  int32_t idle_periods_ = 0;  // since then
};

}  // namespace

PointsBalance points_balance(std::span<const PointsEvent> events, const PointsRule& rule,
                             const TimeZone& zone, Micros now) {
  Account account(rule, zone);
  for (const PointsEvent& event : events) account.apply(event);
  return account.at(now);
}

}  // namespace patron::internal
