#include "lib/policy/analysis.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "patron/policy.h"

namespace patron {
namespace {

// A policy of one classification over three attributes and what its check says: "code /pointer".
std::vector<std::string> findings_of(const std::string& kind, const std::string& classes,
                                     std::string* messages = nullptr) {
  const std::string text =
      R"({"patron": 1, "name": "x", "money": {"currency": "EUR", "scale": 2}, "attributes": {
        "spend": {"type": "money"}, "orders": {"type": "int64"}, "share": {"type": "double"},
        "vip": {"type": "bool"}, "seen": {"type": "timestamp"},
        "region": {"type": "enum", "values": ["north", "south"]}},
      "classifications": [{"name": "c", "kind": ")" +
      kind + R"(", "classes": [)" + classes + "]}]}";
  const CheckedPolicy checked = Policy::check(text);
  EXPECT_TRUE(checked.policy) << format_findings("x", text, checked.findings);
  std::vector<std::string> out;
  for (const PolicyFinding& one : checked.findings) {
    const std::string classes_at = "/classifications/0/classes";
    const bool inside = one.pointer.starts_with(classes_at);
    out.push_back(one.code + " " + (inside ? one.pointer.substr(classes_at.size()) : ""));
    if (messages != nullptr) *messages += one.message + "\n";
  }
  return out;
}

using Codes = std::vector<std::string>;

TEST(Analysis, SaysNothingOfWhatIsFine) {
  EXPECT_EQ(
      findings_of("ladder", R"({"name": "a", "enter": "spend >= 1000", "keep": "spend >= 800"},
                                     {"name": "b", "enter": "spend >= 100"}, {"name": "r"})"),
      Codes{});
}

TEST(Analysis, FindsConditionsThatAreNeverOrAlwaysTrue) {
  EXPECT_EQ(findings_of("flags", R"({"name": "a", "enter": "orders > 5 && orders < 6"},
                                    {"name": "b", "enter": "orders > 5 && orders <= 6"})"),
            Codes{"always_false /0/enter"});
  EXPECT_EQ(findings_of("flags", R"({"name": "a", "enter": "share > 5.0 && share < 6.0"},
                                    {"name": "b", "enter": "!has(vip) || vip || !vip"})"),
            Codes{"always_true /1/enter"});
  // Without a guard the same is unknown where vip is, which is not true.
  EXPECT_EQ(findings_of("flags", R"({"name": "b", "enter": "vip || !vip"})"), Codes{});
  EXPECT_EQ(
      findings_of("flags", R"({"name": "b", "enter": "region == 'north' && region == 'south'"})"),
      Codes{"always_false /0/enter"});
}

TEST(Analysis, FindsClassesThatNobodyReaches) {
  std::string said;
  EXPECT_EQ(findings_of("first_match", R"({"name": "a", "enter": "orders >= 1"},
                                          {"name": "b", "enter": "orders >= 10"}, {"name": "r"})",
                        &said),
            Codes{"unreachable /1/enter"});
  EXPECT_NE(said.find("an earlier class, \"a\""), std::string::npos) << said;
  // Two that hide a third together.
  EXPECT_EQ(findings_of("first_match", R"({"name": "a", "enter": "orders < 5"},
                                          {"name": "b", "enter": "orders >= 5"},
                                          {"name": "c", "enter": "has(orders) && vip"}, {"name": "r"})"),
            Codes{"unreachable /2/enter"});
}

TEST(Analysis, FindsGapsWithACustomerInThem) {
  std::string said;
  EXPECT_EQ(findings_of("first_match", R"({"name": "a", "enter": "spend >= 1000"},
                                          {"name": "b", "enter": "spend < 500 || spend == null"})",
                        &said),
            (Codes{"no_rest ", "gap /1"}));
  EXPECT_NE(said.find("spend = 500.00"), std::string::npos) << said;
}

TEST(Analysis, FindsTiersOutOfOrder) {
  EXPECT_EQ(findings_of("ladder", R"({"name": "gold", "enter": "spend >= 500"},
                                     {"name": "silver", "enter": "spend >= 1000 || vip"}, {"name": "r"})"),
            Codes{});
  EXPECT_EQ(findings_of("ladder", R"({"name": "gold", "enter": "spend >= 500 || vip"},
                                     {"name": "silver", "enter": "spend >= 1000"}, {"name": "r"})"),
            Codes{"unreachable /1/enter"});
}

TEST(Analysis, ComparesKeepWithEnter) {
  std::string said;
  EXPECT_EQ(
      findings_of("ladder",
                  R"({"name": "a", "enter": "spend >= 1000", "keep": "spend >= 800 && orders >= 2"},
                                     {"name": "r"})",
                  &said),
      Codes{"keep_not_implied /0/keep"});
  EXPECT_NE(said.find("spend = 1000.00"), std::string::npos) << said;
  EXPECT_EQ(
      findings_of("ladder", R"({"name": "a", "enter": "spend >= 1000", "keep": "spend >= 1000"},
                                     {"name": "r"})"),
      Codes{"flapping /0/keep"});
}

TEST(Analysis, KnowsThatAgesOfOneDateAreOneThing) {
  EXPECT_EQ(findings_of("first_match", R"x({"name": "new", "enter": "age(seen) <= days(60)"},
                                           {"name": "newer", "enter": "age(seen) <= days(30)"}, {"name": "r"})x"),
            Codes{"unreachable /1/enter"});
}

TEST(Analysis, DoesNotGuessWhereThingsHangTogether) {
  // orders * 2 and orders are not independent, and how is not looked into.
  EXPECT_EQ(findings_of("flags", R"({"name": "a", "enter": "orders > 10 && orders * 2 < 4"})"),
            Codes{});
  EXPECT_EQ(findings_of("first_match", R"({"name": "a", "enter": "orders > 10"},
                                          {"name": "b", "enter": "orders * 2 <= 20 || orders == null"})"),
            Codes{"no_rest "});
}

TEST(Analysis, WarnsOfFractionsThatAreLostAndOfUnguardedNulls) {
  EXPECT_EQ(findings_of("flags", R"({"name": "a", "enter": "orders / 2 > 1"},
                                    {"name": "b", "enter": "region != 'north'"},
                                    {"name": "c", "enter": "has(region) && region != 'north'"})"),
            (Codes{"whole_division /0/enter", "unguarded_null /1/enter"}));
}

TEST(Analysis, GivesUpWithinItsBudgetAndSaysSo) {
  std::string classes;
  std::mt19937 random(7);
  for (int i = 0; i < 200; ++i) {
    classes += R"({"name": "c)" + std::to_string(i) + R"(", "enter": ")";
    const int low = static_cast<int>(random() % 50);
    classes += "orders >= " + std::to_string(low) + " && spend < " +
               std::to_string(random() % 60 + 1) + " && share > " + std::to_string(random() % 60) +
               ".0\"},";
  }
  classes += R"({"name": "rest"})";
  for (const std::string& one : findings_of("first_match", classes)) {
    EXPECT_TRUE(one.starts_with("unreachable") || one.starts_with("not_decided")) << one;
  }
}

}  // namespace
}  // namespace patron
