// Engines that settle by a plan beside engines that settle in the plain way: the same moves at the
// same instants, the same state, and a next change that is no sooner.
#include "lib/engine/quick/quick_pass.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "lib/engine/engine_data.h"
#include "patron/time.h"
#include "tests/engine/engine_world.h"
#include "tests/engine/shop.h"

namespace patron::internal {
namespace {

std::string said(const EngineData& data) {
  std::string out;
  for (size_t i = 0; i < data.moves.size(); ++i) {
    const EngineMove move = data.moves[i];
    if (move.customer == kNoCustomer) continue;  // she was forgotten
    const Transition seen = data.show(move);
    out += format_time(seen.at) + " " + std::string(seen.customer.text) +
           std::to_string(seen.customer.number) + " " + std::string(seen.classification) + " " +
           std::string(seen.from) + ">" + std::string(seen.to) + " " +
           std::string(cause_name(seen.cause)) + (seen.fact_time ? " late" : "") + "\n";
    for (const Reason& reason : seen.because) {
      out += "  " + reason.of + " " + reason.part + " " + reason.text + " " + reason.left + " " +
             reason.op + " " + reason.right + (reason.holds ? *reason.holds ? " T" : " F" : " U");
      for (const std::string& name : reason.unknown) out += " ?" + name;
      out += "\n";
    }
  }
  return out;
}

// One life of both engines. What is done is drawn from the seed.
class Twins {
 public:
  Twins(const Policy& policy, uint64_t seed, int64_t customers)
      : quick_(policy, *BookLayout::make(book_spec(policy.data())), {}),
        plain_(policy, *BookLayout::make(book_spec(policy.data())), {}),
        random_(seed),
        seed_(seed),
        customers_(customers) {
    plain_.plainly = true;
  }

  void live(bool commands) {
    facts(seed_);
    Micros now = EngineFacts::kBegin;
    for (int step = 0; step < 14; ++step) {
      now += static_cast<Micros>(random_() % 90) * kMicrosPerDay +
             static_cast<Micros>(random_() % 1000);
      for (EngineData* data : {&quick_, &plain_}) ASSERT_TRUE(data->pass(now, {}).ok());
      compare_memory();
      if (step == 6) facts(seed_ + 1000);  // half of them late
      if (commands) command();
      if (step == 9 && random_() % 2 == 0) calibrate(now);
      compare();
      if (testing::Test::HasFatalFailure()) return;
    }
    const Micros until = now + 200 * kMicrosPerDay;
    const Control nobody;
    Watch watch(nobody);
    const auto a = quick_.foresee(until, watch), b = plain_.foresee(until, watch);
    ASSERT_TRUE(a.ok() && b.ok());
    ASSERT_EQ(a->size(), b->size());
    for (size_t i = 0; i < a->size(); ++i) {
      const ComingMove x = a->move(i), y = b->move(i);
      ASSERT_EQ(x.at, y.at);
      ASSERT_EQ(x.customer, y.customer);
      ASSERT_EQ(x.move.to, y.move.to);
    }
    for (uint32_t row = 0; row < plain_.members.size(); ++row) follow(row);
  }
  size_t moves() const { return quick_.moves.size(); }
  size_t stood() const {
    return stood_;
  }  ///< steps of follow() that came after one of the same facts
  size_t compared() const { return compared_; }
  uint64_t settlings(bool plain) const {
    uint64_t out = 0;
    for (const EngineMember& member : (plain ? plain_ : quick_).members) out += member.settlings;
    return out;
  }

