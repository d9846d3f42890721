#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of;

Said action(const std::string& text) {
  return said_of(
      R"("attributes": {"born": {"type": "date"}, "n": {"type": "int64"}}, "actions": {"gift": )" +
      text + "}");
}

TEST(Actions, OnADateOrRaisedByAClass) {
  EXPECT_EQ(
      action(
          R"({"on_date": "born", "every": "year", "lead": "7d", "where": "n > 1", "control": 0.1})"),
      Said{});
  EXPECT_EQ(action("{}"), Said{"unused_action /actions/gift"});
  EXPECT_EQ(action(R"({"on_date": "n"})"), Said{"type /actions/gift/on_date"});
  EXPECT_EQ(action(R"({"on_date": "born", "where": "n + 1"})"), Said{"type /actions/gift/where"});
}

TEST(Actions, RefusesWhatMeansNothing) {
  EXPECT_EQ(action(R"({"on_date": "born", "control": 1})"), Said{"value /actions/gift/control"});
  EXPECT_EQ(action(R"({"on_date": "born", "params": [1]})"), Said{"type /actions/gift/params"});
  EXPECT_EQ(action(R"({"on_date": "born", "until": "3y"})"),
            Said{"key_not_allowed /actions/gift/until"});
}

}  // namespace
}  // namespace patron
