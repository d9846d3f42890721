#include "lib/engine/saved/state_check.h"

#include <gtest/gtest.h>

#include "lib/engine/book_spec.h"
#include "lib/engine/saved/state_fields.h"
#include "tests/engine/random_engine_calls.h"

namespace patron::internal {
namespace {

// Machines: tier, three audiences, size, segment, care, stage. Rows 0 and 1 are one customer, 3 is
// forgotten.
class StateChecks : public testing::Test {
 protected:
  StateChecks()
      : data_(test::checked_policy(test::full_shop_text()),
              *BookLayout::make(book_spec(test::checked_policy(test::full_shop_text()).data())),
              {}) {
    for (const int64_t first : {0, 2}) {
      EXPECT_TRUE(data_.link(test::id(first), test::id(first + 1)).ok());
    }
    EXPECT_TRUE(data_.forget(test::id(2)));
    EXPECT_TRUE(data_.link(test::id(4), test::id(5)).ok());
    check_.emplace(data_.versions, data_.settler, data_.book);
    sound_.state.machines.resize(8);
    sound_.state.shown.resize(8);
    sound_.state.seen = true;
  }
  static std::string text(const char* wrong) { return wrong == nullptr ? "sound" : wrong; }
  // What is said of her once she is changed.
  template <typename Change>
  std::string after(const Change& change, uint32_t row = 0) {
    EngineMember member = sound_;
    change(member);
    return text(check_->member(row, member));
  }

