#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of;
using test::said_of_class;

TEST(Kinds, BandsHaveOneCutLessThanClasses) {
  EXPECT_EQ(said_of_class(R"({"name": "b", "kind": "bands", "of": "spend", "cuts": [10, 20],
                              "hysteresis": 0.1, "classes": ["l", "m", "h"]})"),
            Said{});
  EXPECT_EQ(
      said_of_class(
          R"({"name": "b", "kind": "bands", "of": "vip", "cuts": [10], "classes": ["l", "h"]})"),
      Said{"type /classifications/0/of"});
}

TEST(Kinds, RanksRiseFromTheTop) {
  EXPECT_EQ(
      said_of_class(R"({"name": "r", "kind": "rank", "by": "spend", "where": "vip", "classes": [
      {"name": "m", "top": 10, "min_dwell": "90d"}, {"name": "p", "top_percent": 20}, {"name": "z"}]})"),
      Said{});
  EXPECT_EQ(said_of_class(R"({"name": "r", "kind": "rank", "by": "spend", "classes": [
      {"name": "a", "share": 0.8, "min_dwell": "9d"}, {"name": "z"}]})"),
            Said{"key_not_allowed /classifications/0/classes/0/min_dwell"});
  EXPECT_EQ(said_of_class(R"({"name": "r", "kind": "rank", "by": "spend", "classes": [
      {"name": "a", "share": 0.8, "top": 3}, {"name": "z"}]})"),
            Said{"value /classifications/0/classes/0"});
  // Which of the two reaches further is known when it is calibrated.
  EXPECT_EQ(said_of_class(R"({"name": "r", "kind": "rank", "by": "spend", "classes": [
      {"name": "a", "share": 0.5}, {"name": "b", "top_percent": 60}, {"name": "z"}]})"),
            Said{"mixed_shares /classifications/0/classes/1/top_percent"});
  // A number of seats that is none is one error, not a class without seats.
  EXPECT_EQ(said_of_class(R"({"name": "r", "kind": "rank", "by": "spend", "classes": [
      {"name": "a", "top": 0, "min_dwell": "9d"}, {"name": "z"}]})"),
            Said{"value /classifications/0/classes/0/top"});
}

TEST(Kinds, AGridIsOfATableOfScores) {
  EXPECT_EQ(said_of(R"("streams": {"orders": {}}, "models": {"rfm": {}},
      "classifications": [{"name": "s", "kind": "grid", "table": "rfm.eleven",
                           "classes": [{"name": "Champions", "label": "Best"}]}])"),
            Said{});
  EXPECT_EQ(said_of(R"("classifications": [{"name": "s", "kind": "grid", "table": "rfm.eleven"}])"),
            Said{"unknown_name /classifications/0/table"});
  // A published table that leaves cells without a segment is said to.
  EXPECT_EQ(said_of(R"("models": {"rfm": {"table": "rfm_r_0_3"}},
      "classifications": [{"name": "s", "kind": "grid", "table": "rfm.rfm_r_0_3"}])"),
            Said{"table /classifications/0/table"});
}

TEST(Kinds, StepsWithoutGraceAreWarnedOf) {
  EXPECT_EQ(said_of_class(R"({"name": "l", "kind": "ladder", "classes": [
      {"name": "a", "enter": "n > 9", "leave": "one_step"}, {"name": "b", "enter": "n > 5"}, {"name": "c"}]})"),
            Said{"one_step /classifications/0/classes/0/leave"});
}

}  // namespace
}  // namespace patron
