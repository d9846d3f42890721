#include <gtest/gtest.h>

#include "lib/expr/texts.h"
#include "tests/expr/world.h"

namespace patron::test {
namespace {

TEST(TimeKernels, StayWithinCelsRanges) {
  EXPECT_EQ(value_of("timestamp('9999-12-31T23:59:59Z') + duration('1s')"), "unknown");
  EXPECT_EQ(value_of("timestamp('0001-01-01T00:00:00Z') - duration('1us')"), "unknown");
  // Those of google.protobuf.Duration: whatever time is known, its age is.
  EXPECT_EQ(value_of("timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z') == "
                     "duration('315537897599s')"),
            "1");
  EXPECT_EQ(value_of("duration('315576000000s') == duration('315576000000s')"), "1");
  EXPECT_EQ(value_of("duration('200000000000s') + duration('200000000000s')"), "unknown");
  EXPECT_EQ(value_of("duration('200000000000s') * 2"), "unknown");
  EXPECT_EQ(value_of("timestamp(253402300800)"), "unknown");
  EXPECT_EQ(value_of("timestamp(-62135596801)"), "unknown");
  EXPECT_EQ(value_of("days(9223372036854775807)"), "unknown");
}

// As docs/expressions.md says: where the day does not exist it is 00:00 of the first day of the
// next month.
TEST(TimeKernels, MonthsAreTheCalendars) {
  EXPECT_EQ(value_of("date('2024-02-29') + years(1) == date('2025-03-01')"), "1");
  EXPECT_EQ(value_of("date('2024-01-31') + months(1) == date('2024-03-01')"), "1");
  EXPECT_EQ(value_of("date('2024-03-31') - months(1) == date('2024-03-01')"), "1");
  EXPECT_EQ(value_of("date('2024-12-15') + months(1) == date('2025-01-15')"), "1");
  EXPECT_EQ(value_of("date('2024-01-31') + days(30) == date('2024-03-01')"), "1");
  EXPECT_EQ(value_of("date('9999-12-01') + months(1)"), "unknown");
  EXPECT_EQ(value_of("dt + months(9223372036854775807)"), "unknown");
  // America/St_Johns, UTC-3:30: 18:30 local stays 18:30 local; the 31st becomes midnight of the
  // 1st.
  EXPECT_EQ(value_of("timestamp('2026-01-30T22:00:00Z') + months(1) == "
                     "timestamp('2026-03-01T03:30:00Z')"),
            "1");
  EXPECT_EQ(value_of("timestamp('2026-01-15T22:00:00Z') + months(1) == "
                     "timestamp('2026-02-15T22:00:00Z')"),
            "1");
  // Over the change to summer time (8 March 2026) the wall clock stays, the instant moves.
  EXPECT_EQ(value_of("timestamp('2026-02-15T22:00:00Z') + months(1) == "
                     "timestamp('2026-03-15T21:00:00Z')"),
            "1");
}

TEST(TimeKernels, MonthsOnTimesAreTimeZoneAdd) {
  Dice dice(3);
  for (int i = 0; i < cases(2000); ++i) {
    const Micros t =
        kMinTime + static_cast<Micros>(dice.bits() % static_cast<uint64_t>(kEndTime - kMinTime));
    const auto months = static_cast<int32_t>(dice.between(-500, 500));
    const Micros expected = world().zone().add(t, {months, 0});
    if (expected <= kMinTime || expected >= kEndTime) continue;
    Row row = plain_row().set("t", t).set("i", months);
    ASSERT_EQ(value_of("t + months(i)", row), std::to_string(expected)) << t << " " << months;
  }
}

TEST(TimeKernels, ADateIsItsLocalMidnight) {
  Row row = plain_row().set("dt", 20'513);  // 2026-03-01
  EXPECT_EQ(value_of("timestamp(dt) == timestamp('2026-03-01T03:30:00Z')", row), "1");
  EXPECT_EQ(value_of("dt <= timestamp('2026-03-01T03:30:00Z')", row), "1");
  EXPECT_EQ(value_of("dt < timestamp('2026-03-01T03:30:00Z')", row), "0");
  EXPECT_EQ(value_of("date(timestamp('2026-03-01T03:29:59Z')) < dt", row), "1");
  EXPECT_EQ(value_of("dt + duration('90m') == timestamp('2026-03-01T05:00:00Z')", row), "1");
  EXPECT_EQ(value_of("dt - days(1) == date('2026-02-28')", row), "1");
  EXPECT_EQ(value_of("date('2026-03-09') - date('2026-03-08') == duration('23h')", row), "1");
  EXPECT_EQ(value_of("age(dt) == now - timestamp(dt)", row), "1");
}

TEST(TimeKernels, PartsInUtcAndInZones) {
  // 1234567890 is Friday, 13 February 2009, 23:31:30 UTC (CEL's own example).
  const Row row = plain_row().set("t", 1'234'567'890'123'456).set("du", 13'845'678'000);
  const auto part = [&](const char* call) { return value_of(std::string("t.") + call, row); };
  EXPECT_EQ(part("getFullYear()"), "2009");
  EXPECT_EQ(part("getMonth()"), "1");
  EXPECT_EQ(part("getDate()"), "13");
  EXPECT_EQ(part("getDayOfMonth()"), "12");
  EXPECT_EQ(part("getDayOfWeek()"), "5");
  EXPECT_EQ(part("getDayOfYear()"), "43");
  EXPECT_EQ(part("getHours()"), "23");
  EXPECT_EQ(part("getMinutes('Asia/Kathmandu')"), "16");
  EXPECT_EQ(part("getSeconds()"), "30");
  EXPECT_EQ(part("getMilliseconds()"), "123");
  EXPECT_EQ(part("getDate('Australia/Sydney')"), "14");
  EXPECT_EQ(part("getHours('02:00')"), "1");
  EXPECT_EQ(value_of("du.getHours()", row), "3");
  EXPECT_EQ(value_of("du.getMinutes()", row), "230");
  EXPECT_EQ(value_of("du.getSeconds()", row), "13845");
  EXPECT_EQ(value_of("du.getMilliseconds()", row), "678");
  EXPECT_EQ(value_of("int(timestamp('1969-12-31T23:59:59.5Z'))"), "-1");
}

}  // namespace
}  // namespace patron::test
