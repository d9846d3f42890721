#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

TEST(CheckCompare, ProposesWhatWouldGo) {
  EXPECT_EQ(
      finding_of("m > d"),
      "type 0-5: m (money (CNY, scale 2)) and d (double) cannot be compared; write double(m)");
  EXPECT_EQ(finding_of("dt > '2026-03-01'"),
            "type 0-17: dt (date) and \"2026-03-01\" (string) cannot be compared; write "
            "date('2026-03-01')");
  EXPECT_EQ(finding_of("age(t) > 30").substr(0, 4), "type");
  EXPECT_NE(finding_of("age(t) > 30").find("write days(30)"), std::string::npos);
  EXPECT_NE(finding_of("age(bd) >= years(18)").find("birth_date + years(18) <= now"),
            std::string::npos);
  EXPECT_NE(finding_of("st == 'a'").find("write 'x' in st"), std::string::npos);
  EXPECT_EQ(finding_of("i == 'x'").substr(0, 8), "type 0-8");
  EXPECT_EQ(finding_of("b == 1").substr(0, 8), "type 0-6");
}

TEST(CheckCompare, LooksAtTheValuesOfAnEnum) {
  EXPECT_EQ(finding_of("e == 'midle'"),
            "unknown_value 5-12: \"midle\" is no value of e; did you mean \"middle\"?");
  EXPECT_EQ(finding_of("'zzzz' in st"),
            "unknown_value 0-6: \"zzzz\" is no value of st; its values are \"a\", \"b\", \"c\"");
  EXPECT_EQ(finding_of("e in ['low', 'hihg']").substr(0, 19), "unknown_value 13-19");
  EXPECT_EQ(finding_of("r == 'anything'"), "none");
  EXPECT_NE(finding_of("r < 'x'").find("\"ordered\": true"), std::string::npos);
}

TEST(CheckCompare, NullIsAskedOfFieldsOnly) {
  EXPECT_EQ(value_of("i == null"), "1");
  EXPECT_EQ(value_of("null != j"), "1");
  EXPECT_EQ(value_of("null == null"), "1");
  EXPECT_EQ(finding_of("null < i").substr(0, 4), "type");
  EXPECT_NE(finding_of("i + 1 == null").find("or_else"), std::string::npos);
  EXPECT_EQ(finding_of("i in [null]").substr(0, 4), "type");
  EXPECT_EQ(finding_of("i in [j]").substr(0, 7), "refused");
  EXPECT_EQ(finding_of("i in j").substr(0, 4), "type");
  EXPECT_EQ(finding_of("[1] == [1]").substr(0, 4), "type");
}

}  // namespace
}  // namespace patron::test
