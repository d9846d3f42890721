#include "lib/models/ltv/math/exponential_integral.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "lib/models/ltv/run_sums.h"
#include "tests/models/ltv/math/reference.h"

namespace patron::internal::ltv {
namespace {

TEST(ScaledExponentialIntegral, HasTheValuesOfMpmath) {
  double worst = 0;
  for (const test::ReferenceRow& row : test::reference_rows("exponential_integral.txt")) {
    const double R = row.values[0], s = row.values[1], want = row.values[2];
    const double error = test::relative_error(ScaledExponentialIntegral(R)(s), want);
    EXPECT_LE(error, 1e-14) << R << " " << s;
    worst = std::max(worst, error);
  }
  RecordProperty("worst", std::to_string(worst * 1e15) + "e-15");
}

// Abramowitz and Stegun, table 5.1: x e^x E_1(x) is .59634736 at 1, and 5.1.24: E_n(0) = 1/(n - 1).
TEST(ScaledExponentialIntegral, IsThatOfTheTables) {
  EXPECT_NEAR(ScaledExponentialIntegral(1e-14)(1.0), .59634736, 5e-9);
  EXPECT_NEAR(ScaledExponentialIntegral(3)(1e-12), 1.0 / 3, 1e-11);
}

// Lanes of both methods side by side, and at the turn from one to the other.
TEST(ScaledExponentialIntegral, ALaneIsTheDoubleAloneNearly) {
  const ScaledExponentialIntegral integral(1.24);
  const std::array<double, 4> s{0.1, std::nextafter(2.0, 0.0), 2, 300};
  std::array<double, 4> out;
  run_with_best_simd([&]() PATRON_SIMD_LAMBDA { store(integral(load(s.data())), out.data()); });
  // The number of levels of the fraction is that of the least of the lanes.
  for (size_t k = 0; k < 4; ++k) EXPECT_NEAR(out[k] / integral(s[k]), 1, 1e-15) << s[k];
  EXPECT_NEAR(out[1] / out[2], 1, 4e-15);
}

}  // namespace
}  // namespace patron::internal::ltv
