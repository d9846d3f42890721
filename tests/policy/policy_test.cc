#include "patron/policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
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
  EXPECT_NE(shown.find("error: /tags/0/expression: "), std::string::npos) << shown;
  // The caret stands under the c.
  const size_t line = shown.find("\n  ") + 3;
  const size_t caret = shown.find('^') - shown.rfind('\n', shown.find('^')) - 3;
  EXPECT_EQ(shown[line + caret], 'c') << shown;
}

TEST(Policy, AnErrorSaysWhereAndHowManyMoreThereAre) {
  EXPECT_EQ(Policy::parse("{\"patron\": 1,\n \"name\": \"x\",}").status().message(),
            "line 2, column 14: JSON, byte 27: a comma before } is no JSON; leave it out");
  const std::string text =
      R"({"patron": 1, "name": "x", "attributes": {"a": {"type": "int64"}},
          "tags": [{"name": "b", "expression": "a = 1"}, {"name": "c", "expression": "a > "},
                   {"name": "d", "expression": "a OR a"}]})";
  EXPECT_EQ(
      Policy::parse(text).status().message(),
      "/tags/0/expression: write == to compare; and 2 more, which a check of the policy lists");
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

// Threads only read: the same answers, and nothing for ThreadSanitizer to see.
TEST(Policy, ThreadsShareIt) {
  const Policy policy = shipped("retail");
  const std::string json = policy.to_json(), sql = *policy.to_sql("tier", SqlDialect::kDuckdb);
  std::vector<std::thread> threads;
  std::atomic<int> same = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        const Policy copy = policy;
        const CheckedPolicy again = Policy::check(json);
        same += copy.to_json() == json && again.policy->hash() == copy.hash() &&
                *copy.to_sql("tier", SqlDialect::kDuckdb) == sql;
      }
    });
  }
  for (std::thread& one : threads) one.join();
  EXPECT_EQ(same, 80);
}

TEST(Policy, HostileDocumentsAreOneFindingWithItsPlace) {
  const auto said = [](std::string_view text) {
    const CheckedPolicy checked = Policy::check(text);
    EXPECT_FALSE(checked.policy);
    EXPECT_EQ(checked.findings.size(), 1U) << text;
    return checked.findings[0].code + " " + std::to_string(checked.findings[0].offset);
  };
  EXPECT_EQ(said("\xEF\xBB\xBF{}"), "syntax 0");  // a byte order mark
  EXPECT_EQ(said(R"({"patron": 1, "name": "x", "n\u0061me": "y"})"), "duplicate_key 27");
  EXPECT_EQ(said(R"({"patron": 1e999, "name": "x"})"), "syntax 11");
  EXPECT_EQ(said(R"({"patron": 1, "name": "\ud800"})"), "syntax 23");
  EXPECT_EQ(said("{\"patron\": 1, \"name\": \"\xff\"}"), "syntax 23");
  EXPECT_EQ(said(R"({"patron": 123456789012345678901234567890, "name": "x"})"), "version 11");
  EXPECT_EQ(said(std::string(100'000, '[')), "limit 32");
  EXPECT_EQ(said(std::string(size_t{64} << 20, ' ')), "limit 0");
  EXPECT_EQ(said(std::string_view("\0", 1)), "syntax 0");
}

TEST(Policy, LineEndsOfWindowsChangeNothingButTheOffsets) {
  std::string text = test::policy_text("baby"), windows;
  for (const char c : text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(Policy::parse(windows)->hash(), Policy::parse(text)->hash());
  const std::string broken = "{\"patron\": 1,\r\n \"nam\": \"x\"}";
  const std::string shown = format_findings("x", broken, Policy::check(broken).findings);
  EXPECT_NE(shown.find("x:2:2: error: /nam: "), std::string::npos) << shown;
  EXPECT_EQ(shown.find('\r'), std::string::npos);
}

TEST(Policy, NamesThatDifferInTheCaseOfLettersAreWarnedOf) {
  const CheckedPolicy checked = Policy::check(
      R"({"patron": 1, "name": "x", "attributes": {"Region": {"type": "string"}, "region": {"type": "string"}}})");
  ASSERT_TRUE(checked.policy);
  ASSERT_EQ(checked.findings.size(), 1U);
  EXPECT_EQ(checked.findings[0].code, "similar_name");
}

// A thousand warnings are no reason to refuse, and an error behind them is one.
TEST(Policy, MoreFindingsThanAreListedDoNotChangeWhetherItIsSound) {
  std::string text =
      R"({"patron": 1, "name": "x", "attributes": {"n": {"type": "int64"}}, "tags": [)";
  for (int i = 0; i < 1500; ++i) {
    text += R"({"name": "t)" + std::to_string(i) + R"(", "expression": "n / 2"},)";
  }
  text.back() = ']';
  const CheckedPolicy warned = Policy::check(text + "}");
  EXPECT_TRUE(warned.policy);
  EXPECT_EQ(warned.findings.size(), 1001U);
  for (const PolicyFinding& one : warned.findings) EXPECT_NE(one.severity, Severity::kError);
  const CheckedPolicy refused = Policy::check(text + R"(, "nam": 1})");
  EXPECT_FALSE(refused.policy);
  EXPECT_EQ(refused.findings.size(), 1U);
}

// What a document that is as bad as 1 MiB can be costs: circles, chains, conditions that are
// compared with one another. Bounded by budgets, so it ends; the time is not asserted.
TEST(Policy, LargeDocumentsEnd) {
  const auto tags = [](int count, const auto& expression) {
    std::string text =
        R"({"patron": 1, "name": "x", "attributes": {"z": {"type": "int64"}}, "tags": [)";
    for (int i = 0; i < count; ++i) {
      text +=
          R"({"name": "t)" + std::to_string(i) + R"(", "expression": ")" + expression(i) + "\"},";
    }
    text.back() = ']';
    return text + "}";
  };
  const CheckedPolicy circle = Policy::check(
      tags(2000, [](int i) { return "t" + std::to_string((i + 1) % 2000) + " + 1"; }));
  ASSERT_EQ(circle.findings.size(), 1U);
  EXPECT_EQ(circle.findings[0].code, "cycle");
  EXPECT_LT(circle.findings[0].message.size(), 400U);
  const CheckedPolicy chain = Policy::check(tags(2000, [](int i) {
    return i == 0 ? std::string("z + 1") : "t" + std::to_string(i - 1) + " + 1";
  }));
  ASSERT_EQ(chain.findings.size(), 1U);
  EXPECT_EQ(chain.findings[0].code, "limit");
  const CheckedPolicy unknown =
      Policy::check(tags(2000, [](int i) { return "zz" + std::to_string(i) + " > 1"; }));
  EXPECT_EQ(unknown.findings.size(), 1001U);
}

}  // namespace
}  // namespace patron
