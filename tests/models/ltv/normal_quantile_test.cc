#include "lib/models/ltv/normal_quantile.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace patron::internal::ltv {
namespace {

// mpmath: sqrt(2) erfinv(1 - 2 tail) with 40 digits.
TEST(NormalQuantile, AgreesWithHighPrecision) {
  constexpr std::array<std::array<double, 2>, 9> kQuantiles{{{0.5, 0},
                                                             {0.4, 0.25334710313579972},
                                                             {0.25, 0.67448975019608174},
                                                             {0.1, 1.2815515655446004},
                                                             {0.025, 1.9599639845400543},
                                                             {0.005, 2.5758293035489004},
                                                             {1e-6, 4.753424308822899},
                                                             {1e-12, 7.0344838253011316},
                                                             {1e-100, 21.273453560965324}}};
  for (const auto& [tail, quantile] : kQuantiles)
    EXPECT_NEAR(normal_upper_quantile(tail), quantile, 2e-15 * (1 + quantile)) << tail;
}

// A second method: the C library's complementary error function gives the tail back.
TEST(NormalQuantile, TheTailOfTheQuantileIsTheTail) {
  double tail = 0.5;
  while (tail > 1e-300) {
    const double z = normal_upper_quantile(tail);
    EXPECT_NEAR(0.5 * std::erfc(z / std::sqrt(2.0)) / tail, 1, 1e-14 * (1 + z * z)) << tail;
    tail *= 0.37;
  }
}

}  // namespace
}  // namespace patron::internal::ltv
