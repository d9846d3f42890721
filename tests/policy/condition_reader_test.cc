#include "lib/policy/condition_reader.h"

#include <gtest/gtest.h>

#include "tests/policy/said.h"

namespace patron::internal::policy {
namespace {

Policy sound() {
  return *Policy::parse(test::policy_with(
      R"("streams": {"orders": {}}, "attributes": {"tags": {"type": "enum_set", "values": ["a", "b"]}},
         "tags": [{"name": "n", "metric": {"count": "orders"}}, {"name": "often", "expression": "n >= 3"},
                  {"name": "seldom", "expression": "!often"}],
         "classifications": [{"name": "f", "kind": "flags", "classes": [
           {"name": "x", "enter": "often"}, {"name": "y", "enter": "seldom"}]}])"));
}

TEST(ConditionReader, ReadsBoolTagsAsWhatTheySay) {
  const Policy policy = sound();
  Knowledge knowledge(policy.data());
  Terrain terrain(knowledge);
  const int both = terrain.add(*Expression::parse("often && seldom", policy.schema()));
  const int one = terrain.add(*Expression::parse("n >= 2 && seldom", policy.schema()));
  terrain.settle();
  ASSERT_EQ(terrain.things().size(), 1U);
  EXPECT_EQ(terrain.things()[0].text, "n");
  EXPECT_TRUE(terrain.exact(both));
  // 0 and 1, 2, from 3; a count is never negative and never null.
  EXPECT_FALSE(terrain.things()[0].all.null);
  EXPECT_EQ(terrain.things()[0].all.high - terrain.things()[0].all.low, 3);
  Region region = terrain.everywhere();
  terrain.narrow(both, region);
  EXPECT_EQ(terrain.verdict(both, region), Terrain::kCannot);
  EXPECT_TRUE(terrain.is_box(one));
}

TEST(ConditionReader, MembersOfFlagsAreIndependentAndThoseOfASetThatMayBeNullAreNot) {
  const Policy policy = sound();
  Knowledge knowledge(policy.data());
  Terrain terrain(knowledge);
  const int flags = terrain.add(*Expression::parse("'x' in f && 'y' in f", policy.schema()));
  const int tags = terrain.add(*Expression::parse("'a' in tags && 'b' in tags", policy.schema()));
  terrain.settle();
  EXPECT_TRUE(terrain.exact(flags));
  EXPECT_FALSE(terrain.exact(tags));
}

}  // namespace
}  // namespace patron::internal::policy
