// Chains by hand, against a plain search for every pair, and with circles.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <deque>
#include <map>
#include <random>

#include "patron/referral.h"

namespace patron {
namespace {

ReferralNode node(int64_t referrer, int64_t value, bool bought = true) {
  ReferralNode out;
  out.referrer = referrer;
  out.facts.bought = bought;
  out.facts.value = value;
  return out;
}

TEST(ReferralChains, EachGenerationCountsAShareOfTheOneBefore) {
  // 0 brought 1 and 2; 1 brought 3; 3 brought 4; 4 brought 5.
  const std::vector<ReferralNode> nodes{node(-1, 999), node(0, 100), node(0, 0, false),
                                        node(1, 60),   node(3, 40),  node(4, 1'000)};
  const std::vector<ReferrerValue> found = *referral_chains(nodes, {3, 0.5, 0.95});
  EXPECT_EQ(found[0].referred, 2);
  EXPECT_EQ(found[0].converted, 1);
  EXPECT_EQ(found[0].value, 100);
  EXPECT_EQ(found[0].chain_value, 100 + 30 + 10);
  EXPECT_EQ(found[0].generations, 3) << "the fourth is beyond the depth";
  EXPECT_EQ(found[1].chain_value, 60 + 20 + 250);
  EXPECT_EQ(found[5].referred, 0);
  EXPECT_EQ(found[5].chain_value, 0);
  EXPECT_EQ((*referral_chains(nodes, {1, 0.5, 0.95}))[0].chain_value, 100);
  EXPECT_EQ((*referral_chains(nodes, {10, 1, 0.95}))[0].chain_value, 1'200);
}

TEST(ReferralChains, HalvesGoToTheEvenSum) {
  // 0 brought 1, who brought 2: 1 + 1 / 2 = 1.5, 2 + 1 / 2 = 2.5, -3 - 1 / 2 = -3.5.
  for (const auto& [first, second, sum] :
       {std::array<int64_t, 3>{1, 1, 2}, {2, 1, 2}, {-3, -1, -4}}) {
    const std::vector<ReferralNode> nodes{node(-1, 0), node(0, first), node(1, second)};
    EXPECT_EQ((*referral_chains(nodes, {3, 0.5, 0.95}))[0].chain_value, sum) << first;
  }
}

TEST(ReferralChains, InACircleEverybodyCountsOnceAndNobodyInHerOwn) {
  // 0 -> 1 -> 2 -> 0, and 3 was brought by 1; 4 brought herself.
  const std::vector<ReferralNode> nodes{node(2, 1), node(0, 10), node(1, 100), node(1, 1'000),
                                        node(4, 5)};
  const std::vector<ReferrerValue> found = *referral_chains(nodes, {10, 1, 0.95});
  EXPECT_EQ(found[0].chain_value, 10 + 100 + 1'000);
  EXPECT_EQ(found[1].chain_value, 100 + 1'000 + 1);
  EXPECT_EQ(found[2].chain_value, 1 + 10 + 1'000);
  EXPECT_EQ(found[3].chain_value, 0);
  EXPECT_EQ(found[4].referred, 0);
}

// Breadth first from every customer.
std::vector<double> by_search(const std::vector<ReferralNode>& nodes, int depth, double decay) {
  std::vector<double> out;
  for (size_t start = 0; start < nodes.size(); ++start) {
    std::map<size_t, int> distance{{start, 0}};
    std::deque<size_t> open{start};
    double value = 0;
    while (!open.empty()) {
      const size_t at = open.front();
      open.pop_front();
      for (size_t child = 0; child < nodes.size(); ++child) {
        if (nodes[child].referrer != static_cast<int64_t>(at) || distance.contains(child)) continue;
        distance[child] = distance[at] + 1;
        open.push_back(child);
        if (distance[child] > depth) continue;
        value +=
            std::pow(decay, distance[child] - 1) * static_cast<double>(nodes[child].facts.value);
      }
    }
    out.push_back(value);
  }
  return out;
}

TEST(ReferralChains, AreWhatASearchFromEverybodyFinds) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<ReferralNode> nodes;
    const auto n = static_cast<int64_t>(1 + random() % 25);
    for (int64_t i = 0; i < n; ++i) {
      const auto referrer = static_cast<int64_t>(random() % static_cast<uint64_t>(n + 2)) - 1;
      nodes.push_back(node(referrer == n ? -1 : referrer, static_cast<int64_t>(random() % 1'000)));
    }
    const int depth = static_cast<int>(1 + random() % 10);
    const std::vector<ReferrerValue> found = *referral_chains(nodes, {depth, 0.25, 0.95});
    const std::vector<double> expected = by_search(nodes, depth, 0.25);
    for (size_t i = 0; i < nodes.size(); ++i) {
      ASSERT_NEAR(static_cast<double>(found[i].chain_value), expected[i], 0.5 + 1e-9)
          << "seed " << seed << " row " << i;
    }
  }
}

TEST(ReferralChains, WhatIsNoRowAndWhatIsTooMuchIsRefused) {
  const std::vector<ReferralNode> nodes{node(-1, 1), node(2, 1)};
  const Status status = referral_chains(nodes).status();
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(status.row(), 1);
  EXPECT_EQ(status.message(),
            "row 1: the referrer 2 is no row; there are 0 to 1, and -1 for nobody");
  const std::vector<ReferralNode> rich{node(-1, 0), node(0, INT64_MAX), node(0, 1)};
  EXPECT_EQ(referral_chains(rich).status().code(), Code::kOverflow);
  EXPECT_EQ(referral_chains(nodes, {0, 0.5, 0.95}).status().code(), Code::kArgument);
  EXPECT_TRUE(referral_chains({})->empty());
}

}  // namespace
}  // namespace patron
