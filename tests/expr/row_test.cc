#include <gtest/gtest.h>

#include <limits>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

TEST(Row, ACellOutOfRangeIsUnknown) {
  EXPECT_EQ(
      value_of("has(d)", plain_row().set_double("d", std::numeric_limits<double>::infinity())),
      "0");
  EXPECT_EQ(value_of("has(t)", plain_row().set("t", INT64_MAX)), "0");
  EXPECT_EQ(value_of("has(dt)", plain_row().set("dt", 3'000'000)), "0");
  EXPECT_EQ(value_of("has(du)", plain_row().set("du", INT64_MIN)), "0");
  EXPECT_EQ(value_of("has(b)", plain_row().set("b", 1)), "1");
}

TEST(Row, ASetWithABitThatIsNoValueIsUnknown) {
  EXPECT_EQ(value_of("size(st)", plain_row().set("st", 7)), "3");  // a, b and c
  EXPECT_EQ(value_of("has(st)", plain_row().set("st", 8)), "0");
  EXPECT_EQ(value_of("has(st)", plain_row().set("st", -1)), "0");
}

TEST(Row, ChecksWhatTheCallGives) {
  const Expression expression = *Expression::parse("j > 0 && now > t", world());
  const Row row = plain_row();
  EXPECT_EQ(expression.evaluate_row({}, kWorldNow).status().code(), Code::kLength);
  EXPECT_EQ(expression.evaluate_row(row.cells).status().code(), Code::kArgument);
  EXPECT_EQ(expression.evaluate_row(row.cells, INT64_MAX).status().code(), Code::kArgument);
  Row none;
  const Status null = expression.evaluate_row(none.cells, kWorldNow).status();
  EXPECT_EQ(null.code(), Code::kNull);
  EXPECT_NE(null.message().find("\"j\""), std::string::npos);
}

TEST(Row, WorksBeyondTheStack) {
  std::string wide = "i == 1000";
  for (int k = 0; k < 200; ++k) wide += " || i * " + std::to_string(k + 2) + " == j";
  EXPECT_EQ(value_of(wide, plain_row().set("i", 7).set("j", 7 * 150)), "1");
  EXPECT_EQ(value_of(wide, plain_row().set("i", 7).set("j", 1)), "0");
}

}  // namespace
}  // namespace patron::test
