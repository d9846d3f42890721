#include "lib/models/ltv/newton.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <utility>

#include "lib/models/ltv/rows.h"

namespace patron::internal::ltv {
namespace {

using Surface = std::function<Derivatives(const LtvParameters&)>;

/// A likelihood that is any function of the parameters, per customer.
class Fake final : public LogLikelihood {
 public:
  Fake(int parameters, Surface surface) : n_(parameters), surface_(std::move(surface)) {}
  int parameters() const override { return n_; }
  void set_parameters(const LtvParameters& at) override { at_ = at; }
  Derivatives block(int64_t, int64_t) const override {
    Derivatives d = surface_(at_);
    d.value *= 1000;
    for (double& g : d.gradient) g *= 1000;
    for (double& h : d.hessian) h *= 1000;
    return d;
  }

 private:
  int n_;
  Surface surface_;
  LtvParameters at_{};
};

const UniqueRows& thousand_customers() {
  static const UniqueRows rows = unique_rows({{1, 1, 1, 1000}});
  return rows;
}

Climb climb(int parameters, const Surface& surface, const LtvParameters& start,
            int max_iterations = 200) {
  Objective objective(std::make_unique<Fake>(parameters, surface), thousand_customers(), 0, {}, 1,
                      nullptr);
  ClimbOptions options;
  options.max_iterations = max_iterations;
  Result<Climb> result = climb_from(objective, start, options);
  EXPECT_TRUE(result.ok());
  return *result;
}

TEST(EigenOfNegative, FindsValuesAscendingAndTheirVectors) {
  // -[[2, 1], [1, 2]] has the eigenvalues 1 and 3 with vectors (1, -1) and (1, 1).
  Derivatives d;
  d.at(0, 0) = d.at(1, 1) = -2;
  d.at(1, 0) = -1;
  const Eigen eigen = eigen_of_negative(d, 2);
  EXPECT_NEAR(eigen.values[0], 1, 1e-15);
  EXPECT_NEAR(eigen.values[1], 3, 1e-15);
  EXPECT_NEAR(eigen.vectors[0][0], -eigen.vectors[0][1], 1e-15);
  EXPECT_NEAR(eigen.vectors[1][0], eigen.vectors[1][1], 1e-15);
}

TEST(EigenOfNegative, PutsAFourByFourMatrixTogetherAgain) {
  Derivatives d;
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j <= i; ++j) d.at(i, j) = -std::pow(10.0, i + j) * (i == j ? 2 : 0.3);
  }
  const Eigen eigen = eigen_of_negative(d, 4);
  for (size_t i = 0; i < 4; ++i) {
    for (size_t j = 0; j < 4; ++j) {
      double sum = 0;
      for (size_t k = 0; k < 4; ++k)
        sum += eigen.values[k] * eigen.vectors[k][i] * eigen.vectors[k][j];
      EXPECT_NEAR(sum, -d.at(static_cast<int>(i), static_cast<int>(j)), 1e-14 * 2e6);
    }
  }
}

/// -(1 - x)^2 - 100 (y - x^2)^2: Rosenbrock's valley, upside down.
Derivatives rosenbrock(const LtvParameters& at) {
  const double x = at[0], y = at[1], bend = y - x * x;
  Derivatives d;
  d.value = -(1 - x) * (1 - x) - 100 * bend * bend;
  d.gradient = {2 * (1 - x) + 400 * x * bend, -200 * bend};
  d.at(0, 0) = -2 + 400 * bend - 800 * x * x;
  d.at(1, 0) = 400 * x;
  d.at(1, 1) = -200;
  return d;
}

TEST(ClimbFrom, FollowsABentValleyToItsEnd) {
  const Climb end = climb(2, rosenbrock, {-1.2, 1});
  EXPECT_EQ(end.verdict, LtvVerdict::kConverged);
  EXPECT_NEAR(end.log_parameters[0], 1, 1e-12);
  EXPECT_NEAR(end.log_parameters[1], 1, 1e-12);
  EXPECT_LT(end.iterations, 40);
}

TEST(ClimbFrom, LeavesASaddle) {
  // cos x + cos y at (0.001, pi): a saddle, from which only y leads up.
  const auto surface = [](const LtvParameters& at) {
    Derivatives d;
    d.value = std::cos(at[0]) + std::cos(at[1]);
    d.gradient = {-std::sin(at[0]), -std::sin(at[1])};
    d.at(0, 0) = -std::cos(at[0]);
    d.at(1, 1) = -std::cos(at[1]);
    return d;
  };
  const Climb end = climb(2, surface, {0.001, 3.14159265358979});
  EXPECT_EQ(end.verdict, LtvVerdict::kConverged);
  EXPECT_NEAR(end.at.value, 2, 1e-14);
}

TEST(ClimbFrom, CallsAFlatLineARidge) {
  // -(x + y - 1)^2 does not tell x from y.
  const auto surface = [](const LtvParameters& at) {
    Derivatives d;
    const double past = at[0] + at[1] - 1;
    d.value = -past * past;
    d.gradient = {-2 * past, -2 * past};
    d.at(0, 0) = d.at(1, 0) = d.at(1, 1) = -2;
    return d;
  };
  const Climb end = climb(2, surface, {3, 2});
  EXPECT_EQ(end.verdict, LtvVerdict::kFlatRidge);
  EXPECT_NEAR(std::abs(end.direction[0]), 1, 1e-12);
  EXPECT_NEAR(end.direction[0], -end.direction[1], 1e-12);
}

TEST(ClimbFrom, CallsARiseWithoutEndABoundary) {
  // -e^-x - (y - x)^2: rises for ever as x and y grow together.
  const auto surface = [](const LtvParameters& at) {
    Derivatives d;
    const double past = at[1] - at[0];
    d.value = -std::exp(-at[0]) - past * past;
    d.gradient = {std::exp(-at[0]) + 2 * past, -2 * past};
    d.at(0, 0) = -std::exp(-at[0]) - 2;
    d.at(1, 0) = 2;
    d.at(1, 1) = -2;
    return d;
  };
  const Climb end = climb(2, surface, {0, 0});
  EXPECT_EQ(end.verdict, LtvVerdict::kBoundary);
  EXPECT_GT(end.direction[0], 0.9);
  EXPECT_GT(end.direction[1], 0.9);
}

TEST(ClimbFrom, SaysWhenItWasNotGivenEnoughSteps) {
  const Climb end = climb(2, rosenbrock, {-1.2, 1}, 3);
  EXPECT_EQ(end.verdict, LtvVerdict::kIterations);
  EXPECT_EQ(end.iterations, 3);
}

TEST(Objective, TakesThePenaltyAwayAroundItsCentre) {
  Objective objective(std::make_unique<Fake>(2, rosenbrock), thousand_customers(), 0.5, {1, -1}, 1,
                      nullptr);
  const LtvParameters at{2, 3};
  const Derivatives d = *objective.evaluate(at), plain = rosenbrock(at);
  EXPECT_NEAR(d.value, plain.value - 0.5 * (1 + 16), 1e-12);
  EXPECT_NEAR(d.gradient[1], plain.gradient[1] - 4, 1e-12);
  EXPECT_NEAR(d.at(0, 0), plain.at(0, 0) - 1, 1e-12);
  EXPECT_NEAR(d.at(1, 0), plain.at(1, 0), 1e-12);
}

}  // namespace
}  // namespace patron::internal::ltv
