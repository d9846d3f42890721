#include "patron/policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/policy/shared_policies.h"

namespace patron {
namespace {

Policy shipped(const char* name) {
  const CheckedPolicy checked = Policy::check(test::policy_text(name));
  EXPECT_TRUE(checked.policy) << format_findings(name, test::policy_text(name), checked.findings);
  return *checked.policy;
}

const PolicyTag& tag(const Policy& policy, std::string_view name) {
  for (const PolicyTag& one : policy.tags()) {
    if (one.name == name) return one;
  }
  ADD_FAILURE() << "no tag " << name;
  return policy.tags()[0];
}

TEST(Policy, TheShippedPoliciesAreSound) {
  for (const char* name : test::kPolicies) {
    const std::string text = test::policy_text(name);
    const CheckedPolicy checked = Policy::check(text);
    EXPECT_TRUE(checked.policy);
    for (const PolicyFinding& finding : checked.findings) {
      EXPECT_NE(finding.severity, Severity::kError) << format_findings(name, text, {&finding, 1});
    }
  }
}

TEST(Policy, EveryValueHasItsType) {
  const Policy retail = shipped("retail");
  EXPECT_EQ(retail.name(), "retail");
  EXPECT_EQ(retail.zone().name(), "Asia/Shanghai");
  EXPECT_EQ(tag(retail, "spend_12m").kind, Kind::kMoney);
  EXPECT_EQ(tag(retail, "orders_12m").kind, Kind::kInt64);
  EXPECT_EQ(tag(retail, "last_order").kind, Kind::kTimestamp);
  EXPECT_EQ(tag(retail, "purchase_cycle").kind, Kind::kDuration);
  EXPECT_EQ(tag(retail, "favourite_category").kind, Kind::kEnum);
  EXPECT_EQ(tag(retail, "browse_time_30d").kind, Kind::kDuration);
  EXPECT_EQ(tag(retail, "nps_score").kind, Kind::kInt64);
  EXPECT_EQ(tag(retail, "review_keywords").kind, Kind::kEnumSet);
  EXPECT_EQ(tag(retail, "complaint_rate").kind, Kind::kDouble);
  EXPECT_EQ(tag(retail, "repeat_buyer").kind, Kind::kBool);
  EXPECT_EQ(tag(retail, "rfm.r").kind, Kind::kInt64);
  EXPECT_EQ(tag(retail, "ltv.p_alive").kind, Kind::kDouble);
  EXPECT_EQ(tag(retail, "ltv.value").kind, Kind::kMoney);
  EXPECT_EQ(tag(retail, "score").kind, Kind::kDouble);
  EXPECT_EQ(tag(retail, "tier").kind, Kind::kEnum);
  EXPECT_EQ(tag(retail, "tier").values, (std::vector<std::string>{"A", "B", "C"}));
  EXPECT_EQ(tag(retail, "audiences").kind, Kind::kEnumSet);
  EXPECT_EQ(tag(retail, "gender").label, "性别");
  EXPECT_EQ(tag(retail, "gender").category, "basic");
}

TEST(Policy, AGridHasTheClassesOfItsTable) {
  const Policy retail = shipped("retail");
  const PolicyClassification& segment = retail.classifications()[0];
  EXPECT_EQ(segment.kind, ClassificationKind::kGrid);
  EXPECT_EQ(segment.classes.size(), 12U);  // eleven, and who never bought
  EXPECT_EQ(segment.classes.back(), "prospect");
}

TEST(Policy, EachValueStandsBehindWhatItReads) {
  for (const char* name : test::kPolicies) {
    const Policy policy = shipped(name);
    std::vector<std::string> before;
    for (const PolicyTag& one : policy.tags()) {
      for (const std::string& read : one.reads) {
        EXPECT_NE(std::find(before.begin(), before.end(), read), before.end())
            << name << ": " << one.name << " reads " << read;
      }
      before.push_back(one.name);
    }
  }
  EXPECT_EQ(tag(shipped("baby"), "frequency_falls").reads,
            (std::vector<std::string>{"orders_90d_before", "orders_90d"}));
}

TEST(Policy, TheHashIsOfTheMeaningOfTheDocument) {
  const std::string a =
      R"({"patron": 1, "name": "x", "timezone": "UTC", "customer": {"id": "int64"}})";
  const std::string b = R"({ "name":"x","patron":1,
      "customer":{"id":"int64"}, "timezone":"\u0055TC" })";
  const Result<Policy> first = Policy::parse(a), second = Policy::parse(b);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->hash(), second->hash());
  EXPECT_EQ(first->to_json(),
            R"({"customer": {"id": "int64"}, "name": "x", "patron": 1, "timezone": "UTC"})");
  EXPECT_EQ(first->hash().size(), 64U);
  // The canonical document is a fixed point, and another name another policy.
  EXPECT_EQ(Policy::parse(first->to_json())->to_json(), first->to_json());
  EXPECT_NE(Policy::parse(R"({"patron": 1, "name": "y"})")->hash(), first->hash());
}

