// Publishing another policy into an engine that lives, and comparing with one.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <new>
#include <optional>

#include "lib/engine/book_spec.h"
#include "lib/engine/engine_data.h"
#include "lib/engine/publish.h"
#include "tests/base/fail_alloc.h"
#include "tests/engine/random_engine_calls.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

std::string replaced(std::string text, const std::vector<std::pair<std::string, std::string>>& by) {
  for (const auto& [from, to] : by) {
    EXPECT_NE(text.find(from), std::string::npos) << from;
    for (size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

/// The shop with other thresholds.
Policy stricter_shop() {
  return checked_policy(replaced(shop_text(), {{"spend >= 1000", "spend >= 1200"},
                                               {"\"grace\": \"30d\"", "\"grace\": \"10d\""},
                                               {"spend >= 100\"", "spend >= 300\""},
                                               {"days(60)", "days(30)"}}));
}

/// The shop in other words: a tier "level" with classes premium, plus, new.
std::string renamed_text() {
  return replaced(shop_text(), {{"\"name\": \"tier\"", "\"name\": \"level\""},
                                {"tier !=", "level !="},
                                {"\"gold\"", "\"premium\""},
                                {"\"silver\"", "\"plus\""},
                                {"\"guest\"", "\"new\""},
                                {"'guest'", "'new'"}});
}
PublishMapping renamed() {
  ClassMapping tier;
  tier.classification = "tier", tier.to = "level";
  tier.classes = {{"gold", "premium"}, {"silver", "plus"}, {"guest", "new"}};
  return {tier};
}

Engine half_a_year(uint64_t seed, int64_t customers = 12, int facts = 80) {
  std::mt19937_64 random(seed);
  Engine engine = *Engine::open(shop());
  live(engine, random_lives(random, customers, facts));
  expect_ok(engine.advance(at("2026-06-15")));
  return engine;
}

std::vector<std::string> said_forecasts(const std::vector<Forecast>& moves) {
  std::vector<std::string> out;
  for (const Forecast& move : moves) {
    out.push_back(std::to_string(move.customer.number) + " " + std::string(move.classification) +
                  ": " + std::string(move.from) + " -> " + std::string(move.to) + " at " +
                  format_time(move.at) + ", " + std::string(cause_name(move.cause)));
  }
  return out;
}

int64_t count_in(const Engine& engine, std::string_view classification, std::string_view name) {
  const std::vector<ClassCount> counts = *engine.distribution(classification);
  for (const ClassCount& one : counts) {
    if (one.name == name) return one.customers;
  }
  return 0;
}

std::vector<std::string> since(const Engine& engine, int64_t after) {
  return said(engine.transitions(after));
}

TEST(EnginePublish, TheSamePolicyChangesNothing) {
  Engine engine = half_a_year(1);
  const std::string before = engine.save();
  const Result<PublishReport> report = engine.publish(shop());
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->same);
  // A mapping that is none is none there too.
  ClassMapping wrong;
  wrong.classification = "tier", wrong.classes = {{"goldd", "silver"}};
  EXPECT_EQ(engine.publish(engine.policy(), {wrong}).status().code(), Code::kColumn);
  EXPECT_EQ(engine.compare(engine.policy(), {wrong}).status().code(), Code::kColumn);
  wrong.classes = {{"gold", "silverr"}};
  const Status status = engine.publish(engine.policy(), {wrong}).status();
  EXPECT_NE(status.message().find("did you mean \"silver\""), std::string::npos)
      << status.message();
  EXPECT_EQ(report->number, 1);
  EXPECT_EQ(engine.save(), before);
  // Its keys in another order are the same policy.
  EXPECT_TRUE(engine.publish(checked_policy(engine.policy().to_json()))->same);
  expect_ok(engine.advance(engine.clock()));
  EXPECT_EQ(engine.save(), before);
}

// Gold is kept above 800 for the time being; then it needs 1200, and 10 days of grace.
TEST(EnginePublish, NewConditionsApplyAtTheClockOnce) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 1100, "a"},
                                            {2, at("2026-01-10"), 200, "b"},
                                            {3, at("2026-01-10"), 2000, "c"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  const int64_t count = engine.transition_count();
  const Policy next =
      checked_policy(replaced(shop_text(), {{"spend >= 1000", "spend >= 1200"},
                                            {"spend >= 800", "spend >= 1150"},
                                            {"\"grace\": \"30d\"", "\"grace\": \"10d\""},
                                            {"spend >= 100\"", "spend >= 300\""}}));
  const Result<PublishReport> report = engine.publish(next);
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_EQ(report->number, 2);
  EXPECT_EQ(report->customers, 3);
  EXPECT_FALSE(report->same);
  EXPECT_EQ(engine.transition_count(), count) << "it takes effect with the next advance";
  expect_ok(engine.advance(at("2026-02-20")));
  EXPECT_EQ(since(engine, count),
            (std::vector<std::string>{"2 tier: silver -> guest at 2026-02-01T00:00:00Z, policy",
                                      "1 tier: gold -> silver at 2026-02-11T00:00:00Z, time"}));
  EXPECT_EQ(engine.transitions(count)[0].policy, 2);
  EXPECT_EQ(engine.transitions(0)[0].policy, 1);
  ASSERT_EQ(engine.policies().size(), 2u);
  EXPECT_EQ(engine.policies()[1].at, at("2026-02-01"));
  EXPECT_EQ(engine.policies()[1].hash, next.hash());
}

TEST(EnginePublish, ClassesThatAreCalledOtherwiseGoOnWithTheirTimers) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Engine plain = half_a_year(seed), engine = half_a_year(seed);
    const int64_t count = engine.transition_count();
    ASSERT_TRUE(engine.publish(checked_policy(renamed_text()), renamed()).ok());
    expect_ok(engine.advance(engine.clock()));
    EXPECT_EQ(engine.transition_count(), count) << "a new name is no move";
    expect_ok(plain.advance(at("2026-12-20")));
    expect_ok(engine.advance(at("2026-12-20")));
    std::vector<std::string> expected = since(plain, count);
    for (std::string& line : expected) {
      for (const auto& [from, to] : std::map<std::string, std::string>{
               {"tier", "level"}, {"gold", "premium"}, {"silver", "plus"}, {"guest", "new"}}) {
        for (size_t at = line.find(from); at != std::string::npos; at = line.find(from)) {
          line.replace(at, from.size(), to);
        }
      }
    }
    ASSERT_EQ(since(engine, count), expected) << "seed " << seed;
    EXPECT_EQ(said(engine.transitions(0, count)), said(plain.transitions(0, count)))
        << "what was decided keeps its names";
  }
}

