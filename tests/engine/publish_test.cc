#include "lib/engine/publish.h"

#include <gtest/gtest.h>

#include "lib/engine/book_spec.h"
#include "tests/engine/random_engine_calls.h"

namespace patron::internal {
namespace {

Policy with(const std::string& classifications) {
  return test::checked_policy(R"json({"patron": 1, "name": "x", "streams": {"orders": {}},
    "tags": [{"name": "n", "metric": {"count": "orders"}}],
    "classifications": [)json" +
                              classifications + "]}");
}

const char* const kLadder =
    R"json({"name": "tier", "kind": "ladder", "cap": {"moves": 3, "per": "1y"},
    "classes": [{"name": "a", "enter": "n > 9"}, {"name": "b", "enter": "n > 5"},
                {"name": "c", "enter": "n > 1"}, {"name": "d"}]})json";

struct Carried {
  Carried(const Policy& from, const Policy& to, const PublishMapping& mapping)
      : before(from),
        after(to),
        book_before(*BookLayout::make(book_spec(from.data()))),
        book_after(*BookLayout::make(book_spec(to.data()))),
        settler_before(from.data(), book_before.state()),
        settler_after(to.data(), book_after.state()),
        matched(*match_classes(from.data(), to.data(), mapping)),
        carry(from.data(), settler_before.machines(), to.data(), settler_after.machines(),
              matched) {}
  Policy before, after;
  Book book_before, book_after;
  Settler settler_before, settler_after;
  MatchedClasses matched;
  StateCarrier carry;
};

// b and c become one class, which stands before a; the cap is smaller.
TEST(StateCarrier, TimersGoWithTheirClass) {
  ClassMapping tier;
  tier.classification = "tier", tier.classes = {{"b", "bc"}, {"c", "bc"}};
  const Carried to(with(kLadder), with(R"json({"name": "tier", "kind": "ladder",
      "cap": {"moves": 2, "per": "1y"}, "classes": [{"name": "bc", "enter": "n > 8"},
      {"name": "a", "enter": "n > 5"}, {"name": "d"}]})json"),
                   {tier});
  EXPECT_FALSE(to.carry.is_identity());
  CustomerState state;
  state.seen = true;
  state.machines = {{2, 70, 90, {10, 20, 30, 40}, {1, 2, 3}}};
  state.shown = {{2, kAsShown, false, 70, 3, 1, 4}};
  const CustomerState there = to.carry(state);
  EXPECT_TRUE(there.seen);
  EXPECT_EQ(there.machines, (SmallVector<TierState, 1>{{0, 70, 90, {30, 10, 40}, {2, 3}}}))
      << "the later of two cool-downs, the newest moves down";
  EXPECT_EQ(there.shown, (SmallVector<ShownClass, 1>{{0, kAsShown, false, 70, 2, 0, 4}}));
}

// What is renumbered in its place is what is carried, for every class that she may be in.
TEST(StateCarrier, PlainStatesAreRenumberedInTheirPlace) {
  ClassMapping tier;
  tier.classification = "tier", tier.classes = {{"b", "bc"}, {"c", "bc"}, {"d", ""}};
  const std::string bands =
      R"json({"name": "size", "kind": "bands", "of": "n", "cuts": [2, 5],
              "classes": ["low", "middle", "high"]})json";
  const Carried to(with(kLadder + ("," + bands)),
                   with(R"json({"name": "tier", "kind": "ladder", "classes": [
      {"name": "new", "enter": "n > 9"}, {"name": "bc", "enter": "n > 8"},
      {"name": "a", "enter": "n > 5"}]}, {"name": "size", "kind": "ladder", "classes": [
      {"name": "high", "enter": "n > 5"}, {"name": "middle", "enter": "n > 2"},
      {"name": "low"}]})json"),
                   {tier});
  CustomerState state;
  state.seen = true;
  EXPECT_TRUE(to.carry.is_plain(state)) << "who has no class yet";
  for (int c = kNoClass; c < 4; ++c) {
    for (int band = kNoClass; band < 3; ++band) {
      state.machines = {{c, 70, 90, {}, {}}, {band, 80, {}, {}, {}}};
      state.shown = {{c, kAsShown, false, 70, static_cast<int16_t>(c), 0, 4},
                     {band, 1, true, 80, 0, static_cast<int16_t>(band), 2}};
      ASSERT_TRUE(to.carry.is_plain(state));
      CustomerState there = state;
      to.carry.renumber(there);
      EXPECT_EQ(there.machines, to.carry(state).machines) << c << " " << band;
      EXPECT_EQ(there.shown, to.carry(state).shown) << c << " " << band;
    }
  }
  state.machines[0].downs = {5};
  EXPECT_FALSE(to.carry.is_plain(state));
  state.machines[0].downs.clear();
  state.overrides.emplace_back();
  EXPECT_FALSE(to.carry.is_plain(state));
  EXPECT_FALSE(Carried(with(kLadder), with(bands), {}).carry.is_plain(CustomerState()))
      << "machines do not keep their places";
}

