#include "lib/engine/quick/quick_parts.h"

#include <gtest/gtest.h>

#include <string>

#include "lib/engine/book_spec.h"
#include "patron/policy.h"

namespace patron::internal {
namespace {

using StepKind = QuickParts::Step::Kind;

struct Made {
  explicit Made(const std::string& rest)
      : policy(*Policy::parse(R"json({"patron": 1, "name": "p", "money": {"scale": 2},
          "streams": {"orders": {}, "interactions": {}, "surveys": {}}, )json" +
                              rest + "}")),
        book(*BookLayout::make(book_spec(policy.data()))),
        parts(policy.data(), book.state()),
        quick(parts) {}
  const QuickParts::Step& step(const char* name) const {
    return quick.steps[quick.place_of[parts.value_index(name)]];
  }
  Policy policy;
  Book book;
  SettleParts parts;
  QuickParts quick;
};

TEST(QuickParts, KnowOfEachValueWhatIsDoneAboutItAndOfWhichFactsItIsMade) {
  const Made made(R"json("attributes": {"vip": {"type": "bool"}},
    "tags": [
      {"name": "often", "metric": {"count": "orders", "window": "30d"}},
      {"name": "views", "metric": {"count": "interactions", "window": "30d"}},
      {"name": "rate", "expression": "double(views) / double(often)"},
      {"name": "much", "expression": "rate > 2.0 && often > 3"},
      {"name": "odd", "expression": "or_else(vip, false) || views > 7"},
      {"name": "after", "metric": {"count": "orders",
        "followed_by": {"stream": "interactions", "within": "1d"}}}],
    "models": {"rfm": {}, "nps": {}},
    "classifications": [
      {"name": "tier", "kind": "ladder", "classes": [
        {"name": "a", "enter": "often > 5 && rfm.r >= 3", "keep": "rfm.f > 2"},
        {"name": "b", "enter": "after > 1 || nps.class == 'promoter'"}, {"name": "c"}]},
      {"name": "marks", "kind": "flags", "classes": [
        {"name": "much", "enter": "much"}, {"name": "odd", "enter": "odd"}]}])json");
  const ChangedFacts orders = facts_of_stream(0), views = facts_of_stream(1);
  EXPECT_EQ(made.step("often").kind, StepKind::kSlot);
  EXPECT_EQ(made.step("often").made_of, orders);
  EXPECT_EQ(made.step("views").made_of, views);
  EXPECT_EQ(made.step("vip").made_of, kAttributeFacts);
  EXPECT_EQ(made.step("after").made_of, kAnyFacts) << "of two streams";
  EXPECT_EQ(made.step("nps.class").made_of, facts_of_stream(2));
  EXPECT_EQ(made.step("rate").kind, StepKind::kFormula);
  EXPECT_EQ(made.quick.inputs[made.step("rate").value].size(), 2u);
  EXPECT_EQ(made.step("much").kind, StepKind::kCondition);
  EXPECT_EQ(made.step("odd").kind, StepKind::kAnew) << "or_else is no comparison";
  EXPECT_EQ(made.step("rfm.r").kind, StepKind::kScore);
  EXPECT_EQ(made.step("tier").kind, StepKind::kMachines);
  EXPECT_EQ(made.quick.tabled, (std::vector<uint8_t>{1, 1}));

  // a | b | c, and of who has no class.
  const auto& tier = made.quick.standings[0];
  ASSERT_EQ(tier.size(), 4u);
  EXPECT_EQ(tier[0].before, 0u);
  EXPECT_EQ(tier[1].before, tier[0].stay & ~tier[0].keep);
  EXPECT_EQ(tier[3].before, tier[1].before | tier[1].stay);
  EXPECT_TRUE(tier[2].rests && !tier[0].rests);
  const auto& much = made.quick.standings[1];
  EXPECT_NE(much[0].stay, 0u);
  const PlanCondition& tag = made.quick.plan.values[made.step("much").value].condition;
  EXPECT_EQ(made.step("rate").part, tag.clauses | much[0].enter) << "the tag's and the flag's";
  EXPECT_EQ(much[1].before, much[0].stay);
  EXPECT_TRUE(much[1].rests);
  // vip and the classes are not compared; often, views, rfm.r and rfm.f fall; the rest moves.
  EXPECT_EQ(made.quick.falling.size(), 3u) << "often, rfm.r, rfm.f";
  EXPECT_EQ(made.quick.still.size(), 0u);
  EXPECT_EQ(made.quick.moving.size(), 4u) << "rate, odd, after, nps.class";
}

TEST(QuickParts, OtherConstantsLeaveWhatIsMadeOfFactsAlone) {
  constexpr auto kAll = static_cast<int64_t>(QuickParts::kSound | QuickParts::kRfmKept | 1);
  const auto flags_after = [](const std::string& models, const std::string& condition) {
    Made made(R"json("tags": [{"name": "often", "metric": {"count": "orders", "window": "30d"}}],
      "models": )json" +
              models +
              R"json(, "classifications": [{"name": "t", "kind": "ladder", "classes": [
      {"name": "a", "enter": "often > 5 && )json" +
              condition + R"json("}, {"name": "b"}]}])json");
    made.quick.memory.of(0, 1)[0] = kAll;
    made.quick.exchange(CalibrationData());
    return made.quick.memory.of(0, 1)[0];
  };
  EXPECT_EQ(flags_after(R"json({"rfm": {}})json", "rfm.r >= 3"),
            kAll & ~static_cast<int64_t>(QuickParts::kRfmKept));
  EXPECT_EQ(
      flags_after(R"json({"ltv": {"model": "bg_nbd", "horizon": "90d"}})json", "ltv.p_alive > 0.5"),
      0);
}

TEST(QuickParts, KeepWhatAPassHasChangedUnlessTimersOfClassesAreMore) {
  const char* const plain = R"json("tags": [{"name": "n", "metric": {"count": "orders"}}],
    "classifications": [{"name": "t", "kind": "ladder", "classes": [
      {"name": "a", "enter": "n > 5"}, {"name": "b"}]}])json";
  const char* const cooled = R"json("tags": [{"name": "n", "metric": {"count": "orders"}}],
    "classifications": [{"name": "t", "kind": "ladder", "classes": [
      {"name": "a", "enter": "n > 5", "cool_down": "3d"}, {"name": "b"}]}])json";
  EXPECT_TRUE(Made(plain).quick.keeps_before({}));
  EXPECT_FALSE(Made(cooled).quick.keeps_before({}));
  Made made(plain);
  CustomerState state;
  state.machines.resize(1);
  state.shown.resize(1);
  state.machines[0].current = 1;
  state.shown[0].moves = 7;
  const CustomerState was = state;
  made.quick.before.push_back({0, 1, 0, std::nullopt, state.shown[0]});
  state.machines[0] = {0, 99, 98, {}, {}};
  state.shown[0].moves = 8;
  made.quick.take_back(state);
  EXPECT_EQ(state.machines, was.machines);
  EXPECT_EQ(state.shown, was.shown);
  made.quick.was_new = true;
  made.quick.take_back(state);
  EXPECT_TRUE(state.machines.empty() && state.shown.empty());
}

}  // namespace
}  // namespace patron::internal
