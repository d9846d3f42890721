#include "lib/models/ltv/contract_predict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

constexpr double kHorizon = std::numeric_limits<double>::infinity();

/// Fitted to seven renewals: Fader and Hardie (2007), more digits recomputed.
const Contract kRegular{.alpha = 0.704077, .beta = 1.182043};
const Contract kHighEnd{.alpha = 0.668088, .beta = 3.806096};

TEST(ContractPredict, SurvivalOverTwelveYearsIsThatOfThePaper) {
  EXPECT_NEAR(std::exp(contract_log_survival(kRegular, 0, 12)), 0.1700, 5e-5);
  EXPECT_NEAR(std::exp(contract_log_survival(kHighEnd, 0, 12)), 0.3780, 5e-5);
}

// Equation 8 of the paper: r(t) = (beta + t - 1) / (alpha + beta + t - 1).
TEST(ContractPredict, RetentionRises) {
  for (const double t : {1.0, 2.0, 8.0})
    EXPECT_DOUBLE_EQ(std::exp(contract_log_survival(kRegular, t - 1, 1)),
                     (1.182043 + t - 1) / (0.704077 + 1.182043 + t - 1));
}

// alpha = beta = 1, c: S(t) = 1 / (1 + t^c).
TEST(ContractPredict, UniformChancesByHand) {
  const Contract uniform{1, 1, 1};
  EXPECT_DOUBLE_EQ(contract_lifetime(uniform, 0, 3), 1.0 / 2 + 1.0 / 3 + 1.0 / 4);
  EXPECT_DOUBLE_EQ(contract_lifetime(uniform, 2, 2), 3.0 / 4 + 3.0 / 5);
  EXPECT_EQ(contract_lifetime(uniform, 2, 0), 0);
  EXPECT_EQ(contract_log_survival(uniform, 2, 0), 0);
  const Contract squares{1, 1, 2};
  EXPECT_NEAR(contract_lifetime(squares, 0, 3), 1.0 / 2 + 1.0 / 5 + 1.0 / 10, 1e-15);
  // The sum over k of 1 / (1 + k^2) is (pi coth pi - 1) / 2.
  const double pi = 3.14159265358979323846;
  EXPECT_NEAR(contract_lifetime(squares, 0, kHorizon), (pi / std::tanh(pi) - 1) / 2, 1e-14);
  // The sum over k of 1 / (1 + k^4) (Gradshteyn and Ryzhik 1.421 at a fourth root of -1).
  const double w = pi * std::sqrt(2.0);
  EXPECT_NEAR(contract_lifetime({1, 1, 4}, 0, kHorizon),
              w / 4 * (std::sinh(w) + std::sin(w)) / (std::cosh(w) - std::cos(w)) - 0.5, 1e-14);
  EXPECT_NEAR(contract_discounted_lifetime(uniform, 0, 2, std::log(2.0)), 0.25 + 1.0 / 12, 1e-15);
  // The sum over k of z^k / (k + 1) is -ln(1 - z) / z - 1.
  EXPECT_NEAR(contract_discounted_lifetime(uniform, 0, kHorizon, std::log(2.0)),
              2 * std::log(2.0) - 1, 1e-15);
  const double rate = 1e-9;
  EXPECT_NEAR(contract_discounted_lifetime(uniform, 0, kHorizon, rate),
              -std::log(-std::expm1(-rate)) * std::exp(rate) - 1, 1e-13);
}

// Of integer order the beta-geometric mean is rational: alpha = 3, sum of S(k) = beta / 2.
TEST(ContractPredict, LifetimesForEver) {
  EXPECT_DOUBLE_EQ(contract_lifetime({3, 5, 1}, 0, kHorizon), 2.5);
  EXPECT_DOUBLE_EQ(contract_lifetime({3, 5, 1}, 7, kHorizon), 6);
  EXPECT_TRUE(std::isnan(contract_lifetime({1, 5, 1}, 7, kHorizon)));
  EXPECT_TRUE(std::isnan(contract_lifetime({2, 5, 0.5}, 7, kHorizon)));
  EXPECT_TRUE(std::isnan(contract_discounted_lifetime({3, 5, 1}, 0, kHorizon, -1e-3)));
  // Without discount in the limit.
  EXPECT_NEAR(contract_discounted_lifetime({3, 5, 1}, 7, kHorizon, 1e-14), 6, 1e-11);
}

