// Points by hand arithmetic, and against an account that is kept day by day.
#include "lib/metrics/points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string_view>
#include <vector>

#include "patron/time.h"
#include "tests/base/instant.h"

namespace patron::internal {
namespace {

using test::at;

constexpr Micros kNever = TimeRange::kNever;

PointsBalance balance(const std::vector<PointsEvent>& events, const PointsRule& rule, Micros now) {
  return points_balance(events, rule, TimeZone(), now);
}

TEST(Points, AddUp) {
  const std::vector<PointsEvent> events{{0, 10}, {kMicrosPerDay, 2.5}, {2 * kMicrosPerDay, 0}};
  EXPECT_EQ(balance(events, {}, 9 * kMicrosPerDay).points, 12.5);
  EXPECT_EQ(balance(events, {}, 9 * kMicrosPerDay).next_change, kNever);
  EXPECT_EQ(balance({}, {}, 0).points, 0);
}

TEST(Points, ACapHoldsForAPeriodOfTheCalendar) {
  PointsRule rule;
  rule.cap = 20;
  rule.cap_per = {1, 0};
  const std::vector<PointsEvent> events{
      {at("2026-01-05"), 15}, {at("2026-01-31T23:59"), 15}, {at("2026-02-01"), 15}};
  EXPECT_EQ(balance(events, rule, at("2026-03-01")).points, 35);
}

TEST(Points, ALotExpiresAtItsInstant) {
  PointsRule rule;
  rule.expires = Period{12, 0};
  const std::vector<PointsEvent> events{{at("2025-03-01"), 10}, {at("2025-06-01"), 5}};
  const PointsBalance before = balance(events, rule, at("2026-03-01") - 1);
  EXPECT_EQ(before.points, 15);
  EXPECT_EQ(before.next_change, at("2026-03-01"));
  const PointsBalance after = balance(events, rule, at("2026-03-01"));
  EXPECT_EQ(after.points, 5);
  EXPECT_EQ(after.next_change, at("2026-06-01"));
}

TEST(Points, SpendingTakesTheOldestLotsFirstAndWhatIsOwedIsPaidFirst) {
  PointsRule rule;
  rule.expires = Period{0, 100 * kMicrosPerDay};
  // 10 and 5 earned, 12 spent: 3 are left of the second lot, which expires on day 110.
  std::vector<PointsEvent> events{{0, 10}, {10 * kMicrosPerDay, 5}, {20 * kMicrosPerDay, -12}};
  EXPECT_EQ(balance(events, rule, 20 * kMicrosPerDay).points, 3);
  EXPECT_EQ(balance(events, rule, 20 * kMicrosPerDay).next_change, 110 * kMicrosPerDay);
  // 5 more are spent than there are: 2 are owed, and the next 6 pay them.
  events.push_back({30 * kMicrosPerDay, -5});
  EXPECT_EQ(balance(events, rule, 30 * kMicrosPerDay).points, -2);
  EXPECT_EQ(balance(events, rule, 30 * kMicrosPerDay).next_change, kNever);
  events.push_back({40 * kMicrosPerDay, 6});
  EXPECT_EQ(balance(events, rule, 40 * kMicrosPerDay).points, 4);
}

TEST(Points, IdlenessTakesAShareEachTime) {
  PointsRule rule;
  rule.inactive_after = Period{0, 30 * kMicrosPerDay};
  rule.inactive_share = 0.25;
  std::vector<PointsEvent> events{{0, 16}};
  EXPECT_EQ(balance(events, rule, 30 * kMicrosPerDay - 1).points, 16);
  EXPECT_EQ(balance(events, rule, 30 * kMicrosPerDay - 1).next_change, 30 * kMicrosPerDay);
  EXPECT_EQ(balance(events, rule, 30 * kMicrosPerDay).points, 12);
  EXPECT_EQ(balance(events, rule, 60 * kMicrosPerDay).points, 9);
  EXPECT_EQ(balance(events, rule, 60 * kMicrosPerDay).next_change, 90 * kMicrosPerDay);
  // An event at the very instant is in time, whatever it earns.
  events.push_back({30 * kMicrosPerDay, 0});
  EXPECT_EQ(balance(events, rule, 59 * kMicrosPerDay).points, 16);
  EXPECT_EQ(balance(events, rule, 60 * kMicrosPerDay).points, 12);
}

TEST(Points, AllOfThemCanBeLost) {
  PointsRule rule;
  rule.inactive_after = Period{0, 1};
  rule.inactive_share = 1;
  const PointsBalance lost = balance({{0, 16}}, rule, at("9000-01-01"));
  EXPECT_EQ(lost.points, 0);
  EXPECT_EQ(lost.next_change, kNever);
}

// Day by day: every lot with its own fate, written down without any cleverness.
double slow_balance(const std::vector<PointsEvent>& events, const PointsRule& rule, Day now) {
  struct Lot {
    double points;
    Day earned;
  };
  std::vector<Lot> lots;
  double owed = 0, earned = 0;
  Day last = -1, cap_begin = -1;
  const auto per = static_cast<Day>(rule.cap_per.micros / kMicrosPerDay);
  for (Day day = 0; day <= now; ++day) {
    if (rule.expires) {
      std::erase_if(lots, [&](const Lot& lot) {
        return day >= lot.earned + rule.expires->micros / kMicrosPerDay;
      });
    }
    const bool active = std::any_of(events.begin(), events.end(), [&](const PointsEvent& e) {
      return e.time / kMicrosPerDay == day;
    });
    if (rule.inactive_after && last >= 0 && !active && day > last &&
        (day - last) % (rule.inactive_after->micros / kMicrosPerDay) == 0) {
      for (Lot& lot : lots) lot.points *= 1 - rule.inactive_share;
    }
    for (const PointsEvent& event : events) {
      if (event.time / kMicrosPerDay != day) continue;
      last = day;
      double points = event.points;
      if (points > 0) {
        if (rule.cap) {
          const Day begin = (day + 3) / per;  // Monday 1970-01-05 begins a period
          if (begin != cap_begin) cap_begin = begin, earned = 0;
          points = std::min(points, *rule.cap - earned);
          earned += points;
        }
        const double paid = std::min(points, owed);
        owed -= paid;
        lots.push_back({points - paid, day});
      }
      for (Lot& lot : lots) {
        if (points >= 0) break;
        const double taken = std::min(-points, lot.points);
        lot.points -= taken, points += taken;
      }
      if (points < 0) owed -= points;
    }
  }
  double total = 0;
  for (const Lot& lot : lots) total += lot.points;
  return total - owed;
}

TEST(Points, AgreeWithAnAccountKeptDayByDay) {
  std::mt19937_64 random(8);
  for (int round = 0; round < 400; ++round) {
    PointsRule rule;
    if (random() % 2) rule.cap = 16, rule.cap_per = {0, 7 * kMicrosPerDay};
    if (random() % 2) rule.expires = Period{0, 40 * kMicrosPerDay};
    if (random() % 2)
      rule.inactive_after = Period{0, 10 * kMicrosPerDay}, rule.inactive_share = 0.5;
    std::vector<PointsEvent> events;
    for (uint64_t n = random() % 30; n > 0; --n) {
      events.push_back({static_cast<Micros>(random() % 120) * kMicrosPerDay,
                        static_cast<double>(random() % 24) - 6});
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const PointsEvent& a, const PointsEvent& b) { return a.time < b.time; });
    const Day now =
        events.empty() ? 3 : events.back().time / kMicrosPerDay + static_cast<Day>(random() % 60);
    const PointsBalance got = balance(events, rule, now * kMicrosPerDay);
    ASSERT_EQ(got.points, slow_balance(events, rule, now)) << "round " << round;
    // Nothing changes before the instant that it names, and something does at it.
    const Day next = got.next_change == kNever ? now + 50 : got.next_change / kMicrosPerDay;
    ASSERT_EQ(slow_balance(events, rule, std::max(now, next - 1)), got.points) << "round " << round;
    if (got.next_change != kNever) {
      ASSERT_NE(slow_balance(events, rule, next), got.points) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace patron::internal
