#include "lib/models/weights/divergence.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace patron::internal {
namespace {

TEST(Divergence, IsOneLessTheEntropyOfTheShares) {
  const std::array<double, 3> values{1, 2, 5};
  double entropy = 0;
  for (const double value : values) entropy -= value / 8 * std::log(value / 8) / std::log(3);
  EXPECT_NEAR(divergence(values), 1 - entropy, 1e-15);
  const std::array<double, 2> one{0, 4};
  EXPECT_EQ(divergence(one), 1) << "one has all";
  const std::array<double, 2> equal{4, 4};
  EXPECT_EQ(divergence(equal), 0);
}

TEST(Divergence, ACountedValueIsTheSameAsARepeatedOne) {
  const std::array<double, 3> values{0, 0.1, 1};
  const std::array<int64_t, 3> counts{2, 1000, 7};
  std::vector<double> repeated;
  for (size_t i = 0; i < values.size(); ++i) {
    repeated.insert(repeated.end(), static_cast<size_t>(counts[i]), values[i]);
  }
  EXPECT_EQ(divergence(values, counts), divergence(repeated));
}

}  // namespace
}  // namespace patron::internal
