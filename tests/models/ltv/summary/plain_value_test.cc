#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "patron/ltv_historic.h"

namespace patron {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kNaN = std::nan("");

double plain(double spend, double years, double margin = 1, double rate = 0) {
  return *ltv_plain_value(spend, years, margin, rate);
}

TEST(PlainValue, IsSpendTimesYearsWithoutARate) {
  EXPECT_EQ(plain(240, 5), 1200);
  EXPECT_EQ(plain(240, 5, 0.25), 300);
  EXPECT_EQ(plain(240, 0), 0);
  EXPECT_EQ(plain(-240, 2.5), -600);
}

/// margin x spend x (1 - (1 + rate)^-years) / ln(1 + rate) in decimal arithmetic of 60 digits
/// (Python's decimal; 400 digits for the rate of -1e-300), rounded to double.
TEST(PlainValue, IsTheIntegralOfDiscountedMoney) {
  EXPECT_DOUBLE_EQ(plain(240, 5, 0.3, 0.08), 298.826646236386);
  EXPECT_DOUBLE_EQ(plain(240, 5, 1, -0.1), 1579.7389217690618);
  EXPECT_DOUBLE_EQ(plain(100, 10, 1, 1e-9), 999.999995);
  EXPECT_EQ(plain(100, 10, 1, -1e-300), 1000);
  EXPECT_EQ(plain(100, 10, 1, 5e-324), 1000);
  EXPECT_DOUBLE_EQ(plain(1, 1e6, 1, 0.5), 1 / std::log(1.5));
  EXPECT_DOUBLE_EQ(plain(1, kInfinity, 1, 0.5), 1 / std::log(1.5));
}

TEST(PlainValue, NothingJumpsWhereTheWayOfComputingChanges) {
  for (const double rate : {0.1, -0.1, 3.0}) {
    const double years = 1 / std::fabs(std::log1p(rate));
    const double below = plain(1, years * (1 - 1e-15), 1, rate);
    const double above = plain(1, years * (1 + 1e-15), 1, rate);
    EXPECT_NEAR(below, above, 4e-15 * above);
  }
}

TEST(PlainValue, UnknownStaysUnknown) {
  EXPECT_TRUE(std::isnan(plain(kNaN, 5)));
  EXPECT_TRUE(std::isnan(plain(5, kNaN)));
  EXPECT_TRUE(std::isnan(plain(5, kNaN, 1, 0.1)));
}

TEST(PlainValue, RefusesWhatHasNoValue) {
  EXPECT_EQ(ltv_plain_value(1, -1, 1, 0).status().message(), "years is -1; it must not be below 0");
  EXPECT_EQ(ltv_plain_value(1, -1e-9, 1, 0).status().message(),
            "years is -1e-09; it must not be below 0");
  EXPECT_EQ(ltv_plain_value(1, 1, 1, -1).status().message(),
            "rate_per_year is -1; it must be finite and above -1");
  EXPECT_EQ(ltv_plain_value(1, 1, 1, kNaN).status().code(), Code::kArgument);
  EXPECT_EQ(ltv_plain_value(1, 1, kInfinity, 0).status().message(), "margin is no finite number");
  EXPECT_EQ(ltv_plain_value(kInfinity, 1, 1, 0).status().message(),
            "annual_spend is infinite; give a finite number");
  EXPECT_EQ(ltv_plain_value(1, kInfinity, 1, 0).status().message(),
            "years is infinite, which has a value only where rate_per_year is above 0");
}

TEST(PlainValues, AreThoseOfEachRow) {
  std::vector<double> spend = {240, 100, kNaN}, years = {5, 0.5, 2};
  std::vector<double> value(3);
  ASSERT_TRUE(ltv_plain_values(spend, years, 0.3, 0.08, value).ok());
  EXPECT_EQ(value[0], plain(240, 5, 0.3, 0.08));
  EXPECT_EQ(value[1], plain(100, 0.5, 0.3, 0.08));
  EXPECT_TRUE(std::isnan(value[2]));
  ASSERT_TRUE(ltv_plain_values(spend, years, 0.3, 0.08, spend).ok());  // in place
  EXPECT_EQ(spend[0], value[0]);

  years[1] = -2;
  const std::vector<double> before = value;
  const Status status = ltv_plain_values(std::vector<double>(3, 1), years, 1, 0, value);
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(status.row(), 1);
  EXPECT_EQ(status.message(), "row 1: years is -2; it must not be below 0");
  EXPECT_EQ(value[0], before[0]);
  EXPECT_EQ(ltv_plain_values(spend, std::vector<double>(2, 1), 1, 0, value).message(),
            "annual_spend, years and value have 3, 2 and 3 rows; give them one length");
}

}  // namespace
}  // namespace patron
