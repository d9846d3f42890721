// The step function by hand, and against rule 38 walked through instant by instant.
#include "lib/engine/settle/tier_machine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "patron/time.h"
#include "tests/base/instant.h"

namespace patron::internal {
namespace {

using test::at;

constexpr Truth F = Truth::kFalse, T = Truth::kTrue, U = Truth::kUnknown;

// Gold, silver, and the rest.
TierRules tiers() {
  TierRules rules;
  rules.classes.resize(3);
  rules.classes[2].has_enter = false;
  return rules;
}

struct Customer {
  TierRules rules = tiers();
  TierState state;
  TierCalendar calendar;
  std::vector<Truth> enter{F, F, F}, keep{F, F, F};

  TierConditions conditions() const {
    return {[this](int c) { return enter[static_cast<size_t>(c)]; },
            [this](int c) { return keep[static_cast<size_t>(c)]; }};
  }
  int settle(Micros t) {
    step(rules, state, conditions(), t, calendar);
    return state.current;
  }
  Micros due(Micros t) const { return next_due(rules, state, conditions(), t, calendar); }
};

TEST(TierMachine, TheFirstClassIsTheFirstThatIsTrueElseTheRest) {
  Customer anna;
  EXPECT_EQ(anna.settle(0), 2);
  Customer berta;
  berta.enter = {U, T, F};
  EXPECT_EQ(berta.settle(0), 1) << "unknown does not promote";
  Customer clara;
  clara.rules.classes.pop_back();
  EXPECT_EQ(clara.settle(0), kNoClass) << "every class has a condition, and none is true";
}

TEST(TierMachine, UpAtOnceAndDownAfterGrace) {
  Customer anna;
  anna.rules.classes[0].grace = {0, 30 * kMicrosPerDay};
  anna.settle(0);
  anna.enter[0] = T;
  EXPECT_EQ(anna.settle(kMicrosPerDay), 0);
  anna.enter[0] = F;
  EXPECT_EQ(anna.settle(2 * kMicrosPerDay), 0);
  EXPECT_EQ(anna.due(2 * kMicrosPerDay), 32 * kMicrosPerDay);
  EXPECT_EQ(anna.settle(32 * kMicrosPerDay - 1), 0);
  EXPECT_EQ(anna.settle(32 * kMicrosPerDay), 2);
}

TEST(TierMachine, AnInstantAtWhichSheStaysClearsTheGrace) {
  Customer anna;
  anna.rules.classes[0].grace = {0, 30 * kMicrosPerDay};
  anna.rules.classes[0].has_keep = true;
  anna.enter[0] = T;
  anna.settle(0);
  anna.enter[0] = F;
  anna.settle(kMicrosPerDay);
  anna.keep[0] = T;
  anna.settle(20 * kMicrosPerDay);
  anna.keep[0] = F;
  anna.settle(21 * kMicrosPerDay);
  EXPECT_EQ(anna.due(21 * kMicrosPerDay), 51 * kMicrosPerDay);
}

TEST(TierMachine, GraceAndDwellRunTogether) {
  Customer anna;
  anna.rules.classes[0].grace = {0, 10 * kMicrosPerDay};
  anna.rules.classes[0].min_dwell = {0, 90 * kMicrosPerDay};
  anna.enter[0] = T;
  anna.settle(0);
  anna.enter[0] = F;
  anna.settle(5 * kMicrosPerDay);
  EXPECT_EQ(anna.due(5 * kMicrosPerDay), 90 * kMicrosPerDay);
  EXPECT_EQ(anna.settle(90 * kMicrosPerDay), 2);
}

TEST(TierMachine, OneStepGoesToTheNextWhoseOwnTimersStartThen) {
  Customer anna;
  anna.rules.classes[0].to = LeaveTo::kNext;
  anna.rules.classes[1].grace = {0, 7 * kMicrosPerDay};
  anna.enter[0] = T;
  anna.settle(0);
  anna.enter[0] = F;
  EXPECT_EQ(anna.settle(kMicrosPerDay), 1) << "though its condition is not true";
  EXPECT_EQ(anna.due(kMicrosPerDay), kMicrosPerDay + 1)
      << "she is looked at again a microsecond later";
  EXPECT_EQ(anna.settle(kMicrosPerDay + 1), 1);
  EXPECT_EQ(anna.due(kMicrosPerDay + 1), 8 * kMicrosPerDay + 1);
  EXPECT_EQ(anna.settle(8 * kMicrosPerDay + 1), 2);
}

TEST(TierMachine, LeavingAtTheEndOfTheYearWaitsForGraceAndForTheBoundaryBehindTheFall) {
  Customer anna;
  anna.rules.classes[0].at = LeaveAt::kYearEnd;
  anna.enter[0] = T;
  anna.settle(at("2025-06-01"));
  anna.enter[0] = F;
  anna.settle(at("2026-01-01"));  // at a boundary: the next one counts
  EXPECT_EQ(anna.due(at("2026-01-01")), at("2027-01-01"));
  EXPECT_EQ(anna.settle(at("2026-12-31T23:59")), 0);
  EXPECT_EQ(anna.settle(at("2027-01-01")), 2);
}

TEST(TierMachine, MonthEndsAndAnniversaries) {
  const Micros fall = at("2026-01-31T10:00");
  const auto due = [&](LeaveAt leave, Period grace) {
    Customer anna;
    anna.calendar.joined = at("2020-02-29T15:00");
    anna.rules.classes[0].at = leave;
    anna.rules.classes[0].grace = grace;
    anna.enter[0] = T;
    anna.settle(at("2025-06-15T12:00"));
    anna.enter[0] = F;
    anna.settle(fall);
    return anna.due(fall);
  };
  EXPECT_EQ(due(LeaveAt::kMonthEnd, {}), at("2026-02-01"));
  EXPECT_EQ(due(LeaveAt::kMonthEnd, {0, 5 * kMicrosPerDay}), at("2026-03-01"));
  EXPECT_EQ(due(LeaveAt::kYearEnd, {}), at("2027-01-01"));
  EXPECT_EQ(due(LeaveAt::kAnniversary, {}), at("2026-02-28")) << "of 29 February";
  EXPECT_EQ(due(LeaveAt::kAnniversary, {3, 0}), at("2027-02-28"));
  EXPECT_EQ(due(LeaveAt::kClassAnniversary, {}), at("2026-06-15"));
}

TEST(TierMachine, TheAnniversaryOfTheClassIsALocalDate) {
  Customer anna;
  anna.calendar.zone = *TimeZone::load("Asia/Shanghai");
  anna.rules.classes[0].at = LeaveAt::kClassAnniversary;
  anna.enter[0] = T;
  anna.settle(at("2025-06-15T20:00Z"));  // 16 June there
  anna.enter[0] = F;
  anna.settle(at("2025-09-01"));
  EXPECT_EQ(anna.due(at("2025-09-01")), at("2026-06-15T16:00Z"));
}

TEST(TierMachine, UnknownHoldsOnlyWhereThePolicySaysSo) {
  for (const bool hold : {false, true}) {
    Customer anna;
    anna.rules.hold_unknown = hold;
    anna.rules.classes[0].grace = {0, 10 * kMicrosPerDay};
    anna.enter[0] = T;
    anna.settle(0);
    anna.enter[0] = F;
    anna.settle(kMicrosPerDay);
    anna.enter[0] = U;
    anna.settle(5 * kMicrosPerDay);
    EXPECT_EQ(anna.state.false_since.has_value(), !hold);
    EXPECT_EQ(anna.settle(11 * kMicrosPerDay), hold ? 0 : 2);
  }
}

TEST(TierMachine, WhoCoolsDownComesBackWhenItIsOver) {
  Customer anna;
  anna.rules.classes[0].cool_down = {0, 20 * kMicrosPerDay};
  anna.enter[0] = T;
  anna.settle(0);
  anna.enter[0] = F;
  EXPECT_EQ(anna.settle(kMicrosPerDay), 2);
  anna.enter[0] = T;
  EXPECT_EQ(anna.settle(2 * kMicrosPerDay), 2);
  EXPECT_EQ(anna.due(2 * kMicrosPerDay), 21 * kMicrosPerDay);
  EXPECT_EQ(anna.settle(21 * kMicrosPerDay), 0);
}

TEST(TierMachine, AfterSoManyMovesDownTheCapShutsTheWayUp) {
  Customer anna;
  anna.rules.cap_moves = 2;
  anna.rules.cap_per = {0, 90 * kMicrosPerDay};
  for (const Micros down : {10 * kMicrosPerDay, 20 * kMicrosPerDay}) {
    anna.enter[0] = T;
    EXPECT_EQ(anna.settle(down - kMicrosPerDay), 0);
    anna.enter[0] = F;
    EXPECT_EQ(anna.settle(down), 2);
  }
  anna.enter[0] = T;
  EXPECT_EQ(anna.settle(30 * kMicrosPerDay), 2);
  EXPECT_EQ(anna.due(30 * kMicrosPerDay), 100 * kMicrosPerDay);
  EXPECT_EQ(anna.settle(100 * kMicrosPerDay), 0);
}

TEST(TierMachine, ANamedTargetIsTaken) {
  Customer anna;
  anna.rules.classes.insert(anna.rules.classes.begin() + 2, TierRules::Class());  // churned
  anna.enter = {F, T, F, F};
  anna.rules.classes[1].to = LeaveTo::kNamed;
  anna.rules.classes[1].named = 2;
  anna.settle(0);
  anna.enter[1] = F;
  EXPECT_EQ(anna.settle(kMicrosPerDay), 2);
}

// Rule 38 once more, as it is printed, for periods in microseconds and leaving now: `history` has
// the times of moves down; every instant is settled.
struct Walk {
  const TierRules& rules;
  int cur = -1;
  int64_t since = 0, false_since = -1;
  SmallVector<int64_t> cool_until, history;

