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
        got = log_negative_binomial(x[0], x[1], x[2], x[3]);
      } else if (row.name == "log_binomial") {
        got = log_binomial(x[0], x[1], x[2], x[3]);
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
  EXPECT_NEAR(log_binomial(2, 5, 0.25, 0.75), std::log(10 * 0.0625 * 0.421875), 1e-15);
  EXPECT_EQ(log_binomial(0, 0, 0.25, 0.75), 0);
  EXPECT_NEAR(log_binomial(5, 5, 0.25, 0.75), 5 * std::log(0.25), 1e-15);
  // Gamma(2.5) / (Gamma(0.5) 2!) = 0.375.
  EXPECT_NEAR(log_negative_binomial(2, 0.5, 0.25, 0.75), std::log(0.375 * 0.5 * 0.5625), 2e-15);
  EXPECT_NEAR(log_negative_binomial(0, 0.5, 0.25, 0.75), std::log(0.5), 1e-15);
  EXPECT_TRUE(std::isnan(log_binomial(6, 5, 0.25, 0.75)));
  EXPECT_TRUE(std::isnan(log_poisson(-1, 1)));
  EXPECT_TRUE(std::isnan(log_negative_binomial(1, 0, 0.5, 0.5)));
}

}  // namespace
}  // namespace patron::internal::ltv