TEST(EnginePublish, AClassInUseNeedsAPlace) {
  Engine engine = half_a_year(2);
  const Policy next = checked_policy(
      replaced(shop_text(), {{R"({"name": "silver", "enter": "spend >= 100"},)", ""}}));
  const std::string before = engine.save();
  const Status status = engine.publish(next).status();
  const int64_t silver = count_in(engine, "tier", "silver");
  ASSERT_GT(silver, 1);
  EXPECT_EQ(status.code(), Code::kState);
  EXPECT_EQ(status.message(),
            std::to_string(silver) +
                " customers are in class \"silver\" of \"tier\", which the new "
                "policy does not have: say in the mapping what it becomes, such "
                "as {\"tier\": {\"classes\": {\"silver\": \"guest\"}}}, or that it "
                "ends, {\"tier\": {\"classes\": {\"silver\": null}}}");
  EXPECT_EQ(engine.save(), before);
  ClassMapping tier;
  tier.classification = "tier", tier.classes = {{"silver", ""}};
  const int64_t count = engine.transition_count();
  ASSERT_TRUE(engine.publish(next, {tier}).ok());
  expect_ok(engine.advance(engine.clock()));
  int64_t from_none = 0;
  for (const Transition& t : engine.transitions(count)) {
    if (t.classification == "tier" && t.from.empty()) ++from_none;
  }
  EXPECT_EQ(from_none, silver);
}

