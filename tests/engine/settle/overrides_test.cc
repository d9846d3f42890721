#include "lib/engine/settle/overrides.h"

#include <gtest/gtest.h>

#include "lib/engine/settle/settle.h"
#include "lib/engine/settle/tier_rules.h"

namespace patron::internal {
namespace {

StandingOverride of(OverrideKind kind, int to, Micros at = 10, Micros until = 20) {
  StandingOverride out;
  out.kind = kind, out.to = to, out.at = at, out.until = until;
  return out;
}

PolicyClassificationData three(ClassificationKind kind) {
  PolicyClassificationData out;
  out.seen.kind = kind;
  out.classes.resize(3);
  return out;
}

TEST(Overrides, HoldFromTheirBeginningToBeforeTheirEnd) {
  const auto ladder = three(ClassificationKind::kLadder);
  const std::vector<StandingOverride> pin{of(OverrideKind::kPin, 0)};
  EXPECT_EQ(overridden(pin, ladder, 0, {0, -1}, 2, 9), 2);
  EXPECT_EQ(overridden(pin, ladder, 0, {0, -1}, 2, 10), 0);
  EXPECT_EQ(overridden(pin, ladder, 0, {0, -1}, 2, 19), 0);
  EXPECT_EQ(overridden(pin, ladder, 0, {0, -1}, 2, 20), 2);
  EXPECT_EQ(overridden(pin, ladder, 1, {1, -1}, 2, 10), 2);
  EXPECT_EQ(next_override(pin, 5), 10);
  EXPECT_EQ(next_override(pin, 10), 20);
  EXPECT_EQ(next_override(pin, 20), kEndTime);
}

TEST(Overrides, ABetterClassIsEarlierInALadderAndLaterInBands) {
  const auto ladder = three(ClassificationKind::kLadder), bands = three(ClassificationKind::kBands);
  const std::vector<StandingOverride> floor{of(OverrideKind::kFloor, 1)};
  const std::vector<StandingOverride> ceiling{of(OverrideKind::kCeiling, 1)};
  for (const int own : {0, 1, 2, kNoClass}) {
    EXPECT_EQ(overridden(floor, ladder, 0, {0, -1}, own, 10), own == 0 ? 0 : 1);
    EXPECT_EQ(overridden(ceiling, ladder, 0, {0, -1}, own, 10), own == 0 ? 1 : own);
  }
  // Class 0 of the machine of bands is the last of the document, the best one.
  const std::vector<StandingOverride> best{of(OverrideKind::kFloor, 2)};
  EXPECT_EQ(overridden(best, bands, 0, {0, -1}, 2, 10), 0);
  const std::vector<StandingOverride> worst{of(OverrideKind::kCeiling, 0)};
  EXPECT_EQ(overridden(worst, bands, 0, {0, -1}, 0, 10), 2);
}

TEST(Overrides, AHoldTakesWhatIsShownWhenItBegins) {
  const auto ladder = three(ClassificationKind::kLadder);
  SmallVector<StandingOverride> hold{of(OverrideKind::kHold, 0)};
  const std::vector<MachineName> machines{{0, -1}};
  std::vector<ShownClass> shown(1);
  shown[0].current = 1;
  begin_holds(hold, shown, machines, 9);
  EXPECT_EQ(overridden(hold, ladder, 0, {0, -1}, 2, 10), 2);
  begin_holds(hold, shown, machines, 10);
  shown[0].current = 0;
  begin_holds(hold, shown, machines, 11);
  EXPECT_EQ(overridden(hold, ladder, 0, {0, -1}, 2, 12), 1);
}

TEST(Overrides, WhatIsOverGoesAndTheRestHasBegun) {
  SmallVector<StandingOverride> all{of(OverrideKind::kPin, 0), of(OverrideKind::kFloor, 1, 10, 30)};
  end_overrides(all, 10);
  EXPECT_TRUE(all[0].begun && all[1].begun);
  end_overrides(all, 20);
  ASSERT_EQ(all.size(), 1u);
  all[0].removed = true;
  const auto ladder = three(ClassificationKind::kLadder);
  EXPECT_EQ(overridden_before(all, ladder, 0, {0, -1}, 2), 1);
  EXPECT_EQ(overridden(all, ladder, 0, {0, -1}, 2, 21), 2);
  end_overrides(all, 21);
  EXPECT_TRUE(all.empty());
}

}  // namespace
}  // namespace patron::internal
