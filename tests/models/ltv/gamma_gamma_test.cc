#include <gtest/gtest.h>

#include <cmath>

#include "lib/models/ltv/likelihoods.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/rows.h"

namespace patron::internal::ltv {
namespace {

double value_of(double x, double m, double p, double q, double v) {
  const UniqueRows rows = unique_rows({{x, m, 0}});
  const auto likelihood = make_gamma_gamma(rows);
  likelihood->set_parameters({log(p), log(q), log(v)});
  return likelihood->block(0, 1).value;
}

TEST(GammaGamma, IsADensityOfMeanMoney) {
  // The trapezoidal rule in ln m, which converges like e^-(1/h) for what falls off at both ends.
  for (const double x : {1.0, 2.0, 30.0}) {
    double sum = 0, mean = 0;
    for (int i = -4000; i < 4000; i++) {
      const double y = i / 100.0;
      const double share = 0.01 * exp(value_of(x, exp(y), 6.25, 3.74, 15.44) + y);
      sum += share;
      mean += share * exp(y);
    }
    EXPECT_NEAR(sum, 1, 1e-11) << x;
    // E(Z) = p v / (q - 1): Fader and Hardie 2013, section 2.
    EXPECT_NEAR(mean, 6.25 * 15.44 / 2.74, 1e-7) << x;
  }
}

TEST(GammaGamma, OfOneOrderByHand) {
  // p = q = v = 1: f(m) = 1 / (1 + m)^2
  EXPECT_NEAR(value_of(1, 3, 1, 1, 1), -std::log(16.0), 1e-15);
  // p = 1, q = 1, v = 1, x = 2: f(m) = Gamma(3) / Gamma(2) m 2^2 / (1 + 2m)^3; at m = 1: 8 / 27
  EXPECT_NEAR(value_of(2, 1, 1, 1, 1), std::log(8.0 / 27), 1e-15);
}

}  // namespace
}  // namespace patron::internal::ltv
