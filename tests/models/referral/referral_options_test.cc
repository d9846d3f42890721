#include "lib/models/referral/referral_options.h"

#include <gtest/gtest.h>

#include <limits>

namespace patron::internal {
namespace {

TEST(ReferralOptions, OutOfRangeAreRefusedWithWhatWouldBeRight) {
  EXPECT_TRUE(check_referral_options({}).ok());
  EXPECT_TRUE(check_referral_options({1, 0, 0.5}).ok());
  EXPECT_TRUE(check_referral_options({10, 1, 0.999}).ok());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const ReferralOptions& bad :
       {ReferralOptions{0, 0.5, 0.9}, ReferralOptions{11, 0.5, 0.9}, ReferralOptions{3, -0.1, 0.9},
        ReferralOptions{3, 1.1, 0.9}, ReferralOptions{3, nan, 0.9}, ReferralOptions{3, 0.5, 1},
        ReferralOptions{3, 0.5, 0}}) {
    EXPECT_EQ(check_referral_options(bad).code(), Code::kArgument);
  }
  EXPECT_EQ(check_referral_options({0, 0.5, 0.9}).message(),
            "depth: 0 generations; a chain has 1 to 10 of them");
}

}  // namespace
}  // namespace patron::internal