 private:
  void facts(uint64_t seed) {
    for (EngineData* data : {&quick_, &plain_}) {
      const EngineFacts made(data->book, seed, customers_);
      IngestReport report;
      report.effects = made.effects;
      for (BookEffect& effect : report.effects) {
        if (effect.at > data->clock) continue;
        effect.fact_time = effect.at, effect.late = true;
        effect.at = data->clock;
      }
      ASSERT_TRUE(data->take(
                          report, [] { return Status(); }, -1, false)
                      .ok());
    }
  }
  // She alone along the instants of time: what stands from one to the next is what is computed
  // anew.
  void follow(uint32_t row) {
    SettleParts& parts = plain_.settler.parts();
    const auto waits_after = [&](Micros t) {
      Micros next = kEndTime;
      for (LogReader& reader : parts.readers) next = std::min(next, first_after(reader, row, t));
      for (LogReader& reader : parts.attributes) next = std::min(next, first_after(reader, row, t));
      return next;
    };
    struct Step {
      Micros at, waits, next;
      CustomerState state;
    };
    std::vector<Step> steps;
    CustomerState state = plain_.members[row].state;
    for (Micros t = plain_.clock; t < kEndTime && steps.size() < 40;) {
      const Micros next = plain_.settler.move(row, state, t).next, waits = waits_after(t);
      steps.push_back({t, waits, next, state});
      t = std::min(next, waits);
    }
    state = plain_.members[row].state;
    for (size_t i = 0; i < steps.size(); ++i) {
      const bool same = i > 0 && steps[i].at < steps[i - 1].waits;
      stood_ += same ? 1 : 0;
      ASSERT_EQ(plain_.settler.follow(row, state, steps[i].at, same).next, steps[i].next) << i;
      ASSERT_EQ(state.machines, steps[i].state.machines) << i;
      ASSERT_EQ(state.shown, steps[i].state.shown) << i;
    }
  }
  CustomerId somebody() {
    return quick_.book.id(static_cast<uint32_t>(random_() % quick_.book.customers()));
  }
  void command() {
    CustomerId first = somebody(), second = somebody();
    // The bytes of an id go when it is forgotten.
    const std::string texts[2] = {std::string(first.text), std::string(second.text)};
    first.text = texts[0], second.text = texts[1];
    const auto& classes = quick_.policy.data().classifications;
    Override pin;
    pin.classification = classes[random_() % classes.size()].seen.name;
    pin.kind = OverrideKind::kHold;
    pin.at = quick_.clock, pin.until = quick_.clock + 40 * kMicrosPerDay;
    const auto what = random_() % 6;
    for (EngineData* data : {&quick_, &plain_}) {
      if (what == 0) {
        ASSERT_TRUE(data->link(first, second).ok());
      }
      if (what == 1) (void)data->unlink(first, second);
      if (what == 2) (void)data->set_override(first, pin);  // she may have been forgotten
      if (what == 3) data->forget(first);
    }
  }
  void calibrate(Micros now) {
    for (EngineData* data : {&quick_, &plain_}) {
      const auto constants = data->calibrated(now, now);
      ASSERT_TRUE(constants.ok()) << constants.status().message();
      ASSERT_TRUE(data->install(*constants, now).ok());
      ASSERT_TRUE(data->settle_all(now).ok());
    }
  }
  /// What is remembered of customers makes no difference to when they are looked at next.
  void compare_memory() {
    for (uint32_t row = 0; row < quick_.members.size(); row += 3) {
      const EngineMember& member = quick_.members[row];
      if (!member.state.seen || quick_.book.survivor(row) != row) continue;
      CustomerState with = member.state, without = with;
      Settler& settler = quick_.settler;
      const Micros next = settler.move_quickly(row, with, quick_.clock, kNoFacts).next;
      ASSERT_EQ(settler.move_quickly(row, without, quick_.clock).next, next) << row;
      ASSERT_EQ(with.machines, without.machines) << row;
      ++compared_;
    }
  }
  void compare() {
    ASSERT_EQ(said(quick_), said(plain_));
    ASSERT_EQ(quick_.members.size(), plain_.members.size());
    for (size_t row = 0; row < quick_.members.size(); ++row) {
      const EngineMember& a = quick_.members[row];
      const EngineMember& b = plain_.members[row];
      ASSERT_EQ(a.state.machines, b.state.machines) << row;
      ASSERT_EQ(a.state.shown, b.state.shown) << row;
      ASSERT_EQ(a.state.seats_lost, b.state.seats_lost) << row;
      // The calendar is looked at for four years from the last settling on.
      ASSERT_GE(a.due, std::min(b.due, quick_.clock + 700 * kMicrosPerDay)) << row;
    }
  }

