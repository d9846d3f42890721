#include "lib/models/ltv/beta_survival.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

TEST(BetaSurvival, AgreesWithMpmathDerivativesToo) {
  double worst = 0;
  for (const test::ReferenceRow& line : test::reference_rows("beta_survival.txt")) {
    if (line.name != "survival") continue;
    const std::vector<double>& v = line.values;
    const BetaSurvival s = beta_survival(v[0], v[1], v[2]);
    const double got[] = {s.value, s.a, s.b, s.h, s.aa, s.ah, s.bb, s.hh};
    for (size_t i = 0; i < 8; i++) {
      const double error = test::relative_error(got[i], v[3 + i]);
      EXPECT_LE(error, 4e-15) << v[0] << " " << v[1] << " " << v[2] << " number " << i;
      worst = std::max(worst, error);
    }
    EXPECT_EQ(log_beta_survival(v[0], v[1], v[2]), s.value);
  }
  RecordProperty("worst", std::to_string(worst));
}

TEST(BetaSurvival, OneTrialIsTheMeanOfTheChance) {
  EXPECT_DOUBLE_EQ(log_beta_survival(1, 3, 1), std::log(0.75));
  EXPECT_DOUBLE_EQ(log_beta_survival(1, 1, 3), std::log(0.25));  // uniform: 1 / (h + 1)
  EXPECT_EQ(log_beta_survival(2, 5, 0), 0);
}

TEST(BetaSurvival, SumsAgreeWithMpmathTermByTerm) {
  for (const test::ReferenceRow& line : test::reference_rows("beta_survival.txt")) {
    if (line.name != "sum") continue;
    const std::vector<double>& v = line.values;
    EXPECT_LE(test::relative_error(beta_expected_survivals(v[0], v[1], v[2]), v[3]), 2e-14)
        << v[0] << " " << v[1] << " " << v[2];
  }
}

// Uniform: 1/2 + 1/3 + 1/4; alpha = 3: the infinite sum is b / (a - 1).
TEST(BetaSurvival, SumsByHand) {
  EXPECT_DOUBLE_EQ(beta_expected_survivals(1, 1, 3), 13.0 / 12);
  EXPECT_EQ(beta_expected_survivals(3, 5, std::numeric_limits<double>::infinity()), 2.5);
  EXPECT_TRUE(std::isinf(beta_expected_survivals(1, 5, std::numeric_limits<double>::infinity())));
  EXPECT_NEAR(beta_expected_survivals(3, 5, 1e9), 2.5, 1e-8);
  EXPECT_EQ(beta_expected_survivals(3, 5, 0), 0);
}

}  // namespace
}  // namespace patron::internal::ltv
