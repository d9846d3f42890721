#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "lib/models/ltv/likelihoods.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/rows.h"

namespace patron::internal::ltv {
namespace {

Derivatives at(double x, double t, double T, double r, double alpha, double s, double beta) {
  const UniqueRows rows = unique_rows({{x, t, T}});
  const auto likelihood = make_pareto_nbd(rows);
  likelihood->set_parameters({log(r), log(alpha), log(s), log(beta)});
  return likelihood->block(0, 1);
}

TEST(ParetoNbd, WithOneScaleIsInClosedForm) {
  // alpha = beta: the integral of s (alpha + u)^-(c + s + 1) is s / (c + s) times a difference of
  // powers.
  for (const double x : {0.0, 1.0, 5.0}) {
    const double r = 0.55, s = 0.61, alpha = 10, t = x == 0 ? 0 : 20, T = 39, c = r + x;
    const double stays = std::pow(alpha + T, -c - s);
    const double leaves = s / (c + s) * (std::pow(alpha + t, -c - s) - stays);
    const double want =
        std::lgamma(c) - std::lgamma(r) + (r + s) * std::log(alpha) + std::log(stays + leaves);
    EXPECT_NEAR(at(x, t, T, r, alpha, s, alpha).value, want, 1e-13 * std::abs(want) + 1e-14);
    EXPECT_NEAR(at(x, t, T, r, alpha, s, alpha * (1 + 1e-13)).value, want, 1e-12);
  }
}

TEST(ParetoNbd, WhereNobodyLeavesIsPoissonAndGamma) {
  const double want = std::log(0.5 * 1.5) + 0.5 * std::log(2.0) - 2.5 * std::log(2.0 + 7.0);
  EXPECT_NEAR(at(2, 5, 7, 0.5, 2, 1e-14, 1).value, want, 1e-12);
}

// Customers that once gave NaN in other libraries (lifetimes 25, 90, 445; CLVTools 100).
TEST(ParetoNbd, FrequentCustomersAreFinite) {
  const std::vector<WeightedRow> rows{{221, 103.43, 103.57}, {254, 97.14, 97.29}, {161, 94.71, 98},
                                      {204, 98.57, 99.43},   {400, 5, 6},         {500, 1, 37},
                                      {500, 4, 37},          {1e6, 39, 39}};
  for (const WeightedRow& row : rows) {
    for (const auto& p : {LtvParameters{0.5143, 2.8845, 0.2856, 14.1087},
                          LtvParameters{10.465, 0.00798565, 3.0516, 2.82}}) {
      const Derivatives d = at(row.first, row.second, row.third, p[0], p[1], p[2], p[3]);
      EXPECT_TRUE(std::isfinite(d.value)) << row.first;
      for (const double h : d.hessian) EXPECT_TRUE(std::isfinite(h)) << row.first;
    }
  }
}

}  // namespace
}  // namespace patron::internal::ltv
