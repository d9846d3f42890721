#include "lib/engine/settle/tier_rules.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "patron/policy.h"
#include "patron/time.h"

namespace patron::internal {
namespace {

Policy tier_policy(const std::string& classifications) {
  const std::string text = R"({"patron": 1, "name": "test", "streams": {"orders": {}},
    "tags": [{"name": "n", "metric": {"count": "orders"}}], "classifications": [)" +
                           classifications + "]}";
  CheckedPolicy checked = Policy::check(text);
  for (const PolicyFinding& finding : checked.findings) {
    EXPECT_NE(finding.severity, Severity::kError) << finding.message;
  }
  return *checked.policy;
}

TEST(TierRules, ALadderHasTheKeysOfItsClasses) {
  const Policy ladder = tier_policy(R"({"name": "tier", "kind": "ladder", "on_unknown": "hold",
    "cap": {"moves": 2, "per": "90d"}, "classes": [
      {"name": "gold", "enter": "n >= 10", "keep": "n >= 8", "grace": "30d", "min_dwell": "3mo",
       "cool_down": "7d", "leave": {"at": "year_end"}},
      {"name": "silver", "enter": "n >= 5", "leave": "one_step", "grace": "1d"},
      {"name": "bronze", "enter": "n >= 2", "leave": {"to": "guest"}},
      {"name": "guest"}]})");
  const TierRules rules = ladder_rules(ladder.data().classifications[0]);
  ASSERT_EQ(rules.classes.size(), 4u);
  EXPECT_TRUE(rules.hold_unknown);
  EXPECT_EQ(rules.cap_moves, 2);
  EXPECT_EQ(rules.cap_per, (Period{0, 90 * kMicrosPerDay}));
  EXPECT_TRUE(rules.classes[0].has_keep);
  EXPECT_EQ(rules.classes[0].grace, (Period{0, 30 * kMicrosPerDay}));
  EXPECT_EQ(rules.classes[0].min_dwell, (Period{3, 0}));
  EXPECT_EQ(rules.classes[0].cool_down, (Period{0, 7 * kMicrosPerDay}));
  EXPECT_EQ(rules.classes[0].at, LeaveAt::kYearEnd);
  EXPECT_EQ(rules.classes[0].to, LeaveTo::kFirst);
  EXPECT_EQ(rules.classes[1].to, LeaveTo::kNext);
  EXPECT_EQ(rules.classes[2].to, LeaveTo::kNamed);
  EXPECT_EQ(rules.classes[2].named, 3);
  EXPECT_FALSE(rules.classes[3].has_enter);
}

TEST(TierRules, AFlagIsInOrOut) {
  const Policy flags = tier_policy(R"({"name": "audiences", "kind": "flags", "classes": [
      {"name": "fans", "enter": "n >= 10", "cool_down": "30d"}]})");
  const TierRules rules = flag_rules(flags.data().classifications[0].classes[0]);
  Truth fan = Truth::kFalse;
  const TierConditions conditions{[&](int) { return fan; }, [](int) { return Truth::kFalse; }};
  TierState state;
  step(rules, state, conditions, 0, {});
  EXPECT_EQ(state.current, kFlagOut);
  fan = Truth::kTrue;
  step(rules, state, conditions, kMicrosPerDay, {});
  EXPECT_EQ(state.current, kFlagIn);
  fan = Truth::kFalse;
  step(rules, state, conditions, 2 * kMicrosPerDay, {});
  EXPECT_EQ(state.current, kFlagOut);
  fan = Truth::kTrue;
  step(rules, state, conditions, 3 * kMicrosPerDay, {});
  EXPECT_EQ(state.current, kFlagOut) << "she cools down";
  EXPECT_EQ(next_due(rules, state, conditions, 3 * kMicrosPerDay, {}), 32 * kMicrosPerDay);
}

// Bands [.., 10), [10, 100), [100, ..) with a hysteresis of a tenth.
class Bands : public ::testing::Test {
 protected:
  // Settles her at the next day with this value; the band of the document, or -1.
  int settle(std::optional<double> value) {
    const std::array<double, 2> cuts{10, 100};
    const TierConditions conditions{[&](int c) { return enters_band(cuts, c, value); },
                                    [&](int c) { return keeps_band(cuts, 0.1, c, value); }};
    step(rules, state, conditions, kMicrosPerDay * day++, {});
    return state.current == kNoClass ? -1 : 2 - state.current;
  }
  const TierRules rules = band_rules(tier_policy(R"({"name": "spender", "kind": "bands", "of": "n",
      "cuts": [10, 100], "hysteresis": 0.1, "classes": [{"name": "low"}, {"name": "middle"},
      {"name": "high"}]})")
                                         .data()
                                         .classifications[0]);
  TierState state;
  Micros day = 0;
};

TEST_F(Bands, AreEnteredAtTheCutAndLeftBelowTheHysteresis) {
  EXPECT_EQ(settle(9.99), 0);
  EXPECT_EQ(settle(10), 1);
  EXPECT_EQ(settle(9), 1) << "9 is 10 less a tenth";
  EXPECT_EQ(settle(8.99), 0);
  EXPECT_EQ(settle(1000), 2);
  EXPECT_EQ(settle(95), 2);
  EXPECT_EQ(settle(5), 0) << "down two bands at once";
}

TEST_F(Bands, WithoutAValueThereIsNoBand) {
  EXPECT_EQ(settle({}), -1);
  EXPECT_EQ(settle(50), 1);
}

TEST(BandCuts, BelowZeroTheHysteresisIsOfTheSizeOfTheCut) {
  const std::array<double, 1> cuts{-100};
  EXPECT_EQ(enters_band(cuts, 0, -100), Truth::kTrue);
  EXPECT_EQ(keeps_band(cuts, 0.1, 0, -110), Truth::kTrue);
  EXPECT_EQ(keeps_band(cuts, 0.1, 0, -110.5), Truth::kFalse);
  EXPECT_EQ(keeps_band(cuts, 0.1, 1, -1e300), Truth::kTrue) << "the lowest band has no lower cut";
}

}  // namespace
}  // namespace patron::internal