// S(t) with alpha = 1 is beta / (beta + t^c). Convergence by a thousandth: the tail beyond N of
// 1 / (1 + t^1.001) is close to 1000 N^-0.001.
TEST(ContractPredict, SlowSumsAreStillExact) {
  const Contract slow{1, 1, 1.001};
  const double n = 1e5;
  const double tail = contract_lifetime(slow, 0, kHorizon) - contract_lifetime(slow, 0, n);
  double euler = 0;  // midpoint rule in closed form of u^-c - u^-2c + ...
  const double x = n + 0.5;
  for (int i = 1; i <= 4; i++)
    euler += (i % 2 == 1 ? 1 : -1) * std::pow(x, 1 - 1.001 * i) / (1.001 * i - 1);
  EXPECT_NEAR(tail / euler, 1, 1e-10);
}

// DERL, Fader and Hardie (2010), equation 6, is for the moment before the next renewal, which is
// then not discounted: (beta + n - 1) / (alpha + beta + n - 1) 2F1(1, beta + n; alpha + beta + n;
// z).
TEST(ContractPredict, ResidualLifetimeIsThatOfThePaperLessOneDiscount) {
  const double z = 1 / 1.1;
  const double alpha = 0.704077, beta = 1.182043, n = 3;
  double term = 1, hypergeometric = 1;
  for (int k = 0; k < 2000; k++) {
    term *= (beta + n + k) / (alpha + beta + n + k) * z;
    hypergeometric += term;
  }
  const double derl = (beta + n - 1) / (alpha + beta + n - 1) * hypergeometric;
  EXPECT_NEAR(contract_discounted_lifetime(kRegular, n - 1, kHorizon, std::log(1.1)) * 1.1, derl,
              1e-12);
}

TEST(ContractPredict, AgreesWithMpmathOverTwelveDecades) {
  for (const test::ReferenceRow& line : test::reference_rows("predict_contract.txt")) {
    const std::vector<double>& v = line.values;
    const Contract contract{v[0], v[1], v[2]};
    double got = 0;
    if (line.name == "survival") {
      got = contract_log_survival(contract, v[3], v[4]);
    } else if (line.name == "lifetime") {
      got = contract_discounted_lifetime(contract, v[3], v[4], v[5]);
    } else if (line.name == "endless") {
      got = contract_lifetime(contract, v[3], kHorizon);
    } else if (line.name == "quantile") {
      got = contract_lifetime_quantile(contract, v[3], kHorizon, v[4]);
    }
    EXPECT_LE(test::relative_error(got, v.back()), line.name == "quantile" ? 0 : 1e-12)
        << line.name << " " << testing::PrintToString(v) << " got " << got;
  }
}

// However the sum is taken: term by term, or from the thousandth on by the integral.
TEST(ContractPredict, LongHorizonsContinueShortOnes) {
  for (const double c : {0.3, 1.0, 2.5}) {
    const Contract contract{0.4, 30, c};
    for (const double discount : {0.0, 1e-5, 0.002}) {
      double sum = 0;
      for (int k = 1; k <= 6000; k++) {
        sum += std::exp(contract_log_survival(contract, 4, k) - discount * k);
        if (k % 1000 == 100) {
          EXPECT_NEAR(contract_discounted_lifetime(contract, 4, k, discount) / sum, 1, 1e-12);
        }
      }
    }
  }
}

