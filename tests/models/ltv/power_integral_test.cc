#include "lib/models/ltv/power_integral.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lib/models/ltv/growing_integral.h"
#include "lib/models/ltv/math/deviance.h"
#include "lib/models/ltv/math/elementary.h"
#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

double value(const PowerIntegrand& f, double h) {
  const PowerIntegral integral = power_integral(f, h);
  return std::exp(log_power(f, integral.at) + std::log(integral.area));
}

// With c = 1 and Q = D = 0 it is A (1 - (1 + h/A)^(1 - P)) / (P - 1).
TEST(PowerIntegral, OfOnePowerIsElementary) {
  for (double P : {1.5, 2.0001, 30.0, 1e6}) {
    for (double A : {1e-6, 1.0, 1e6}) {
      for (double h : {1e-9, 1.0, 1e9}) {
        const double expected = A * std::expm1((1 - P) * std::log1p(h / A)) / (1 - P);
        EXPECT_NEAR(value({.c = 1, .P = P, .A = A, .past = P - 1, .end = P - 1}, h) / expected, 1,
                    2e-14)
            << P << " " << A << " " << h;
      }
    }
  }
}

// Over the half-line with Q = D = 0 it is A^c B(c, P - c).
TEST(PowerIntegral, OverTheHalfLineIsABetaFunction) {
  for (double c : {1e-6, 0.3, 1.0, 100.0}) {
    for (double more : {1e-6, 0.3, 1.0, 100.0}) {
      const double expected =
          std::exp(c * std::log(2.0) + std::lgamma(c) + std::lgamma(more) - std::lgamma(c + more));
      EXPECT_NEAR(
          value({.c = c, .P = c + more, .A = 2, .past = more, .end = more}, kInfinity) / expected,
          1, 3e-12)
          << c << " " << more;
    }
  }
}

// With P = Q = 0 it is the incomplete gamma function, of x and of all times: mpmath's.
TEST(PowerIntegral, OfADecayIsTheIncompleteGammaFunction) {
  int compared = 0;
  for (const test::ReferenceRow& row : test::reference_rows("incomplete_gamma.txt")) {
    if (row.name != "log_lower") continue;
    const double a = row.values[0], x = row.values[1], want = row.values[2];
    const PowerIntegral below = power_integral({.c = a, .D = 1}, x);
    const double got = log_gamma_kernel(a, below.at) + log(below.area);
    EXPECT_NEAR(got, want, 2e-13 + 1e-15 * row.values[3] + 4e-16 * std::fabs(want))
        << a << " " << x;
    ++compared;
  }
  EXPECT_GT(compared, 100);
}

// With P = Q = 0 and c = 1 it is (1 - e^(-D h)) / D.
TEST(PowerIntegral, OfADecayIsElementary) {
  for (double D : {1e-9, 1.0, 1e9}) {
    EXPECT_NEAR(value({.c = 1, .D = D}, 2) / (-std::expm1(-2 * D) / D), 1, 2e-14) << D;
    EXPECT_NEAR(value({.c = 1, .D = D}, kInfinity) * D, 1, 2e-14) << D;
  }
}

// Far beyond the scale of a factor that is not there.
TEST(PowerIntegral, FactorsThatAreNotThereAreOne) {
  EXPECT_NEAR(value({.c = 1, .D = 1e-40}, 1e60) * 1e-40, 1, 2e-14);
  EXPECT_NEAR(value({.c = 3, .P = 4, .A = 1e40, .past = 1, .end = 1}, 1e41) /
                  value({.c = 3, .P = 4, .A = 1, .past = 1, .end = 1}, 10),
              1e120, 1e107);
}

// Where A = B two powers are one.
TEST(PowerIntegral, EqualScalesAreOnePower) {
  EXPECT_NEAR(value({.c = 2, .P = 3, .A = 5, .Q = 1.5, .B = 5, .past = 1, .end = 2.5}, 7) /
                  value({.c = 2, .P = 4.5, .A = 5, .past = 2.5, .end = 2.5}, 7),
              1, 1e-14);
}

// mpmath.quad with 40 digits, of what has no closed form.
TEST(PowerIntegral, OfAllFactorsAgreesWithHighPrecision) {
  EXPECT_NEAR(value({.c = 3, .P = 4, .A = 2, .Q = 1.5, .B = 10, .D = 0.01, .past = 1}, 50),
              1.062652126127159229, 1e-14);
}

// A power that is flat over decades before the decay counts: the peak is at 1/D, not where Newton's
// method first jumps to. B U(1, 2 - s, D B) by mpmath.hyperu, and the integral by mpmath.quad.
TEST(PowerIntegral, OfAFlatPowerWithALateDecay) {
  EXPECT_NEAR(value({.c = 1, .Q = 0.0625, .B = 8, .D = 0x1p-15}, kInfinity) / 20263.1911665991923,
              1, 2e-14);
}

// The integral of e^(g t) is (e^(g h) - 1) / g; with a power of (1 + t) by mpmath.
TEST(GrowingIntegral, GrowsLikeItsIntegrand) {
  const auto by_power = [](double growth, double power, double h) {
    return std::exp(log_growing_integral(
        growth, 1, h, [=](double t) { return -power * log1p(t); },
        [=](double t) { return power / (1 + t); }));
  };
  EXPECT_NEAR(by_power(0.5, 0, 40) / (std::expm1(20.0) / 0.5), 1, 1e-14);
  EXPECT_NEAR(by_power(0.5, 1, 10), 35.185628629832817, 1e-12);
  // Both ends count; only the left one; e^4000 alone would be infinite.
  EXPECT_NEAR(by_power(100, 1000, 40) / 3.27746670933424878e122, 1, 1e-13);
  EXPECT_NEAR(by_power(0.003, 1000, 5000) / 0.00100100401003110034727, 1, 1e-13);
}

}  // namespace
}  // namespace patron::internal::ltv
