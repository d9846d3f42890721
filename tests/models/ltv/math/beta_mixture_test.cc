#include "lib/models/ltv/math/beta_mixture.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

using test::cases;
using test::reference_rows;
using test::ReferenceRow;
using test::relative_error;

constexpr double kInfinite = std::numeric_limits<double>::infinity();

TEST(BetaMixtureReference, HasTheValuesOfMpmath) {
  std::map<std::string, double> worst;
  for (const ReferenceRow& row : reference_rows("beta_mixture.txt")) {
    const auto& x = row.values;
    const double want = x[x.size() - 2];
    double got = 0, plain = want;
    if (row.name == "purchases") {
      got = purchases(x[0], x[1], x[2], x[3], x[4]);
      plain = std::exp(log_purchases_by_integral(x[0], x[1], x[2], x[3], x[4]));
    } else if (row.name == "rate") {
      got = purchase_rate(x[0], x[1], x[2], x[3], x[4]);
      plain = std::exp(log_purchase_rate_by_integral(x[0], x[1], x[2], x[3], x[4]));
    } else {
      got = discounted_purchases(x[0], x[1], x[2], x[3], x[4], x[5]);
    }
    // Also a hundred roundings of the logarithm where it is large.
    const double allowed = 1e-13 + 2e-14 * std::fabs(std::log(want));
    EXPECT_LE(relative_error(got, want), allowed)
        << row.name << " " << ::testing::PrintToString(x) << " got " << got;
    EXPECT_LE(relative_error(plain, want), allowed)
        << row.name << " " << ::testing::PrintToString(x) << " by the integral " << plain;
    worst[row.name] = std::max(worst[row.name], relative_error(got, want));
  }
  EXPECT_EQ(worst.size(), 3u);
  for (const auto& [name, error] : worst)
    RecordProperty(name, std::to_string(error * 1e15) + "e-15");
}

// Hardie's spreadsheet: 1.226; all digits by the formula at the rounded parameters with P(alive)
// .7265785701.
TEST(Purchases, IsThatOfThePaper) {
  const double alive = 1 / (1 + 0.793 / 3.426 * std::pow(43.274 / 34.844, 2.243));
  EXPECT_NEAR(alive * purchases(2.243, 43.274, 0.793, 4.426, 39), 1.226028175, 5e-10);
}

struct Draw {
  std::mt19937_64 random;
  double decades(double low = -6, double high = 6) {
    return std::pow(10, std::uniform_real_distribution<>(low, high)(random));
  }
};

