#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of;

// Of one tag over a count, an int64, a double, an enum and two times.
Said said(const std::string& expression, std::string* messages = nullptr) {
  Said out = said_of(
      R"("streams": {"orders": {}}, "attributes": {"n": {"type": "int64"}, "x": {"type": "double"},
         "r": {"type": "enum"}, "born": {"type": "date"}, "seen": {"type": "timestamp"}},
         "tags": [{"name": "count", "metric": {"count": "orders"}},
                  {"name": "t", "expression": ")" +
          expression + "\"}]",
      messages);
  for (std::string& one : out) one = one.substr(0, one.find(' '));
  return out;
}

TEST(TextAnalysis, WarnsOfFractionsThatAreLost) {
  EXPECT_EQ(said("n / 2"), Said{"whole_division"});
  EXPECT_EQ(said("double(n) / 2.0"), Said{});
}

TEST(TextAnalysis, WarnsOfInequalityBesideNull) {
  EXPECT_EQ(said("r != 'a'"), Said{"unguarded_null"});
  EXPECT_EQ(said("has(r) && r != 'a'"), Said{});
  EXPECT_EQ(said("or_else(r, 'b') != 'a'"), Said{});
  // A count is never null.
  EXPECT_EQ(said("count != 3"), Said{});
}

TEST(TextAnalysis, WarnsOfConditionsThatAreAlwaysOrNeverTrue) {
  EXPECT_EQ(said("n > 5 && n < 6"), Said{"always_false"});
  EXPECT_EQ(said("count >= 0"), Said{"always_true"});
  EXPECT_EQ(said("n >= 0"), Said{});
  EXPECT_EQ(said("true"), Said{});  // a switch
}

TEST(TextAnalysis, WarnsOfTimesThatCannotBeSolved) {
  std::string message;
  EXPECT_EQ(said("age(seen) * n > age(born)", &message), Said{"unsolved_time"});
  EXPECT_NE(message.find("age(t) > days(30)"), std::string::npos) << message;
  EXPECT_EQ(said("age(seen) > days(30) && seen + months(6) <= now"), Said{});
  EXPECT_EQ(said("now.getMonth() == 11"), Said{});
  EXPECT_EQ(said("now.getHours() == 11"), Said{"unsolved_time"});
  // A value that only rises can be compared by who reads it.
  EXPECT_EQ(said("age(seen)"), Said{});
}

TEST(TextAnalysis, LooksAtEveryExpressionOfADocument) {
  EXPECT_EQ(said_of(R"("streams": {"orders": {}}, "attributes": {"n": {"type": "int64"}},
      "tags": [{"name": "a", "metric": {"count": "orders", "where": "amount > 5 && amount < 3"}},
               {"name": "b", "scorecard": [{"when": "n / 2 > 1", "points": 1}]},
               {"name": "c", "metric": {"points": "orders", "each": "7 / 2"}}],
      "classifications": [{"name": "r", "kind": "rank", "by": "n", "where": "n != 3",
                           "classes": [{"name": "a", "share": 0.5}, {"name": "z"}]}],
      "actions": {"x": {"on_date": "joined", "where": "n > 2 && n < 1"}})"),
            Said{"unknown_name /actions/x/on_date"});
  EXPECT_EQ(
      said_of(
          R"("streams": {"orders": {}}, "attributes": {"n": {"type": "int64"}, "d": {"type": "date"}},
      "tags": [{"name": "a", "metric": {"count": "orders", "where": "amount > 5 && amount < 3"}},
               {"name": "b", "scorecard": [{"when": "n / 2 > 1", "points": 1}]},
               {"name": "c", "metric": {"points": "orders", "each": "int(quantity) / 2"}}],
      "classifications": [{"name": "r", "kind": "rank", "by": "n", "where": "n != 3",
                           "classes": [{"name": "a", "share": 0.5}, {"name": "z"}]}],
      "actions": {"x": {"on_date": "d", "where": "n > 2 && n < 1"}})"),
      (Said{"always_false /tags/0/metric/where", "whole_division /tags/1/scorecard/0/when",
            "whole_division /tags/2/metric/each", "unguarded_null /classifications/0/where",
            "always_false /actions/x/where"}));
}

}  // namespace
}  // namespace patron
