#include "patron/money.h"

#include <gtest/gtest.h>

#include <charconv>
#include <clocale>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace patron {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr MoneyUnit kEuro{2, {'E', 'U', 'R'}};

template <typename T>
Code code_of(const Result<T>& result) {
  return result.status().code();
}

int64_t minor_of(double value, int scale) {
  const Result<Rounded> result = money_from_double(value, scale);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return result.ok() ? result->minor : -1;
}

TEST(Money, AUnitHasAScaleAndThreeCapitals) {
  EXPECT_TRUE(check(MoneyUnit{}).ok());
  EXPECT_TRUE(check(kEuro).ok());
  EXPECT_TRUE(check(MoneyUnit{0, {'J', 'P', 'Y'}}).ok());
  EXPECT_TRUE(check(MoneyUnit{2, {'A', 'Z', 'N'}}).ok());
  EXPECT_EQ(check(MoneyUnit{-1, {}}).message(), "the money scale is -1; write 0 to 9");
  EXPECT_EQ(check(MoneyUnit{10, {}}).message(), "the money scale is 10; write 0 to 9");
  EXPECT_EQ(check(MoneyUnit{2, {'e', 'u', 'r'}}).message(),
            "the currency \"eur\" is no ISO 4217 code; write three capital letters, such as "
            "\"EUR\"");
  EXPECT_EQ(check(MoneyUnit{2, {'E', 'U', '\0'}}).code(), Code::kArgument);
}

TEST(Money, AmountsOfOneUnitAddAndSubtract) {
  EXPECT_EQ(add({1999, kEuro}, {1, kEuro})->minor, 2000);
  EXPECT_EQ(subtract({1999, kEuro}, {2000, kEuro})->minor, -1);
  EXPECT_EQ(add({1, kEuro}, {1, kEuro})->unit, kEuro);
  EXPECT_EQ(code_of(add({kMax, kEuro}, {1, kEuro})), Code::kOverflow);
  EXPECT_EQ(code_of(subtract({kMin, kEuro}, {1, kEuro})), Code::kOverflow);
}

TEST(Money, AmountsOfTwoUnitsDoNot) {
  const Result<Money> sum = add({1, kEuro}, {1, {2, {'U', 'S', 'D'}}});
  EXPECT_EQ(code_of(sum), Code::kArgument);
  EXPECT_EQ(sum.status().message(),
            "money of two units: 0.00 EUR and 0.00 USD; convert one of them first");
  EXPECT_EQ(code_of(subtract({1, kEuro}, {1, {3, {'E', 'U', 'R'}}})), Code::kArgument);
}

TEST(Money, ArithmeticIsExactUpToTheLastBitAndChecked) {
  EXPECT_EQ(*money_add(kMax - 1, 1), kMax);
  EXPECT_EQ(code_of(money_add(kMax, 1)), Code::kOverflow);
  EXPECT_EQ(*money_subtract(kMin + 1, 1), kMin);
  EXPECT_EQ(code_of(money_subtract(kMin, 1)), Code::kOverflow);
  EXPECT_EQ(*money_multiply(3'037'000'499, 3'037'000'499), 9'223'372'030'926'249'001);
  EXPECT_EQ(code_of(money_multiply(3'037'000'500, 3'037'000'500)), Code::kOverflow);
  EXPECT_EQ(*money_multiply(kMin, 1), kMin);
  EXPECT_EQ(code_of(money_multiply(kMin, -1)), Code::kOverflow);
  EXPECT_EQ(money_add(kMax, 1).status().message(),
            "the sum does not fit in 64 bits of minor units");
}

TEST(Money, DivisionRoundsHalfToEven) {
  EXPECT_EQ(*money_divide(5, 2), 2);
  EXPECT_EQ(*money_divide(7, 2), 4);
  EXPECT_EQ(*money_divide(-5, 2), -2);
  EXPECT_EQ(*money_divide(-7, 2), -4);
  EXPECT_EQ(*money_divide(5, -2), -2);
  EXPECT_EQ(*money_divide(10, 3), 3);
  EXPECT_EQ(*money_divide(11, 3), 4);
  EXPECT_EQ(*money_divide(-11, 3), -4);
  EXPECT_EQ(*money_divide(kMax, kMax), 1);
  EXPECT_EQ(*money_divide(kMax, kMin), -1);
  EXPECT_EQ(*money_divide(kMin, 1), kMin);
  EXPECT_EQ(code_of(money_divide(kMin, -1)), Code::kOverflow);
  EXPECT_EQ(code_of(money_divide(1, 0)), Code::kArgument);
}

