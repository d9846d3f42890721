#include "lib/policy/analysis.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "patron/policy.h"

namespace patron {
namespace {

// A policy of one classification over three attributes and what its check says: "code /pointer".
// Notes are left out, or nothing else is said.
std::vector<std::string> findings_of(const std::string& kind, const std::string& classes,
                                     std::string* messages = nullptr, bool notes = false) {
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
    if ((one.severity == Severity::kNote) != notes) continue;
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

// Who leaves a class comes into the last, or into the one that it names, whatever that one asks
// for.
TEST(Analysis, KnowsThatOneMayBeLeftIntoAClassThatNobodyEnters) {
  const auto said = [](const std::string& classes) {
    std::string text;
    findings_of("first_match", classes, &text);
    return text;
  };
  const std::string never = "can never be entered: ";
  const std::string left = "can be entered only by who leaves an earlier class: ";
  const std::string last =
      said(R"({"name": "a", "enter": "orders >= 1"}, {"name": "b", "enter": "orders >= 10"})");
  EXPECT_NE(last.find(left), std::string::npos) << last;
  EXPECT_NE(last.find("who leaves a class and matches none goes to the last"), std::string::npos)
      << last;
  const std::string between = R"({"name": "b", "enter": "orders >= 10"}, {"name": "r"})";
  std::string text = said(R"({"name": "a", "enter": "orders >= 1"}, )" + between);
  EXPECT_NE(text.find(never), std::string::npos) << text;
  text = said(R"({"name": "a", "enter": "orders >= 1", "leave": {"to": "b"}}, )" + between);
  EXPECT_NE(text.find(left), std::string::npos) << text;
  text = said(R"({"name": "a", "enter": "orders >= 1", "grace": "1d", "leave": "one_step"}, )" +
              between);
  EXPECT_NE(text.find(left), std::string::npos) << text;
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
  std::string said;
  EXPECT_EQ(findings_of("ladder", R"({"name": "gold", "enter": "spend >= 500"},
                                     {"name": "silver", "enter": "spend >= 1000 || vip"}, {"name": "r"})"),
            Codes{});
  EXPECT_EQ(findings_of("ladder", R"({"name": "gold", "enter": "spend >= 500 || vip"},
                                     {"name": "silver", "enter": "spend >= 1000"}, {"name": "r"})",
                        &said),
            Codes{"order /1/enter"});
  EXPECT_NE(said.find("asks for more than \"gold\""), std::string::npos) << said;
  // Neither is part of the other, and yet one threshold is the wrong way round.
  said.clear();
  EXPECT_EQ(findings_of("ladder", R"({"name": "gold", "enter": "spend >= 500 && orders >= 10"},
                               {"name": "silver", "enter": "spend >= 800 && orders >= 2"}, {"name": "r"})",
                        &said),
            Codes{"order /0/enter"});
  EXPECT_NE(said.find("less of spend than \"silver\""), std::string::npos) << said;
  EXPECT_EQ(
      findings_of("ladder", R"x({"name": "gold", "enter": "spend >= 500 && age(seen) <= days(30)"},
                                {"name": "silver", "enter": "spend >= 100 && age(seen) <= days(90)"}, {"name": "r"})x"),
      Codes{});
}

TEST(Analysis, SaysWhereTwoClassesAskTheSame) {
  // As in a published table of octants: two classes with one condition.
  std::string said;
  EXPECT_EQ(findings_of(
                "first_match",
                R"x({"name": "流失", "enter": "age(seen) < days(60) && orders < 5 && spend >= 500"},
                            {"name": "重要深耕", "enter": "age(seen) < days(60) && orders < 5 && spend >= 500"},
                            {"name": "rest"})x",
                &said),
            Codes{"unreachable /1/enter"});
  EXPECT_NE(said.find("says the same as that of \"流失\""), std::string::npos) << said;
}

TEST(Analysis, NotesClassesThatShareCustomersWithAWitness) {
  std::string said;
  const char* classes =
      R"({"name": "loyal", "enter": "orders >= 10"}, {"name": "big", "enter": "spend >= 1000"},
                           {"name": "first", "enter": "orders == 1"}, {"name": "rest"})";
  EXPECT_EQ(findings_of("first_match", classes), Codes{});
  EXPECT_EQ(findings_of("first_match", classes, &said, true),
            (Codes{"overlap /1/enter", "overlap /2/enter"}));
  EXPECT_NE(said.find("\"big\" shares customers with \"loyal\" (orders = 10, spend = 1000.00)"),
            std::string::npos)
      << said;
  EXPECT_NE(said.find("\"first\" shares customers with \"big\""), std::string::npos) << said;
  // An exception before its rule is how a first match is written.
  EXPECT_EQ(findings_of("first_match", R"({"name": "a", "enter": "vip && orders >= 10"},
                                          {"name": "b", "enter": "orders >= 10"}, {"name": "rest"})",
                        nullptr, true),
            Codes{});
}