  bool e(int c, const std::vector<Truth>& enter) const {
    return rules.classes[static_cast<size_t>(c)].has_enter && enter[static_cast<size_t>(c)] == T;
  }
  int settle(int64_t t, const std::vector<Truth>& enter, const std::vector<Truth>& keep) {
    const int n = static_cast<int>(rules.classes.size());
    int to = -1;
    if (cur < 0) {
      for (int c = n - 1; c >= 0 && to < 0; --c) {
        if (!rules.classes[static_cast<size_t>(c)].has_enter) to = c;
      }
      for (int c = n - 1; c >= 0; --c) to = e(c, enter) ? c : to;
    } else {
      const auto& own = rules.classes[static_cast<size_t>(cur)];
      bool stay = e(cur, enter) || (own.has_keep && keep[static_cast<size_t>(cur)] == T);
      const bool unknown = (own.has_enter && enter[static_cast<size_t>(cur)] == U) ||
                           (own.has_keep && keep[static_cast<size_t>(cur)] == U);
      if (unknown && rules.hold_unknown) stay = true;
      if (!own.has_enter && !own.has_keep) stay = true;
      const auto recent = std::count_if(history.begin(), history.end(), [&](int64_t move) {
        return move + rules.cap_per.micros > t;
      });
      int up = -1;
      for (int c = cur - 1; c >= 0; --c) {
        const bool cool = t >= cool_until[static_cast<size_t>(c)];
        if (e(c, enter) && cool && (rules.cap_moves == 0 || recent < rules.cap_moves)) up = c;
      }
      if (up >= 0) {
        to = up;
      } else if (stay) {
        false_since = -1;
      } else {
        if (false_since < 0) false_since = t;
        if (t >= std::max(false_since + own.grace.micros, since + own.min_dwell.micros)) {
          to = n - 1;
          for (int c = n - 1; c > cur; --c) to = e(c, enter) ? c : to;
          if (own.to == LeaveTo::kNext) to = std::min(cur + 1, n - 1);
          if (own.to == LeaveTo::kNamed) to = own.named;
        }
      }
    }
    if (to < 0 || to == cur) return cur;
    if (cool_until.empty()) cool_until.assign(static_cast<size_t>(n), INT64_MIN);
    if (cur >= 0) {
      const int64_t cool = rules.classes[static_cast<size_t>(cur)].cool_down.micros;
      if (cool > 0) cool_until[static_cast<size_t>(cur)] = t + cool;
      if (to > cur) history.push_back(t);
    }
    cur = to, since = t, false_since = -1;
    return cur;
  }
};

TierRules random_rules(std::mt19937_64& random) {
  const auto period = [&](int64_t most) {
    return Period{0, random() % 2 != 0 ? static_cast<int64_t>(random() % most) : 0};
  };
  TierRules rules;
  rules.classes.resize(2 + random() % 4);
  rules.hold_unknown = random() % 2 != 0;
  if (random() % 3 == 0) rules.cap_moves = 1 + static_cast<int64_t>(random() % 2);
  rules.cap_per = {0, static_cast<int64_t>(1 + random() % 20)};
  for (size_t c = 0; c < rules.classes.size(); ++c) {
    TierRules::Class& one = rules.classes[c];
    one.has_enter = c + 1 < rules.classes.size() ? random() % 8 != 0 : random() % 2 != 0;
    one.has_keep = one.has_enter && random() % 2 != 0;
    one.grace = period(8), one.min_dwell = period(12), one.cool_down = period(12);
    one.to = static_cast<LeaveTo>(random() % 3);
    one.named = static_cast<int>(random() % rules.classes.size());
    if (one.named == static_cast<int>(c)) one.to = LeaveTo::kFirst;
  }
  return rules;
}

// Settled only where a condition changes and where next_due says, the machine moves exactly when
// it does when every instant is walked through.
TEST(TierMachine, SkippingToTheNextDueInstantMissesNothing) {
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    std::mt19937_64 random(seed);
    const TierRules rules = random_rules(random);
    const size_t n = rules.classes.size();
    Customer skipping;
    skipping.rules = rules;
    skipping.enter.assign(n, F), skipping.keep.assign(n, F);
    Walk walk{rules, -1, 0, -1, {}, {}};
    Micros due = kEndTime;
    for (Micros t = 0; t < 80; ++t) {
      bool changed = t == 0;
      for (size_t c = 0; c < n; ++c) {
        for (std::vector<Truth>* of : {&skipping.enter, &skipping.keep}) {
          if (random() % 12 != 0) continue;
          const Truth next = static_cast<Truth>(random() % 3);
          changed = changed || next != (*of)[c];
          (*of)[c] = next;
        }
      }
      const int expected = walk.settle(t, skipping.enter, skipping.keep);
      if (changed || t >= due) {
        skipping.settle(t);
        due = skipping.due(t);
        ASSERT_GT(due, t) << "seed " << seed;
      }
      ASSERT_EQ(skipping.state.current, expected) << "seed " << seed << ", instant " << t;
    }
  }
}

}  // namespace
}  // namespace patron::internal
