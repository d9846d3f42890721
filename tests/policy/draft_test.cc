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

// The order of keys is no part of a policy: its canonical text has them in byte order.
TEST(Draft, WhichLabelIsReadDoesNotHangOnTheOrderOfKeys) {
  const auto label = [](const char* words) {
    const Result<Policy> policy = Policy::parse(test::policy_with(
        R"("attributes": {"a": {"type": "bool", "label": )" + std::string(words) + "}}"));
    EXPECT_TRUE(policy.ok()) << policy.status().message();
    EXPECT_EQ(Policy::parse(policy->to_json())->tags()[0].label, policy->tags()[0].label);
    return policy->tags()[0].label;
  };
  EXPECT_EQ(label(R"({"zh": "是", "en": "Yes"})"), "Yes");
  EXPECT_EQ(label(R"({"zh": "是", "en-GB": "Aye"})"), "Aye");
  EXPECT_EQ(label(R"({"zh": "是", "de": "Ja"})"), "Ja");
  EXPECT_EQ(label(R"({"english": "Yes", "de": "Ja"})"), "Ja");
  EXPECT_EQ(label(R"({"en": "", "zh": "是"})"), "是");
}

TEST(Draft, WordsAreThoseOfALanguageElseOfEnglishElseTheFirst) {
  const internal::PolicyWords words{{"de", "Stufe"}, {"en", "Tier"}, {"zh-Hant", "等級"}};
  EXPECT_EQ(internal::words_in(words, "zh"), "等級");
  EXPECT_EQ(internal::words_in(words, "z"), "Tier");
  EXPECT_EQ(internal::words_in(words, "fr"), "Tier");
  EXPECT_EQ(internal::words_in({{"de", "Stufe"}}, "fr"), "Stufe");
  EXPECT_EQ(internal::words_in({}, "en"), "");
}

}  // namespace
}  // namespace patron
