#include "lib/models/ltv/math/gamma.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <random>
#include <string>

#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

using test::cases;
using test::reference_rows;
using test::ReferenceRow;
using test::relative_error;

constexpr double kInfinite = std::numeric_limits<double>::infinity();

double call(const ReferenceRow& row) {
  const auto& x = row.values;
  if (row.name == "log_gamma") return log_gamma(x[0]);
  if (row.name == "digamma") return digamma(x[0]);
  if (row.name == "trigamma") return trigamma(x[0]);
  if (row.name == "stirling_rest") return stirling_rest(x[0]);
  if (row.name == "log_rising") return log_rising(x[0], x[1]);
  if (row.name == "log_rising_first") return log_rising_first(x[0], x[1]);
  if (row.name == "log_rising_second") return log_rising_second(x[0], x[1]);
  if (row.name == "log_beta") return log_beta(x[0], x[1]);
  if (row.name == "log_choose") return log_choose(x[0], x[1]);
  EXPECT_EQ(row.name, "log_beta_ratio");
  return log_beta_ratio(x[0], x[1], x[2], x[3]);
}

// The bound of gamma.h: a relative error, plus what the arguments' own rounding may move.
TEST(GammaReference, HasTheValuesOfMpmath) {
  std::map<std::string, double> worst, worst_plain;
  for (const ReferenceRow& row : reference_rows("gamma.txt")) {
    const double want = row.values[row.values.size() - 2], sensitivity = row.values.back();
    const double got = call(row);
    double allowed = 4e-15 * std::fabs(want);  // log_gamma, digamma
    if (row.name == "log_beta_ratio" || row.name == "trigamma" || row.name == "log_rising_first" ||
        row.name == "log_rising_second")
      allowed = 1.2e-15 * std::fabs(want);
    if (row.name == "stirling_rest") allowed = 8e-15 * std::fabs(want);
    if (row.name == "log_rising" || row.name == "log_beta" || row.name == "log_choose")
      allowed = 2e-15 * std::fabs(want) + 1e-15 * std::max(1.0, sensitivity);
    EXPECT_LE(std::fabs(got - want), allowed)
        << ::testing::PrintToString(row.values) << " of " << row.name << " gives " << got;
    worst[row.name] = std::max(worst[row.name], std::fabs(got - want) / allowed);
    worst_plain[row.name] = std::max(worst_plain[row.name], relative_error(got, want));
  }
  for (const auto& [name, share] : worst)
    RecordProperty(name, std::to_string(share) + " of the bound, relative " +
                             std::to_string(worst_plain[name] * 1e15) + "e-15");
  EXPECT_EQ(worst.size(), 10u);
}

TEST(LogGamma, IsThatOfFactorialsAndHalves) {
  EXPECT_EQ(log_gamma(1), 0);
  EXPECT_EQ(log_gamma(2), 0);
  EXPECT_DOUBLE_EQ(log_gamma(5), std::log(24));
  EXPECT_DOUBLE_EQ(log_gamma(0.5), std::log(std::numbers::pi) / 2);
  EXPECT_EQ(log_gamma(0), kInfinite);
  EXPECT_EQ(log_gamma(kInfinite), kInfinite);
  EXPECT_TRUE(std::isnan(log_gamma(-1)));
  EXPECT_TRUE(std::isnan(log_gamma(std::nan(""))));
}

// Abramowitz and Stegun 6.3.2, 6.3.3, 6.4.2.
TEST(Digamma, IsThatOfEulersConstant) {
  EXPECT_DOUBLE_EQ(digamma(1), -std::numbers::egamma);
  EXPECT_DOUBLE_EQ(digamma(0.5), -std::numbers::egamma - 2 * std::numbers::ln2);
  EXPECT_DOUBLE_EQ(trigamma(1), std::numbers::pi * std::numbers::pi / 6);
  EXPECT_TRUE(std::isnan(digamma(-1)));
  EXPECT_TRUE(std::isnan(trigamma(-1)));
}

TEST(LogRising, HasItsEdges) {
  EXPECT_EQ(log_rising(3.5, 0), 0);
  EXPECT_EQ(log_rising_first(3.5, 0), 0);
  EXPECT_EQ(log_rising_second(3.5, 0), 0);
  EXPECT_EQ(log_rising(1, 1), 0);
  EXPECT_TRUE(std::isnan(log_rising(0, 1)));
  EXPECT_TRUE(std::isnan(log_rising(1, -1)));
  EXPECT_EQ(log_beta_ratio(2, 3, 0, 0), 0);
  EXPECT_EQ(log_choose(5, 0), 0);
  EXPECT_EQ(log_choose(5, 5), 0);
  EXPECT_NEAR(log_choose(5, 2), std::log(10), 4e-15);
}

// ln a / (a + b): a difference of logarithms would have no digit of the first.
TEST(LogBetaRatio, OfOneStepIsAMean) {
  EXPECT_DOUBLE_EQ(log_beta_ratio(1e6, 1e-6, 1, 0), std::log1p(-1e-6 / (1e6 + 1e-6)));
  EXPECT_DOUBLE_EQ(log_beta_ratio(1e-6, 1e6, 1, 0), std::log(1e-6 / (1e6 + 1e-6)));
  EXPECT_DOUBLE_EQ(log_beta_ratio(3, 4, 0, 1), std::log(4.0 / 7));
}

// Gamma(a + m + n) / Gamma(a) in two steps and in one, through every change of method.
TEST(LogRising, AddsUp) {
  std::mt19937_64 random(5);
  const auto decades = [&](double low, double high) {
    return std::pow(10, std::uniform_real_distribution<>(low, high)(random));
  };
  for (int i = 0; i < cases(5'000); i++) {
    const double a = decades(-3, 3), m = std::round(decades(0, 3)), n = decades(-3, 3);
    const double first = log_rising(a, m), second = log_rising(a + m, n);
    const double size = 1 + std::fabs(first) + std::fabs(second);
    // The rounding of a + m moves the second by its sensitivity.
    const double moved = log_rising_first(a + m, n) * (a + m) * 2e-16;
    EXPECT_NEAR(log_rising(a, m + n), first + second,
                4e-15 * size + 2 * moved + 1e-16 * (m + n) * std::log(a + m + n + 2))
        << a << " " << m << " " << n;
  }
}

}  // namespace
}  // namespace patron::internal::ltv
