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

TEST(Bdw, IsTheShiftedBetaGeometricModelWhereCIsOne) {
  for (const auto& survivors : {test::kRegular, test::kHighEnd}) {
    const UniqueRows rows = test::subscribers(survivors, 7);
    const Derivatives with = derivatives_at(make_bdw, rows, logs_of({0.7, 2.1, 1}));
    const Derivatives without = derivatives_at(make_sbg, rows, logs_of({0.7, 2.1}));
    EXPECT_NEAR(with.value / without.value, 1, 1e-14);
    for (int i = 0; i < 2; i++) {
      EXPECT_NEAR(with.gradient[static_cast<size_t>(i)], without.gradient[static_cast<size_t>(i)],
                  1e-10);
      for (int j = 0; j <= i; j++) EXPECT_NEAR(with.at(i, j), without.at(i, j), 1e-10);
    }
  }
}

TEST(Bdw, FitsOfSubscribersAreThoseOfMpmath) {
  test::expect_optimum(test::fit_subscribers(test::kRegular, LtvModel::kBdw), "regular_bdw");
  test::expect_optimum(test::fit_subscribers(test::kHighEnd, LtvModel::kBdw), "high_end_bdw");
}

// alpha = beta = 1: S(t) = 1 / (1 + t^c), so P(t) = 1 / (1 + (t - 1)^c) - 1 / (1 + t^c).
TEST(Bdw, UniformChancesGiveLogLogisticSurvival) {
  for (const double c : {0.5, 2.0}) {
    const LtvParameters at = logs_of({1, 1, c});
    for (const double t : {1.0, 2.0, 7.0}) {
      const auto survival = [&](double time) { return 1 / (1 + std::pow(time, c)); };
      EXPECT_NEAR(derivatives_at(make_bdw, rows_of({{t, 0}}), at).value, std::log(survival(t)),
                  1e-14);
      EXPECT_NEAR(derivatives_at(make_bdw, rows_of({{t, 1}}), at).value,
                  std::log(survival(t - 1) - survival(t)), 1e-14);
    }
  }
}

TEST(Bdw, AgreesWithMpmathOverTwelveDecades) {
  for (const test::ReferenceRow& line : test::reference_rows("likelihood_bdw.txt")) {
    const std::vector<double>& v = line.values;
    const double got =
        derivatives_at(make_bdw, rows_of({{v[3], v[4]}}), logs_of({v[0], v[1], v[2]})).value;
    EXPECT_LE(std::fabs(got - v[5]), 1e-12 * std::fabs(v[5]) + 16 * 0x1p-52 * v[6])
        << v[0] << " " << v[1] << " " << v[2] << ": " << v[3] << " " << v[4] << " want " << v[5]
        << " got " << got;
  }
}

TEST(Bdw, DerivativesAreSlopes) {
  std::mt19937_64 random(11);
  const auto draw = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53;
  };
  for (int trial = 0; trial < 100; trial++) {
    const double churned = trial % 2;
    const double T = std::floor(std::exp(draw(0, 5))) - 1 + churned;
    SCOPED_TRACE(T);
    expect_derivatives_fit(make_bdw, rows_of({{T, churned}}),
                           {draw(-6, 6), draw(-6, 6), draw(-3, 2)}, 1e-8);
  }
  // t^c is beyond the largest that is held: at both ends, and at the later one alone.
  expect_derivatives_fit(make_bdw, rows_of({{7, 0}}), {0.3, -0.2, 6}, 1e-8);
  expect_derivatives_fit(make_bdw, rows_of({{7, 1}}), {0.3, -0.2, 6}, 1e-8);
  expect_derivatives_fit(make_bdw, rows_of({{2, 1}}), {-1, 2, 7}, 1e-8);
}

TEST(Bdw, IsFiniteAtTheEdgesOfItsDomain) {
  const UniqueRows rows =
      rows_of({{0, 0}, {1, 0}, {1, 1}, {2, 1}, {1e6, 0}, {1e6, 1}, {0x1p53, 0}, {0x1p53, 1}});
  for (const double a : {-40.0, -3.0, 0.0, 40.0}) {
    for (const double b : {-40.0, -3.0, 0.0, 40.0}) {
      for (const double c : {-40.0, -3.0, 0.0, 3.0, 40.0})
        EXPECT_TRUE(all_finite(derivatives_at(make_bdw, rows, {a, b, c})))
            << a << " " << b << " " << c;
    }
  }
}

}  // namespace
}  // namespace patron::internal::ltv
