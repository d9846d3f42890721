#include "lib/expr/texts.h"

#include <gtest/gtest.h>

namespace patron::internal {
namespace {

TEST(Texts, DurationsAreSumsOfNumbersWithUnits) {
  // CEL's definition: h, m, s, ms, us, ns; negative, fractional, compound; "0".
  EXPECT_EQ(text_to_duration("1h30m").value, 5'400'000'000);
  EXPECT_EQ(text_to_duration("-1.5h").value, -5'400'000'000);
  EXPECT_EQ(text_to_duration("0").value, 0);
  EXPECT_EQ(text_to_duration("1h34us").value, 3'600'000'034);
  EXPECT_EQ(text_to_duration(".5s").value, 500'000);
  EXPECT_EQ(text_to_duration("1.s").value, 1'000'000);
  EXPECT_EQ(text_to_duration("1m1ms").value, 60'001'000);
  EXPECT_EQ(text_to_duration("1000ns").value, 1);
  for (const char* bad : {"", "1", "h", "1d", "1 h", ".s", "1h-1m", "--1h", "1e3s"}) {
    EXPECT_EQ(text_to_duration(bad).problem, TextProblem::kForm) << bad;
  }
  EXPECT_EQ(text_to_duration("1ns").problem, TextProblem::kFine);
  EXPECT_EQ(text_to_duration("0.0000001s").problem, TextProblem::kFine);
  EXPECT_EQ(text_to_duration("320000000000s").problem, TextProblem::kRange);
  EXPECT_EQ(text_to_duration("99999999999999999999999999999h").problem, TextProblem::kRange);
}

TEST(Texts, TimesAreRfc3339) {
  EXPECT_EQ(text_to_time("1970-01-01T00:00:01Z").value, 1'000'000);
  EXPECT_EQ(text_to_time("1970-01-01T02:00:00.25+02:00").value, 250'000);
  EXPECT_EQ(text_to_time("2009-02-13T23:31:20.123456000Z").value, 1'234'567'880'123'456);
  EXPECT_EQ(text_to_time("0001-01-01T00:00:00Z").value, kFirstTime);
  EXPECT_EQ(text_to_time("9999-12-31T23:59:59.999999Z").value, kPastTime - 1);
  EXPECT_EQ(text_to_time("2009-02-13T23:31:20.1234567Z").problem, TextProblem::kFine);
  EXPECT_EQ(text_to_time("0001-01-01T00:00:00+00:01").problem, TextProblem::kRange);
  for (const char* bad : {"", "2026-03-01", "2026-03-01T00:00:00", "2026-03-01 00:00:00Z",
                          "2026-02-29T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T00:00Z"}) {
    EXPECT_EQ(text_to_time(bad).problem, TextProblem::kForm) << bad;
  }
}

TEST(Texts, NumbersAndBools) {
  EXPECT_EQ(text_to_int("-9223372036854775808").value, INT64_MIN);
  EXPECT_EQ(text_to_int("+7").value, 7);
  EXPECT_EQ(text_to_int("9223372036854775808").problem, TextProblem::kRange);
  for (const char* bad : {"", "-", "+", "+-1", " 1", "1 ", "1.0", "0x1"}) {
    EXPECT_EQ(text_to_int(bad).problem, TextProblem::kForm) << bad;
  }
  EXPECT_EQ(text_to_double("6.02214e23").value, 6.02214e23);
  EXPECT_EQ(text_to_double("1e-400").value, 0.0);
  EXPECT_EQ(text_to_double("1e400").problem, TextProblem::kRange);
  EXPECT_EQ(text_to_double("1" + std::string(400, '0')).problem, TextProblem::kRange);
  EXPECT_EQ(text_to_double("inf").problem, TextProblem::kRange);
  EXPECT_EQ(text_to_double("1.5x").problem, TextProblem::kForm);
  EXPECT_TRUE(text_to_bool("True").value);
  EXPECT_FALSE(text_to_bool("f").value);
  EXPECT_FALSE(text_to_bool("TrUe").ok());
}

TEST(Texts, BelowOneIsToldByTheDigits) {
  EXPECT_TRUE(below_one("0.5"));
  EXPECT_TRUE(below_one("123e-3"));
  EXPECT_TRUE(below_one("0"));
  EXPECT_FALSE(below_one("1"));
  EXPECT_FALSE(below_one("0.001e3"));
  EXPECT_TRUE(below_one("0.0001e3"));
}

TEST(Texts, DatesAndZones) {
  EXPECT_EQ(text_to_date("1970-01-02").value, 1);
  EXPECT_FALSE(text_to_date("2026-02-29").ok());
  EXPECT_FALSE(text_to_date("2026-03-01T00").ok());
  EXPECT_EQ(zone_choice("+05:30")->to_wall(0), 19'800'000'000);
  EXPECT_EQ(zone_choice("-02:30")->to_wall(0), -9'000'000'000);
  EXPECT_EQ(zone_choice("02:00")->to_wall(0), 7'200'000'000);
  EXPECT_EQ(zone_choice("Asia/Kathmandu")->to_wall(1'000'000'000'000'000),
            1'000'020'700'000'000'000 / 1000);
  EXPECT_FALSE(zone_choice("+24:00"));
  EXPECT_FALSE(zone_choice("Mars/Olympus"));
}

TEST(Texts, ValuesAreWritten) {
  EXPECT_EQ(time_text(1'234'567'890'250'000), "2009-02-13T23:31:30.25Z");
  EXPECT_EQ(time_text(kFirstTime), "0001-01-01T00:00:00Z");
  EXPECT_EQ(duration_text(-250'000), "-0.25s");
  EXPECT_EQ(duration_text(1'000'000'000'000), "1000000s");
  EXPECT_EQ(duration_text(INT64_MIN), "-9223372036854.775808s");
  EXPECT_EQ(code_points("caf\xC3\xA9\xF0\x9F\x98\x80"), 5);
}

TEST(Texts, DecimalsAreScaledExactly) {
  EXPECT_EQ(scale_decimal("12.34", 2).floor, 1234);
  EXPECT_TRUE(scale_decimal("12.34", 2).exact);
  EXPECT_EQ(scale_decimal("12.345", 2).floor, 1234);
  EXPECT_FALSE(scale_decimal("12.345", 2).exact);
  EXPECT_EQ(scale_decimal("-12.345", 2).floor, -1235);
  EXPECT_EQ(scale_decimal("1.5e3", 2).floor, 150'000);
  EXPECT_EQ(scale_decimal("125e-3", 2).floor, 12);
  EXPECT_EQ(scale_decimal("0x10", 2).floor, 1600);
  EXPECT_EQ(scale_decimal("92233720368547758.07", 2).floor, INT64_MAX);
  EXPECT_TRUE(scale_decimal("92233720368547758.07", 2).exact);
  EXPECT_TRUE(scale_decimal("92233720368547758.08", 2).above);
  EXPECT_EQ(scale_decimal("-92233720368547758.08", 2).floor, INT64_MIN);
  EXPECT_TRUE(scale_decimal("-92233720368547758.08", 2).exact);
  EXPECT_TRUE(scale_decimal("-1e400", 2).below);
  EXPECT_TRUE(scale_decimal("1e999999999999", 2).above);
  EXPECT_EQ(scale_decimal("1e-999999999999", 2).floor, 0);
  EXPECT_FALSE(scale_decimal("1e-999999999999", 2).exact);
  EXPECT_TRUE(scale_decimal("0e999999999999", 2).exact);
  EXPECT_EQ(scale_decimal("0." + std::string(500, '9'), 0).floor, 0);
}

}  // namespace
}  // namespace patron::internal
