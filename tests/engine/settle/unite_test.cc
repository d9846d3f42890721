#include "lib/engine/settle/unite.h"

#include <gtest/gtest.h>

#include "lib/engine/settle/tier_rules.h"

namespace patron::internal {
namespace {

class Unite : public testing::Test {
 protected:
  Unite() {
    const ClassificationKind kinds[] = {
        ClassificationKind::kLadder, ClassificationKind::kFirstMatch, ClassificationKind::kFlags};
    for (const ClassificationKind kind : kinds) {
      policy_.classifications.emplace_back().seen.kind = kind;
    }
    policy_.classifications[0].cap = PolicyCap{2, {}};
  }
  static CustomerState at(int ladder, int match, int flag, Micros since) {
    CustomerState out;
    for (const int c : {ladder, match, flag}) {
      out.machines.emplace_back().current = c;
      out.machines.back().since = since;
      ShownClass& shown = out.shown.emplace_back();
      shown.current = c, shown.since = since;
    }
    return out;
  }
  PolicyData policy_;
  std::vector<MachineName> machines_{{0, -1}, {1, -1}, {2, 0}};
};

TEST_F(Unite, TakesTheBetterTierWithItsTimersAndOtherwiseTheSurvivors) {
  CustomerState mine = at(2, 2, kFlagOut, 5), hers = at(1, 0, kFlagIn, 7);
  hers.machines[0].false_since = 9;
  const CustomerState one = unite(policy_, machines_, mine, hers);
  EXPECT_EQ(one.machines[0], hers.machines[0]);
  EXPECT_EQ(one.machines[1], mine.machines[1]);
  EXPECT_EQ(one.machines[2], hers.machines[2]);
  EXPECT_EQ(one.shown, mine.shown);
  EXPECT_TRUE(one.linked) << "her class comes with its own since";
  const CustomerState other = unite(policy_, machines_, hers, mine);
  EXPECT_EQ(other.machines[0], hers.machines[0]);
  EXPECT_EQ(other.machines[1], hers.machines[1]);
  EXPECT_EQ(other.machines[2], hers.machines[2]);
}

TEST_F(Unite, MarksOfCoolDownsAndOfTheCapCountFromBoth) {
  CustomerState mine = at(1, 0, kFlagOut, 5), hers = at(1, 0, kFlagOut, 7);
  mine.machines[0].cool_until = {10, 40};
  hers.machines[0].cool_until = {20, 30};
  mine.machines[0].downs = {1, 6};
  hers.machines[0].downs = {4};
  hers.machines[1].cool_until = {3, 4};
  const CustomerState one = unite(policy_, machines_, mine, hers);
  EXPECT_EQ(one.machines[0].cool_until, (SmallVector<Micros>{20, 40}));
  EXPECT_EQ(one.machines[0].downs, (SmallVector<Micros>{4, 6}));  // the newest two
  EXPECT_EQ(one.machines[1].cool_until, (SmallVector<Micros>{3, 4}));
}

TEST_F(Unite, WhoWasNeverSettledTakesTheOthersState) {
  const CustomerState hers = at(1, 1, kFlagIn, 7);
  const CustomerState one = unite(policy_, machines_, {}, hers);
  EXPECT_EQ(one.machines, hers.machines);
  EXPECT_TRUE(one.shown.empty());
  EXPECT_EQ(unite(policy_, machines_, hers, {}).machines, hers.machines);
  EXPECT_TRUE(unite(policy_, machines_, {}, {}).machines.empty());
}

TEST_F(Unite, OverridesAreTheSurvivorsElseTheOthers) {
  CustomerState mine = at(1, 1, kFlagIn, 7), hers = mine;
  StandingOverride pin, hold;
  pin.to = 0;
  mine.overrides.push_back(pin);
  pin.to = 2;
  hold.kind = OverrideKind::kHold;
  hers.overrides = {pin, hold};
  const CustomerState one = unite(policy_, machines_, mine, hers);
  ASSERT_EQ(one.overrides.size(), 2u);
  EXPECT_EQ(one.overrides[0].to, 0);
  EXPECT_EQ(one.overrides[1].kind, OverrideKind::kHold);
}

TEST_F(Unite, KeptValuesAreTheSurvivorsElseTheOthers) {
  CustomerState mine, hers;
  mine.kept.resize(2), hers.kept.resize(2);
  mine.kept[0].cell = Cell::of(1);
  hers.kept[0].cell = Cell::of(2), hers.kept[1].cell = Cell::of(3);
  CustomerState one = unite(policy_, machines_, mine, hers);
  EXPECT_EQ(one.kept[0].cell.integer, 1);
  EXPECT_EQ(one.kept[1].cell.integer, 3);
  wipe(one);
  EXPECT_TRUE(one.kept.empty());
}

}  // namespace
}  // namespace patron::internal
