// Orders of events by example, and against trying every pair and every chain.
#include "lib/metrics/sequence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <vector>

#include "patron/time.h"

namespace patron::internal {
namespace {

const TimeZone kUtc;

std::vector<FollowState> states(const std::vector<Following>& followings) {
  std::vector<FollowState> out;
  for (const Following& one : followings) out.push_back(one.state);
  return out;
}

TEST(Followings, ACartIsNotFollowedAtTheInstantAtWhichItsDayIsOver) {
  const std::vector<KeyedEvent> carts{{0, {}, 0}};
  const auto at = [&](const std::vector<KeyedEvent>& orders, Micros now) {
    return followings(carts, orders, FollowMatch::kAnyKey, false, {0, kMicrosPerDay}, kUtc, now)[0];
  };
  EXPECT_EQ(at({}, kMicrosPerDay - 1).state, FollowState::kPending);
  EXPECT_EQ(at({}, kMicrosPerDay - 1).until, kMicrosPerDay);
  EXPECT_EQ(at({}, kMicrosPerDay).state, FollowState::kNotFollowed);
  EXPECT_EQ(at({{kMicrosPerDay - 1, {}, 0}}, 5 * kMicrosPerDay).state, FollowState::kFollowed);
  EXPECT_EQ(at({{kMicrosPerDay, {}, 0}}, 5 * kMicrosPerDay).state, FollowState::kNotFollowed)
      << "one instant late";
  EXPECT_EQ(at({{0, {}, 0}}, 5 * kMicrosPerDay).state, FollowState::kFollowed)
      << "at the same instant";
}

TEST(Followings, OfOneStreamAnEventDoesNotFollowItself) {
  const std::vector<KeyedEvent> events{{0, {}, 0}, {0, {}, 1}, {3 * kMicrosPerDay, {}, 2}};
  EXPECT_EQ(
      states(followings(events, events, FollowMatch::kAnyKey, true, {0, kMicrosPerDay}, kUtc,
                        9 * kMicrosPerDay)),
      (std::vector{FollowState::kFollowed, FollowState::kNotFollowed, FollowState::kNotFollowed}));
}

TEST(Followings, WithoutAKeyNothingIsTheSame) {
  const std::vector<KeyedEvent> firsts{{0, 7, 0}, {0, {}, 1}, {0, 8, 2}};
  const std::vector<KeyedEvent> seconds{{1, {}, 0}, {2, 7, 1}};
  EXPECT_EQ(
      states(followings(firsts, seconds, FollowMatch::kSameKey, false, {0, 10}, kUtc, 50)),
      (std::vector{FollowState::kFollowed, FollowState::kNotFollowed, FollowState::kNotFollowed}));
}

TEST(Followings, AgreeWithTryingEveryPair) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 500; ++round) {
    const auto draw = [&] {
      std::vector<KeyedEvent> events(random() % 12);
      for (KeyedEvent& event : events) {
        event.time = static_cast<Micros>(random() % 40);
        if (random() % 4 != 0) event.key = random() % 3;
      }
      std::stable_sort(events.begin(), events.end(),
                       [](const auto& a, const auto& b) { return a.time < b.time; });
      for (size_t i = 0; i < events.size(); ++i) events[i].place = static_cast<uint32_t>(i);
      return events;
    };
    const std::vector<KeyedEvent> firsts = draw();
    const bool one_stream = random() % 2 != 0;
    const std::vector<KeyedEvent> seconds = one_stream ? firsts : draw();
    const auto match = random() % 2 != 0 ? FollowMatch::kSameKey : FollowMatch::kAnyKey;
    const auto within = static_cast<Micros>(1 + random() % 12);
    const auto now = static_cast<Micros>(random() % 50);
    const auto got = followings(firsts, seconds, match, one_stream, {0, within}, kUtc, now);
    for (size_t i = 0; i < firsts.size(); ++i) {
      const KeyedEvent& a = firsts[i];
      const bool followed = std::any_of(seconds.begin(), seconds.end(), [&](const KeyedEvent& b) {
        if (b.time < a.time || b.time >= a.time + within || b.time > now) return false;
        if (one_stream && b.place <= a.place) return false;
        return match == FollowMatch::kAnyKey || (a.key && b.key && *a.key == *b.key);
      });
      const auto expected = followed                 ? FollowState::kFollowed
                            : now >= a.time + within ? FollowState::kNotFollowed
                                                     : FollowState::kPending;
      ASSERT_EQ(got[i].state, expected) << "round " << round << ", event " << i;
    }
  }
}

