#include <gtest/gtest.h>

#include <cmath>

#include "lib/models/ltv/likelihoods.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/rows.h"

namespace patron::internal::ltv {
namespace {

struct Customer {
  double x, t, T;
};

double value_of(bool modified, const Customer& c, double r, double alpha, double a, double b) {
  const UniqueRows rows = unique_rows({{c.x, c.t, c.T}});
  const auto likelihood = make_beta_geometric(rows, modified);
  likelihood->set_parameters({log(r), log(alpha), log(a), log(b)});
  return likelihood->block(0, 1).value;
}

/// Equation 6 of the paper as it is printed, for small numbers, with the C library's lgamma.
double printed(const Customer& c, double r, double alpha, double a, double b) {
  const auto log_beta = [](double p, double q) {
    return std::lgamma(p) + std::lgamma(q) - std::lgamma(p + q);
  };
  const double gammas = std::exp(std::lgamma(r + c.x) - std::lgamma(r)) * std::pow(alpha, r);
  double sum = std::exp(log_beta(a, b + c.x) - log_beta(a, b)) * std::pow(alpha + c.T, -r - c.x);
  if (c.x > 0)
    sum +=
        std::exp(log_beta(a + 1, b + c.x - 1) - log_beta(a, b)) * std::pow(alpha + c.t, -r - c.x);
  return std::log(gammas * sum);
}

TEST(BetaGeometric, IsEquation6OfThePaper) {
  for (const Customer& c : {Customer{0, 0, 38.86}, Customer{2, 30.43, 38.86}, Customer{1, 1, 39},
                            Customer{7, 39, 39}}) {
    EXPECT_NEAR(value_of(false, c, 0.243, 4.414, 0.793, 2.426),
                printed(c, 0.243, 4.414, 0.793, 2.426), 1e-12);
  }
}

TEST(BetaGeometric, ModifiedIsTheSameWithOneMoreChanceToLeave) {
  // By hand, one customer with x = 0: leaves at once with a / (a + b) = 1/4, else buys nothing with
  // (alpha / (alpha + T))^r = 1/2.
  EXPECT_NEAR(value_of(true, {0, 0, 1}, 1, 1, 1, 3), std::log(0.25 + 0.75 * 0.5), 1e-15);
  // x = 1 at t = 1, T = 3, r = alpha = 1, a = b = 1: stays twice, B(1, 3) / B(1, 1) = 1/3, over
  // (1 + 3)^2; or stays once and leaves, B(2, 2) / B(1, 1) = 1/6, over (1 + 1)^2.
  EXPECT_NEAR(value_of(true, {1, 1, 3}, 1, 1, 1, 1), std::log(1.0 / 3 / 16 + 1.0 / 6 / 4), 1e-15);
}

TEST(BetaGeometric, WhereNobodyLeavesIsPoissonAndGamma) {
  // a = 1e-14: L = (r)_x alpha^r / (alpha + T)^(r + x)
  const double want = std::log(0.5 * 1.5) + 0.5 * std::log(2.0) - 2.5 * std::log(2.0 + 7.0);
  EXPECT_NEAR(value_of(false, {2, 5, 7}, 0.5, 2, 1e-14, 1), want, 1e-12);
  EXPECT_NEAR(value_of(true, {2, 5, 7}, 0.5, 2, 1e-14, 1), want, 1e-12);
}

}  // namespace
}  // namespace patron::internal::ltv
