#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

TEST(CheckCall, KnowsItsFunctions) {
  EXPECT_EQ(finding_of("startWith(s, 'a')").substr(0, 20), "unknown_function 0-9");
  EXPECT_EQ(finding_of("startsWith(s, 'a')"),
            "unknown_function 0-10: startsWith stands behind what it asks of: x.startsWith(...)");
  EXPECT_EQ(finding_of("s.startWith('a')"),
            "unknown_function 2-11: \"startWith\" is no function of a value; did you mean "
            "\"startsWith\"?");
  EXPECT_EQ(finding_of("t.age()"), "unknown_function 2-5: write age(x), not x.age()");
  EXPECT_EQ(finding_of("age()"), "arguments 0-5: age has 0 arguments; write age(t)");
  EXPECT_EQ(finding_of("min(1)").substr(0, 9), "arguments");
  EXPECT_EQ(finding_of("min(i, d)").substr(0, 4), "type");
  EXPECT_EQ(finding_of("max('a', 'b')").substr(0, 4), "type");
  EXPECT_EQ(finding_of("has(i + 1)").substr(0, 4), "type");
  EXPECT_EQ(finding_of("abs(s)").substr(0, 4), "type");
  EXPECT_EQ(finding_of("days(1.5)").substr(0, 4), "type");
  EXPECT_EQ(finding_of("or_else(i, 's')").substr(0, 4), "type");
  EXPECT_EQ(finding_of("or_else(e, 'lowe')").substr(0, 13), "unknown_value");
}

TEST(CheckCall, RefusesWithAReason) {
  for (const char* text : {"type(i)", "dyn(i)", "uint(1)", "bytes('a')", "s.matches('a')",
                           "matches(s, 'a')", "string(i)"}) {
    EXPECT_EQ(finding_of(text).substr(0, 7), "refused") << text;
  }
  EXPECT_EQ(finding_of("int(m)"),
            "type 0-6: int() has no form for m (money (CNY, scale 2)); write int(double(m)) for "
            "whole units");
}

TEST(CheckCall, ReadsLiteralsWhileChecking) {
  EXPECT_EQ(finding_of("timestamp('2026-02-29T00:00:00Z')").substr(0, 13), "literal 10-32");
  EXPECT_NE(finding_of("duration('3d')").find("days(n)"), std::string::npos);
  EXPECT_NE(finding_of("duration('1ns')").find("finer than a microsecond"), std::string::npos);
  EXPECT_EQ(finding_of("int('1x')").substr(0, 7), "literal");
  EXPECT_EQ(finding_of("t.getHours('Europe/Pari')").substr(0, 12), "unknown_zone");
  EXPECT_EQ(finding_of("t.getHours(s)").substr(0, 4), "type");
  EXPECT_EQ(finding_of("dt.getHours()").substr(0, 4), "type");
  EXPECT_EQ(finding_of("du.getDate()").substr(0, 4), "type");
}

TEST(CheckCall, ConstantsHaveTexts) {
  EXPECT_EQ(value_of("string(-4.5e-3)"), "'-0.0045'");
  EXPECT_EQ(value_of("string(true) + string(12)"), "'true12'");
  EXPECT_EQ(value_of("string(timestamp('2009-02-13T23:31:30+01:00'))"), "'2009-02-13T22:31:30Z'");
  EXPECT_EQ(value_of("string(duration('1h'))"), "'3600s'");
  EXPECT_EQ(value_of("string(date('2026-03-01'))"), "'2026-03-01'");
  EXPECT_EQ(value_of("string(s)", plain_row().set_text("s", "x")), "'x'");
}

}  // namespace
}  // namespace patron::test
