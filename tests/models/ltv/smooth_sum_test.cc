#include "lib/models/ltv/smooth_sum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace patron::internal::ltv {
namespace {

/// k^-p e^(-rate k).
struct Power {
  double p, rate;
  double shift = 1;
  double falls_from = 0;
  double power_from = rate == 0 ? 0 : kInfinity;
  double fall = p - 1;
  static double frequency(double /*v*/) { return 1; }
  double log_term(double v) const { return -p * v - rate * exp(v); }
  double slope(double v) const { return -p - rate * exp(v); }
};

double first_thousand(const Power& power) {
  double sum = 0;
  for (int k = 1; k < 1000; k++) sum += std::exp(power.log_term(std::log(k)));
  return sum;
}

// zeta(2) = pi^2 / 6, zeta(3/2), zeta(1.001): Abramowitz and Stegun 23.2; the last by its Laurent
// series 1 / e + 0.5772156649 + 0.0728158455 e - ...
TEST(SmoothSum, ReachesTheZetaFunction) {
  const Power two{2, 0}, half{1.5, 0}, slow{1.001, 0};
  EXPECT_NEAR(smooth_sum(two, 1000, kInfinity, first_thousand(two)), 1.6449340668482264, 1e-14);
  EXPECT_NEAR(smooth_sum(half, 1000, kInfinity, first_thousand(half)), 2.612375348685488, 1e-13);
  EXPECT_NEAR(smooth_sum(slow, 1000, kInfinity, first_thousand(slow)), 1000.5772884759015, 1e-9);
}

TEST(SmoothSum, AddsManyTermsAsIfOneByOne) {
  for (const double p : {0.0, 0.7, 3.0}) {
    for (const double rate : {0.0, 1e-5, 0.004}) {
      const Power power{p, rate};
      const double before = first_thousand(power);
      double sum = before;
      for (int k = 1000; k <= 40'000; k++) {
        sum += std::exp(power.log_term(std::log(k)));
        if (k == 1000 || k == 1010 || k == 40'000) {
          EXPECT_NEAR(smooth_sum(power, 1000, k, before) / sum, 1, 1e-13) << p << " " << rate;
        }
      }
    }
  }
}

// The geometric series: the sum over k >= 1 of e^(-rate k) = 1 / (e^rate - 1), 1e15 terms and more.
TEST(SmoothSum, AddsGeometricSeriesOfAnyLength) {
  for (const double rate : {1e-3, 1e-9, 1e-15}) {
    const Power power{0, rate};
    const double before = -std::expm1(-rate * 999) / std::expm1(rate);
    EXPECT_NEAR(smooth_sum(power, 1000, kInfinity, before) * std::expm1(rate), 1, 1e-13) << rate;
  }
}

}  // namespace
}  // namespace patron::internal::ltv