TEST(EnginePublish, AClassificationThatIsGoneIsNamedWithTheMapping) {
  Engine engine = half_a_year(2);
  const Policy next = checked_policy(replaced(
      shop_text(), {{"\"name\": \"tier\"", "\"name\": \"level\""}, {"tier !=", "level !="}}));
  const std::string message = engine.publish(next).status().message();
  EXPECT_TRUE(message.starts_with("the new policy has no classification \"tier\", and "))
      << message;
  EXPECT_TRUE(message.ends_with(
      " of it: say in the mapping what it becomes, such as {\"tier\": \"level\"}, or that it ends, "
      "{\"tier\": null}"))
      << message;
  ClassMapping tier;
  tier.classification = "tier", tier.to = "level";
  EXPECT_TRUE(engine.publish(next, {tier}).ok());
}

TEST(EnginePublish, AnotherCurrencyTakesAnotherEngine) {
  Engine engine = half_a_year(2);
  const std::string message =
      engine.publish(checked_policy(replaced(shop_text(), {{"\"EUR\"", "\"USD\""}})))
          .status()
          .message();
  EXPECT_NE(message.find(" of money in EUR of scale 2, and would be of money in USD of scale 2; "
                         "that takes a new engine"),
            std::string::npos)
      << message;
}

TEST(EnginePublish, AnOverrideNeedsAPlaceToo) {
  Engine engine = half_a_year(3);
  Override floor;
  floor.kind = OverrideKind::kFloor, floor.classification = "tier", floor.to = "silver";
  expect_ok(engine.set_override(id(1), floor));
  const Policy unordered = checked_policy(replaced(
      shop_text(),
      {{R"("name": "tier", "kind": "ladder")", R"("name": "tier", "kind": "first_match")"}}));
  EXPECT_EQ(engine.publish(unordered).status().message(),
            "1 customer has a floor or a ceiling at class \"silver\" of \"tier\", which has no "
            "order under the new policy: clear them first");
  ASSERT_TRUE(engine.publish(checked_policy(renamed_text()), renamed()).ok());
  ASSERT_EQ(engine.overrides(id(1)).size(), 1u);
  EXPECT_EQ(engine.overrides(id(1))[0].what.classification, "level");
  EXPECT_EQ(engine.overrides(id(1))[0].what.to, "plus");
}

TEST(EnginePublish, NamesInTheMappingExist) {
  Engine engine = half_a_year(4);
  const auto said_of = [&](const ClassMapping& one) {
    return engine.publish(checked_policy(renamed_text()), {one}).status().message();
  };
  ClassMapping one;
  one.classification = "tire";
  EXPECT_EQ(
      said_of(one),
      "mapping: the policy in force has no classification \"tire\"; did you mean \"tier\"? The "
      "classifications are \"tier\", \"audience\"");
  one.classification = "tier", one.to = "levle";
  EXPECT_EQ(
      said_of(one),
      "mapping: the one to publish has no classification \"levle\"; did you mean \"level\"? The "
      "classifications are \"level\", \"audience\"");
  one.to = "level", one.classes = {{"golden", "premium"}};
  EXPECT_EQ(said_of(one),
            "mapping: \"tier\" of the policy in force has no class \"golden\"; did you "
            "mean \"gold\"? The classes are \"gold\", \"silver\", \"guest\"");
  one.classes = {{"gold", "premum"}};
  EXPECT_EQ(said_of(one),
            "mapping: \"level\" of the one to publish has no class \"premum\"; did "
            "you mean \"premium\"? The classes are \"premium\", \"plus\", \"new\"");
}

