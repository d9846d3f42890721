// CEL by cases: what the language definition says of each feature, and what is refused.
// Expected values are those of github.com/google/cel-spec, doc/langdef.md, or arithmetic.
#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

struct Case {
  const char* text;
  const char* value;  ///< as cell_text() writes it, or "error: code"
};

TEST(Cel, WhatIsTheSameHasCelsValue) {
  for (const Case& c : std::initializer_list<Case>{
           {"42", "42"},
           {"-0x55555555", "-1431655765"},
           {"0e+0", "0"},
           {"-2.3e+1", "-23"},
           {".700e1", "7"},
           {"-9223372036854775808", "-9223372036854775808"},
           {"'''x''x'''", "'x''x'"},
           {"r\"\\\\\"", "'\\\\'"},
           {"'\\303\\277'", "'\xC3\x83\xC2\xBF'"},
           {"\"\\xFF\"", "'\xC3\xBF'"},
           {"'\\u270c'", "'\xE2\x9C\x8C'"},
           {"1 + 2 * 3 - 4 / 2 % 3", "5"},
           {"-42 % (-5)", "-2"},
           {"43 % (-5)", "3"},
           {"9223372036854775807 + 1", "unknown"},
           {"(-9223372036854775808) / -1", "unknown"},
           {"5000000000 * 5000000000", "unknown"},
           {"15 / 0", "unknown"},
           {"34 % 0", "unknown"},
           {"0.0625 / 0.002", "31.25"},
           {"40.75 * (-2.25)", "-91.6875"},
           {"1e-324 / 2.0", "0"},
           {"true ? 1 : 2", "1"},
           {"2 / 0 > 4 ? 'baz' : 'quux'", "unknown"},
           {"false && (2 / 0 > 3 ? false : true)", "0"},
           {"(2 / 0 > 3 ? false : true) && false", "0"},
           {"true && 1 / 0 != 0", "unknown"},
           {"1 / 0 != 0 || true", "1"},
           {"false || 1 / 0 != 0", "unknown"},
           {"'a' < 'b' && '' < 'a' && !('abc' < 'ab')", "1"},
           {"false < true", "1"},
           {"-0.0 < 0.0", "0"},
           {"-0.0 == 0.0", "1"},
           {"7 in []", "0"},
           {"'alpha' in ['alpha', 'beta']", "1"},
           {"size('\xCF\x80\xCE\xAD\xCE\xBD\xCF\x84\xCE\xB5')", "5"},
           {"'foobar'.startsWith('foo') && ''.endsWith('') && 'abababc'.contains('ababc')", "1"},
           {"int(-7.9)", "-7"},
           {"int('987')", "987"},
           {"int(9223372036854775807.0)", "unknown"},
           {"double('6.02214e23')", "6.0221399999999997e+23"},
           {"string(-4.5e-3)", "'-0.0045'"},
           {"bool('t')", "1"},
           {"int(timestamp('2009-02-13T23:31:30Z'))", "1234567890"},
           {"string(duration('1000000s'))", "'1000000s'"},
           {"duration('600s') + duration('50s') == duration('650s')", "1"},
           {"timestamp('2009-02-13T23:10:00Z') - duration('600s') == "
            "timestamp('2009-02-13T23:00:00Z')",
            "1"},
           {"duration('10000s').getHours()", "2"},
           {"duration('3730s').getMinutes()", "62"},
           {"timestamp('2009-02-13T23:31:30Z').getDayOfWeek('UTC')", "5"},
           {"timestamp('2009-02-13T02:00:00Z').getDayOfMonth('-02:30')", "11"},
           {"timestamp('9999-12-31T23:59:59Z') + duration('1s')", "unknown"},
           {"duration('-200000000000s') - duration('200000000000s')", "unknown"},
           {"null == null", "1"},
           {"null != null", "0"}}) {
    EXPECT_EQ(value_of(c.text), c.value) << c.text;
  }
}

TEST(Cel, WhatIsExtendedIsWhatThePageSays) {
  Row row = plain_row().set("m", 1234).set("du", 7'200'000'000).set("i", 3).set("st", 3);
  row.set("dt", 20'513).set_text("e", "high").set_double("d", 2.5);
  for (const Case& c : std::initializer_list<Case>{{"i < d", "0"},
                                                   {"d + 1", "3.5"},
                                                   {"m > 12.335 && m < 12.345", "1"},
                                                   {"m + 0.66", "1300"},
                                                   {"du * 2 == duration('4h')", "1"},
                                                   {"'a' in st && !('c' in st)", "1"},
                                                   {"size(st)", "2"},
                                                   {"e > 'middle'", "1"},
                                                   {"dt + days(1) == date('2026-03-02')", "1"},
                                                   {"dt.getMonth()", "2"},
                                                   {"has(i) && !has(k.x)", "1"},
                                                   {"or_else(k.x, 7)", "7"},
                                                   {"max(i, 5, -2)", "5"},
                                                   {"abs(-3.5)", "3.5"}}) {
    EXPECT_EQ(value_of(c.text, row), c.value) << c.text;
  }
}

TEST(Cel, WhatIsRefusedGetsADiagnostic) {
  for (const char* text : {"1u", "b'abc'", "[1, 2][0]", "{'a': 1}", "[1].all(x, x > 0)",
                           "[1].exists(x, x > 0)", "[1].exists_one(x, x > 0)", "[1].map(x, x)",
                           "[1].filter(x, x > 0)", "s.matches('a')", "type(1)", "dyn(1)", "uint(1)",
                           "bytes('a')", "s + 'a'", "string(i)", "[1] + [2]", "i in [j]"}) {
    EXPECT_EQ(value_of(text), "error: refused") << text;
  }
  for (const char* text : {"1 + 1.0 + i", "47.5 % 5.5", "'a' && true", "!0", "-false", "[1] == [1]",
                           "null < null", "1 == 'a'", "true ? 'cows' : 17"}) {
    EXPECT_EQ(value_of(text), "error: type") << text;
  }
}

}  // namespace
}  // namespace patron::test
