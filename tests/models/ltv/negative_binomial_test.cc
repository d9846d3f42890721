#include "lib/models/ltv/negative_binomial.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lib/models/ltv/math/elementary.h"
#include "tests/models/ltv/math/reference.h"

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

// Counts of any size: geometric again, and the sum of two geometric counts. A count of 1e17 and one
// of 1e17 + 1 are the same double, so what is left must not be their difference.
TEST(NegativeBinomialCount, OfAHugeCountIsAsExact) {
  for (double n : {1e3, 1e10, 1e17, 1e40, 1e150, 1e290}) {
    for (double mean_shares : {0.01, 1.0, 30.0}) {  // n as a multiple of the mean
      const double odds = mean_shares / n, log_u = -std::log1p(odds);
      const NegativeBinomial one{1, odds}, two{2, odds};
      EXPECT_NEAR(one.log_at_least(n, 1) / (n * log_u), 1, 1e-12) << n << " " << mean_shares;
      const double sum = n * log_u + std::log1p(n * (odds / (1 + odds)));
      EXPECT_NEAR(two.log_at_least(n, 1), sum, 1e-12 + 1e-12 * std::fabs(sum))
          << n << " " << mean_shares;
    }
  }
}

// P(N >= n) is the incomplete beta function I_z(n, shape), n being any number: mpmath's.
TEST(NegativeBinomialCount, IsTheIncompleteBetaFunctionOfMpmath) {
  for (const test::ReferenceRow& row : test::reference_rows("incomplete_beta.txt")) {
    const double a = row.values[0], b = row.values[1], z = row.values[2], rest = row.values[3];
    const double got = row.name == "log_lower" ? NegativeBinomial{b, rest}.log_at_least(a, z)
                                               : NegativeBinomial{a, z}.log_at_least(b, rest);
    const double want = row.values[4], sensitivity = row.values[5];
    EXPECT_NEAR(got, want, 1e-13 + 1e-15 * sensitivity + 4e-16 * std::fabs(want))
        << row.name << " " << testing::PrintToString(row.values);
  }
}

// A large shape and rate make it Poisson: shape 1e14 leaves a variance of 1 + 1e-13 of the mean.
TEST(NegativeBinomialCount, OfALargeShapeIsPoisson) {
  const NegativeBinomial count{1e14, 1e14};
  EXPECT_NEAR(std::exp(count.log_probability(3, 2)), 8.0 / 6 * std::exp(-2.0), 1e-12);
}

// Gamma(2.5) / (Gamma(0.5) 2!) = 0.375.
TEST(NegativeBinomialCount, OfASmallCountIsThatOfTheTextbook) {
  EXPECT_NEAR((NegativeBinomial{0.5, 1}.log_probability(2, 3)), std::log(0.375 * 0.5 * 0.5625),
              2e-15);
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

}  // namespace
}  // namespace patron::internal::ltv
