#include "lib/models/ltv/beta_waiting.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>

#include "lib/models/ltv/growing_integral.h"
#include "lib/models/ltv/math/elementary.h"
#include "tests/models/ltv/math/integral.h"
#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

/// The plain twin: the expectation over p by the quadrature that knows nothing of the integrand.
template <typename LogF>
double expectation(const BetaWaiting& w, const LogF& log_f) {
  const auto log_beta = [&](const auto& extra) {
    return log_integral_between(0, 1,
                                [&](Between p) {
                                  return (w.a - 1) * log(p.above) + (w.b - 1) * log(p.below) +
                                         extra(p.above);
                                })
        .log_value;
  };
  return exp(log_beta(log_f) - log_beta([](double) { return 0.0; }));
}

// Over these the plain quadrature holds; the rows of beta_geometric_predict_test.cc go further.
TEST(BetaWaiting, AgreesWithPlainQuadrature) {
  for (double a : {1.0, 4.0, 300.0}) {
    for (double b : {1.2, 1000.0}) {
      for (double R : {0.1, 40.0}) {
        for (double h : {1e-4, 1.0, 30.0}) {
          const BetaWaiting w{R, 7, a, b};
          const auto left = [&](double p) { return R * log1p(p * h / 7); };
          const double survival = expectation(w, [&](double p) { return -left(p); });
          EXPECT_NEAR(exp(w.log_survival(h)) / survival, 1, 1e-12)
              << a << " " << b << " " << R << " " << h;
          const double purchases =
              expectation(w, [&](double p) { return log(-expm1(-left(p)) / p); });
          EXPECT_NEAR(w.purchases(h) / purchases, 1, 1e-12)
              << a << " " << b << " " << R << " " << h;
        }
      }
    }
  }
}

// Expected purchases, the rate of purchases and discounted ones by mpmath over twelve decades.
TEST(BetaWaiting, HasTheValuesOfMpmath) {
  std::map<std::string, int> rows;
  for (const test::ReferenceRow& row : test::reference_rows("beta_mixture.txt")) {
    const auto& x = row.values;
    const double want = x[x.size() - 2];
    double got = 0;
    if (row.name == "purchases") {
      got = BetaWaiting{x[0], x[1], x[2], x[3]}.purchases_by_integral(x[4]);
    } else if (row.name == "rate") {
      got = x[0] / x[1] * exp(BetaWaiting{x[0] + 1, x[1], x[2], x[3]}.log_survival(x[4]));
    } else {
      got = BetaWaiting{x[0], x[1], x[2], x[3]}.discounted(x[5], x[4]);
    }
    EXPECT_LE(test::relative_error(got, want), 1e-13 + 2e-14 * std::fabs(std::log(want)))
        << row.name << " " << ::testing::PrintToString(x) << " got " << got;
    ++rows[row.name];
  }
  EXPECT_EQ(rows.size(), 3u);
}

// Without purchases there is no leaving: of R h / A purchases hardly one is lost where h is short.
TEST(BetaWaiting, AShortTimeIsARate) {
  for (double a : {1e-6, 1.0, 1e6}) {
    for (double b : {1e-6, 1.0, 1e6}) {
      EXPECT_NEAR((BetaWaiting{3, 7, a, b}.purchases(1e-14)) / (3 / 7.0 * 1e-14), 1, 3e-12)
          << a << " " << b;
    }
  }
}

// For p nearly always 0 it is NBD, for p nearly always 1 she leaves after the next purchase.
TEST(BetaWaiting, AtTheEndsOfTheBetaDistribution) {
  EXPECT_NEAR((BetaWaiting{3, 7, 1e-12, 1}.purchases(14)), 6, 1e-10);
  EXPECT_NEAR((BetaWaiting{3, 7, 1, 1e-12}.purchases(14)), 1 - 1 / 27.0, 1e-10);
}

// d/dh of purchases is the discounted rate: for a tiny discount both agree, and a discount of the
// opposite sign makes them more.
TEST(BetaWaiting, DiscountingTakesWhatItShould) {
  const BetaWaiting w{2.2, 43, 0.8, 4.4};
  const double plain = w.purchases(39);
  EXPECT_NEAR(w.discounted(39, 1e-12) / plain, 1, 1e-10);
  EXPECT_NEAR(w.discounted(39, -1e-12) / plain, 1, 1e-10);
  EXPECT_LT(w.discounted(39, 0.01), plain);
  EXPECT_GT(w.discounted(39, -0.01), plain);
  EXPECT_TRUE(std::isnan(w.discounted(kInfinity, -0.01)));
}

