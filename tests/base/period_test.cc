#include <gtest/gtest.h>

#include <string>

#include "patron/time.h"

namespace patron {
namespace {

Period parsed(const char* text) {
  const Result<Period> period = parse_period(text);
  EXPECT_TRUE(period.ok()) << text << ": " << period.status().message();
  return period.ok() ? *period : Period{};
}

std::string problem(const char* text) {
  const Result<Period> period = parse_period(text);
  EXPECT_FALSE(period.ok()) << text;
  EXPECT_EQ(period.status().code(), Code::kSyntax);
  return period.status().message();
}

TEST(Period, EveryUnitHasItsLength) {
  EXPECT_EQ(parsed("2y"), (Period{24, 0}));
  EXPECT_EQ(parsed("12mo"), (Period{12, 0}));
  EXPECT_EQ(parsed("1w"), (Period{0, 604'800'000'000}));
  EXPECT_EQ(parsed("365d"), (Period{0, 31'536'000'000'000}));
  EXPECT_EQ(parsed("36h"), (Period{0, 129'600'000'000}));
  EXPECT_EQ(parsed("90min"), (Period{0, 5'400'000'000}));
  EXPECT_EQ(parsed("45s"), (Period{0, 45'000'000}));
  EXPECT_EQ(parsed("250ms"), (Period{0, 250'000}));
  EXPECT_EQ(parsed("7us"), (Period{0, 7}));
}

TEST(Period, AMissingUnitIsProposed) {
  EXPECT_EQ(problem("90"), "\"90\" has no unit; write \"90d\" for days");
  EXPECT_EQ(parse_period("90").status().byte_offset(), 2);
}

TEST(Period, AMisspeltUnitIsPutRight) {
  EXPECT_EQ(problem("90 d"), "\"90 d\" has an unknown unit; write \"90d\"");
  EXPECT_EQ(problem("90days"), "\"90days\" has an unknown unit; write \"90d\"");
  EXPECT_EQ(problem("6Months"), "\"6Months\" has an unknown unit; write \"6mo\"");
  EXPECT_EQ(problem("3Y"), "\"3Y\" has an unknown unit; write \"3y\"");
  EXPECT_EQ(problem("5q"),
            "\"5q\" has an unknown unit; write one of y, mo, w, d, h, min, s, ms or us");
}

TEST(Period, ALoneMIsAmbiguous) {
  EXPECT_EQ(problem("12m"), "\"12m\" could be months or minutes; write \"12mo\" or \"12min\"");
}

TEST(Period, WhatIsNoWholeNumberAboveZeroIsRefused) {
  EXPECT_NE(problem("").find("is no period"), std::string::npos);
  EXPECT_NE(problem("d").find("is no period"), std::string::npos);
  EXPECT_NE(problem("-3d").find("is no period"), std::string::npos);
  EXPECT_NE(problem("P1Y").find("is no period"), std::string::npos);
  EXPECT_NE(problem("1.5d").find("is no whole number"), std::string::npos);
  EXPECT_NE(problem("0d").find("is empty"), std::string::npos);
  EXPECT_NE(problem("000mo").find("is empty"), std::string::npos);
}

TEST(Period, WhatDoesNotFitIsTooLong) {
  EXPECT_EQ(parsed("2147483647mo"), (Period{2'147'483'647, 0}));
  EXPECT_EQ(parsed("9223372036854775807us"), (Period{0, INT64_MAX}));
  for (const char* text : {"2147483648mo", "178956971y", "99999999999999999999d", "106751992d",
                           "768614336404564651y"}) {
    EXPECT_NE(problem(text).find("is too long"), std::string::npos) << text;
  }
}

TEST(Period, AWrittenPeriodReadsBackTheSame) {
  for (const char* text : {"2y", "18mo", "365d", "36h", "90min", "45s", "250ms", "7us"}) {
    EXPECT_EQ(parsed(format_period(parsed(text)).c_str()), parsed(text)) << text;
  }
}

TEST(Period, TheLargestFittingUnitIsWritten) {
  EXPECT_EQ(format_period({12, 0}), "1y");
  EXPECT_EQ(format_period({13, 0}), "13mo");
  EXPECT_EQ(format_period({0, 28 * kMicrosPerDay}), "28d");
  EXPECT_EQ(format_period({0, 25 * kMicrosPerHour}), "25h");
  EXPECT_EQ(format_period({0, 0}), "0d");
  EXPECT_EQ(format_period({1, 1500}), "1mo+1500us");
}

}  // namespace
}  // namespace patron
