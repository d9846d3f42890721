#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of_tag;

Said card(const std::string& row) {
  return said_of_tag(R"x({"name": "t", "scorecard": [)x" + row + "]}");
}

TEST(Scorecard, ARowIsAConditionOrEvents) {
  EXPECT_EQ(card(R"({"when": "a > 1", "points": 10, "reason": "often"})"), Said{});
  EXPECT_EQ(
      card(
          R"({"stream": "interactions", "where": "kind == 'view'", "points": 1, "cap": 9, "half_life": "90d"})"),
      Said{});
  EXPECT_EQ(card(R"({"points": 10})"), Said{"missing_key /tags/0/scorecard/0"});
  EXPECT_EQ(card(R"({"when": "a > 1", "stream": "orders", "points": 10})"),
            Said{"value /tags/0/scorecard/0"});
}

TEST(Scorecard, ACapHasTheSignOfItsPoints) {
  EXPECT_EQ(card(R"({"stream": "orders", "points": -5, "cap": 20})"),
            Said{"value /tags/0/scorecard/0/cap"});
  EXPECT_EQ(card(R"({"when": "a > 1", "points": 5, "cap": 20})"),
            Said{"key_not_allowed /tags/0/scorecard/0/cap"});
  EXPECT_EQ(card(R"({"when": "a + 1", "points": 5})"), Said{"type /tags/0/scorecard/0/when"});
  EXPECT_EQ(said_of_tag(R"({"name": "t", "scorecard": []})"), Said{"value /tags/0/scorecard"});
}

}  // namespace
}  // namespace patron