TEST(EnginePublish, AComparisonIsWhatPublishingWouldDo) {
  for (int round = 0; round < engine_cases(25); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    std::mt19937_64 random(static_cast<uint64_t>(round) + 7);
    const std::string text = full_shop_text();
    Engine engine = *Engine::open(checked_policy(text));
    for (size_t calls = 20 + random() % 40; calls > 0; --calls) {
      RandomEngineCall(random(), 8).apply(engine);
    }
    if (engine.clock() < at("2026-01-01")) expect_ok(engine.advance(at("2026-01-01")));
    const Policy next = checked_policy(
        random() % 2 == 0
            ? replaced(text, {{"spend >= 1000", "spend >= 500"},
                              {"age(last_order) >= days(45)", "age(last_order) >= days(20)"}})
            : replaced(text, {{"\"top\": 3", "\"top\": 2"},
                              {"[50, 500]", "[100, 300]"},
                              {"\"name\": \"views\"", "\"name\": \"visits\""},
                              {"views >= 2", "visits >= 1"}}));
    const std::string before = engine.save();
    const Result<Forecasts> moves = engine.compare(next);
    if (!moves.ok()) {
      EXPECT_EQ(moves.status().code(), Code::kState) << moves.status().message();
      continue;
    }
    ASSERT_EQ(engine.save(), before) << "asking changes nothing";
    const int64_t count = engine.transition_count();
    ASSERT_TRUE(engine.publish(next).ok());
    ASSERT_EQ(engine.transition_count(), count);
    Engine again = *Engine::load(engine.save());
    expect_ok(engine.advance(engine.clock()));
    expect_ok(again.advance(again.clock()));
    ASSERT_EQ(since(engine, count), said_forecasts(*moves));
    ASSERT_EQ(told(again), told(engine)) << "saved between publishing and settling";
    for (int call = 0; call < 10; ++call) {
      const RandomEngineCall then(random(), 8);
      ASSERT_EQ(then.apply(again), then.apply(engine)) << "call " << call;
      ASSERT_EQ(told(again), told(engine)) << "call " << call;
    }
  }
}

// What publish() and the settle at the clock do is one step of every machine from where it stands:
// done here for each customer by the step function alone, from states that are carried by name.
TEST(EnginePublish, EverybodyTakesOneStepFromWhereSheStands) {
  for (uint64_t seed = 1; seed <= 15; ++seed) {
    std::mt19937_64 random(seed);
    const Lives lives = random_lives(random, 12, 80);
    const Policy old = shop(), next = stricter_shop();
    internal::EngineData data(old, *BookLayout::make(internal::book_spec(old.data())), {});
    IngestReport report;
    const auto file = [&](const char* stream, const Table& facts) {
      const auto add = [&] { return data.book.add(stream, facts, {data.clock, false}, &report); };
      expect_ok(data.take(report, add, -1, false));
    };
    file("orders", orders(lives.orders));
    file("interactions", visits(lives.visits));
    expect_ok(data.pass(at("2026-06-15"), {}));
    internal::Settler settler(next.data(), data.book.state());
    std::map<uint32_t, internal::CustomerState> expected;
    for (uint32_t row = 0; row < data.members.size(); ++row) {
      internal::CustomerState state = data.members[row].state;  // the same machines
      if (!state.seen) continue;
      settler.settle(row, state, data.clock);
      expected.emplace(row, std::move(state));
    }
    ASSERT_TRUE(data.publish(next, {}).ok());
    expect_ok(data.pass(data.clock, {}));
    for (const auto& [row, state] : expected) {
      ASSERT_EQ(data.members[row].state.machines, state.machines) << "seed " << seed;
      ASSERT_EQ(data.members[row].state.shown, state.shown) << "seed " << seed;
    }
  }
}

