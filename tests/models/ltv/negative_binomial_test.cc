#include "lib/models/ltv/negative_binomial.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lib/models/ltv/math/elementary.h"

namespace patron::internal::ltv {
namespace {

// With shape 1 it is geometric: P(N = n) = (1 - u) u^n, P(N >= n) = u^n, u = t / (rate + t).
TEST(NegativeBinomialCount, OfShapeOneIsGeometric) {
  const NegativeBinomial count{1, 10};
  for (double n : {1.0, 2.0, 10.0, 1e3, 1e6}) {
    EXPECT_NEAR(count.log_at_least(n, 30) / (n * std::log(0.75)), 1, 1e-13) << n;
    EXPECT_NEAR(count.log_probability(n, 30) / (n * std::log(0.75) + std::log(0.25)), 1, 1e-13)
        << n;
  }
  EXPECT_NEAR(count.log_none(30), std::log(0.25), 1e-15);
  EXPECT_NEAR(count.log_probability(0, 30), std::log(0.25), 1e-15);
}

// A large shape and rate make it Poisson: shape 1e14 leaves a variance of 1 + 1e-13 of the mean.
TEST(NegativeBinomialCount, OfALargeShapeIsPoisson) {
  const NegativeBinomial count{1e14, 1e14};
  EXPECT_NEAR(std::exp(count.log_probability(3, 2)), 8.0 / 6 * std::exp(-2.0), 1e-12);
}

TEST(NegativeBinomialCount, ProbabilitiesAddUpToTheTail) {
  for (double shape : {1e-3, 0.7, 40.0}) {
    const NegativeBinomial count{shape, 3};
    for (double t : {0.1, 3.0, 50.0}) {
      double sum = 0;
      for (int n = 0; n < 5; ++n) sum += std::exp(count.log_probability(n, t));
      EXPECT_NEAR(sum + std::exp(count.log_at_least(5, t)), 1, 1e-13) << shape << " " << t;
    }
  }
}

TEST(NegativeBinomialCount, NoTimeAndAllTime) {
  const NegativeBinomial count{2, 3};
  EXPECT_EQ(count.log_none(0), 0);
  EXPECT_EQ(count.log_probability(1, 0), -kInfinity);
  EXPECT_EQ(count.log_at_least(1, 0), -kInfinity);
  EXPECT_EQ(count.log_probability(1, kInfinity), -kInfinity);
  EXPECT_EQ(count.log_at_least(1000, kInfinity), 0);
}

// u^a (1 - u)^b / B(a, b) is b u (1 - u)^b for a = 1; and near the mode of a huge pair, by
// Stirling, sqrt(a b / (2 pi (a + b))) (1 - 1/12 (1/a + 1/b - 1/(a + b))).
TEST(NegativeBinomialCount, TheBetaDensityOnTheLogitScale) {
  EXPECT_NEAR(log_beta_power(1, 4, 1, 3), std::log(4 * 0.25 * std::pow(0.75, 4)), 1e-15);
  const double a = 1e6, b = 3e6;
  const double expected =
      0.5 * std::log(a * b / (a + b) / (2 * M_PI)) - (1 / a + 1 / b - 1 / (a + b)) / 12;
  EXPECT_NEAR(log_beta_power(a, b, 1, 3), expected, 1e-14);
}

}  // namespace
}  // namespace patron::internal::ltv
