#include "lib/book/referral_forest.h"

#include <gtest/gtest.h>

#include <random>

#include "patron/book.h"

namespace patron::internal {
namespace {

TEST(ReferralForest, RefusesCirclesAndASecondReferrer) {
  ReferralForest forest;
  forest.reserve(4);
  EXPECT_EQ(forest.add(1, 0), ReferralVerdict::kNew);
  EXPECT_EQ(forest.add(2, 1), ReferralVerdict::kNew);
  EXPECT_EQ(forest.add(0, 2), ReferralVerdict::kCircle);
  EXPECT_EQ(forest.add(3, 3), ReferralVerdict::kSelf);
  EXPECT_EQ(forest.add(2, 1), ReferralVerdict::kKnown);
  EXPECT_EQ(forest.add(2, 0), ReferralVerdict::kOther);
  EXPECT_EQ(forest.referrer(2), 1u);
  EXPECT_EQ(forest.referrer(0), kNoCustomer);
  EXPECT_EQ(forest.referrer(99), kNoCustomer);
  forest.remove(1);
  EXPECT_EQ(forest.add(0, 2), ReferralVerdict::kNew);
  EXPECT_EQ(forest.add(1, 0), ReferralVerdict::kCircle);
}

// Against walking up one by one.
TEST(ReferralForest, AgreesWithWalkingUp) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 50; ++round) {
    constexpr uint32_t kCustomers = 30;
    ReferralForest forest;
    forest.reserve(kCustomers);
    std::vector<uint32_t> parent(kCustomers, kNoCustomer);
    for (int step = 0; step < 200; ++step) {
      const auto a = static_cast<uint32_t>(random() % kCustomers);
      const auto b = static_cast<uint32_t>(random() % kCustomers);
      if (random() % 5 == 0) {
        forest.remove(a);
        parent[a] = kNoCustomer;
        continue;
      }
      bool circle = false;
      for (uint32_t up = b; up != kNoCustomer; up = parent[up]) circle |= up == a;
      const ReferralVerdict verdict = forest.add(a, b);
      const ReferralVerdict want = a == b                     ? ReferralVerdict::kSelf
                                   : parent[a] == b           ? ReferralVerdict::kKnown
                                   : parent[a] != kNoCustomer ? ReferralVerdict::kOther
                                   : circle                   ? ReferralVerdict::kCircle
                                                              : ReferralVerdict::kNew;
      ASSERT_EQ(verdict, want);
      if (want == ReferralVerdict::kNew) parent[a] = b;
    }
  }
}

}  // namespace
}  // namespace patron::internal
