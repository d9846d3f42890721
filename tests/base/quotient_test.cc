#include "lib/base/quotient.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>

namespace patron::internal {
namespace {

/// Whether n / d is at least as near to `value` as to the doubles beside it; exact, in 128 bits
/// and a bit: |n - value d| scaled by powers of two. Compares 2 |n 2^s - m d| with d, for
/// value = m 2^-s with a 53-bit m.
bool is_nearest(int64_t n, int64_t d, double value) {
  if (n == 0) return value == 0;
  if ((n < 0) != (value < 0)) return false;
  int exponent;
  const double fraction = std::frexp(std::fabs(value), &exponent);
  const auto m = static_cast<uint64_t>(std::ldexp(fraction, 53));
  const int s = 53 - exponent;  // value = m 2^-s
  const Uint128 a = n < 0 ? ~static_cast<uint64_t>(n) + 1 : static_cast<uint64_t>(n);
  // Long division of a 2^s by d, bit by bit; quotient and remainder are what rounding decides on.
  Uint128 remainder = a, quotient = 0;
  if (s >= 0) {
    quotient = a / static_cast<uint64_t>(d), remainder = a % static_cast<uint64_t>(d);
    for (int i = 0; i < s; i++) {
      remainder *= 2, quotient *= 2;
      if (remainder >= static_cast<uint64_t>(d)) remainder -= static_cast<uint64_t>(d), quotient++;
    }
  } else {
    const Uint128 divisor = static_cast<Uint128>(static_cast<uint64_t>(d)) << -s;
    quotient = a / divisor, remainder = a % divisor;
    const Uint128 half = divisor / 2;
    const bool up = remainder > half || (remainder == half && (quotient & 1) != 0);
    return quotient + (up ? 1 : 0) == m;
  }
  const Uint128 twice = remainder * 2;
  const bool up = twice > static_cast<uint64_t>(d) ||
                  (twice == static_cast<uint64_t>(d) && (quotient & 1) != 0);
  return quotient + (up ? 1 : 0) == m;
}

TEST(NearestQuotient, IsTheNearestDouble) {
  EXPECT_EQ(nearest_quotient(1234, 700), 1234.0 / 700);
  EXPECT_EQ(nearest_quotient(0, INT64_MAX), 0);
  EXPECT_EQ(nearest_quotient(INT64_MIN, 1), -0x1p63);
  EXPECT_EQ(nearest_quotient(INT64_MIN, INT64_MAX), -1);  // -(1 + 2^-63)
  // 2^53 + 1 lies between two doubles, and goes to the even one; half a unit more goes up.
  EXPECT_EQ(nearest_quotient((int64_t{1} << 53) + 1, 1), 0x1p53);
  EXPECT_EQ(nearest_quotient((int64_t{1} << 54) + 3, 2), 0x1p53 + 2);
  std::mt19937_64 random(7);
  for (int i = 0; i < 200'000; i++) {
    const auto n = static_cast<int64_t>(random()) >> (random() % 64);
    const auto d = static_cast<int64_t>(random() >> (1 + random() % 63)) + 1;
    ASSERT_TRUE(is_nearest(n, d < 1 ? 1 : d, nearest_quotient(n, d < 1 ? 1 : d)))
        << n << " / " << d;
  }
}

TEST(NearestQuotient, TiesGoToTheEven) {
  for (int64_t k = 0; k < 64; k++) {
    const int64_t n = (int64_t{1} << 54) + 1 + 2 * k;  // 55 bits: the last one is half a unit
    const double expected = std::ldexp(static_cast<double>((n >> 2) + (n % 4 == 3 ? 1 : 0)), 2);
    EXPECT_EQ(nearest_quotient(n, 1), n % 4 == 1 || n % 4 == 3 ? expected : std::ldexp(n / 4, 2))
        << n;
  }
}

TEST(DivideHalfEven, RoundsToTheNearestAndHalvesToEven) {
  const int64_t by_two[][2] = {{-7, -4}, {-5, -2}, {-3, -2}, {-1, 0},
                               {1, 0},   {3, 2},   {5, 2},   {7, 4}};
  for (const auto& [n, half] : by_two) {
    EXPECT_EQ(static_cast<int64_t>(divide_half_even(n, 2)), half) << n;
  }
  EXPECT_EQ(static_cast<int64_t>(divide_half_even(5, 3)), 2);
  EXPECT_EQ(static_cast<int64_t>(divide_half_even(-4, 3)), -1);
  EXPECT_EQ(static_cast<int64_t>(divide_half_even(6, 3)), 2);
}

}  // namespace
}  // namespace patron::internal
