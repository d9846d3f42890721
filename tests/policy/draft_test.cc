#include "lib/policy/draft.h"

#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of;

TEST(Draft, NamesShareOneSpace) {
  EXPECT_EQ(said_of(R"("attributes": {"rfm": {"type": "int64"}}, "models": {"rfm": {}})"),
            Said{"name_taken /models/rfm"});
  // Tables of customers have these columns already.
  EXPECT_EQ(said_of(R"("streams": {"orders": {}},
      "tags": [{"name": "customer", "metric": {"count": "orders"}}])"),
            Said{"name /tags/0/name"});
  EXPECT_EQ(said_of(R"("attributes": {"n": {"type": "int64"}}, "classifications": [
      {"name": "next_change", "kind": "ladder", "classes": [{"name": "a", "enter": "n > 1"}, {"name": "b"}]}])"),
            Said{"name /classifications/0/name"});
  EXPECT_EQ(said_of(R"("attributes": {"time": {"type": "int64"}},
      "tags": [{"name": "t", "expression": "time + 1"}])"),
            Said{"name /attributes/time"});
  EXPECT_EQ(said_of(R"("attributes": {"a.b": {"type": "int64"}})"), Said{"name /attributes/a.b"});
}

TEST(Draft, WhatReadsABrokenValueIsNotLookedAt) {
  EXPECT_EQ(said_of(R"("attributes": {"a": {"type": "integer"}},
      "tags": [{"name": "b", "expression": "a + 1"}, {"name": "c", "expression": "b > 2"}])"),
            Said{"type /attributes/a/type"});
}

TEST(Draft, LabelsMayBeInSeveralLanguages) {
  const Result<Policy> policy = Policy::parse(test::policy_with(
      R"("attributes": {"a": {"type": "bool", "label": {"en": "Yes", "zh": "是"}, "description": "d"}})"));
  ASSERT_TRUE(policy.ok());
  EXPECT_EQ(policy->tags()[0].label, "Yes");
  EXPECT_EQ(policy->tags()[0].description, "d");
}

}  // namespace
}  // namespace patron
