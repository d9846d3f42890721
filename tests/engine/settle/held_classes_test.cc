// Classes read from where a customer stands.
#include "lib/engine/settle/held_classes.h"

#include <gtest/gtest.h>

#include "lib/engine/settle/tier_rules.h"
#include "patron/policy.h"

namespace patron::internal {
namespace {

TEST(HeldClasses, AreThoseOfTheMachines) {
  const CheckedPolicy checked = Policy::check(R"({"patron": 1, "name": "p",
    "streams": {"orders": {}}, "tags": [{"name": "n", "metric": {"count": "orders"}}],
    "classifications": [
      {"name": "circles", "kind": "flags", "classes": [{"name": "a", "enter": "n > 0"},
        {"name": "b", "enter": "n > 1"}]},
      {"name": "band", "kind": "bands", "of": "n", "cuts": [1, 4], "classes": [{"name": "low"},
        {"name": "mid"}, {"name": "high"}]},
      {"name": "tier", "kind": "ladder", "classes": [{"name": "gold", "enter": "n > 5"},
        {"name": "rest"}]}]})");
  ASSERT_TRUE(checked.policy.has_value());
  const HeldClasses classes(checked.policy->data());
  CustomerState state;
  EXPECT_EQ(classes.of(2, state), kNoClass) << "nobody was ever looked at";
  EXPECT_TRUE(classes.flags(0, state).empty());
  state.shown.resize(4);
  state.shown[0].current = kFlagOut;
  state.shown[1].current = kFlagIn;
  state.shown[2].current = 0;
  state.shown[2].since = 7;
  state.shown[3].current = 1;
  EXPECT_EQ(classes.flags(0, state), std::vector<std::string>{"b"});
  EXPECT_FALSE(classes.has_flag(0, 0, state));
  EXPECT_TRUE(classes.has_flag(0, 1, state));
  EXPECT_EQ(classes.of(1, state), 2) << "bands count from the other end";
  EXPECT_EQ(classes.since(1, state), 7);
  EXPECT_EQ(classes.of(2, state), 1);
  EXPECT_TRUE(classes.is_flags(0));
  EXPECT_FALSE(classes.is_flags(1));
}

}  // namespace
}  // namespace patron::internal
