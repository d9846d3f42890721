#include "lib/policy/knowledge.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/policy/said.h"

namespace patron::internal::policy {
namespace {

TEST(PolicyKnowledge, HasTheBoundsOfCountsScoresAndClasses) {
  const Result<Policy> policy = Policy::parse(test::policy_with(
      R"("streams": {"orders": {}}, "attributes": {"a": {"type": "int64"}, "b": {"type": "bool"}},
         "tags": [{"name": "n", "metric": {"count": "orders"}}, {"name": "gap", "metric": {"gap_last": "orders"}},
                  {"name": "often", "expression": "n >= 3"}, {"name": "sum", "expression": "n + a"},
                  {"name": "held", "expression": "n >= 3", "on_null": "keep"}],
         "models": {"rfm": {}, "nps": {}},
         "classifications": [
           {"name": "l", "kind": "ladder", "classes": [{"name": "x", "enter": "often"}, {"name": "r"}]},
           {"name": "m", "kind": "first_match", "classes": [{"name": "x", "enter": "often"}]}])"));
  ASSERT_TRUE(policy.ok()) << policy.status().message();
  Knowledge knowledge(policy->data());
  EXPECT_FALSE(knowledge.domain("n").nullable);
  EXPECT_EQ(knowledge.domain("n").low, 0);
  EXPECT_TRUE(knowledge.domain("gap").nullable);
  EXPECT_EQ(knowledge.domain("rfm.r").high, 5);
  EXPECT_EQ(knowledge.domain("nps.score").high, 10);
  EXPECT_FALSE(knowledge.domain("l").nullable);
  EXPECT_TRUE(knowledge.domain("m").nullable);
  EXPECT_TRUE(knowledge.domain("a").nullable);
  EXPECT_FALSE(knowledge.domain("a").low.has_value());
  // Into which tags conditions are followed.
  EXPECT_NE(knowledge.inside("often"), nullptr);
  EXPECT_EQ(knowledge.inside("held"), nullptr);  // may be what it was before
  EXPECT_EQ(knowledge.inside("b"), nullptr);
  EXPECT_EQ(knowledge.inside("sum"), nullptr);
  // What values are made of.
  EXPECT_EQ(knowledge.leaves("often").ids, knowledge.leaves("n").ids);
  EXPECT_EQ(knowledge.leaves("sum").ids.size(), 2U);
  EXPECT_EQ(knowledge.leaves("l").ids, knowledge.leaves("n").ids);
  EXPECT_NE(knowledge.leaves("unheard_of").ids, knowledge.leaves("n").ids);
}

}  // namespace
}  // namespace patron::internal::policy
