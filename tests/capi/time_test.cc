#include <cstring>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

patron_status parse(std::string_view what, std::string_view zone, int64_t* micros,
                    patron_error* error = nullptr) {
  return patron_time_parse(what.data(), what.size(), zone.data(), zone.size(), micros, error);
}

// `date -u -d "2026-03-01 08:30:00 +0800" +%s` is 1772325000.
TEST(Time, OfAWallClockFollowsTheZone) {
  int64_t micros = 0;
  EXPECT_EQ(parse("2026-03-01T08:30:00", "Asia/Shanghai", &micros), PATRON_OK);
  EXPECT_EQ(micros, 1772325000000000);
  EXPECT_EQ(parse("2026-03-01T00:30:00", "", &micros), PATRON_OK);
  EXPECT_EQ(micros, 1772325000000000) << "an empty zone is UTC";
}

TEST(Time, RefusesWhatItCannotRead) {
  int64_t micros = 42;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(parse("yesterday", "UTC", &micros, &error), PATRON_E_TIME);
  EXPECT_NE(std::strstr(error.message, "yesterday"), nullptr) << error.message;
  EXPECT_EQ(parse("2026-03-01", "Mars/Olympus", &micros), PATRON_E_ZONE);
  EXPECT_EQ(parse("2026-\xFF", "UTC", &micros, &error), PATRON_E_UTF8);
  EXPECT_EQ(error.byte_offset, 5);
  EXPECT_EQ(patron_time_parse(nullptr, 3, "UTC", 3, &micros, &error), PATRON_E_ARGUMENT);
  EXPECT_NE(std::strstr(error.message, "text is NULL"), nullptr) << error.message;
  EXPECT_EQ(patron_time_parse("2026-03-01", 10, nullptr, 1, &micros, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_time_parse("2026-03-01", UINT64_MAX, "UTC", 3, &micros, nullptr),
            PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_time_parse("2026-03-01", 10, "UTC", 3, nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(micros, 42) << "a failed call changes nothing";
}

TEST(Time, IsWrittenIntoTheCallersBuffer) {
  char buffer[32];
  uint64_t needed = 0;
  EXPECT_EQ(patron_time_format(1772325000250000, buffer, 32, &needed, nullptr), PATRON_OK);
  EXPECT_STREQ(buffer, "2026-03-01T00:30:00.250000Z");
  EXPECT_EQ(needed, 28U);
  EXPECT_EQ(patron_time_format(0, buffer, 21, nullptr, nullptr), PATRON_OK);
  EXPECT_STREQ(buffer, "1970-01-01T00:00:00Z");
}

TEST(Time, ThatDoesNotFitReportsTheSize) {
  char buffer[21] = "unchanged";
  uint64_t needed = 0;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_time_format(0, buffer, 20, &needed, &error), PATRON_E_BUFFER);
  EXPECT_EQ(needed, 21U);
  EXPECT_STREQ(buffer, "unchanged");
  EXPECT_NE(std::strstr(error.message, "21 are needed"), nullptr) << error.message;
  needed = 0;
  EXPECT_EQ(patron_time_format(0, nullptr, 0, &needed, nullptr), PATRON_E_BUFFER);
  EXPECT_EQ(needed, 21U) << "a buffer of nothing asks for the size";
  EXPECT_EQ(patron_time_format(0, nullptr, 21, nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_time_format(INT64_MAX, buffer, 21, nullptr, nullptr), PATRON_E_TIME);
  EXPECT_EQ(patron_time_format(INT64_MIN, buffer, 21, nullptr, nullptr), PATRON_E_TIME);
}

TEST(Period, IsCalendarOrExact) {
  patron_period period = PATRON_PERIOD_INIT;
  EXPECT_EQ(patron_period_parse("2y", 2, &period, nullptr), PATRON_OK);
  EXPECT_EQ(period.months, 24);
  EXPECT_EQ(period.micros, 0);
  EXPECT_EQ(patron_period_parse("36h", 3, &period, nullptr), PATRON_OK);
  EXPECT_EQ(period.months, 0);
  EXPECT_EQ(period.micros, int64_t{36} * 3600 * 1000000);
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_period_parse("90", 2, &period, &error), PATRON_E_SYNTAX);
  EXPECT_NE(std::strstr(error.message, "unit"), nullptr) << error.message;
  EXPECT_EQ(patron_period_parse("\x80", 1, &period, nullptr), PATRON_E_UTF8);
}

TEST(Zone, NamesAreSortedAndKnown) {
  const int32_t count = patron_zone_count();
  ASSERT_GT(count, 400);
  std::string last;
  for (int32_t i = 0; i < count; ++i) {
    const patron_str name = patron_zone_name(i);
    EXPECT_LT(last, text(name));
    last = text(name);
    EXPECT_EQ(patron_zone_check(name.data, name.size, nullptr), PATRON_OK) << last;
  }
  EXPECT_EQ(patron_zone_name(-1).data, nullptr);
  EXPECT_EQ(patron_zone_name(count).data, nullptr);
}

TEST(Zone, NeedsUtf8) {
  EXPECT_EQ(patron_zone_check("\xC3", 1, nullptr), PATRON_E_UTF8);
  EXPECT_EQ(patron_zone_check(nullptr, 0, nullptr), PATRON_E_ZONE) << "the empty name is none";
}

}  // namespace
}  // namespace patron::test