TEST(Policy, SaysEverythingThatIsWrongAtOnceAndInTheOrderOfTheDocument) {
  const std::string text = R"({"patron": 1, "name": "x", "timezone": "Mars/Olympus",
    "streams": {"orders": {"colums": {}}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amuont", "window": "90"}},
             {"name": "for", "expression": "true"}]})";
  const CheckedPolicy checked = Policy::check(text);
  EXPECT_FALSE(checked.policy);
  std::vector<std::string> found;
  for (const PolicyFinding& one : checked.findings) found.push_back(one.code + " " + one.pointer);
  EXPECT_EQ(found,
            (std::vector<std::string>{"zone /timezone", "unknown_key /streams/orders/colums",
                                      "unknown_column /tags/0/metric/sum", "name /tags/1/name"}));
  EXPECT_TRUE(std::is_sorted(checked.findings.begin(), checked.findings.end(),
                             [](const auto& a, const auto& b) { return a.offset < b.offset; }));
}

TEST(Policy, FormatsFindingsLikeACompiler) {
  const std::string text =
      "{\"patron\": 1, \"name\": \"x\",\n \"attributes\": {\"a\": {\"type\": \"int64\"}},\n"
      " \"tags\": [{\"name\": \"b\", \"expression\": \"a + c > 1\"}]}";
  const CheckedPolicy checked = Policy::check(text);
  ASSERT_EQ(checked.findings.size(), 1U);
  const std::string shown = format_findings("x.json", text, checked.findings);
  EXPECT_EQ(shown.substr(0, shown.find(": error: ")), "x.json:3:44");
  EXPECT_NE(shown.find("tags/0/expression: "), std::string::npos) << shown;
  // The caret stands under the c.
  const size_t line = shown.find("\n  ") + 3;
  const size_t caret = shown.find('^') - shown.rfind('\n', shown.find('^')) - 3;
  EXPECT_EQ(shown[line + caret], 'c') << shown;
}

TEST(Policy, AValueMayReadOneThatStandsBelowIt) {
  const char* text = R"({"patron": 1, "name": "x", "attributes": {"a": {"type": "int64"}},
    "tags": [{"name": "late", "expression": "early + 1"}, {"name": "early", "expression": "a * 2"}]})";
  const Result<Policy> policy = Policy::parse(text);
  ASSERT_TRUE(policy.ok()) << policy.status().message();
  EXPECT_EQ(policy->tags()[1].name, "early");
  EXPECT_EQ(policy->tags()[2].name, "late");
  EXPECT_EQ(policy->tags()[2].kind, Kind::kInt64);
}

TEST(Policy, RefusesWhatIsTooLargeInBoundedTime) {
  const std::string huge(size_t{2} << 20, ' ');
  EXPECT_EQ(Policy::parse(huge).status().code(), Code::kLimit);
  std::string deep = R"({"patron": 1, "name": "x", "actions": {"a": {"params": )";
  for (int i = 0; i < 40; ++i) deep += "{\"p\": ";
  EXPECT_EQ(Policy::parse(deep).status().code(), Code::kLimit);
  std::string many = R"({"patron": 1, "name": "x", "tags": [)";
  for (int i = 0; i < 3000; ++i) many += "{},";
  many.back() = ']';
  const CheckedPolicy checked = Policy::check(many + "}");
  ASSERT_EQ(checked.findings.size(), 1U);
  EXPECT_EQ(checked.findings[0].code, "limit");
}

TEST(Policy, AChainOfTagsIsReadInItsOrder) {
  std::string text =
      R"({"patron": 1, "name": "x", "attributes": {"t0": {"type": "int64"}}, "tags": [)";
  const auto chain = [&](int length) {
    std::string out = text;
    for (int i = length; i > 0; --i) {
      out += R"({"name": "t)" + std::to_string(i) + R"(", "expression": "t)" +
             std::to_string(i - 1) + R"( + 1"},)";
    }
    out.back() = ']';
    return out + "}";
  };
  EXPECT_TRUE(Policy::parse(chain(60)).ok()) << Policy::parse(chain(60)).status().message();
  EXPECT_EQ(Policy::parse(chain(100)).status().code(), Code::kLimit);
}

}  // namespace
}  // namespace patron
