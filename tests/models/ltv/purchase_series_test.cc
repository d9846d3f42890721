#include "lib/models/ltv/purchase_series.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "lib/models/ltv/beta_waiting.h"
#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

using test::cases;
using test::reference_rows;
using test::ReferenceRow;
using test::relative_error;

bool same_bits(double a, double b) {
  return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

TEST(PurchaseSeriesReference, HasTheValuesOfMpmath) {
  int by_series = 0;
  double worst = 0;
  for (const ReferenceRow& row : reference_rows("beta_mixture.txt")) {
    if (row.name != "purchases") continue;
    const auto& x = row.values;
    const double got = purchases_by_series(x[0], x[1], x[2], x[3], x[4]);
    if (std::isnan(got)) continue;
    ++by_series;
    EXPECT_LE(relative_error(got, x[5]), 1e-13) << ::testing::PrintToString(x) << " got " << got;
    worst = std::max(worst, relative_error(got, x[5]));
  }
  EXPECT_GT(by_series, 130) << "of 200, the others being long";
  RecordProperty("worst", std::to_string(worst * 1e15) + "e-15");
}

// Hardie's spreadsheet: 1.226; all digits by the formula at the rounded parameters with P(alive)
// .7265785701.
TEST(PurchaseSeries, IsThatOfThePaper) {
  const double alive = 1 / (1 + 0.793 / 3.426 * std::pow(43.274 / 34.844, 2.243));
  EXPECT_NEAR(alive * purchases_by_series(2.243, 43.274, 0.793, 4.426, 39), 1.226028175, 5e-10);
}

struct Draw {
  std::mt19937_64 random;
  double decades(double low = -6, double high = 6) {
    return std::pow(10, std::uniform_real_distribution<>(low, high)(random));
  }
};

// Two ways that share nothing: a sum over purchases, an integral over the chance of leaving.
TEST(PurchaseSeries, AgreesWithTheIntegral) {
  Draw draw{std::mt19937_64(1)};
  int by_series = 0;
  for (int i = 0; i < cases(3'000); i++) {
    const double R = draw.decades(-6, 3), A = draw.decades(-3, 3), a = draw.decades(),
                 b = draw.decades(), h = draw.decades(-3, 3);
    const double fast = purchases_by_series(R, A, a, b, h);
    if (std::isnan(fast)) continue;
    ++by_series;
    const double plain = BetaWaiting{R, A, a, b}.purchases_by_integral(h);
    ASSERT_LE(relative_error(fast, plain), 2e-11)
        << R << " " << A << " " << a << " " << b << " " << h;
    // At most what a customer who never leaves makes, at least what one who leaves at once makes.
    ASSERT_LE(fast, R * h / A * (1 + 1e-12));
    ASSERT_GE(fast, -std::expm1(-R * std::log1p(h / A)) * (1 - 1e-12));
  }
  EXPECT_GT(by_series, cases(3'000) / 2);
}

// E_p[(1 - (1 + p w)^-R) / p] at a = 1 is b times the integral over p of (1-p)^(b-1); for R = b = 1
// it is ln(1 + w).
TEST(PurchaseSeries, IsNothingSpecialWhereAIsOne) {
  for (const double w : {1e-9, 0.3, 1.0, 25.0})
    EXPECT_NEAR(purchases_by_series(1, 1, 1, 1, w) / std::log1p(w), 1, 1e-14) << w;
  for (const double b : {0.4, 2.4, 90.0}) {
    const double at = purchases_by_series(3.2, 40, 1, b, 39);
    EXPECT_NEAR(purchases_by_series(3.2, 40, 1 + 1e-9, b, 39) / at, 1, 1e-8);
    EXPECT_NEAR(purchases_by_series(3.2, 40, 1 - 1e-9, b, 39) / at, 1, 1e-8);
  }
}

TEST(PurchaseSeries, TellsWhereItIsNotToBeUsed) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(purchases_by_series(2, 3, 1, 1, 0), 0);
  EXPECT_TRUE(std::isnan(purchases_by_series(2, 3, 1, 1, kInfinite)));
  EXPECT_TRUE(std::isnan(purchases_by_series(2, 3, 1, 1, 1e6))) << "too many terms";
  EXPECT_TRUE(std::isnan(purchases_by_series(2e4, 3, 1, 1, 1e-3))) << "too many purchases";
  EXPECT_TRUE(std::isnan(purchases_by_series(2e3, 3, 1, 1, 2))) << "nobody makes none";
}

// A row of a column is the row alone, whatever stands beside it: a long series, one out of range.
TEST(PurchaseSeries, OfAColumnIsThatOfEachRowAlone) {
  Draw draw{std::mt19937_64(3)};
  const size_t n = static_cast<size_t>(cases(2'000)) | 3;  // not whole packs
  std::vector<double> R(n), A(n), b(n), out(n);
  for (size_t i = 0; i < n; i++) {
    const int kind = static_cast<int>(draw.random() % 20);
    R[i] = kind == 0 ? draw.decades(0, 6) : 0.243 + static_cast<double>(draw.random() % 40);
    A[i] = kind == 1 ? draw.decades() : 4.414 + 27 + static_cast<double>(draw.random() % 12);
    b[i] = kind == 2 ? draw.decades() : 2.426 + static_cast<double>(draw.random() % 40);
  }
  purchases_by_series(R, A, 0.793, b, 39, out);
  for (size_t i = 0; i < n; i++) {
    const double alone = purchases_by_series(R[i], A[i], 0.793, b[i], 39);
    ASSERT_TRUE(same_bits(out[i], alone)) << i << ": " << out[i] << " beside others, " << alone;
  }
}

// Nor does it matter to a row how many terms the others of her frequency need, or were worked out.
TEST(PurchaseSeries, WithSharedCoefficientsIsThatOfEachRowAlone) {
  Draw draw{std::mt19937_64(4)};
  int far = 0;
  for (int i = 0; i < cases(300); i++) {
    const double R = draw.decades(-3, i % 50 == 0 ? 5 : 2.5), a = draw.decades(-2, 2),
                 b = draw.decades(-2, 3);
    const PurchaseSeries series(R, a, b, i % 2 == 0 ? 0.3 : 39 / 1e-2);
    const size_t n = 1 + draw.random() % 21;
    std::vector<double> A(n), out(n);
    for (double& length : A) length = i % 3 == 0 ? draw.decades(-2, 4) : 30 + draw.decades(-1, 1);
    series.purchases(A, 39, out);
    for (size_t k = 0; k < n; k++) {
      const double alone = purchases_by_series(R, A[k], a, b, 39);
      far += std::isnan(alone);
      ASSERT_TRUE(same_bits(out[k], alone)) << R << " " << A[k] << " " << a << " " << b << ": "
                                            << out[k] << ", " << alone << " alone";
    }
  }
  EXPECT_GT(far, 0);
}

}  // namespace
}  // namespace patron::internal::ltv