// Models that are defined as before keep their constants, others have none.
TEST(EnginePublish, ConstantsHoldAsLongAsTheirDefinition) {
  Engine engine = *Engine::open(checked_policy(full_shop_text("year")));
  std::mt19937_64 random(4);
  live(engine, random_lives(random, 12, 90));
  expect_ok(engine.advance(at("2026-06-15")));
  ASSERT_TRUE(engine.calibrate().ok());
  const std::string rfm = engine.calibration().to_json();
  const int64_t count = engine.transition_count();
  // Another condition of the tier: models stay, and nobody's segment moves.
  ASSERT_TRUE(
      engine
          .publish(checked_policy(replaced(full_shop_text("year"), {{"[50, 500]", "[60, 500]"}})))
          ->uncalibrated.empty());
  EXPECT_EQ(engine.calibration().number(), 1);
  expect_ok(engine.advance(engine.clock()));
  for (const Transition& t : engine.transitions(count)) {
    EXPECT_TRUE(t.classification == "size") << t.classification;
  }
  // Another window of the model and of what the rank is by: both are to be calibrated anew.
  const Result<PublishReport> report = engine.publish(checked_policy(replaced(
      full_shop_text("month"),
      {{"\"window\": \"180d\"", "\"window\": \"90d\""},
       {"\"orders.amount\", \"window\": \"90d\"", "\"orders.amount\", \"window\": \"80d\""}})));
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_EQ(report->uncalibrated, (std::vector<std::string>{"care", "rfm"}));
  EXPECT_EQ(engine.calibration_due(), at("2026-06-30T22:00:00Z")) << "the months of Berlin";
  expect_ok(engine.advance(engine.clock()));
  EXPECT_EQ(count_in(engine, "care", "manager"), 0);
  expect_ok(engine.advance(at("2026-07-01")));
  EXPECT_EQ(engine.calibration().number(), 2);
}

TEST(EnginePublish, TagsThatKeepTheirValueKeepItByName) {
  const auto text = [](const std::string& more) {
    return replaced(shop_text(),
                    {{R"("name": "views", "metric")",
                      R"("name": "seen", "on_null": "keep", "expression": "last_order"},
                                      )" +
                          more + R"({"name": "views", "metric")"}});
  };
  Engine engine = *Engine::open(checked_policy(text("")));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 1100, "a"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  TableBuilder keys;
  keys.int64("customer", {1}).strings("order_id", std::vector<std::string>{"a"});
  expect_ok(engine.remove("orders", *keys.finish()));
  expect_ok(engine.advance(at("2026-02-02")));
  const auto seen = [&] {
    const Profile profile = *engine.profile(id(1));
    for (const ProfileValue& value : profile.values) {
      if (value.name == "seen") return value.known ? value.integer : 0;
    }
    return int64_t{-1};
  };
  EXPECT_EQ(seen(), at("2026-01-10"));
  ASSERT_TRUE(
      engine.publish(checked_policy(text(R"({"name": "new_one", "expression": "spend"},)"))).ok());
  EXPECT_EQ(seen(), at("2026-01-10"));
  expect_ok(engine.advance(at("2026-02-03")));
  EXPECT_EQ(seen(), at("2026-01-10"));
}

TEST(EnginePublish, FromWithinACallbackItIsRefused) {
  Engine engine = *Engine::open(shop());
  std::mt19937_64 random(9);
  live(engine, random_lives(random, 100, 400));
  std::vector<Code> codes;
  Control control;
  control.progress = [&](double) {
    codes.push_back(engine.publish(stricter_shop()).status().code());
    return 0;
  };
  expect_ok(engine.advance(at("2026-06-15"), control));
  ASSERT_FALSE(codes.empty());
  for (const Code code : codes) EXPECT_EQ(code, Code::kState);
  EXPECT_TRUE(engine.publish(stricter_shop()).ok());
}

