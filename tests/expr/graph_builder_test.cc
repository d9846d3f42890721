#include "lib/expr/graph_builder.h"

#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

using internal::Op;

// The operation at the root, and how many nodes there are.
internal::Node root_of(const char* text) {
  const Expression expression = *Expression::parse(text, world());
  return expression.compiled().root();
}
size_t steps_of(const char* text) {
  return Expression::parse(text, world())->compiled().program->steps().size();
}

TEST(GraphBuilder, EqualNodesAreOne) {
  EXPECT_EQ(steps_of("i > 3 && i > 3"), 1u);
  EXPECT_EQ(steps_of("(i > 3 || b) && (i > 3 || c)"), 6u);  // one comparison, b, c, or, or, and
}

TEST(GraphBuilder, ConstantsAreComputed) {
  EXPECT_EQ(root_of("1 + 2 * 3").op, Op::kConst);
  EXPECT_EQ(root_of("1 + 2 * 3").integer, 7);
  EXPECT_FALSE(root_of("1 / 0").known);
  EXPECT_EQ(root_of("days(3) == duration('72h')").integer, 1);
}

TEST(GraphBuilder, WhatDecidesIsEnough) {
  EXPECT_EQ(root_of("false && i / 0 > 1").op, Op::kConst);
  EXPECT_EQ(root_of("i > 1 || true").integer, 1);
  EXPECT_EQ(root_of("true && b").op, Op::kField);
  EXPECT_EQ(root_of("true ? i : j").op, Op::kField);
  EXPECT_EQ(root_of("or_else(c, b)").op, Op::kField);
  EXPECT_EQ(root_of("b || 1 / 0 > 0").op, Op::kOr);
  EXPECT_EQ(root_of("now > now || has(i)").op, Op::kOr);
}

TEST(GraphBuilder, KnowsWhatIsNeverUnknown) {
  EXPECT_TRUE(root_of("c && has(i)").total);
  EXPECT_TRUE(root_of("f > 2 ? 1 : 2").total);
  EXPECT_TRUE(root_of("or_else(b, c)").total);
  EXPECT_FALSE(root_of("j + 1 > 2").total);
  EXPECT_FALSE(root_of("b").total);
}

}  // namespace
}  // namespace patron::test
