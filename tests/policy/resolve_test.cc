#include "tests/policy/said.h"

namespace patron {
namespace {

using test::Said;
using test::said_of;

TEST(Resolve, ACircleIsShown) {
  std::string messages;
  EXPECT_EQ(
      said_of(
          R"("attributes": {"z": {"type": "int64"}}, "tags": [{"name": "a", "expression": "b + z"},
      {"name": "b", "expression": "c + 1"}, {"name": "c", "expression": "a + 1"}])",
          &messages),
      Said{"cycle /tags/0"});
  EXPECT_NE(messages.find("a reads b reads c reads a"), std::string::npos) << messages;
}

TEST(Resolve, AWindowSinceEnteringAClassClosesNoCircle) {
  EXPECT_EQ(said_of(R"("streams": {"orders": {}},
      "tags": [{"name": "since", "metric": {"count": "orders", "window": {"since": {"class": "tier"}}}}],
      "classifications": [{"name": "tier", "kind": "ladder", "classes": [{"name": "a", "enter": "since > 3"},
                                                                          {"name": "b"}]}])"),
            Said{});
}

TEST(Resolve, ClassesAreReadByNameAndFlagsByMembership) {
  EXPECT_EQ(said_of(R"("attributes": {"n": {"type": "int64"}}, "classifications": [
      {"name": "later", "kind": "flags", "classes": [{"name": "x", "enter": "tier == 'a' && 'q' in early"}]},
      {"name": "tier", "kind": "ladder", "classes": [{"name": "a", "enter": "n > 3"}, {"name": "b"}]},
      {"name": "early", "kind": "flags", "classes": [{"name": "q", "enter": "n > 1"}]}])"),
            Said{});
}

TEST(Resolve, AnOpenSetIsNotReadByExpressions) {
  EXPECT_EQ(said_of(R"("streams": {"surveys": {"columns": {"words": "enum_set"}}},
      "tags": [{"name": "w", "metric": {"last": "surveys.words"}}, {"name": "t", "expression": "'x' in w"}])"),
            Said{"open_set /tags/1/expression"});
}

}  // namespace
}  // namespace patron
