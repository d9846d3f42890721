#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

TEST(NumberKernels, WholeNumbersOverflowIntoUnknown) {
  const Row top = plain_row().set("i", INT64_MAX), bottom = plain_row().set("i", INT64_MIN);
  EXPECT_EQ(value_of("i + 1", top), "unknown");
  EXPECT_EQ(value_of("i + -1", top), "9223372036854775806");
  EXPECT_EQ(value_of("i - 1", bottom), "unknown");
  EXPECT_EQ(value_of("-i", bottom), "unknown");
  EXPECT_EQ(value_of("abs(i)", bottom), "unknown");
  EXPECT_EQ(value_of("i * -1", bottom), "unknown");
  EXPECT_EQ(value_of("i / -1", bottom), "unknown");
  EXPECT_EQ(value_of("i % -1", bottom), "0");
  EXPECT_EQ(value_of("i * 2 / 2", top), "unknown");
}

TEST(NumberKernels, DivisionGoesTowardsZero) {
  EXPECT_EQ(value_of("-7 / 2"), "-3");
  EXPECT_EQ(value_of("-7 % 2"), "-1");
  EXPECT_EQ(value_of("7 % -2"), "1");
  EXPECT_EQ(value_of("j / 0"), "unknown");
  EXPECT_EQ(value_of("j % 0"), "unknown");
}

TEST(NumberKernels, DoublesThatAreNotFiniteAreUnknown) {
  const Row row = plain_row().set_double("d", 1e308);
  EXPECT_EQ(value_of("d * 10", row), "unknown");
  EXPECT_EQ(value_of("d / 0.0", row), "unknown");
  EXPECT_EQ(value_of("f / f", row), "unknown");
  EXPECT_EQ(value_of("min(d, 2)", row), "2");
  EXPECT_EQ(value_of("max(d, 2, 1.5e308)", row), "1.5e+308");
  EXPECT_EQ(value_of("abs(-(d))", row), "1e+308");
}

TEST(NumberKernels, ConversionsTruncateAndLeaveOutTheEnds) {
  EXPECT_EQ(value_of("int(1.9)"), "1");
  EXPECT_EQ(value_of("int(-7.9)"), "-7");
  EXPECT_EQ(value_of("int(f)", plain_row().set_double("f", 0x1p63)), "unknown");
  EXPECT_EQ(value_of("int(f)", plain_row().set_double("f", -0x1p63)), "unknown");
  EXPECT_EQ(value_of("double(i)", plain_row().set("i", 36028797018963969)), "36028797018963968");
}

TEST(NumberKernels, MoneyIsExact) {
  Row row = plain_row().set("m", 1999).set("n", -5);
  EXPECT_EQ(value_of("m + n", row), "1994");
  EXPECT_EQ(value_of("m - 0.99", row), "1900");
  EXPECT_EQ(value_of("m * 3", row), "5997");
  EXPECT_EQ(value_of("n * 0.5", row), "-2");    // -2.5, to even
  EXPECT_EQ(value_of("m * 0.5", row), "1000");  // 999.5, to even
  EXPECT_EQ(value_of("m / n", row), "-399.80000000000001");
  EXPECT_EQ(value_of("m / (n - n)", row), "unknown");
  EXPECT_EQ(value_of("double(m)", row), "19.989999999999998");
  EXPECT_EQ(value_of("m > 19.985 && m < 19.995 && m != 19.985", row), "1");
  EXPECT_EQ(value_of("m == 19.99", row), "1");
  EXPECT_EQ(value_of("min(m, 5)", row), "500");
  row.set("m", INT64_MAX);
  EXPECT_EQ(value_of("m + 0.01", row), "unknown");
  EXPECT_EQ(value_of("m * 2.0", row), "unknown");
  EXPECT_EQ(value_of("m < 1e30 && m > -1e30", row), "1");
}

}  // namespace
}  // namespace patron::test