TEST(Money, ASumIsExactWhateverOverflowsOnTheWay) {
  EXPECT_EQ(*money_sum({}), 0);
  EXPECT_EQ(*money_sum(std::vector<int64_t>{kMax, kMax, kMin, kMin, 5}), 3);
  EXPECT_EQ(code_of(money_sum(std::vector<int64_t>{kMax, 1})), Code::kOverflow);
  EXPECT_EQ(*money_sum(std::vector<int64_t>{kMax, 1, -1}), kMax);
}

TEST(Money, AFactorIsTakenAtItsExactBinaryValue) {
  EXPECT_EQ(*money_scale_by(5, 0.5), 2);    // 2.5
  EXPECT_EQ(*money_scale_by(15, 0.5), 8);   // 7.5
  EXPECT_EQ(*money_scale_by(-5, 0.5), -2);  // -2.5
  // 0.1 is 0.1000000000000000055...: five tenths of it are above one half.
  EXPECT_EQ(*money_scale_by(5, 0.1), 1);
  // 0.7 is 0.6999999999999999556: five of it are below three and a half.
  EXPECT_EQ(*money_scale_by(5, 0.7), 3);
  EXPECT_EQ(*money_scale_by(kMax, 1.0), kMax);
  EXPECT_EQ(*money_scale_by(kMin, 1.0), kMin);
  EXPECT_EQ(*money_scale_by(-1, 0x1p63), kMin);
  EXPECT_EQ(*money_scale_by(-2048, 0x1p52), kMin);  // the product alone, without a shift
  EXPECT_EQ(code_of(money_scale_by(-2049, 0x1p52)), Code::kOverflow);
  EXPECT_EQ(code_of(money_scale_by(2048, 0x1p52)), Code::kOverflow);
  EXPECT_EQ(code_of(money_scale_by(1, 0x1p63)), Code::kOverflow);
  EXPECT_EQ(code_of(money_scale_by(kMax, 2.0)), Code::kOverflow);
  EXPECT_EQ(code_of(money_scale_by(-3, 1e300)), Code::kOverflow);
  EXPECT_EQ(*money_scale_by(0, 1e300), 0);
  EXPECT_EQ(*money_scale_by(kMax, 1e-300), 0);
  EXPECT_EQ(*money_scale_by(kMax, 5e-324), 0);
  EXPECT_EQ(*money_scale_by(kMax, -0.0), 0);
  EXPECT_EQ(*money_scale_by(kMax, 0x1p-63), 1);  // 1 - 2^-63
  EXPECT_EQ(*money_scale_by(kMax, 0x1p-64), 0);  // 1/2 - 2^-64
  EXPECT_EQ(*money_scale_by(kMin, 0x1p-64), 0);  // -1/2, a tie
  EXPECT_EQ(code_of(money_scale_by(1, kNan)), Code::kNumber);
  EXPECT_EQ(money_scale_by(1, kInfinity).status().message(),
            "the factor is infinity; write a finite number");
}

TEST(Money, AFactorOfFewBitsIsTheRationalItIs) {
  std::mt19937_64 random(128);
  for (int i = 0; i < 50'000; ++i) {
    const auto a = static_cast<int64_t>(random()) >> (random() % 63);
    const auto numerator = static_cast<int64_t>(random() % 2'000'001) - 1'000'000;
    const int shift = static_cast<int>(random() % 40);
    // The divisor is a power of two, so the double is exact and long division is the oracle.
    const Result<int64_t> product = money_multiply(a, numerator);
    if (!product.ok()) continue;
    ASSERT_EQ(*money_scale_by(a, std::ldexp(static_cast<double>(numerator), -shift)),
              *money_divide(*product, int64_t{1} << shift))
        << a << " x " << numerator << " / 2^" << shift;
  }
}

TEST(Money, ADoubleIsRoundedHalfToEven) {
  EXPECT_EQ(minor_of(19.99, 2), 1999);
  EXPECT_EQ(minor_of(0.125, 2), 12);
  EXPECT_EQ(minor_of(0.375, 2), 38);
  EXPECT_EQ(minor_of(-0.125, 2), -12);
  EXPECT_EQ(minor_of(2.5, 0), 2);
  EXPECT_EQ(minor_of(-0.0, 2), 0);
  EXPECT_EQ(minor_of(1.005, 2), 100);  // the double is 1.00499999999999989
  EXPECT_EQ(minor_of(9007199254740993.0, 0), 9007199254740992);
}

