#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "lib/models/ltv/likelihoods.h"
#include "tests/models/ltv/discrete_optimum.h"
#include "tests/models/ltv/likelihood_checks.h"
#include "tests/models/ltv/math/reference.h"
#include "tests/models/ltv/subscribers.h"

namespace patron::internal::ltv {
namespace {

// The paper: (0.704, 1.182) and (0.668, 3.806); more digits and ln L recomputed from its table.
TEST(Sbg, LogLikelihoodOfSubscribersIsThePublishedOne) {
  const Derivatives regular =
      derivatives_at(make_sbg, test::subscribers(test::kRegular, 7), logs_of({0.704077, 1.182043}));
  EXPECT_NEAR(regular.value, -1680.2652, 5e-5);
  const Derivatives high_end =
      derivatives_at(make_sbg, test::subscribers(test::kHighEnd, 7), logs_of({0.668088, 3.806096}));
  EXPECT_NEAR(high_end.value, -1611.1581, 5e-5);
  for (size_t i = 0; i < 2; i++) {
    EXPECT_NEAR(regular.gradient[i], 0, 5e-4);
    EXPECT_NEAR(high_end.gradient[i], 0, 5e-4);
  }
}

// The paper prints three decimals.
TEST(Sbg, FitsOfSubscribersAreThePublishedOnes) {
  const Result<Ltv> regular = test::fit_subscribers(test::kRegular, LtvModel::kSbg);
  test::expect_optimum(regular, "regular_sbg");
  EXPECT_NEAR(regular->parameters()[0], 0.704, 5e-4);
  EXPECT_NEAR(regular->parameters()[1], 1.182, 5e-4);
  const Result<Ltv> high_end = test::fit_subscribers(test::kHighEnd, LtvModel::kSbg);
  test::expect_optimum(high_end, "high_end_sbg");
  EXPECT_NEAR(high_end->parameters()[0], 0.668, 5e-4);
  EXPECT_NEAR(high_end->parameters()[1], 3.806, 5e-4);
}

// alpha = beta = 1: theta is uniform, S(t) = 1 / (t + 1), P(t) = 1 / (t (t + 1)).
TEST(Sbg, UniformChancesGiveHarmonicSurvival) {
  const LtvParameters at{};
  for (const double t : {1.0, 2.0, 5.0, 1000.0}) {
    EXPECT_DOUBLE_EQ(derivatives_at(make_sbg, rows_of({{t, 0}}), at).value, -std::log(t + 1));
    EXPECT_DOUBLE_EQ(derivatives_at(make_sbg, rows_of({{t, 1}}), at).value, -std::log(t * (t + 1)));
  }
  EXPECT_EQ(derivatives_at(make_sbg, rows_of({{0, 0}}), at).value, 0);
}

TEST(Sbg, AgreesWithMpmathOverTwelveDecades) {
  for (const test::ReferenceRow& line : test::reference_rows("likelihood_sbg.txt")) {
    const std::vector<double>& v = line.values;
    const double got =
        derivatives_at(make_sbg, rows_of({{v[2], v[3]}}), logs_of({v[0], v[1]})).value;
    EXPECT_LE(std::fabs(got - v[4]), 1e-12 * std::fabs(v[4]) + 16 * 0x1p-52 * v[5])
        << v[0] << " " << v[1] << ": " << v[2] << " " << v[3] << " want " << v[4] << " got " << got;
  }
}

TEST(Sbg, DerivativesAreSlopes) {
  std::mt19937_64 random(9);
  const auto draw = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53;
  };
  for (int trial = 0; trial < 100; trial++) {
    const double churned = trial % 2;
    const double T = std::floor(std::exp(draw(0, 8))) - 1 + churned;
    SCOPED_TRACE(T);
    expect_derivatives_fit(make_sbg, rows_of({{T, churned}}), {draw(-8, 8), draw(-8, 8)}, 1e-8);
  }
}

TEST(Sbg, IsFiniteAtTheEdgesOfItsDomain) {
  const UniqueRows rows =
      rows_of({{0, 0}, {1, 0}, {1, 1}, {2, 1}, {1e6, 0}, {1e6, 1}, {0x1p53, 0}, {0x1p53, 1}});
  for (const double a : {-40.0, -3.0, 0.0, 40.0}) {
    for (const double b : {-40.0, -3.0, 0.0, 40.0})
      EXPECT_TRUE(all_finite(derivatives_at(make_sbg, rows, {a, b}))) << a << " " << b;
  }
}

}  // namespace
}  // namespace patron::internal::ltv