TEST(EnginePublish, NewStreamsColumnsAndAttributesAreNullOfOldFacts) {
  Engine engine = half_a_year(6);
  const std::string wider = replaced(
      shop_text(),
      {{R"("interactions": {})",
        R"("interactions": {}, "surveys": {}, "trips": {"columns": {"miles": {"type": "int64"}}})"},
       {R"("orders": {"key": "order_id"})",
        R"("orders": {"key": "order_id", "columns": {"coupon": {"type": "string"}}})"},
       {R"("attributes": {)", R"("attributes": {"city": {"type": "string"}, )"},
       {R"({"name": "idle")", R"({"name": "coupons", "metric": {"distinct": "orders.coupon"}},
                                 {"name": "miles", "metric": {"sum": "trips.miles"}},
                                 {"name": "idle")"}});
  const BookFacts facts = engine.facts();
  const std::vector<std::string> before = said(engine.transitions());
  Engine twin = half_a_year(6);
  const Result<PublishReport> report = engine.publish(checked_policy(wider));
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_EQ(engine.facts().events, facts.events);
  EXPECT_EQ(engine.layout().find_stream("trips"), 3);
  TableBuilder trips;
  trips.int64("customer", {1}).timestamps("time", {at("2026-06-20")}, "UTC").int64("miles", {12});
  expect_ok(engine.ingest("trips", *trips.finish()));
  // The facts that were there go on as they would have.
  for (Engine* one : {&engine, &twin}) {
    expect_ok(one->ingest("orders", orders({{2, at("2026-06-16"), 900, "k3"}})));
    expect_ok(one->advance(at("2026-12-01")));
  }
  EXPECT_EQ(said(engine.transitions()), said(twin.transitions()));
  // A stream with facts cannot go; one without can.
  EXPECT_EQ(engine.publish(shop()).status().message(),
            "the book cannot take this layout: stream \"trips\" holds 1 fact, and would be gone");
  EXPECT_TRUE(twin.publish(checked_policy(wider)).ok());
  EXPECT_TRUE(twin.publish(shop()).ok());
  expect_ok(twin.advance(twin.clock()));
  EXPECT_EQ(said(engine.transitions()), said(twin.transitions()));
}

TEST(EnginePublish, TheFirstClassificationsOfAllMayBeSavedAtOnce) {
  const auto open = [](const std::string& classes) {
    return checked_policy(
        R"json({"patron": 1, "name": "tags", "money": {"currency": "EUR", "scale": 2},
      "customer": {"id": "int64"}, "streams": {"orders": {"key": "order_id"}},
      "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}])json" +
        classes + "}");
  };
  Engine engine = *Engine::open(open(""));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 100, "a"}})));
  expect_ok(engine.advance(at("2026-01-20")));
  const Policy tiers =
      open(R"json(, "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "gold", "enter": "spend >= 100"}, {"name": "guest"}]}])json");
  ASSERT_TRUE(engine.publish(tiers).ok());
  Result<Engine> loaded = Engine::load(engine.save());
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ(loaded->state_hash(), engine.state_hash());
  for (Engine* one : {&engine, &*loaded}) expect_ok(one->advance(one->clock()));
  EXPECT_EQ(said(engine.transitions()).size(), 1u);
  EXPECT_EQ(said(loaded->transitions()), said(engine.transitions()));
  EXPECT_EQ(loaded->state_hash(), engine.state_hash());
}

TEST(EnginePublish, MemoryThatRunsOutChangesNothing) {
  const std::string bytes = half_a_year(8).save();
  const Policy other = checked_policy(renamed_text());
  const PublishMapping mapping = renamed();
  for (int64_t k = 0;; k += 1 + k / 40) {
    Engine engine = *Engine::load(bytes);
    bool done = false, happened = false;
    {
      const FailAllocation failing(k, k % 2 != 0);
      try {
        done = engine.publish(other, mapping).ok();
      } catch (const std::bad_alloc&) {
      }
      happened = failing.happened();
    }
    ASSERT_TRUE(done || engine.save() == bytes) << "allocation " << k;
    if (!happened) break;
  }
}

}  // namespace
}  // namespace patron
