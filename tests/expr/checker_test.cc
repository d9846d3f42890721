#include "lib/expr/checker.h"

#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

TEST(Checker, NamesTheNearest) {
  EXPECT_EQ(finding_of("rr == 'x'").substr(0, 16), "unknown_name 0-2");
  EXPECT_EQ(finding_of("k.y > 1"),
            "unknown_name 0-3: \"k.y\" is no field of the schema; did you mean \"k.x\"?");
  EXPECT_EQ(finding_of("noow > t"),
            "unknown_name 0-4: \"noow\" is no field of the schema; did you mean \"now\"?");
  EXPECT_EQ(finding_of("i.x > 1"), "type 0-3: \"i\" is int64 and has no field \"x\"");
}

TEST(Checker, FindsAllErrorsAtOnce) {
  const CheckedExpression checked = Expression::check("zz > 1 && (i + 'x' > 1 || !d)", world());
  EXPECT_FALSE(checked.expression);
  ASSERT_EQ(checked.diagnostics.size(), 3u);
  EXPECT_EQ(checked.diagnostics[0].begin, 0);
  EXPECT_EQ(checked.diagnostics[1].begin, 11);
  EXPECT_EQ(checked.diagnostics[2].begin, 26);
}

TEST(Checker, WantsConditionsWhereTheyBelong) {
  EXPECT_EQ(finding_of("i && b"),
            "type 0-1: && wants conditions, and i (int64) is none; compare it, as in x > 0");
  EXPECT_EQ(finding_of("!s"), "type 0-2: ! wants a bool, and s (string) is none");
  EXPECT_EQ(finding_of("-s"), "type 0-2: - wants a number, and s (string) is none");
  EXPECT_EQ(finding_of("i ? 1 : 2"),
            "type 0-1: a condition stands before ?, and i (int64) is none");
  EXPECT_EQ(finding_of("b ? 1 : 's'"),
            "type 0-11: both sides of : must be of one type, not 1 (int64) and \"s\" (string)");
  EXPECT_EQ(finding_of("null").substr(0, 8), "type 0-4");
  EXPECT_EQ(finding_of("months(2)").substr(0, 8), "type 0-9");
}

TEST(Checker, WarnsOfWhatIsAlwaysTheSame) {
  EXPECT_EQ(finding_of("1 < 2 || b"), "always 0-10: this is true for every row");
  EXPECT_EQ(finding_of("1 / 0 > i && false"), "always 0-18: this is false for every row");
  EXPECT_EQ(finding_of("j / 0 > 1"), "none");
  EXPECT_EQ(finding_of("1 / 0 > 1").substr(0, 14), "always_unknown");
  EXPECT_EQ(finding_of("has(j)"), "always 0-6: j is never null: this is true for every row");
  EXPECT_EQ(finding_of("true"), "none");
}

TEST(Checker, ALiteralTakesTheTypeBesideIt) {
  EXPECT_EQ(value_of("b ? 1 : 2.5", plain_row().set("b", 1)), "1");
  EXPECT_EQ(value_of("or_else(m, 2)"), "200");
  EXPECT_EQ(finding_of("d + 9007199254740993"),
            "type 4-20: 9007199254740993 beside a double would be rounded; write "
            "9007199254740993.0 if that is meant");
  EXPECT_EQ(finding_of("m + 0.001").substr(0, 8), "type 4-9");
}

}  // namespace
}  // namespace patron::test
