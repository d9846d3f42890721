#include "lib/models/ltv/math/incomplete_gamma.h"

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

TEST(IncompleteGammaReference, HasTheTailsOfMpmath) {
  double worst = 0;
  for (const ReferenceRow& row : reference_rows("incomplete_gamma.txt")) {
    const auto& x = row.values;
    const double want = x[2], sensitivity = x[3];
    const Tails tails = incomplete_gamma(x[0], x[1]);
    const double got = row.name == "log_lower" ? tails.log_lower : tails.log_upper;
    const double allowed =
        std::min(1.0, std::fabs(want)) * 1e-13 + 1e-15 * sensitivity + 4e-16 * std::fabs(want);
    EXPECT_LE(std::fabs(got - want), allowed)
        << row.name << " " << ::testing::PrintToString(x) << " got " << got;
    worst = std::max(worst, std::fabs(got - want) / allowed);
  }
  RecordProperty("worst_share_of_the_bound", std::to_string(worst));
}

// P(1, x) = 1 - e^-x; P(1/2, x) = erf(sqrt x) (Abramowitz and Stegun 6.5.16).
TEST(IncompleteGamma, IsExponentialAndNormalWhereTheTextbookSaysSo) {
  for (const double x : {1e-9, 0.3, 0.9, 1.0, 4.0, 30.0}) {
    EXPECT_NEAR(incomplete_gamma(1, x).lower / -std::expm1(-x), 1, 2e-15) << x;
    EXPECT_NEAR(incomplete_gamma(1, x).upper / std::exp(-x), 1, 1e-14) << x;
    EXPECT_NEAR(incomplete_gamma(0.5, x).lower / std::erf(std::sqrt(x)), 1, 1e-14) << x;
    EXPECT_NEAR(incomplete_gamma(0.5, x).upper / std::erfc(std::sqrt(x)), 1, 1e-13) << x;
  }
}

TEST(IncompleteGamma, HasItsEdges) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(incomplete_gamma(2, 0).upper, 1);
  EXPECT_EQ(incomplete_gamma(2, kInfinite).lower, 1);
  EXPECT_TRUE(std::isnan(incomplete_gamma(0, 1).lower));
  EXPECT_TRUE(std::isnan(incomplete_gamma(1, -1).lower));
  EXPECT_EQ(incomplete_gamma_inverse(2, {0, 1}), 0);
  EXPECT_EQ(incomplete_gamma_inverse(2, {1, 0}), kInfinite);
  EXPECT_TRUE(std::isnan(incomplete_gamma_inverse(-2, {0.5, 0.5})));
  EXPECT_NEAR(incomplete_gamma_inverse(1, {0.5, 0.5}), std::log(2), 1e-15);
}

TEST(IncompleteGammaInverse, IsTheInverse) {
  std::mt19937_64 random(4);
  std::uniform_real_distribution<> exponent(-6, 6), share(0, 1);
  for (int i = 0; i < cases(1'000); i++) {
    const double a = std::pow(10, exponent(random));
    double p = i % 3 == 0 ? std::pow(10, 3 * exponent(random) - 18) : share(random), q = 1 - p;
    if (i % 2 == 0) std::swap(p, q);
    const double x = incomplete_gamma_inverse(a, {p, q});
    if (x < 1e-280) continue;
    const Tails t = incomplete_gamma(a, x);
    const double error = p <= q ? t.log_lower - std::log(p) : t.log_upper - std::log(q);
    // What one rounding of x does: d ln P / d ln x = x^a e^-x / (Gamma(a) P), below a + x.
    ASSERT_NEAR(error, 0, 2e-13 + 1e-14 * std::fabs(std::log(std::min(p, q))) + 4e-16 * (a + x))
        << a << " " << p << " " << q << " -> " << x;
  }
}

}  // namespace
}  // namespace patron::internal::ltv