// Bands are numbered from the best: of low, middle, high the machine says 2, 1, 0.
TEST(StateCarrier, BandsAndLaddersKnowEachOthersClasses) {
  const Carried to(with(R"json({"name": "size", "kind": "bands", "of": "n", "cuts": [2, 5],
                                "classes": ["low", "middle", "high"]})json"),
                   with(R"json({"name": "size", "kind": "ladder", "classes": [
                                {"name": "high", "enter": "n > 5"}, {"name": "low"}]})json"),
                   {});
  CustomerState state;
  state.machines = {{2, 70, {}, {}, {}}};
  EXPECT_EQ(to.carry(state).machines[0].current, 1);
  EXPECT_EQ(to.carry.lost(state).classification, -1);
  state.machines[0].current = 1;
  EXPECT_EQ(to.carry(state).machines[0], TierState());
  EXPECT_EQ(to.carry.lost(state).classification, 0);
  EXPECT_EQ(to.carry.lost(state).c, 1) << "middle";
}

TEST(StateCarrier, FlagsGoOnOneByOne) {
  const char* const two = R"json({"name": "f", "kind": "flags", "classes": [
      {"name": "x", "enter": "n > 1"}, {"name": "y", "enter": "n > 2"}]})json";
  const char* const other = R"json({"name": "f", "kind": "flags", "classes": [
      {"name": "z", "enter": "n > 1"}, {"name": "y", "enter": "n > 2"},
      {"name": "v", "enter": "n > 2"}]})json";
  ClassMapping flags;
  flags.classification = "f", flags.classes = {{"x", "v"}};
  const Carried to(with(two), with(other), {flags});
  CustomerState state;
  state.machines = {{0, 5, {}, {1, 2}, {}}, {1, 6, {}, {}, {}}};
  const CustomerState there = to.carry(state);
  EXPECT_EQ(there.machines[0], TierState());
  EXPECT_EQ(there.machines[1], state.machines[1]);
  EXPECT_EQ(there.machines[2], state.machines[0]);
  flags.classes = {{"x", "v"}, {"y", "v"}};
  EXPECT_EQ(match_classes(to.before.data(), to.after.data(), {flags}).status().message(),
            "mapping: two flags of \"f\" would become one");
}

TEST(StateCarrier, TheSameClassesStayAsTheyAre) {
  std::string other(kLadder);
  other.replace(other.find("n > 9"), 5, "n > 7");
  EXPECT_TRUE(Carried(with(kLadder), with(other), {}).carry.is_identity());
  other.replace(other.find("\"moves\": 3"), 10, "\"moves\": 2");
  EXPECT_FALSE(Carried(with(kLadder), with(other), {}).carry.is_identity());
}

TEST(StateCarrier, OnlyOneClassificationBecomesAnother) {
  ClassMapping one, two;
  one.classification = "tier", one.to = "level", two.classification = "size", two.to = "level";
  std::string size(kLadder), level(kLadder);
  size.replace(size.find("tier"), 4, "size");
  level.replace(level.find("tier"), 4, "level");
  const Policy before = with(std::string(kLadder) + "," + size), after = with(level);
  EXPECT_EQ(match_classes(before.data(), after.data(), {one, two}).status().message(),
            "mapping: \"size\" and \"tier\" would both become \"level\"");
  EXPECT_EQ(match_classes(before.data(), after.data(), {one, one}).status().message(),
            "mapping: \"tier\" stands there twice");
  two.to.clear(), two.ends = true;
  const MatchedClasses matched = *match_classes(before.data(), after.data(), {one, two});
  EXPECT_EQ(matched.carried[0].to, 0);
  EXPECT_EQ(matched.carried[1].to, -1);
  EXPECT_TRUE(matched.may_end[1][0]);
}

}  // namespace
}  // namespace patron::internal
