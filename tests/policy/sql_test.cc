#include <gtest/gtest.h>

#include <string>

#include "tests/policy/said.h"
#include "tests/policy/shared_policies.h"

namespace patron {
namespace {

Policy sound() {
  const Result<Policy> policy = Policy::parse(test::policy_with(
      R"x("attributes": {"spend": {"type": "double"}, "vip": {"type": "bool"}, "seen": {"type": "timestamp"}},
         "classifications": [
           {"name": "tier", "kind": "ladder", "classes": [
             {"name": "gold", "enter": "spend >= 1000 || vip", "grace": "30d"}, {"name": "it's silver", "enter": "spend >= 10"},
             {"name": "guest"}]},
           {"name": "open", "kind": "first_match", "classes": [{"name": "a", "enter": "vip"}]},
           {"name": "all", "kind": "ladder", "classes": [{"name": "everybody"}]},
           {"name": "marks", "kind": "flags", "classes": [{"name": "rich", "enter": "spend > 500"},
                                                          {"name": "a \"new\" one", "enter": "age(seen) < days(7)"}]},
           {"name": "bands", "kind": "bands", "of": "spend", "cuts": [1], "classes": ["l", "h"]}])x"));
  EXPECT_TRUE(policy.ok()) << policy.status().message();
  return *policy;
}

std::string sql(const char* name, std::optional<Micros> now = {}) {
  const Result<std::string> text = sound().to_sql(name, SqlDialect::kDuckdb, now);
  return text.ok() ? *text : text.status().message();
}

TEST(PolicySql, ALadderIsACaseAndItsConditionsAreThoseOfTheExpressions) {
  const Policy policy = sound();
  const auto condition = [&](const char* text) {
    return *Expression::parse(text, policy.schema())->to_sql(SqlDialect::kDuckdb);
  };
  EXPECT_EQ(sql("tier"), "CASE WHEN " + condition("spend >= 1000 || vip") + " THEN 'gold' WHEN " +
                             condition("spend >= 10") +
                             " THEN 'it''s silver' ELSE 'guest' END AS \"tier\"");
  EXPECT_EQ(sql("open"), "CASE WHEN " + condition("vip") + " THEN 'a' END AS \"open\"");
  EXPECT_EQ(sql("all"), "CASE WHEN FALSE THEN NULL ELSE 'everybody' END AS \"all\"");
}

TEST(PolicySql, FlagsAreAColumnEachAndFalseWhereNothingIsKnown) {
  const std::string marks = sql("marks", *parse_time("2026-01-01", TimeZone()));
  EXPECT_TRUE(marks.starts_with("COALESCE(")) << marks;
  EXPECT_NE(marks.find(", FALSE) AS \"rich\", COALESCE("), std::string::npos) << marks;
  EXPECT_TRUE(marks.ends_with(", FALSE) AS \"a \"\"new\"\" one\"")) << marks;
  EXPECT_NE(marks.find("2026-01-01"), std::string::npos) << marks;
}

TEST(PolicySql, OtherNamesAndKindsAreRefused) {
  EXPECT_EQ(sql("teir"), "classification: \"teir\" is none of this policy; did you mean \"tier\"?");
  EXPECT_EQ(sql("bands"),
            "the classification \"bands\" is bands; ladder, first_match and flags are made of "
            "conditions alone");
  EXPECT_EQ(sound().to_sql("bands", SqlDialect::kDuckdb).status().code(), Code::kUnsupported);
  EXPECT_EQ(sound().to_sql("", SqlDialect::kDuckdb).status().code(), Code::kArgument);
}

TEST(PolicySql, TheShippedPoliciesHaveIt) {
  int written = 0;
  for (const char* name : test::kPolicies) {
    const Policy policy = *Policy::parse(test::policy_text(name));
    for (const PolicyClassification& one : policy.classifications()) {
      for (const SqlDialect dialect : {SqlDialect::kDuckdb, SqlDialect::kPostgresql}) {
        const Result<std::string> text = policy.to_sql(one.name, dialect);
        const bool by_conditions = one.kind == ClassificationKind::kLadder ||
                                   one.kind == ClassificationKind::kFirstMatch ||
                                   one.kind == ClassificationKind::kFlags;
        EXPECT_EQ(text.ok(), by_conditions) << name << "." << one.name;
        written += text.ok() ? 1 : 0;
      }
    }
  }
  EXPECT_GE(written, 8);
}

}  // namespace
}  // namespace patron
