#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

TEST(CheckArithmetic, SaysWhichOperandsGoTogether) {
  EXPECT_EQ(
      finding_of("i + d"),
      "type 0-5: i (int64) + d (double): whole numbers and doubles do not mix; write double(i)");
  EXPECT_EQ(finding_of("m / 12").substr(0, 4), "type");
  EXPECT_NE(finding_of("m / 12").find("double(m) / 12.0"), std::string::npos);
  EXPECT_EQ(finding_of("m * m").substr(0, 4), "type");
  EXPECT_EQ(finding_of("m + i").substr(0, 4), "type");
  EXPECT_EQ(finding_of("m % 2").substr(0, 4), "type");
  EXPECT_EQ(finding_of("d % 2.0"), "type 0-7: % is for whole numbers; doubles have no remainder");
  EXPECT_NE(finding_of("t + 3").find("write days(n)"), std::string::npos);
  EXPECT_EQ(finding_of("t + u").substr(0, 4), "type");
  EXPECT_EQ(finding_of("du * 1.5").substr(0, 4), "type");
  EXPECT_EQ(finding_of("du + months(1)").substr(0, 4), "type");
  EXPECT_EQ(finding_of("b + 1").substr(0, 4), "type");
  EXPECT_EQ(finding_of("i + null").substr(0, 4), "type");
  EXPECT_EQ(finding_of("s + 'x'").substr(0, 7), "refused");
  EXPECT_EQ(finding_of("[1] + [2]").substr(0, 7), "refused");
}

TEST(CheckArithmetic, ADateStaysADateBesideWholeDays) {
  const auto kind = [](const char* text) { return Expression::parse(text, world())->kind(); };
  EXPECT_EQ(kind("dt + days(3)"), Kind::kDate);
  EXPECT_EQ(kind("dt + (days(3) + days(i))"), Kind::kDate);
  EXPECT_EQ(kind("dt + days(3) * 2"), Kind::kDate);
  EXPECT_EQ(kind("dt + (b ? days(1) : days(2))"), Kind::kDate);
  EXPECT_EQ(kind("dt + du"), Kind::kTimestamp);
  EXPECT_EQ(kind("dt + (days(1) + du)"), Kind::kTimestamp);
  EXPECT_EQ(kind("dt + months(1)"), Kind::kDate);
  EXPECT_EQ(kind("years(1) + t"), Kind::kTimestamp);
  EXPECT_EQ(kind("dt - bd"), Kind::kDuration);
  EXPECT_EQ(kind("m / n"), Kind::kDouble);
  EXPECT_EQ(kind("2 * m"), Kind::kMoney);
}

}  // namespace
}  // namespace patron::test
