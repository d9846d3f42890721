#include "lib/base/time_text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "patron/time.h"

namespace patron {
namespace {

TimeZone zone(const char* name) {
  const Result<TimeZone> loaded = TimeZone::load(name);
  EXPECT_TRUE(loaded.ok()) << name;
  return *loaded;
}

Micros utc(const std::string& text) {
  const Result<Micros> t = parse_time(text, TimeZone());
  EXPECT_TRUE(t.ok()) << t.status().message();
  return t.ok() ? *t : 0;
}

// The instants below are the output of GNU date -u -d TEXT +%s.
TEST(TimeText, TheFormsOfIso8601AreRead) {
  EXPECT_EQ(utc("2026-03-01"), 1'772'323'200'000'000);
  EXPECT_EQ(utc("2026-03-01T08:30"), 1'772'353'800'000'000);
  EXPECT_EQ(utc("2026-03-01 08:30:15"), 1'772'353'815'000'000);
  EXPECT_EQ(utc("2026-03-01T08:30:15Z"), 1'772'353'815'000'000);
  EXPECT_EQ(utc("2026-03-01t08:30:15z"), 1'772'353'815'000'000);
  EXPECT_EQ(utc("2026-03-01T08:30:15+08:00"), 1'772'325'015'000'000);
  EXPECT_EQ(utc("2026-03-01T08:30:15+0800"), 1'772'325'015'000'000);
  EXPECT_EQ(utc("2026-03-01T08:30:15-03"), 1'772'364'615'000'000);
  EXPECT_EQ(utc("2026-03-01T08:30-00:00"), 1'772'353'800'000'000);
  EXPECT_EQ(utc("1969-12-31T23:59:59.999999"), -1);
}

TEST(TimeText, AFractionHasOneToSixDigits) {
  EXPECT_EQ(utc("1970-01-01T00:00:00.5"), 500'000);
  EXPECT_EQ(utc("1970-01-01T00:00:00.25Z"), 250'000);
  EXPECT_EQ(utc("1970-01-01T00:00:00.000001+00:00"), 1);
}

TEST(TimeText, WithoutAnOffsetItIsAWallClockOfTheZone) {
  const TimeZone shanghai = zone("Asia/Shanghai");
  EXPECT_EQ(*parse_time("2026-03-01T08:30:00", shanghai), utc("2026-03-01T00:30:00Z"));
  EXPECT_EQ(*parse_time("2026-03-01", shanghai), utc("2026-02-28T16:00:00Z"));
  EXPECT_EQ(*parse_time("2026-03-01T08:30:00Z", shanghai), utc("2026-03-01T08:30:00Z"));
}

TEST(TimeText, ADateWithoutMidnightIsItsFirstInstant) {
  // Clocks in Sao Paulo went from 00:00 to 01:00 on 4 November 2018 (IANA, southamerica).
  EXPECT_EQ(*parse_time("2018-11-04", zone("America/Sao_Paulo")), utc("2018-11-04T03:00:00Z"));
}

TEST(TimeText, LeapDaysExistInLeapYearsOnly) {
  EXPECT_EQ(utc("2024-02-29"), 1'709'164'800'000'000);
  EXPECT_EQ(utc("2000-02-29"), 951'782'400'000'000);
  EXPECT_FALSE(parse_time("2023-02-29", TimeZone()).ok());
  EXPECT_FALSE(parse_time("1900-02-29", TimeZone()).ok());
}

struct Refused {
  const char* text;
  const char* message;
  int64_t at;
};

class RefusedTime : public testing::TestWithParam<Refused> {};

TEST_P(RefusedTime, SaysWhatIsWrongAndWhere) {
  const Result<Micros> t = parse_time(GetParam().text, TimeZone());
  ASSERT_FALSE(t.ok()) << GetParam().text;
  EXPECT_EQ(t.status().code(), Code::kTime);
  EXPECT_EQ(t.status().message(), "\"" + std::string(GetParam().text) + "\" " + GetParam().message);
  EXPECT_EQ(t.status().byte_offset(), GetParam().at);
}

constexpr const char* kForm =
    "is no ISO 8601 time; write one such as \"2026-03-01\" or \"2026-03-01T08:30:00+08:00\"";
constexpr const char* kRange = "is out of range; times go from 0001-01-02 to 9999-12-30 in UTC";

INSTANTIATE_TEST_SUITE_P(
    TimeText, RefusedTime,
    testing::Values(
        Refused{"", kForm, 0}, Refused{"yesterday", kForm, 0}, Refused{"26-03-01", kForm, 0},
        Refused{"2026-3-1", kForm, 5}, Refused{"2026/03/01", kForm, 4},
        Refused{"2026-03", kForm, 7}, Refused{" 2026-03-01", kForm, 0},
        Refused{"2026-03-01T", kForm, 11}, Refused{"2026-03-01T08", kForm, 13},
        Refused{"2026-03-01T8:30", kForm, 11}, Refused{"2026-03-01T08:30:00.", kForm, 20},
        Refused{"2026-02-30", "has a day that 2026-02 does not have", 8},
        Refused{"2026-04-00", "has a day that 2026-04 does not have", 8},
        Refused{"2026-13-01", "has a month that is not 01 to 12", 5},
        Refused{"2026-00-01", "has a month that is not 01 to 12", 5},
        Refused{"2026-03-01T24:00", "has the hour 24; write 00:00 of the next day", 11},
        Refused{"2026-03-01T25:00", "has an hour that is not 00 to 23", 11},
        Refused{"2026-03-01T08:60", "has a minute that is not 00 to 59", 14},
        Refused{"2016-12-31T23:59:60Z",
                "has the second 60; leap seconds are not counted, write 59 or the next minute", 17},
        Refused{"2026-03-01T08:30:61", "has a second that is not 00 to 59", 17},
        Refused{"2026-03-01T08:30:00.1234567",
                "is finer than a microsecond; write at most six digits after the point", 26},
        Refused{"2026-03-01T08:30:00+8",
                "has no good offset from UTC; write \"Z\" or one such as \"+08:00\"", 19},
        Refused{"2026-03-01T08:30:00+24:00",
                "has no good offset from UTC; write \"Z\" or one such as \"+08:00\"", 19},
        Refused{"2026-03-01T08:30:00+08:60",
                "has no good offset from UTC; write \"Z\" or one such as \"+08:00\"", 19},
        Refused{"2026-W09-7", "is a week date; write year, month and day, such as \"2026-03-01\"",
                5},
        Refused{"10000-01-01", "has a year of more than four digits; years go from 0001 to 9999",
                4},
        Refused{"20260301T10:00-05:00",
                "has no hyphens; write year, month and day as \"2026-03-01\"", 4},
        Refused{"20260301", "has no hyphens; write year, month and day as \"2026-03-01\"", 4},
        Refused{"2026-03-01Z",
                "goes on after the time; write one such as \"2026-03-01T08:30:00+08:00\"", 10},
        Refused{"2026-03-01T08:30:00 +08:00",
                "goes on after the time; write one such as \"2026-03-01T08:30:00+08:00\"", 19},
        Refused{"0001-01-01", kRange, 0}, Refused{"9999-12-31", kRange, 0},
        Refused{"0000-06-01", kRange, 0}, Refused{"0001-01-02T00:00:00+00:01", kRange, 0},
        Refused{"9999-12-30T23:59:59-00:01", kRange, 0}));

TEST(TimeText, TheRangeEndsWhereTheHeaderSays) {
  EXPECT_EQ(utc("0001-01-02T00:00:00Z"), kMinTime);
  EXPECT_EQ(utc("9999-12-30T23:59:59.999999Z"), kEndTime - 1);
}

TEST(TimeText, WhatFormatTimeWritesReadsBack) {
  std::mt19937_64 random(20260301);
  for (int i = 0; i < 20'000; ++i) {
    const auto span = static_cast<uint64_t>(kEndTime - kMinTime);
    const Micros t = kMinTime + static_cast<Micros>(random() % span);
    ASSERT_EQ(utc(format_time(t)), t);
  }
}

TEST(TimeText, NoMutilatedTextIsReadOutOfBounds) {
  std::mt19937_64 random(7);
  const std::string good = "2026-03-01T08:30:00.123456+08:00";
  for (int i = 0; i < 20'000; ++i) {
    std::string text = good.substr(0, random() % (good.size() + 1));
    if (!text.empty()) text[random() % text.size()] = static_cast<char>(random());
    // A copy of exact size, so that an address sanitizer sees one byte too many.
    const std::vector<char> exact(text.begin(), text.end());
    const Result<Micros> t = parse_time({exact.data(), exact.size()}, TimeZone());
    if (t.ok()) continue;
    ASSERT_LE(t.status().byte_offset(), static_cast<int64_t>(text.size()));
  }
}

TEST(TimeText, ItIsReadWithoutAZoneToo) {
  const internal::TimeText text = internal::read_time_text("1970-01-02T00:00:01-01:30");
  EXPECT_EQ(text.error, internal::TimeTextError::kNone);
  EXPECT_EQ(text.wall, kMicrosPerDay + kMicrosPerSecond);
  EXPECT_TRUE(text.has_offset);
  EXPECT_EQ(text.offset, -5400);
  EXPECT_FALSE(internal::read_time_text("1970-01-02").has_offset);
}

}  // namespace
}  // namespace patron