TEST(Analysis, NotesTiersThatLetInAndOutAtOneThreshold) {
  EXPECT_EQ(findings_of("ladder", R"({"name": "a", "enter": "spend >= 1000"},
                                     {"name": "b", "enter": "spend >= 100", "grace": "30d"},
                                     {"name": "c", "enter": "vip"}, {"name": "r"})",
                        nullptr, true),
            Codes{"flapping /0/enter"});
}

TEST(Analysis, ComparesTheHysteresisOfBandsWithTheirWidth) {
  const auto bands = [](const char* rest) {
    const CheckedPolicy checked = Policy::check(
        R"({"patron": 1, "name": "x", "attributes": {"n": {"type": "double"}}, "classifications": [
           {"name": "b", "kind": "bands", "of": "n", "cuts": [90, 100], "classes": ["l", "m", "h"])" +
        std::string(rest) + "}]}");
    return checked.findings.empty() ? std::string()
                                    : checked.findings[0].code + checked.findings[0].pointer;
  };
  EXPECT_EQ(bands(R"(, "hysteresis": 0.05)"), "");
  EXPECT_EQ(bands(R"(, "hysteresis": 0.2)"), "flapping/classifications/0/hysteresis");
  EXPECT_EQ(bands(""), "flapping/classifications/0");
  EXPECT_EQ(bands(R"(, "grace": "9d")"), "");
}

TEST(Analysis, LooksIntoTagsAndKnowsWhatCountsCanBe) {
  const auto said = [](const std::string& classes) {
    const std::string text = R"({"patron": 1, "name": "x", "streams": {"orders": {}},
      "tags": [{"name": "n", "metric": {"count": "orders"}}, {"name": "often", "expression": "n >= 3"}],
      "classifications": [{"name": "c", "kind": "first_match", "classes": [)" +
                             classes + "]}]}";
    Codes out;
    for (const PolicyFinding& one : Policy::check(text).findings) {
      if (one.severity != Severity::kNote) out.push_back(one.code);
    }
    return out;
  };
  EXPECT_EQ(
      said(R"({"name": "a", "enter": "often"}, {"name": "b", "enter": "n >= 5"}, {"name": "r"})"),
      Codes{"unreachable"});
  // A count is 0 or more, and known: there is no gap, though there is no class for the rest.
  EXPECT_EQ(said(R"({"name": "a", "enter": "often"}, {"name": "b", "enter": "n >= 0"})"),
            (Codes{"no_rest", "always_true"}));
  EXPECT_EQ(said(R"({"name": "a", "enter": "often"}, {"name": "b", "enter": "n >= 1"})"),
            (Codes{"no_rest", "gap"}));
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
  EXPECT_NE(said.find("holds, and leave at once when it does not"), std::string::npos) << said;
  const auto with = [](const std::string& timers) {
    std::string text;
    findings_of(
        "ladder",
        R"({"name": "a", "enter": "spend >= 1000", "keep": "spend >= 800 && orders >= 2", )" +
            timers + R"(}, {"name": "r"})",
        &text);
    return text;
  };
  said = with(R"("grace": "30d")");
  EXPECT_NE(said.find("when it does not, only \"grace\" holds them"), std::string::npos) << said;
  said = with(R"("grace": "30d", "min_dwell": "1y")");
  EXPECT_NE(said.find("only \"min_dwell\" and \"grace\" hold them"), std::string::npos) << said;
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

// Random conditions over twelve things: too much to be decided, and that in bounded time.
TEST(Analysis, GivesUpWithinItsBudgetAndSaysSo) {
  std::string text = R"({"patron": 1, "name": "x", "attributes": {)";
  for (int i = 0; i < 40; ++i) {
    text += (i > 0 ? ", \"n" : "\"n") + std::to_string(i) + R"(": {"type": "int64"})";
  }
  text += R"(}, "classifications": [{"name": "c", "kind": "first_match", "classes": [)";
  std::mt19937 random(7);
  const auto pick = [&](uint32_t n) { return std::to_string(random() % n); };
  for (int i = 0; i < 800; ++i) {
    text += R"({"name": "c)" + std::to_string(i) + R"(", "enter": ")";
    for (int k = 0; k < 3; ++k) {
      const std::string name = "n" + pick(40);
      text += std::string(k > 0 ? " && (" : "(") + name + " > " + pick(30) + " || " + name + " < " +
              pick(30) + " || n" + pick(40) + " == " + pick(30) + ")";
    }
    text += "\"}, ";
  }
  text += R"x({"name": "last", "enter": "n1 > 3 && (n2 > 4 || n3 > 3)"}, {"name": "rest"}]}]})x";
  bool said = false;
  for (const PolicyFinding& one : Policy::check(text).findings) {
    said = said || one.code == "not_decided";
    EXPECT_NE(one.severity, Severity::kError) << one.message;
  }
  EXPECT_TRUE(said);
}

}  // namespace
}  // namespace patron