TEST(Money, OnlyWhatIsNoMultipleOfTheMinorUnitCountsAsRounded) {
  EXPECT_FALSE(money_from_double(19.99, 2)->rounded);
  EXPECT_FALSE(money_from_double(0.1 + 0.2, 2)->rounded);
  EXPECT_TRUE(money_from_double(19.999, 2)->rounded);
  EXPECT_TRUE(money_from_double(0.01 + 2e-8, 2)->rounded);
  EXPECT_FALSE(money_from_double(0.01 + 0.5e-8, 2)->rounded);
  EXPECT_FALSE(money_from_double(19.999, 3)->rounded);
}

TEST(Money, WhatIsNoNumberOrTooLargeIsNamed) {
  EXPECT_EQ(money_from_double(kNan, 2).status().message(),
            "the amount is NaN; write a finite number");
  EXPECT_EQ(money_from_double(-kInfinity, 2).status().message(),
            "the amount is -infinity; write a finite number");
  EXPECT_EQ(code_of(money_from_double(kNan, 2)), Code::kNumber);
  EXPECT_EQ(money_from_double(1e18, 2).status().message(),
            "the amount 1e+18 does not fit in 64 bits of minor units");
  EXPECT_EQ(code_of(money_from_double(1e308, 9)), Code::kOverflow);
  EXPECT_EQ(code_of(money_from_double(0x1p63, 0)), Code::kOverflow);
  EXPECT_EQ(minor_of(-0x1p63, 0), kMin);
  EXPECT_EQ(code_of(money_from_double(1, 10)), Code::kArgument);
  EXPECT_EQ(code_of(money_from_double(1, -1)), Code::kArgument);
}

TEST(Money, TextIsReadExactly) {
  const auto minor = [](std::string_view text, int scale) {
    const Result<Rounded> result = money_from_text(text, scale);
    EXPECT_TRUE(result.ok()) << result.status().message();
    return result.ok() ? result->minor : -1;
  };
  EXPECT_EQ(minor("1234.5", 2), 123'450);
  EXPECT_EQ(minor("-0.07", 2), -7);
  EXPECT_EQ(minor("+5", 2), 500);
  EXPECT_EQ(minor(".5", 2), 50);
  EXPECT_EQ(minor("5.", 2), 500);
  EXPECT_EQ(minor("-0", 2), 0);
  EXPECT_EQ(minor("1.005", 2), 100);  // a tie, to the even 100
  EXPECT_EQ(minor("1.015", 2), 102);  // a tie, to the even 102
  EXPECT_EQ(minor("-1.005", 2), -100);
  EXPECT_EQ(minor("1.0050000000000000000000000000000000001", 2), 101);
  EXPECT_EQ(minor("1.00499999999999999999999999999999999999", 2), 100);
  EXPECT_EQ(minor("92233720368547758.07", 2), kMax);
  EXPECT_EQ(minor("-92233720368547758.08", 2), kMin);
  EXPECT_EQ(minor("-92233720368547758.085", 2), kMin);  // a tie, to the even ...808
  EXPECT_EQ(minor("00000000000000000000000000000000000000000000000001", 2), 100);
}

TEST(Money, TextIsRoundedByTheDigitThatIsDropped) {
  for (int digit = 0; digit <= 9; ++digit) {
    const std::string text = "7.00" + std::to_string(digit);
    const Result<Rounded> result = money_from_text(text, 2);
    ASSERT_TRUE(result.ok()) << text;
    EXPECT_EQ(result->minor, digit <= 5 ? 700 : 701) << text;  // 7.005 is a tie, to the even 700
    EXPECT_EQ(result->rounded, digit != 0) << text;
  }
}

TEST(Money, TextOutsideTheRangeOrTheFormIsRefused) {
  for (const char* text : {"-9223372036854775808", "92233720368547758.08", "-92233720368547758.09",
                           "92233720368547758.075", "184467440737095516.16",
                           "340282366920938463463374607431768211456.01",
                           "99999999999999999999999999999999999999999999999999999999"}) {
    EXPECT_EQ(code_of(money_from_text(text, 2)), Code::kOverflow) << text;
  }
  for (const char* text : {"-92233720368547758080", "9223372036854775808"})
    EXPECT_EQ(code_of(money_from_text(text, 0)), Code::kOverflow) << text;
  EXPECT_EQ(money_from_text("-9223372036854775808", 0)->minor, kMin);
  for (const char* text :
       {"", "-", ".", "+.", "1,5", "1.2.3", "1e5", " 1", "1 ", "--1", "0x10", "NaN",
        "1\xc2\xa0"
        "000",
        "1_000"}) {
    EXPECT_EQ(code_of(money_from_text(text, 2)), Code::kSyntax) << text;
  }
  const Status status = money_from_text("12,50", 2).status();
  EXPECT_EQ(status.message(),
            "\"12,50\" is no amount; write digits with at most one point, such as \"1234.50\"");
  EXPECT_EQ(status.byte_offset(), 2);
  EXPECT_EQ(code_of(money_from_text("1", 10)), Code::kArgument);
}

TEST(Money, TextCountsAsRoundedByTheSameBound) {
  EXPECT_FALSE(money_from_text("19.990000", 2)->rounded);
  EXPECT_FALSE(money_from_text("19.99000001", 2)->rounded);  // 1e-6 of a cent
  EXPECT_FALSE(money_from_text("19.990000010", 2)->rounded);
  EXPECT_TRUE(money_from_text("19.990000010001", 2)->rounded);
  EXPECT_TRUE(money_from_text("19.995", 2)->rounded);
  EXPECT_FALSE(money_from_text("19.98999999", 2)->rounded);  // 1e-6 of a cent below
  EXPECT_TRUE(money_from_text("19.98999998", 2)->rounded);
  EXPECT_FALSE(money_from_text("19.990000005", 2)->rounded);  // 5e-7 of a cent
  EXPECT_TRUE(money_from_text("19.9899999", 2)->rounded);     // 1e-5 of a cent below
  EXPECT_FALSE(money_from_text("20", 2)->rounded);
  EXPECT_TRUE(money_from_text("20.001", 2)->rounded);
}

TEST(Money, TheLocaleHasNoSay) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  // Where no locale with a decimal comma is installed the rest still holds.
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) std::setlocale(LC_ALL, "de_DE");
  EXPECT_EQ(money_from_text("3.25", 2)->minor, 325);
  EXPECT_EQ(format_money(325, kEuro), "3.25 EUR");
  EXPECT_EQ(money_from_double(1.5e30, 2).status().message(),
            "the amount 1.5e+30 does not fit in 64 bits of minor units");
  std::setlocale(LC_ALL, before.c_str());
}