  EngineData data_;
  std::optional<StateCheck> check_;
  EngineMember sound_;
};

TEST_F(StateChecks, WhatAnEngineMayHoldIsSound) {
  EXPECT_EQ(after([](EngineMember&) {}), "sound");
  EXPECT_EQ(after([](EngineMember& m) { m.state.machines[4].current = 2; }), "sound");
  EXPECT_EQ(after([](EngineMember& m) { m.state.machines[1].cool_until.assign(2, 0); }), "sound");
  EXPECT_EQ(after([](EngineMember& m) { m.state.machines[0].downs = {1, 2}; }), "sound");
  EXPECT_EQ(after([](EngineMember& m) { m = EngineMember(); }, 1), "sound");
}

TEST_F(StateChecks, ClassesAndTimersAreThoseOfThePolicy) {
  EXPECT_EQ(after([](EngineMember& m) { m.state.machines[0].current = 3; }),
            "a class that is none");
  EXPECT_EQ(after([](EngineMember& m) { m.state.machines[1].current = 2; }),
            "a class that is none");
  EXPECT_EQ(after([](EngineMember& m) { m.state.shown[0].current = -2; }), "a class that is none");
  EXPECT_EQ(after([](EngineMember& m) { m.state.machines[0].cool_until.assign(2, 0); }),
            "timers that belong to no class");
  EXPECT_EQ(after([](EngineMember& m) { m.state.machines[5].cool_until.assign(1, 0); }),
            "timers that belong to no class");
  EXPECT_EQ(after([](EngineMember& m) {
              m.state.machines[0].downs = {1, 2, 3};
            }),
            "timers that belong to no class");
  EXPECT_EQ(after([](EngineMember& m) {
              m.state.machines[0].downs = {2, 1};
            }),
            "a timer that is none");
  EXPECT_EQ(after([](EngineMember& m) { m.state.machines[0].since = kEndTime + 1; }),
            "a timer that is none");
  EXPECT_EQ(after([](EngineMember& m) { m.state.machines.resize(7); }),
            "a customer of another policy");
  EXPECT_EQ(after([](EngineMember& m) { m.state.machines.clear(); }), "a customer without classes");
  EXPECT_EQ(after([](EngineMember& m) { m.due = kEndTime + 1; }), "an instant that is none");
}

TEST_F(StateChecks, OnlyWhoStandsForHerselfIsSettled) {
  EXPECT_EQ(after([](EngineMember&) {}, 1),
            "a customer who is settled and does not stand for herself");
  EXPECT_EQ(after([](EngineMember&) {}, 2),
            "a customer who is settled and does not stand for herself");
}

TEST_F(StateChecks, OverridesAreOfClassesThatThereAre) {
  StandingOverride pin;
  const auto with = [&](const auto& change) {
    StandingOverride one = pin;
    change(one);
    return after([&](EngineMember& m) { m.state.overrides = {one}; });
  };
  EXPECT_EQ(with([](StandingOverride&) {}), "sound");
  EXPECT_EQ(with([](StandingOverride& o) { o.classification = 6; }),
            "an override of a classification that is none");
  EXPECT_EQ(with([](StandingOverride& o) { o.to = 3; }), "an override to a class that is none");
  EXPECT_EQ(with([](StandingOverride& o) { o.kind = OverrideKind::kHold, o.to = 3; }), "sound");
  EXPECT_EQ(with([](StandingOverride& o) { o.until = kMinTime - 1; }),
            "an override that cannot be");
  EXPECT_EQ(with([](StandingOverride& o) { o.held.assign(3, 0); }), "an override that cannot be");
  EXPECT_EQ(with([](StandingOverride& o) { o.held.assign(8, 2); }), "a held class that is none");
}

TEST_F(StateChecks, KeptValuesAreOfTheKindOfTheirTag) {
  const std::vector<PolicyValue>& values = data_.policy.data().values;
  const auto with = [&](std::string_view name, const MetricValue& value) {
    return after([&](EngineMember& m) {
      m.state.kept.resize(values.size());
      for (size_t i = 0; i < values.size(); ++i) {
        if (values[i].tag.name == name) m.state.kept[i] = value;
      }
    });
  };
  MetricValue value;
  value.cell = Cell::of(2);
  EXPECT_EQ(with("views", value), "sound");
  EXPECT_EQ(with("idle", value), "a kept value that its tag cannot have");
  EXPECT_EQ(with("level", value), "a kept value that its tag cannot have");
  value.text = "b";
  EXPECT_EQ(with("level", value), "sound");
  EXPECT_EQ(with("last_order", value), "sound");
  value.cell = Cell::of(kEndTime + 1);
  EXPECT_EQ(with("last_order", value), "a kept value that its tag cannot have");
  value.cell = Cell::of(INT64_MIN);
  EXPECT_EQ(with("best", value), "a kept value that its tag cannot have");
  value.is_set = true;
  EXPECT_EQ(with("views", value), "a kept value that its tag cannot have");
}

TEST_F(StateChecks, MovesNotesLinksAndMeetingsAreOfWhoIsThere) {
  EngineMove move;
  EXPECT_EQ(text(check_->move(move)), "sound");
  move.customer = 1;
  move.move = {4, 2, 0, false};
  EXPECT_EQ(text(check_->move(move)), "a transition between classes that are none");
  move.move = {5, 1, kNoClass, false};
  EXPECT_EQ(text(check_->move(move)), "sound");
  move.customer = 2;
  EXPECT_EQ(text(check_->move(move)), "a transition of a customer who is not there");
  move.policy = 2;
  EXPECT_EQ(text(check_->move(move)), "a transition under a policy that is none");
  EngineNote note;
  EXPECT_EQ(text(check_->note(note)), "sound");
  note.done = true;
  EXPECT_EQ(text(check_->note(note)), "what waits for an instant that is none");
  note.row = 3;
  EXPECT_EQ(text(check_->note(note)), "what waits for a customer who is not there");
  FrozenLink link;
  link.sides[0] = {0, 0, {}, kEndTime};
  link.sides[1] = {1, 1, {}, kEndTime};
  EXPECT_EQ(text(check_->link(link)), "sound");
  link.sides[1].row = 4;
  EXPECT_EQ(text(check_->link(link)), "sound");
  link.settlings = 3;
  EXPECT_EQ(text(check_->link(link)), "a link that is not made");
  link.sides[1].end = 3;
  EXPECT_EQ(text(check_->link(link)), "a link of a customer who is not there");
  EngineMeeting meeting;
  meeting.link.done = true;
  EXPECT_EQ(text(check_->meeting(meeting)), "sound");
  meeting.link.key = 2;
  EXPECT_EQ(text(check_->meeting(meeting)), "a meeting by a key that is none");
  meeting.link = {};
  EXPECT_EQ(text(check_->meeting(meeting)), "a meeting by a key that is none") << "no stronger one";
}

TEST_F(StateChecks, ClassesGoOnEachUnderOneOther) {
  const PolicyData& policy = data_.policy.data();
  std::vector<CarriedClassification> carried;
  for (size_t c = 0; c < policy.classifications.size(); ++c) {
    carried.push_back({static_cast<int>(c), {}});
    carried.back().classes.assign(policy.classifications[c].classes.size(), 0);
  }
  EXPECT_EQ(text(check_carried(policy, policy, carried)), "sound");
  auto wrong = carried;
  wrong[1].to = 0;
  EXPECT_NE(check_carried(policy, policy, wrong), nullptr) << "two become one";
  wrong = carried;
  wrong[0].classes[1] = 3;
  EXPECT_NE(check_carried(policy, policy, wrong), nullptr);
  wrong[0] = {-1, {kNoClass, kNoClass, kNoClass}};
  EXPECT_EQ(text(check_carried(policy, policy, wrong)), "sound");
  wrong.pop_back();
  EXPECT_NE(check_carried(policy, policy, wrong), nullptr);
}

TEST(StateBytes, AnyBytesGiveValuesOrSayTheyAreNone) {
  StateWriter out;
  const std::vector<std::string> texts{"a", ""};
  const std::optional<double> number = -0.5, none;
  out(int64_t{-3}, uint8_t{200}, texts, number, none, Cause::kMerge);
  const std::string bytes = out.take();
  for (size_t size = 0; size <= bytes.size(); ++size) {
    StateReader in(std::string_view(bytes).substr(0, size));
    int64_t whole = 0;
    uint8_t small = 0;
    std::vector<std::string> list;
    std::optional<double> one, other;
    Cause cause = Cause::kEvent;
    in(whole, small, list, one, other, cause);
    EXPECT_EQ(in.done(), size == bytes.size()) << size;
    if (size < bytes.size()) continue;
    EXPECT_EQ(whole, -3);
    EXPECT_EQ(small, 200);
    EXPECT_EQ(list, texts);
    EXPECT_EQ(one, number);
    EXPECT_EQ(other, none);
    EXPECT_EQ(cause, Cause::kMerge);
  }
  std::vector<int64_t> list;
  StateReader hostile("\xFF\xFF\xFF\xFF\x0F");
  hostile(list);
  EXPECT_FALSE(hostile.sound());
  EXPECT_EQ(list.capacity(), 0u) << "room for what the bytes cannot hold";
  Cause cause = Cause::kEvent;
  StateReader late("\x07");
  late(cause);
  EXPECT_FALSE(late.sound());
  std::string text;
  StateReader latin("\x01\xE9");
  latin(text);
  EXPECT_FALSE(latin.sound());
}

}  // namespace
}  // namespace patron::internal
