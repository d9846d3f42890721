#include <cmath>
#include <cstring>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

TEST(Money, OfADoubleIsRoundedHalfToEven) {
  int64_t minor = 0;
  int32_t rounded = -1;
  EXPECT_EQ(patron_money_from_double(0.125, 2, &minor, &rounded, nullptr), PATRON_OK);
  EXPECT_EQ(minor, 12);
  EXPECT_EQ(rounded, 1);
  EXPECT_EQ(patron_money_from_double(19.99, 2, &minor, &rounded, nullptr), PATRON_OK);
  EXPECT_EQ(minor, 1999);
  EXPECT_EQ(rounded, 0);
  EXPECT_EQ(patron_money_from_double(-3, 0, &minor, nullptr, nullptr), PATRON_OK);
  EXPECT_EQ(minor, -3);
}

TEST(Money, OfADoubleHasItsErrors) {
  int64_t minor = 42;
  EXPECT_EQ(patron_money_from_double(NAN, 2, &minor, nullptr, nullptr), PATRON_E_NUMBER);
  EXPECT_EQ(patron_money_from_double(INFINITY, 2, &minor, nullptr, nullptr), PATRON_E_NUMBER);
  EXPECT_EQ(patron_money_from_double(1e300, 2, &minor, nullptr, nullptr), PATRON_E_OVERFLOW);
  EXPECT_EQ(patron_money_from_double(1, 10, &minor, nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_money_from_double(1, -1, &minor, nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_money_from_double(1, 2, nullptr, nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(minor, 42);
}

patron_status parse(std::string_view what, int32_t scale, int64_t* minor, int32_t* rounded) {
  return patron_money_parse(what.data(), what.size(), scale, minor, rounded, nullptr);
}

TEST(Money, OfTextIsExact) {
  int64_t minor = 0;
  int32_t rounded = -1;
  EXPECT_EQ(parse("-1234.5", 2, &minor, &rounded), PATRON_OK);
  EXPECT_EQ(minor, -123450);
  EXPECT_EQ(rounded, 0);
  EXPECT_EQ(parse("0.005", 2, &minor, &rounded), PATRON_OK);
  EXPECT_EQ(minor, 0);
  EXPECT_EQ(rounded, 1);
  EXPECT_EQ(parse("ten", 2, &minor, nullptr), PATRON_E_SYNTAX);
  EXPECT_EQ(parse("99999999999999999999", 2, &minor, nullptr), PATRON_E_OVERFLOW);
  EXPECT_EQ(parse("1\xFF", 2, &minor, nullptr), PATRON_E_UTF8);
  EXPECT_EQ(parse("1", 10, &minor, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_money_parse("1", 1, 2, nullptr, nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST(Money, IsWrittenWithOrWithoutACurrency) {
  char buffer[32];
  uint64_t needed = 0;
  EXPECT_EQ(patron_money_format(-123450, 2, nullptr, 0, buffer, 32, &needed, nullptr), PATRON_OK);
  EXPECT_STREQ(buffer, "-1234.50");
  EXPECT_EQ(needed, 9U);
  EXPECT_EQ(patron_money_format(7, 0, "JPY", 3, buffer, 32, nullptr, nullptr), PATRON_OK);
  EXPECT_STREQ(buffer, "7 JPY");
  // The longest there is: INT64_MIN with a point and a currency.
  EXPECT_EQ(patron_money_format(INT64_MIN, 9, "EUR", 3, buffer, 32, nullptr, nullptr), PATRON_OK);
  EXPECT_STREQ(buffer, "-9223372036.854775808 EUR");
  EXPECT_EQ(patron_money_format(7, 0, nullptr, 0, buffer, 1, &needed, nullptr), PATRON_E_BUFFER);
  EXPECT_EQ(needed, 2U);
}

TEST(Money, IsWrittenForThreeLettersOnly) {
  char buffer[32];
  patron_error error = PATRON_ERROR_INIT;
  for (const std::string_view wrong : {"EURO", "eur", "E1R"}) {
    EXPECT_EQ(patron_money_format(1, 2, wrong.data(), wrong.size(), buffer, 32, nullptr, &error),
              PATRON_E_ARGUMENT)
        << wrong;
  }
  EXPECT_EQ(patron_money_format(1, 2, nullptr, 3, buffer, 32, nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_money_format(1, 2, "\xFF\xFF\xFF", 3, buffer, 32, nullptr, nullptr),
            PATRON_E_UTF8);
  EXPECT_EQ(patron_money_format(1, 10, nullptr, 0, buffer, 32, nullptr, nullptr),
            PATRON_E_ARGUMENT);
}

TEST(Money, SumsOverflowOnlyWhereTheTotalDoes) {
  const std::vector<int64_t> there_and_back{INT64_MAX, 1, -1};
  int64_t sum = 0;
  EXPECT_EQ(patron_money_sum(there_and_back.data(), 3, &sum, nullptr), PATRON_OK);
  EXPECT_EQ(sum, INT64_MAX);
  EXPECT_EQ(patron_money_sum(there_and_back.data(), 2, &sum, nullptr), PATRON_E_OVERFLOW);
  EXPECT_EQ(patron_money_sum(nullptr, 0, &sum, nullptr), PATRON_OK);
  EXPECT_EQ(sum, 0);
  EXPECT_EQ(patron_money_sum(nullptr, 1, &sum, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_money_sum(there_and_back.data(), UINT64_MAX, &sum, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_money_sum(there_and_back.data(), 3, nullptr, nullptr), PATRON_E_ARGUMENT);
}

}  // namespace
}  // namespace patron::test
