#include "lib/engine/calibration/drift.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace patron::internal {
namespace {

Multiset of(std::initializer_list<int64_t> values) {
  Multiset out(1);
  for (const int64_t value : values) out.add({value});
  out.seal();
  return out;
}

TEST(Drift, OfTwoPopulationsIsTheSumOverTheirBins) {
  // Half and half, then three quarters and a quarter: 1/4 ln(3/2) + -1/4 ln(1/2).
  const std::array<int64_t, 2> before{50, 50}, after{150, 50};
  EXPECT_NEAR(stability_index(before, after), 0.25 * std::log(1.5) + 0.25 * std::log(2), 1e-15);
  EXPECT_EQ(stability_index(before, before), 0);
  const std::array<int64_t, 2> nobody{0, 0};
  EXPECT_EQ(stability_index(before, nobody), 0);
}

TEST(Drift, AnEmptyBinCountsAsTheLeastShare) {
  const std::array<int64_t, 2> before{100, 0}, after{50, 50};
  const double expected = -0.5 * std::log(0.5) + (0.5 - kLeastShare) * std::log(0.5 / kLeastShare);
  EXPECT_NEAR(stability_index(before, after), expected, 1e-14);
}

TEST(Drift, BinsAndMoversGoByTheCutsBelow) {
  const Multiset values = of({1, 2, 2, 3, 5, 8});
  const std::array<int64_t, 2> old{2, 5}, fresh{1, 5};
  EXPECT_EQ(bin_counts(values, old), (std::vector<int64_t>{3, 2, 1}));
  // The two at 2 lie above the cut at 1: a third of the six.
  EXPECT_NEAR(share_of_movers(values, old, fresh), 2.0 / 6, 1e-15);
  EXPECT_EQ(share_of_movers(of({}), old, fresh), 0);
}

}  // namespace
}  // namespace patron::internal