// The plain twin: over time, e^(-discount t) times the rate, which is R/A times the survival of who
// had bought once more.
double discounted_over_time(const BetaWaiting& w, double h, double discount) {
  const BetaWaiting later{w.R + 1, w.A, w.a, w.b};
  const auto log_rate = [&](double t) { return later.log_survival(t); };
  const auto fall = [&](double t) { return (w.R + 1) / (w.A + t); };
  return w.R / w.A * std::exp(log_growing_integral(-discount, w.A, h, log_rate, fall));
}

// A rate below 0 over 200 years, for a million purchases in two weeks: in a millisecond. By a plain
// sum over times and chances to leave, in NumPy.
TEST(BetaWaiting, AGrowingValueOfWhoBuysAllTheTime) {
  const BetaWaiting often{1e6 + 100, 41, 0.999999999, 1e6 + 101};
  EXPECT_NEAR(often.discounted(1e4, std::log(0.5) / 52.1775) / 3.7296441643097726e61, 1, 1e-11);
  const BetaWaiting early{2e4, 3, 1, 0.5};
  EXPECT_NEAR(early.discounted(500, -0.01) / 27.49080419583796, 1, 1e-11);
}

// By parts, by the integral over p, and at the edges between them.
TEST(BetaWaiting, DiscountingAgreesWithTheIntegralOverTime) {
  std::mt19937_64 random(7);
  const auto decades = [&](double low, double high) {
    return std::pow(10, std::uniform_real_distribution<>(low, high)(random));
  };
  for (int i = 0; i < test::cases(150); ++i) {
    const BetaWaiting w{decades(-2, 2), decades(-1, 2), decades(-1, 1), decades(-1, 2)};
    const double discount = decades(-3, 0.5) / w.A;
    const double fall = i % 5 == 0 ? 0.5 : i % 5 == 1 ? 12 : decades(-3, 2);
    const double side = i % 2 == 0 ? 1 - 1e-12 : 1 + 1e-12;
    const double h = i % 7 == 0 ? kInfinity : side * (i % 5 == 2 ? 20 * w.A : fall / discount);
    const double plain = discounted_over_time(w, h, discount);
    EXPECT_NEAR(w.discounted(h, discount) / plain, 1, 2e-12)
        << w.R << " " << w.A << " " << w.a << " " << w.b << " h " << h << " discount " << discount;
  }
}

// a and R large together make a narrow peak that b = 1 does not: by quadrature in mpmath.
TEST(BetaWaiting, OfANarrowPeakBetweenTwoLargeParameters) {
  EXPECT_NEAR((BetaWaiting{3e6, 1, 1e6, 1}.log_survival(1)), -1909534.475457974992, 1e-7);
  EXPECT_NEAR((BetaWaiting{3e9, 1, 1e9, 1}.log_survival(1)), -1909542493.401134449, 1e-4);
}

TEST(BetaWaiting, IsFiniteOverTwelveDecades) {
  const double decades[] = {1e-6, 1, 1e6, 5e7};
  for (double R : decades) {
    for (double A : decades) {
      for (double a : decades) {
        for (double b : decades) {
          const BetaWaiting w{R, A, a, b};
          for (double h : {1e-9, 1.0, 1e9}) {
            EXPECT_LE(w.log_survival(h), 0) << R << " " << A << " " << a << " " << b << " " << h;
            for (double value :
                 {w.log_survival(h), w.purchases(h), w.discounted(h, 1e-3), w.discounted(h, 10)}) {
              EXPECT_TRUE(std::isfinite(value))
                  << R << " " << A << " " << a << " " << b << " " << h;
            }
            EXPECT_LE(w.purchases(h), R / A * h * (1 + 1e-12));
          }
        }
      }
    }
  }
}

// With a tiny chance to leave the present value is that of a perpetuity at R / A.
TEST(BetaWaiting, APerpetuity) {
  EXPECT_NEAR((BetaWaiting{3, 7, 1e-12, 1}.discounted(kInfinity, 0.1)), 3 / 7.0 / 0.1, 1e-10);
}

}  // namespace
}  // namespace patron::internal::ltv