TEST(OpenSince, TheNewestEventOfAKeyDecides) {
  const auto opens = [](Micros t, uint64_t key) { return OpeningEvent{{t, key, 0}, true, false}; };
  const auto closes = [](Micros t, uint64_t key) { return OpeningEvent{{t, key, 0}, false, true}; };
  EXPECT_EQ(open_since(std::vector{opens(1, 5), opens(2, 6), closes(3, 5)}),
            (std::vector<Micros>{2}));
  EXPECT_EQ(open_since(std::vector{closes(1, 5), opens(2, 5), opens(3, 5)}),
            (std::vector<Micros>{3}));
  EXPECT_EQ(open_since(std::vector{opens(1, 5), OpeningEvent{{2, 5, 0}, true, true}}),
            std::vector<Micros>());
  EXPECT_EQ(
      open_since(std::vector{OpeningEvent{{1, {}, 0}, true, false}, opens(2, 1), opens(3, 0)}),
      (std::vector<Micros>{2, 3}));
}

TEST(Funnel, StepsAreReachedInTheirOrder) {
  const auto furthest = [](const std::vector<FunnelEvent>& events, std::optional<Period> within) {
    return furthest_step(events, 3, within, kUtc);
  };
  EXPECT_FALSE(furthest({{1, {1}}, {2, {2}}}, {})) << "nobody began";
  EXPECT_EQ(furthest({{1, {1}}, {2, {0}}, {3, {2}}}, {}), 0u);
  EXPECT_EQ(furthest({{1, {0}}, {2, {1}}, {3, {2}}}, {}), 2u);
  EXPECT_EQ(furthest({{1, {0}}, {2, {1}}, {11, {2}}}, Period{0, 10}), 1u) << "one instant late";
  EXPECT_EQ(furthest({{1, {0}}, {2, {0}}, {3, {1}}, {11, {2}}}, Period{0, 10}), 2u)
      << "the later begin has time left";
  EXPECT_EQ(furthest({{1, {0, 1, 2}}}, {}), 0u) << "one event is one step";
  EXPECT_EQ(furthest({{1, {1}}, {1, {0}}, {1, {2}}}, {}), 2u) << "one instant";
  EXPECT_EQ(furthest({{1, {0, 2}}, {1, {0, 2}}, {1, {1}}}, {}), 2u) << "one instant, any order";
}

TEST(Funnel, AgreesWithTryingEveryChain) {
  std::mt19937_64 random(6);
  for (int round = 0; round < 500; ++round) {
    std::vector<FunnelEvent> events(random() % 9);
    Micros t = 0;
    for (FunnelEvent& event : events) {
      event.time = t += static_cast<Micros>(random() % 4);  // some of one instant
      for (uint32_t step = 0; step < 3; ++step) {
        if (random() % 2 != 0) event.steps.push_back(step);
      }
      if (event.steps.empty()) event.steps.push_back(static_cast<uint32_t>(random() % 3));
    }
    std::optional<Period> within;
    if (random() % 2 != 0) within = Period{0, static_cast<Micros>(1 + random() % 9)};
    std::optional<uint32_t> expected;
    std::vector<bool> taken(events.size());
    const std::function<void(size_t, uint32_t, Micros)> extend = [&](size_t from, uint32_t step,
                                                                     Micros start) {
      for (size_t i = 0; i < events.size(); ++i) {
        if (taken[i] || (step > 0 && events[i].time < events[from].time)) continue;
        const auto& could = events[i].steps;
        if (std::find(could.begin(), could.end(), step) == could.end()) continue;
        const Micros begun = step == 0 ? events[i].time : start;
        if (within && events[i].time >= begun + within->micros) continue;
        expected = std::max(expected.value_or(step), step);
        taken[i] = true;
        if (step < 2) extend(i, step + 1, begun);
        taken[i] = false;
      }
    };
    extend(0, 0, 0);
    ASSERT_EQ(furthest_step(events, 3, within, kUtc), expected) << "round " << round;
  }
}

}  // namespace
}  // namespace patron::internal
