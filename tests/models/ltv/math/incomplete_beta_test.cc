#include "lib/models/ltv/math/incomplete_beta.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

using test::cases;
using test::reference_rows;
using test::ReferenceRow;
using test::relative_error;

// Both tails as logarithms, to 1e-13 of the probability and of the logarithm.
TEST(IncompleteBetaReference, HasTheTailsOfMpmath) {
  double worst = 0;
  for (const ReferenceRow& row : reference_rows("incomplete_beta.txt")) {
    const auto& x = row.values;
    const double want = x[4], sensitivity = x[5];
    const Tails tails = incomplete_beta(x[0], x[1], {x[2], x[3]});
    const bool lower = row.name == "log_lower";
    const double got = lower ? tails.log_lower : tails.log_upper;
    // `want` is a logarithm: its absolute error is the relative one of the tail.
    const double error = std::fabs(got - want);
    const double allowed =
        std::min(1.0, std::fabs(want)) * 1e-13 + 1e-15 * sensitivity + 4e-16 * std::fabs(want);
    EXPECT_LE(error, allowed) << row.name << " " << ::testing::PrintToString(row.values) << " got "
                              << got;
    worst = std::max(worst, error / allowed);
    const double tail = lower ? tails.lower : tails.upper;
    EXPECT_LE(relative_error(tail, std::exp(got)), 1e-15 * (4 + std::fabs(got)));
  }
  RecordProperty("worst_share_of_the_bound", std::to_string(worst));
}

// I_z(a, 1) = z^a and I_z(1, b) = 1 - (1-z)^b.
TEST(IncompleteBeta, IsAPowerWhereAParameterIsOne) {
  for (const double a : {1e-6, 0.3, 1.0, 7.0, 1e5}) {
    for (const double z : {1e-9, 0.2, 0.5, 0.97}) {
      const double log_power = a * std::log(z);
      EXPECT_NEAR(incomplete_beta(a, 1, {z, 1 - z}).log_lower / log_power, 1, 1e-13)
          << a << " " << z;
      EXPECT_NEAR(incomplete_beta(1, a, {1 - z, z}).log_upper / log_power, 1, 1e-13)
          << a << " " << z;
    }
  }
}

// P(X <= n) of a binomial number: Abramowitz and Stegun 26.5.24.
TEST(IncompleteBeta, IsASumOfBinomialProbabilities) {
  const double p = 0.3;
  double sum = 0, term = std::pow(1 - p, 10);
  for (int n = 0; n <= 4; n++) {
    sum += term;
    term *= p / (1 - p) * (10 - n) / (n + 1);
  }
  EXPECT_NEAR(incomplete_beta(6, 5, {1 - p, p}).lower, sum, 1e-15);
}

TEST(IncompleteBeta, HasItsEdges) {
  const Tails none = incomplete_beta(2, 3, {0, 1}), all = incomplete_beta(2, 3, {1, 0});
  EXPECT_EQ(none.lower, 0);
  EXPECT_EQ(none.log_upper, 0);
  EXPECT_EQ(all.upper, 0);
  EXPECT_EQ(all.log_upper, -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(incomplete_beta(0, 3, {0.5, 0.5}).lower));
  EXPECT_TRUE(std::isnan(incomplete_beta_inverse(2, -3, {0.5, 0.5}).value));
  EXPECT_EQ(incomplete_beta_inverse(2, 3, {0, 1}).value, 0);
  EXPECT_EQ(incomplete_beta_inverse(2, 3, {1, 0}).complement, 0);
  EXPECT_NEAR(incomplete_beta_inverse(3, 3, {0.5, 0.5}).value, 0.5, 1e-15);
}

TEST(IncompleteBeta, HasTailsThatAddUpAndMirror) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<> exponent(-6, 6), share(0, 1);
  for (int i = 0; i < cases(2'000); i++) {
    const double a = std::pow(10, exponent(random)), b = std::pow(10, exponent(random));
    const double z = share(random);
    const Tails t = incomplete_beta(a, b, {z, 1 - z}), mirror = incomplete_beta(b, a, {1 - z, z});
    ASSERT_NEAR(t.lower + t.upper, 1, 4e-16) << a << " " << b << " " << z;
    ASSERT_NEAR(t.lower, mirror.upper, 1e-12 * t.lower) << a << " " << b << " " << z;
    ASSERT_GE(t.lower, 0);
    ASSERT_LE(t.log_lower, 0);
    ASSERT_LE(t.log_upper, 0);
  }
}

// The way back, from the smaller tail, which the bound of the quantile is about.
TEST(IncompleteBetaInverse, IsTheInverse) {
  std::mt19937_64 random(4);
  std::uniform_real_distribution<> exponent(-6, 6), share(0, 1);
  for (int i = 0; i < cases(1'000); i++) {
    const double a = std::pow(10, exponent(random)), b = std::pow(10, exponent(random));
    const double p = i % 3 == 0 ? std::pow(10, 3 * exponent(random) - 18) : share(random);
    const UnitPoint z = incomplete_beta_inverse(a, b, {p, 1 - p});
    ASSERT_NEAR(z.value + z.complement, 1, 4e-16);
    if (z.value < 1e-280 || z.complement < 1e-280) continue;
    const Tails t = incomplete_beta(a, b, z);
    const double error = p <= 0.5 ? t.log_lower - std::log(p) : t.log_upper - std::log1p(-p);
    // What one rounding of z does: d ln I / d ln z = z^a (1-z)^b / B / I / (1-z), at most a + b.
    ASSERT_NEAR(error, 0, 2e-13 + 1e-14 * std::fabs(std::log(p)) + 4e-16 * (a + b))
        << a << " " << b << " " << p << " -> " << z.value;
  }
}

}  // namespace
}  // namespace patron::internal::ltv