TEST(Money, ItBecomesTheNearestDouble) {
  std::mt19937_64 random(53);
  for (int i = 0; i < 100'000; ++i) {
    const auto minor = static_cast<int64_t>(random()) >> (random() % 63);
    const int scale = static_cast<int>(random() % 10);
    // std::from_chars reads decimal text to the nearest double.
    const std::string text = format_money(minor, {scale, {}});
    double expected = 0;
    std::from_chars(text.data(), text.data() + text.size(), expected);
    ASSERT_EQ(money_to_double(minor, scale), expected) << text;
  }
  EXPECT_EQ(money_to_double(kMin, 0), -0x1p63);
  EXPECT_EQ(money_to_double(kMax, 0), 0x1p63);
}

TEST(Money, DoublesOfMinorUnitsComeBack) {
  std::mt19937_64 random(54);
  for (int i = 0; i < 100'000; ++i) {
    const auto minor = static_cast<int64_t>(random() % 4'000'000'000) - 2'000'000'000;
    const Result<Rounded> back = money_from_double(money_to_double(minor, 2), 2);
    ASSERT_EQ(back->minor, minor);
    ASSERT_FALSE(back->rounded) << minor;
  }
}

TEST(Money, ItIsWrittenWithItsScaleAndCurrency) {
  EXPECT_EQ(format_money(-123'450, {2, {}}), "-1234.50");
  EXPECT_EQ(format_money(2000, kEuro), "20.00 EUR");
  EXPECT_EQ(format_money(7, kEuro), "0.07 EUR");
  EXPECT_EQ(format_money(-7, {3, {'K', 'W', 'D'}}), "-0.007 KWD");
  EXPECT_EQ(format_money(2000, {0, {'J', 'P', 'Y'}}), "2000 JPY");
  EXPECT_EQ(format_money(kMin, {9, {}}), "-9223372036.854775808");
  EXPECT_EQ(format_money(0, {2, {}}), "0.00");
}

}  // namespace
}  // namespace patron