  EngineData quick_, plain_;
  size_t stood_ = 0;
  std::mt19937_64 random_;
  uint64_t seed_;
  int64_t customers_;
  size_t compared_ = 0;
};

class Shipped : public ::testing::TestWithParam<const char*> {};

TEST_P(Shipped, MoveTheSameWayWithFewerSettlings) {
  const Policy policy = shipped_policy(GetParam());
  uint64_t quick = 0, plain = 0;
  size_t moves = 0;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    Twins twins(policy, seed, 12);
    twins.live(seed != 1);
    if (HasFatalFailure()) FAIL() << "seed " << seed;
    quick += twins.settlings(false), plain += twins.settlings(true), moves += twins.moves();
  }
  EXPECT_LE(quick, plain);
  EXPECT_GT(moves, 0u);
}

INSTANTIATE_TEST_SUITE_P(Policies, Shipped,
                         ::testing::Values("retail", "baby", "bank", "b2b", "ecommerce"));

// A policy out of all kinds of values, conditions and timers.
std::string random_policy(uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto one_of = [&](std::vector<std::string> list) { return list[random() % list.size()]; };
  const auto window = [&] {
    return one_of({"", R"json(, "window": "30d")json", R"json(, "window": "90d")json",
                   R"json(, "window": "3mo")json", R"json(, "window": {"calendar": "month"})json",
                   R"json(, "window": "365d")json"});
  };
  const auto where = [&] {
    return one_of({"", R"json(, "where": "kind == 'view'")json",
                   R"json(, "where": "kind != 'view'")json",
                   R"json(, "where": "kind in ['cart', 'view']")json"});
  };
  const auto sold = [&] { return one_of({"", R"json(, "where": "amount > 100")json"}); };
  const std::string tags = R"json({"name": "spend", "metric": {"sum": "orders.amount")json" +
                           window() + sold() + R"json(}},
        {"name": "often", "metric": {"count": "orders")json" +
                           window() + sold() + R"json(}},
        {"name": "seen", "metric": {"count": "interactions")json" +
                           window() + where() + R"json(}},
        {"name": "stay", "metric": {"sum": "interactions.duration")json" +
                           window() + where() + R"json(}},
        {"name": "last", "metric": {"last": "orders.time")json" +
                           window() + R"json(}},
        {"name": "paid", "metric": {"last": "orders.amount")json" +
                           window() + R"json(}},
        {"name": "mean", "metric": {"mean": "orders.amount")json" +
                           window() + R"json(}},
        {"name": "part", "metric": {"ratio": ["often", "seen"]}},
        {"name": "rate", "expression": "double(seen) / double(often)"},
        {"name": "busy", "expression": "seen >= 2 && often > 0"})json";
  const bool scores = seed % 3 == 0, netted = seed % 4 == 1;
  const auto atom = [&]() -> std::string {
    if (scores && random() % 4 == 0) {
      return one_of({"rfm.r >= 3", "rfm.f >= 2", "rfm.m < 3", "rfm.f + rfm.m > 4",
                     "rfm.segment == 'Champions'", "nps.class == 'promoter'", "nps.score < 7",
                     "nps.class != 'detractor'"});
    }
    const std::string n = std::to_string(random() % 6), money = std::to_string(random() % 900);
    return one_of({"spend >= " + money,
                   "spend < " + money,
                   money + " <= spend",
                   "often >= " + n,
                   "often == " + n,
                   "seen > " + n,
                   "seen != " + n,
                   "busy",
                   "!busy",
                   "rate > 0.5",
                   "part >= 1.5",
                   "mean > " + money,
                   "paid >= " + money,
                   "has(last)",
                   "paid == null",
                   "last > timestamp('2022-06-01T00:00:00Z')",
                   "age(last) < days(45)",
                   "stay >= duration('600s')",
                   "risk == 'high'",
                   "or_else(vip, false)",
                   "seen + often > 4",
                   "now.getMonth() >= 6"});
  };
  const auto condition = [&] {
    std::string out = atom();
    for (auto more = random() % 3; more > 0; --more) {
      out = "(" + out + (random() % 2 == 0 ? " && " : " || ") + atom() + ")";
      if (random() % 6 == 0) out = "!" + out;
    }
    return out;
  };
  const auto timers = [&](bool ladder) {
    std::string out;
    if (random() % 3 == 0) out += R"json(, "keep": ")json" + condition() + "\"";
    if (random() % 3 == 0) out += R"json(, "min_dwell": ")json" + one_of({"10d", "1mo"}) + "\"";
    if (random() % 3 == 0) out += R"json(, "grace": ")json" + one_of({"1d", "20d"}) + "\"";
    if (random() % 3 == 0) out += R"json(, "cool_down": "15d")json";
    if (ladder && random() % 3 == 0)
      out += R"json(, "leave": )json" +
             one_of({R"json("one_step")json", R"json({"at": "month_end"})json"});
    return out;
  };
  const auto classes = [&](const char* letter, bool ladder, int count) {
    std::string out;
    for (int c = 0; c < count; ++c) {
      out += std::string(c > 0 ? ", " : "") + R"json({"name": ")json" + letter + std::to_string(c) +
             R"json(", "enter": ")json" + condition() + "\"" + timers(ladder) + "}";
    }
    if (ladder) out += std::string(R"json(, {"name": ")json") + letter + "x\"}";
    return out;
  };
  const std::string refunds =
      netted ? R"json(, "refund_of": "original", "columns": {"original": "string"})json" : "";
  const std::string models =
      !scores
          ? ""
          : R"json("models": {"rfm": {"window": ")json" + one_of({"120d", "12mo"}) +
                R"json(", "min_customers": 1}, "nps": {"window": "90d", "min_customers": 1}},)json";
  const std::string grid =
      scores ? R"json({"name": "segment", "kind": "grid", "table": "rfm.eleven"},)json" : "";
  return R"json({"patron": 1, "name": "random", "timezone": "Europe/Berlin", "money": {"scale": 2},
    "streams": {"orders": {"key": "order_id")json" +
         refunds + R"json(}, "interactions": {}, "surveys": {}},)json" + models +
         R"json("attributes": {"vip": {"type": "bool"}, "risk": {"type": "enum", "values": ["low", "high"]}},
    "tags": [)json" +
         tags + R"json(], "classifications": [
      {"name": "tier", "kind": "ladder", "on_unknown": ")json" +
         one_of({"hold", "skip"}) + R"json(", "classes": [)json" + classes("t", true, 4) +
         R"json(]},
      {"name": "marks", "kind": "flags", "classes": [)json" +
         classes("m", false, 3) + R"json(]},
      )json" +
         grid + R"json({"name": "band", "kind": "bands", "of": ")json" +
         one_of({"spend", "often", "rate"}) +
         R"json(", "cuts": [1, 3, 200], "hysteresis": 0.1, "grace": "3d",
       "classes": ["low", "some", "more", "most"]}]})json";
}

