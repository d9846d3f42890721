// Rates, means and differences of the referred and the others, with their sources.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "patron/referral.h"

namespace patron {
namespace {

std::vector<ReferralFacts> group(int64_t of, int64_t bought) {
  std::vector<ReferralFacts> out(static_cast<size_t>(of));
  for (int64_t i = 0; i < bought; ++i) out[static_cast<size_t>(i)].bought = true;
  return out;
}

// Newcombe (1998), "Interval estimation for the difference between independent proportions",
// Statistics in Medicine 17, table II, (a) 56/70 - 48/80, method 10: 0.0524 to 0.3339; and its
// companion on one proportion, table I, 81/263 by Wilson: 0.2553 to 0.3662.
TEST(ReferralCompare, RatesHaveTheIntervalsOfWilsonAndNewcombe) {
  const ReferralComparison found = *referral_compare(group(70, 56), group(80, 48));
  EXPECT_NEAR(found.referred.conversion.rate, 0.8, 1e-15);
  EXPECT_NEAR(found.conversion.difference, 0.2, 1e-15);
  EXPECT_NEAR(found.conversion.low, 0.0524, 5e-5);
  EXPECT_NEAR(found.conversion.high, 0.3339, 5e-5);
  const ReferralComparison one = *referral_compare(group(263, 81), {});
  EXPECT_NEAR(one.referred.conversion.low, 0.2553, 5e-5);
  EXPECT_NEAR(one.referred.conversion.high, 0.3662, 5e-5);
  EXPECT_TRUE(std::isnan(one.others.conversion.rate));
  EXPECT_TRUE(std::isnan(one.conversion.difference));
}

TEST(ReferralCompare, RepeatAndRetentionAreOfThoseWhoCould) {
  std::vector<ReferralFacts> referred = group(10, 6);
  referred[0].repeated = referred[1].repeated = referred[2].repeated = true;
  for (size_t i = 0; i < 4; ++i) referred[i].due = true;
  referred[3].retained = true;
  referred[5].retained = true;  // not due: she is too young to be counted
  const ReferralComparison found = *referral_compare(referred, group(5, 5));
  EXPECT_EQ(found.referred.repeat.of, 6);
  EXPECT_EQ(found.referred.repeat.hits, 3);
  EXPECT_EQ(found.referred.retention.of, 4);
  EXPECT_EQ(found.referred.retention.hits, 1);
  EXPECT_EQ(found.referred.retention.rate, 0.25);
  EXPECT_EQ(found.repeat.difference, 0.5);
}

// scipy 1.17.1: ttest_ind(a, b, equal_var=False).confidence_interval(0.95) and ttest_1samp(a, 0).
TEST(ReferralCompare, MeansHaveTheIntervalsOfStudentAndWelch) {
  const auto of = [](std::vector<int64_t> values) {
    std::vector<ReferralFacts> out(values.size());
    for (size_t i = 0; i < values.size(); ++i) out[i].value = values[i];
    return out;
  };
  const std::vector<int64_t> a{2040, 2420, 1540, 2140, 2020, 1850, 2150};
  const std::vector<int64_t> b{2020, 1690, 1850, 1730, 2050};
  const ReferralComparison found = *referral_compare(of(a), of(b));
  EXPECT_NEAR(found.referred.value.mean, 14160.0 / 7, 1e-9);
  EXPECT_NEAR(found.others.value.mean, 1868, 1e-9);
  EXPECT_NEAR(found.referred.value.deviation, std::sqrt(75157.14285714286), 1e-9);
  EXPECT_NEAR(found.referred.value.low, 1769.3125020513046, 1e-6);
  EXPECT_NEAR(found.referred.value.high, 2276.4017836629814, 1e-6);
  EXPECT_NEAR(found.value.low, -128.58360174921836, 1e-6);
  EXPECT_NEAR(found.value.high, 438.29788746350414, 1e-6);
  EXPECT_TRUE(std::isnan((*referral_compare(of({5}), of(b))).value.low));
}

TEST(ReferralCompare, TheOrderOfCustomersChangesNoBit) {
  std::mt19937_64 random(4);
  std::vector<ReferralFacts> facts(500);
  for (ReferralFacts& one : facts) {
    one.value = static_cast<int64_t>(random() >> 20), one.bought = random() % 2 == 0;
  }
  const ReferralComparison before = *referral_compare(facts, facts);
  std::shuffle(facts.begin(), facts.end(), random);
  const ReferralComparison after = *referral_compare(facts, facts);
  EXPECT_EQ(before.referred.value.deviation, after.referred.value.deviation);
  EXPECT_EQ(before.referred.value.low, after.referred.value.low);
  EXPECT_EQ(before.value.high, after.value.high);
  EXPECT_EQ(referral_compare(facts, facts, {3, 2, 0.95}).status().code(), Code::kArgument);
}

}  // namespace
}  // namespace patron
