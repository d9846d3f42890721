#include "lib/book/links.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace patron::internal {
namespace {

// All links, replayed from the start each time somebody asks.
class SlowLinks {
 public:
  struct Made {
    uint32_t first, second;
    uint64_t token;
  };
  std::map<uint32_t, std::set<uint32_t>> groups() const {
    std::map<uint32_t, std::set<uint32_t>> of;  // survivor to rows
    for (const Made& made : links) {
      const auto a = find(of, made.first), b = find(of, made.second);
      std::set<uint32_t> rows = of.count(a) != 0 ? of[a] : std::set<uint32_t>{a};
      const std::set<uint32_t> more = of.count(b) != 0 ? of[b] : std::set<uint32_t>{b};
      rows.insert(more.begin(), more.end());
      of.erase(b);
      of[a] = rows;
    }
    return of;
  }
  static uint32_t find(const std::map<uint32_t, std::set<uint32_t>>& groups, uint32_t row) {
    for (const auto& [survivor, rows] : groups) {
      if (rows.count(row) != 0) return survivor;
    }
    return row;
  }
  std::vector<Made> links;
};

void check(const Links& links, const SlowLinks& slow, uint32_t customers) {
  const auto groups = slow.groups();
  for (uint32_t row = 0; row < customers; ++row) {
    const uint32_t survivor = SlowLinks::find(groups, row);
    ASSERT_EQ(links.survivor(row), survivor) << row;
    std::set<uint32_t> members;
    links.for_each(row, [&](uint32_t member) { members.insert(member); });
    const auto found = groups.find(survivor);
    ASSERT_EQ(members, found == groups.end() ? std::set<uint32_t>{row} : found->second);
    ASSERT_EQ(links.size(row), members.size());
    ASSERT_EQ(links.linked(row), found != groups.end());
  }
  ASSERT_EQ(links.count(), slow.links.size());
}

TEST(Links, AgreeWithReplayingAllLinks) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 60; ++round) {
    const uint32_t customers = 4 + static_cast<uint32_t>(random() % 20);
    Links links;
    SlowLinks slow;
    for (uint64_t step = 0; step < 120; ++step) {
      const auto a = static_cast<uint32_t>(random() % customers);
      const auto b = static_cast<uint32_t>(random() % customers);
      if (random() % 3 != 0) {
        links.reserve(customers);
        const auto groups = slow.groups();
        const bool one = SlowLinks::find(groups, a) == SlowLinks::find(groups, b);
        ASSERT_EQ(links.link(a, b, step), !one);
        if (!one) slow.links.push_back({a, b, step});
      } else if (!slow.links.empty()) {
        const size_t at = random() % 2 == 0 ? slow.links.size() - 1 : random() % slow.links.size();
        const SlowLinks::Made gone = slow.links[at];
        slow.links.erase(slow.links.begin() + static_cast<std::ptrdiff_t>(at));
        const bool turned = random() % 2 == 0;
        const auto split =
            turned ? links.unlink(gone.second, gone.first) : links.unlink(gone.first, gone.second);
        ASSERT_TRUE(split.has_value());
        ASSERT_EQ(split->token, gone.token);
        ASSERT_EQ(turned ? split->second : split->first, links.survivor(gone.first));
        ASSERT_EQ(turned ? split->first : split->second, links.survivor(gone.second));
      }
      check(links, slow, customers);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(Links, WhatIsNotLinkedCannotBeUnlinked) {
  Links links;
  links.reserve(3);
  EXPECT_FALSE(links.unlink(0, 1).has_value());
  EXPECT_TRUE(links.link(0, 1, 1));
  EXPECT_TRUE(links.link(1, 2, 2));
  EXPECT_FALSE(links.link(0, 2, 3));
  EXPECT_FALSE(links.unlink(0, 2).has_value()) << "they are one, but by way of 1";
  EXPECT_FALSE(links.link(1, 1, 3));
}

// Seconds would mean that something is quadratic.
TEST(Links, AChainOfAMillionIsLinkedAndTakenApart) {
  constexpr uint32_t kChain = 1'000'000;
  for (const bool newest_first : {false, true}) {
    Links links;
    for (uint32_t i = 1; i < kChain; ++i) {
      links.reserve(kChain);
      ASSERT_TRUE(newest_first ? links.link(i, i - 1, i) : links.link(i - 1, i, i));
    }
    EXPECT_EQ(links.size(5), kChain);
    EXPECT_EQ(links.survivor(kChain / 2), newest_first ? kChain - 1 : 0);
    for (uint32_t i = kChain - 1; i > 0; --i) {
      const auto split = links.unlink(i - 1, i);
      ASSERT_TRUE(split.has_value());
      ASSERT_EQ(split->first, newest_first ? i - 1 : 0);
      ASSERT_EQ(split->second, i);
    }
    EXPECT_EQ(links.count(), 0u);
    EXPECT_FALSE(links.linked(0));
    EXPECT_LT(links.memory(), size_t{200} << 20);
  }
}

}  // namespace
}  // namespace patron::internal
