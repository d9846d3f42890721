#include "lib/base/money_block.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "patron/money.h"

namespace patron::internal {
namespace {

// money_from_double, as a flag and a value.
AmountFlag expected_of(double value, int scale, int64_t* minor) {
  const Result<Rounded> result = money_from_double(value, scale);
  *minor = result.ok() ? result->minor : 0;
  if (result.status().code() == Code::kNumber) return AmountFlag::kNotFinite;
  if (result.status().code() == Code::kOverflow) return AmountFlag::kOverflow;
  return result->rounded ? AmountFlag::kRounded : AmountFlag::kOk;
}

void check(const std::vector<double>& values, int scale) {
  const auto n = static_cast<int64_t>(values.size());
  std::vector<int64_t> minor(values.size(), -1);
  std::vector<uint8_t> flags(values.size(), 255);
  minor_from_doubles(values.data(), n, kPowersOfTen[static_cast<size_t>(scale)], minor.data(),
                     flags.data());
  for (size_t i = 0; i < values.size(); ++i) {
    int64_t expected = 0;
    const AmountFlag flag = expected_of(values[i], scale, &expected);
    ASSERT_EQ(static_cast<AmountFlag>(flags[i]), flag) << values[i] << " scale " << scale;
    ASSERT_EQ(minor[i], expected) << values[i] << " scale " << scale;
  }
}

TEST(MoneyBlock, OrdinaryAmountsAreThoseOfMoneyFromDouble) {
  std::mt19937_64 random(1);
  for (int scale = 0; scale <= kMaxMoneyScale; ++scale) {
    std::vector<double> values;
    for (int i = 0; i < 10'000; ++i) {
      values.push_back(static_cast<double>(random() % 10'000'000) / 100 - 30'000);
      values.push_back(static_cast<double>(random() % 10'000'000) / 1024);  // many ties
    }
    check(values, scale);
  }
}

TEST(MoneyBlock, AnyBitsAreThoseOfMoneyFromDouble) {
  std::mt19937_64 random(2);
  for (int scale = 0; scale <= kMaxMoneyScale; ++scale) {
    std::vector<double> values;
    for (int i = 0; i < 20'000; ++i) values.push_back(std::bit_cast<double>(random()));
    // And random bits of the magnitudes at which the fast way ends.
    for (int i = 0; i < 20'000; ++i) {
      const int exponent = static_cast<int>(random() % 70) - 3;
      const double sign = random() % 2 == 0 ? 1 : -1;
      values.push_back(
          sign * std::ldexp(1 + std::ldexp(static_cast<double>(random() >> 11), -53), exponent));
    }
    check(values, scale);
  }
}

TEST(MoneyBlock, TheEdgesAreThoseOfMoneyFromDouble) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<double> values{0.0, -0.0, 5e-324, kInfinity, std::nan("")};
  for (const double edge : {0.5, 1.5, 2.5, 1e-6, 0x1p51, 0x1p52, 0x1p53, 0x1p63, 1.7e308}) {
    for (const double value : {edge, std::nextafter(edge, 0), std::nextafter(edge, kInfinity)}) {
      values.push_back(value);
    }
  }
  for (size_t i = 0, n = values.size(); i < n; ++i) values.push_back(-values[i]);
  for (int scale = 0; scale <= kMaxMoneyScale; ++scale) check(values, scale);
}

TEST(MoneyBlock, OneValueIsRoundedAsTheProcessorDoes) {
  // Whole units, so the product is the value: what std::nearbyint says, half to even.
  for (const double edge : {0.5, 1.5, 2.5, 1e-6, 0x1p50, 0x1p51, 0x1p52, 0x1p53, 0x1p62}) {
    for (const double apart : {0.0, 1e-6, 0.25, 0.5, 0.75, 1.0, 1.5}) {
      for (const double value : {edge + apart, edge - apart, -edge + apart, -edge - apart}) {
        int64_t minor = -1;
        const double nearest = std::nearbyint(value);
        const AmountFlag flag = minor_from_double(value, 1, &minor);
        EXPECT_EQ(minor, static_cast<int64_t>(nearest)) << value;
        EXPECT_EQ(flag == AmountFlag::kRounded, std::fabs(value - nearest) > 1e-6) << value;
        EXPECT_TRUE(flag == AmountFlag::kRounded || flag == AmountFlag::kOk) << value;
      }
    }
  }
  int64_t minor = -1;
  EXPECT_EQ(minor_from_double(1e-6, 1, &minor), AmountFlag::kOk);  // not more than 1e-6 away
  EXPECT_EQ(minor_from_double(-0x1p63, 1, &minor), AmountFlag::kOk);
  EXPECT_EQ(minor, INT64_MIN);
  EXPECT_EQ(minor_from_double(0x1p63, 1, &minor), AmountFlag::kOverflow);
  EXPECT_EQ(minor, 0);
}

TEST(MoneyBlock, EveryLengthIsConvertedWholeAndNoFurther) {
  for (int64_t n = 0; n < 300; ++n) {
    const std::vector<double> values(static_cast<size_t>(n), 1.25);
    std::vector<int64_t> minor(static_cast<size_t>(n) + 1, -1);
    std::vector<uint8_t> flags(static_cast<size_t>(n) + 1, 255);
    minor_from_doubles(values.data(), n, 100, minor.data(), flags.data());
    for (int64_t i = 0; i < n; ++i) {
      ASSERT_EQ(minor[static_cast<size_t>(i)], 125);
      ASSERT_EQ(flags[static_cast<size_t>(i)], 0);
    }
    ASSERT_EQ(minor.back(), -1);
    ASSERT_EQ(flags.back(), 255);
  }
}

TEST(MoneyBlock, OneBadValueLeavesItsNeighboursAlone) {
  std::vector<double> values(1000, 19.99);
  values[500] = std::nan("");
  values[501] = 1e300;
  values[502] = 0.001;
  check(values, 2);
}

TEST(MoneyBlock, MinorUnitsBecomeTheDoublesOfMoneyToDouble) {
  std::vector<int64_t> minor = {0, 1, -1, 29, 100, INT64_MAX, INT64_MIN};
  for (const int64_t edge : {int64_t{1} << 53, -(int64_t{1} << 53)}) {
    for (int64_t offset = -3; offset <= 3; offset++) minor.push_back(edge + offset);
  }
  std::mt19937_64 random(5);
  for (int i = 0; i < 1000; i++) minor.push_back(static_cast<int64_t>(random()) >> (i % 64));
  std::vector<double> major(minor.size());
  for (int scale = 0; scale <= kMaxMoneyScale; scale++) {
    doubles_from_minor(minor.data(), static_cast<int64_t>(minor.size()), scale, major.data());
    for (size_t i = 0; i < minor.size(); i++)
      EXPECT_EQ(major[i], money_to_double(minor[i], scale)) << minor[i] << " at scale " << scale;
  }
}

}  // namespace
}  // namespace patron::internal
