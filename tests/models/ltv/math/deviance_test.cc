#include "lib/models/ltv/math/deviance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

using test::reference_rows;
using test::ReferenceRow;

TEST(DevianceReference, HasTheValuesOfMpmath) {
  double worst = 0;
  for (const ReferenceRow& row : reference_rows("deviance.txt")) {
    const auto& x = row.values;
    const double want = x[x.size() - 2], sensitivity = x.back();
    double got = 0, allowed = 5e-16 * std::fabs(want);
    if (row.name == "log1p_deficit") {
      got = log1p_deficit(x[0]);
    } else if (row.name == "expm1_excess") {
      got = expm1_excess(x[0]);
    } else {
      allowed = 2e-14 + 1e-15 * std::fabs(want) + 1e-15 * sensitivity;
      if (row.name == "log_poisson") {
        got = log_poisson(x[0], x[1]);
      } else if (row.name == "log_negative_binomial") {
        got = log_beta_kernel(x[0], x[1], x[3], x[2]) - std::log(x[0]);
      } else {
        FAIL() << row.name;
      }
    }
    EXPECT_LE(std::fabs(got - want), allowed)
        << row.name << " " << ::testing::PrintToString(x) << " got " << got;
    worst = std::max(worst, std::fabs(got - want) / allowed);
  }
  RecordProperty("worst_share_of_the_bound", std::to_string(worst));
}

TEST(Deviance, OfNothingIsNothing) {
  EXPECT_EQ(log1p_deficit(0), 0);
  EXPECT_EQ(expm1_excess(0), 0);
  EXPECT_TRUE(std::isinf(log1p_deficit(-1)));
}

TEST(LogProbabilities, OfSmallCountsAreThoseOfTheTextbook) {
  EXPECT_NEAR(log_poisson(3, 2), std::log(8.0 / 6) - 2, 1e-15);
  EXPECT_EQ(log_poisson(0, 2), -2);
  EXPECT_EQ(log_poisson(0, 0), 0);
  EXPECT_TRUE(std::isinf(log_poisson(2, 0)));
  EXPECT_TRUE(std::isnan(log_poisson(-1, 1)));
}

// u^a (1 - u)^b / B(a, b) is b u (1 - u)^b for a = 1; and near the mode of a huge pair, by
// Stirling, sqrt(a b / (2 pi (a + b))) (1 - 1/12 (1/a + 1/b - 1/(a + b))).
TEST(LogBetaKernel, IsTheBetaDensityOnTheLogitScale) {
  EXPECT_NEAR(log_beta_kernel(1, 4, 1, 3), std::log(4 * 0.25 * std::pow(0.75, 4)), 1e-15);
  const double a = 1e6, b = 3e6;
  const double expected =
      0.5 * std::log(a * b / (a + b) / (2 * M_PI)) - (1 / a + 1 / b - 1 / (a + b)) / 12;
  EXPECT_NEAR(log_beta_kernel(a, b, 1, 3), expected, 1e-14);
  EXPECT_TRUE(std::isinf(log_beta_kernel(2, 3, 0, 1)));
  EXPECT_TRUE(std::isinf(log_beta_kernel(2, 3, 1, 0)));
  EXPECT_TRUE(std::isnan(log_beta_kernel(0, 3, 1, 1)));
}

}  // namespace
}  // namespace patron::internal::ltv