TEST(QuickPass, OfRandomPoliciesMovesAsThePlainWayDoes) {
  size_t policies = 0, moves = 0, compared = 0, stood = 0;
  uint64_t quick = 0, plain = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const CheckedPolicy checked = Policy::check(random_policy(seed));
    if (!checked.policy) {
      for (const PolicyFinding& finding : checked.findings) {
        if (finding.severity == Severity::kError) ADD_FAILURE() << seed << finding.message;
      }
      continue;
    }
    ++policies;
    Twins twins(*checked.policy, seed, 8);
    twins.live(seed % 2 == 0);
    if (HasFatalFailure()) FAIL() << "seed " << seed << "\n" << random_policy(seed);
    moves += twins.moves(), compared += twins.compared(), stood += twins.stood();
    quick += twins.settlings(false), plain += twins.settlings(true);
  }
  EXPECT_GT(policies, 30u);
  EXPECT_GT(moves, 1000u);
  EXPECT_GT(compared, 500u);
  EXPECT_GT(stood, 1000u);
  EXPECT_LT(quick, plain);
}

// What holds her ends long after her values were looked at last: what decided that she leaves is
// what they are then. 80 on 10 January, 31 on the 11th and 9 on the 15th, in a window of 30 days.
TEST(QuickPass, SaysWhatDecidedAMoveAsItIsAtItsInstant) {
  for (const std::string held :
       {R"json("grace": "5d")json", R"json("min_dwell": "100d")json",
        R"json("leave": {"at": "month_end"})json",
        R"json("keep": "s >= 35 || n > 2", "grace": "5d")json",
        R"json("keep": "now < timestamp('2026-01-01T00:00:00Z')", "grace": "5d")json"}) {
    for (const bool daily : {false, true}) {
      Engine engine = *Engine::open(test::checked_policy(
          R"json({"patron": 1, "name": "p", "money": {"scale": 2}, "customer": {"id": "int64"},
            "streams": {"orders": {"key": "order_id"}},
            "tags": [{"name": "s", "metric": {"sum": "orders.amount", "window": "30d"}},
                     {"name": "n", "metric": {"count": "orders", "window": "30d"}}],
            "classifications": [{"name": "tier", "kind": "ladder", "classes": [
              {"name": "gold", "enter": "s >= 100", )json" +
          held + R"json(}, {"name": "guest"}]}]})json"));
      test::expect_ok(engine.ingest("orders", test::orders({{1, test::at("2026-01-10"), 80, "a"},
                                                            {1, test::at("2026-01-11"), 31, "b"},
                                                            {1, test::at("2026-01-15"), 9, "c"}})));
      test::expect_ok(engine.advance(test::at("2026-01-20")));
      for (int day = daily ? 1 : 150; day <= 150; ++day) {
        test::expect_ok(engine.advance(test::at("2026-01-20") + day * kMicrosPerDay));
      }
      const Transition left = engine.transitions().back();
      EXPECT_EQ(left.to, "guest") << held;
      // The orders leave the window on 9, 10 and 14 February; what month_end waits for is March.
      const bool some = left.at < test::at("2026-02-14");
      ASSERT_FALSE(left.because.empty()) << held;
      EXPECT_EQ(left.because[0].text, "s >= 100");
      EXPECT_EQ(left.because[0].left, some ? "9.00" : "0.00") << held << format_time(left.at);
    }
  }
}

}  // namespace
}  // namespace patron::internal