// Renewals that count the more the later they come, added one by one.
TEST(ContractPredict, AGrowingValueIsTheSumOfItsTerms) {
  for (const double c : {0.3, 1.0, 2.5}) {
    for (const double alpha : {0.01, 0.4, 30.0, 3000.0}) {
      for (const double growth : {1e-6, 1e-3, 0.011, 0.3}) {
        const Contract contract{alpha, 30, c};
        for (const double horizon : {1.0, 7.0, 999.0, 1001.0, 20'000.0}) {
          const double top =
              std::max(growth + contract_log_survival(contract, 4, 1),
                       growth * horizon + contract_log_survival(contract, 4, horizon));
          double sum = 0;
          for (int k = 1; k <= horizon; k++)
            sum += std::exp(growth * k + contract_log_survival(contract, 4, k) - top);
          const double want = top + std::log(sum);
          const double got = contract_log_discounted_lifetime(contract, 4, horizon, -growth);
          if (std::isfinite(want)) {
            EXPECT_NEAR(got, want, 1e-12 + 1e-13 * std::fabs(want))
                << c << " " << alpha << " " << growth << " " << horizon;
          }
        }
      }
    }
  }
}

// Nearly all leave at once, those who stay are worth e^1e8: the last terms by mpmath.
TEST(ContractPredict, AGrowingValueFallsBeforeItRises) {
  EXPECT_NEAR(contract_log_discounted_lifetime({1e6, 1, 1}, 0, 1e9, -0.1) / 92091755.075517683025,
              1, 1e-13);
  EXPECT_EQ(contract_discounted_lifetime({1e6, 1, 1}, 0, 1e9, -0.1), kHorizon);
  EXPECT_EQ(contract_discounted_lifetime({1e6, 1, 1}, 0, 0, -0.1), 0);
  // Hardly anybody leaves, at a rate that grows with age; and everybody at the third renewal.
  EXPECT_NEAR(contract_log_discounted_lifetime({1e-13, 90, 20}, 1, 1e9, -0.1) / 1e8, 1, 1e-7);
  EXPECT_TRUE(std::isfinite(contract_log_discounted_lifetime({80, 0.1, 500}, 33, 1e12, -6e-6)));
  EXPECT_TRUE(std::isfinite(contract_log_discounted_lifetime({1, 26, 231}, 4e5, 1.5e13, -0.037)));
}

TEST(ContractPredict, QuantilesAreTheFirstCountReached) {
  for (const double c : {0.5, 1.0, 3.0}) {
    const Contract contract{0.7, 2, c};
    for (const double probability : {0.025, 0.5, 0.9, 0.99}) {
      const double k = contract_lifetime_quantile(contract, 2, kHorizon, probability);
      EXPECT_GE(-std::expm1(contract_log_survival(contract, 2, k + 1)), probability);
      if (k > 0) {
        EXPECT_LT(-std::expm1(contract_log_survival(contract, 2, k)), probability);
      }
      EXPECT_EQ(contract_lifetime_quantile(contract, 2, 3, probability), std::min(k, 3.0));
    }
  }
}

TEST(ContractPredict, IsFiniteForEveryShape) {
  for (const double a : {1e-6, 1.0, 1e6}) {
    for (const double b : {1e-6, 1.0, 1e6}) {
      for (const double c : {1e-6, 0.1, 1.0, 20.0, 1e6}) {
        for (const double T : {0.0, 1.0, 100.0}) {
          EXPECT_TRUE(std::isfinite(contract_log_survival({a, b, c}, T, 1e6)));
          EXPECT_TRUE(std::isfinite(contract_lifetime({a, b, c}, T, 1e4)));
          EXPECT_TRUE(std::isfinite(contract_discounted_lifetime({a, b, c}, T, kHorizon, 1e-9)))
              << a << " " << b << " " << c << " " << T;
          const double ever = contract_lifetime({a, b, c}, T, kHorizon);
          EXPECT_EQ(std::isnan(ever), a * c <= 1) << a << " " << b << " " << c;
        }
      }
    }
  }
}

}  // namespace
}  // namespace patron::internal::ltv
