#include "tests/models/ltv/math/integral.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "lib/models/ltv/math/gamma.h"

namespace patron::internal::ltv {
namespace {

// The beta function is the integral of p^a q^b over the line of u = logit p.
TEST(LogIntegralOfLine, IsTheBetaFunctionOverTwelveDecadesOfBothParameters) {
  for (int i = -6; i <= 6; i++) {
    for (int j = -6; j <= 6; j++) {
      const double a = std::pow(10, i), b = std::pow(10, j);
      const Integral integral = log_integral_of_line([&](double u) {
        const double l = log1p(exp(-std::fabs(u)));
        return u < 0 ? a * (u - l) - b * l : -a * l - b * (u + l);
      });
      const double want = log_beta(a, b);
      EXPECT_NEAR(integral.log_value, want, 2e-15 * (1 + std::fabs(want))) << a << " " << b;
      EXPECT_LT(integral.error, 1e-10) << a << " " << b;
      EXPECT_LT(integral.calls, 1500) << a << " " << b;
    }
  }
}

TEST(LogIntegralAbove, IsTheGammaFunction) {
  for (int i = -6; i <= 6; i++) {
    const double a = std::pow(10, i);
    const Integral integral =
        log_integral_above([&](Above x) { return (a - 1) * x.log_value - x.value; }, log(1 + a));
    // For small a the mass lies down to exp(-40 / a), where (a - 1) ln x + ln x is rounded.
    EXPECT_NEAR(integral.log_value, log_gamma(a),
                4e-15 * (1 + std::fabs(log_gamma(a)) + a) + 4e-17 / a)
        << a;
  }
}

// exp(-(x - m)^2 / (2 s^2)) over the half-line: s sqrt(2 pi) P(Z > -m / s).
TEST(LogIntegralAbove, FindsANarrowPeakAndAFarOne) {
  const double root = std::log(std::sqrt(2 * std::numbers::pi));
  const auto bell = [](double mean, double deviation) {
    return log_integral_above([=](Above x) {
      const double z = (x.value - mean) / deviation;
      return -z * z / 2;
    });
  };
  EXPECT_NEAR(bell(0, 1e-6).log_value, std::log(1e-6) + root - std::numbers::ln2, 1e-14);
  EXPECT_NEAR(bell(1, 1e-3).log_value, std::log(1e-3) + root, 1e-13);
  EXPECT_NEAR(bell(1e9, 1e8).log_value, std::log(1e8) + root, 1e-14);
  EXPECT_NEAR(bell(1e-9, 1).log_value, root - std::numbers::ln2, 1e-9);
}

TEST(LogIntegralBetween, IntegratesPowersAndSingularEnds) {
  const auto square = [](Between u) { return 2 * log(1 + u.above); };
  EXPECT_NEAR(log_integral_between(1, 3, square).log_value, std::log(26.0 / 3), 1e-15);
  // B(1e-3, 1/2), from both ends.
  const auto ends = [](Between u) { return -0.999 * u.log_above - 0.5 * u.log_below; };
  EXPECT_NEAR(log_integral_between(0, 1, ends).log_value, log_beta(1e-3, 0.5), 1e-14);
  EXPECT_EQ(log_integral_between(2, 2, square).log_value, -kInfinity);
}

TEST(LogIntegralOfLine, IsNothingForNothingAndSaysWhereItIsUnsure) {
  EXPECT_EQ(log_integral_of_line([](double) { return -kInfinity; }).log_value, -kInfinity);
  // A kink away from the nodes: the value is near, and the error is not claimed to be small.
  const Integral kink =
      log_integral_of_line([](double x) { return -std::fabs(x - 0.3) - 0.1 * x * x; });
  const double right = std::exp(-0.009 + 0.25 * 1.06 * 1.06 / 0.1),
               left = std::exp(-0.009 + 0.25 * 0.94 * 0.94 / 0.1);
  const double root = std::sqrt(std::numbers::pi / 0.1) / 2;
  const double want = root * (right * std::erfc(1.06 / (2 * std::sqrt(0.1))) +
                              left * std::erfc(0.94 / (2 * std::sqrt(0.1))));
  EXPECT_NEAR(kink.log_value, std::log(want), 1e-5);
  EXPECT_GT(kink.error, 1e-13);
}

}  // namespace
}  // namespace patron::internal::ltv