TEST(Purchases, ByTheSeriesAreThoseByTheIntegral) {
  Draw draw{std::mt19937_64(1)};
  int by_series = 0;
  for (int i = 0; i < cases(1'000); i++) {
    const double R = draw.decades(-6, 3), A = draw.decades(-3, 3), a = draw.decades(),
                 b = draw.decades(), h = draw.decades(-3, 3);
    const double fast = purchases(R, A, a, b, h);
    const double plain = std::exp(log_purchases_by_integral(R, A, a, b, h));
    by_series += fast != plain;
    ASSERT_LE(relative_error(fast, plain), 1e-13)
        << R << " " << A << " " << a << " " << b << " " << h;
    const double log_plain = log_purchase_rate_by_integral(R, A, a, b, h);
    if (log_plain < -600) continue;
    ASSERT_NEAR(std::log(purchase_rate(R, A, a, b, h)), log_plain,
                1e-13 + 1e-14 * std::fabs(log_plain))
        << R << " " << A << " " << a << " " << b << " " << h;
  }
  EXPECT_GT(by_series, cases(1'000) / 3);
}

TEST(Purchases, AreFiniteOverTwelveDecades) {
  Draw draw{std::mt19937_64(2)};
  for (int i = 0; i < cases(500); i++) {
    const double R = draw.decades(), A = draw.decades(), a = draw.decades(), b = draw.decades(),
                 h = draw.decades();
    const double value = purchases(R, A, a, b, h);
    // At most what a customer who never leaves makes, at least what one who leaves at once makes.
    ASSERT_LE(value, R * h / A * (1 + 1e-12));
    ASSERT_GE(value, -std::expm1(-R * std::log1p(h / A)) * (1 - 1e-12));
  }
}

// E_p[(1 - (1 + p w)^-R) / p] at a = 1 is b times the integral over p of (1-p)^(b-1); for R = b = 1
// it is ln(1 + w).
TEST(Purchases, AreNothingSpecialWhereAIsOne) {
  for (const double w : {1e-9, 0.3, 1.0, 25.0, 1e5})
    EXPECT_NEAR(purchases(1, 1, 1, 1, w) / std::log1p(w), 1, 1e-14) << w;
  for (const double b : {0.4, 2.4, 90.0}) {
    const double at = purchases(3.2, 40, 1, b, 39);
    EXPECT_NEAR(purchases(3.2, 40, 1 + 1e-9, b, 39) / at, 1, 1e-8);
    EXPECT_NEAR(purchases(3.2, 40, 1 - 1e-9, b, 39) / at, 1, 1e-8);
  }
}

TEST(Purchases, OfNoTimeAreNone) {
  EXPECT_EQ(purchases(2, 3, 1, 1, 0), 0);
  EXPECT_TRUE(std::isnan(purchases(2, 3, 0, 1, 1)));
  EXPECT_TRUE(std::isnan(purchases(2, -3, 1, 1, 1)));
  EXPECT_TRUE(std::isnan(purchases(2, 3, 1, 1, -1)));
  EXPECT_TRUE(std::isnan(purchase_rate(0, 3, 1, 1, 1)));
  EXPECT_TRUE(std::isnan(discounted_purchases(2, 3, 1, 1, -0.1, 1)));
}

// A row of a column is the row alone, whatever stands beside it: a long series, an integral,
// nonsense.
TEST(Purchases, OfAColumnAreThoseOfEachRowAlone) {
  Draw draw{std::mt19937_64(3)};
  const size_t n = static_cast<size_t>(cases(2'000)) | 3;  // not whole packs
  std::vector<double> R(n), A(n), b(n), out(n);
  for (size_t i = 0; i < n; i++) {
    const int kind = static_cast<int>(draw.random() % 20);
    R[i] = kind == 0 ? draw.decades(0, 6) : 0.243 + static_cast<double>(draw.random() % 40);
    A[i] = kind == 1 ? -1 : 4.414 + 27 + static_cast<double>(draw.random() % 12);
    b[i] = kind == 2 ? draw.decades() : 2.426 + static_cast<double>(draw.random() % 40);
  }
  purchases(R, A, 0.793, b, 39, out);
  for (size_t i = 0; i < n; i++) {
    const double alone = purchases(R[i], A[i], 0.793, b[i], 39);
    ASSERT_TRUE(std::bit_cast<uint64_t>(out[i]) == std::bit_cast<uint64_t>(alone) ||
                (std::isnan(out[i]) && std::isnan(alone)))
        << i << ": " << out[i] << " in the column, " << alone << " alone";
  }
}

// The derivative by a central difference.
TEST(PurchaseRate, IsTheDerivativeOfPurchases) {
  for (const double tau : {0.5, 10.0, 300.0}) {
    const double d = 1e-4 * tau;
    const double slope =
        (purchases(3.2, 40, 0.8, 5.4, tau + d) - purchases(3.2, 40, 0.8, 5.4, tau - d)) / (2 * d);
    EXPECT_NEAR(purchase_rate(3.2, 40, 0.8, 5.4, tau) / slope, 1, 1e-8);
  }
  EXPECT_DOUBLE_EQ(purchase_rate(3.2, 40, 0.8, 5.4, 0), 3.2 / 40);
}

TEST(DiscountedPurchases, GoOverIntoPurchases) {
  const double plain = purchases(3.2, 40, 0.8, 5.4, 39);
  EXPECT_EQ(discounted_purchases(3.2, 40, 0.8, 5.4, 0, 39), plain);
  EXPECT_NEAR(discounted_purchases(3.2, 40, 0.8, 5.4, 1e-12, 39) / plain, 1, 1e-10);
  EXPECT_EQ(discounted_purchases(3.2, 40, 0.8, 5.4, 0.1, 0), 0);
  EXPECT_EQ(discounted_purchases(3.2, 40, 0.8, 5.4, 0, kInfinite), kInfinite);
  // a > 1: all that she will ever buy, E_p[1 / p] = (a + b - 1) / (a - 1).
  EXPECT_NEAR(discounted_purchases(3.2, 40, 1.8, 5.4, 0, kInfinite) / (6.2 / 0.8), 1, 1e-11);
}

// Heavy discount counts the rate of now alone: the integral is rate(0) / delta.
TEST(DiscountedPurchases, OfAHeavyDiscountIsTheRateOfNow) {
  EXPECT_NEAR(discounted_purchases(3.2, 40, 0.8, 5.4, 1e9, kInfinite) / (3.2 / 40 / 1e9), 1, 1e-9);
}

}  // namespace
}  // namespace patron::internal::ltv
