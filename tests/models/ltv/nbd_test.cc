#include <gtest/gtest.h>

#include <cmath>

#include "lib/models/ltv/likelihoods.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/rows.h"

namespace patron::internal::ltv {
namespace {

double value_of(double x, double T, double r, double alpha) {
  const UniqueRows rows = unique_rows({{x, T, 0}});
  const auto likelihood = make_nbd(rows);
  likelihood->set_parameters({log(r), log(alpha)});
  return likelihood->block(0, 1).value;
}

TEST(Nbd, ProbabilitiesOfAllCountsAddUpToOne) {
  // Small r by the beta function, large r by deviances, and both on either side of the change.
  for (const double r : {0.4, 9.9, 10.1, 300.0}) {
    double sum = 0;
    for (int x = 0; x < 4000; ++x) sum += exp(value_of(x, 39, r, 12));
    EXPECT_NEAR(sum, 1, 1e-12) << r;
  }
}

TEST(Nbd, OneCountIsThatOfAGeometricDistribution) {
  // r = 1: P(x) = p (1 - p)^x with p = alpha / (alpha + T) = 1/4.
  EXPECT_NEAR(value_of(3, 3, 1, 1), std::log(0.25 * 0.421875), 1e-15);
  EXPECT_NEAR(value_of(0, 3, 1, 1), std::log(0.25), 1e-15);
}

TEST(Nbd, ForEqualCustomersIsPoisson) {
  // alpha = r / 2 with r = 1e15: mean 2 in T = 1; P(4) = 2^4 e^-2 / 4!
  EXPECT_NEAR(value_of(4, 1, 1e15, 5e14), 4 * std::log(2) - 2 - std::log(24), 1e-13);
}

}  // namespace
}  // namespace patron::internal::ltv
