// Explanations: hand cases, and the law that what they name, applied, gives the class, and that
// what they say is coming comes (docs/explain.md).
#include "lib/engine/explain/explain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

TEST(Explain, NamesTheRuleThatHoldsWhatIsMissingAndWhatIsComing) {
  const Engine engine = silver_until_april();
  const ClassExplanation why = *engine.explain(id(1), "tier", "en");
  EXPECT_EQ(why.classes, std::vector<std::string_view>{"silver"});
  EXPECT_EQ(why.since, at("2026-01-10"));
  ASSERT_EQ(why.reasons.size(), 1u);
  EXPECT_EQ(why.reasons[0].text, "spend >= 100");
  EXPECT_EQ(why.reasons[0].left, "300.00 EUR");
  EXPECT_EQ(why.reasons[0].distance, -200);
  ASSERT_EQ(why.better.size(), 1u);
  const BetterClass& gold = why.better[0];
  EXPECT_EQ(gold.name, "gold");
  EXPECT_EQ(gold.how, Attainable::kByFacts);
  ASSERT_EQ(gold.missing.size(), 1u);
  EXPECT_EQ(gold.missing[0].condition.text, "spend >= 1000");
  EXPECT_EQ(gold.missing[0].more, "700.00 EUR");
  ASSERT_EQ(gold.missing[0].facts.size(), 1u);
  EXPECT_EQ(gold.missing[0].facts[0].name, "orders");
  EXPECT_EQ(gold.missing[0].facts[0].values, std::vector<std::string>{"700.00 EUR"});
  EXPECT_EQ(gold.before, at("2026-04-10")) << "then the 300 leave the 90 days";
  ASSERT_TRUE(why.next.has_value());
  EXPECT_EQ(why.next->to, "guest");
  EXPECT_EQ(why.next->at, at("2026-04-10"));
  ASSERT_EQ(why.next->because.size(), 1u);
  EXPECT_EQ(why.next->because[0].left, "0.00 EUR");
}

TEST(Explain, SaysWhatHoldsHer) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 1200, "a"}})));
  expect_ok(engine.advance(at("2026-04-20")));  // in grace until 10 May
  ClassExplanation why = *engine.explain(id(1), "tier");
  ASSERT_EQ(why.holds.size(), 1u);
  EXPECT_EQ(why.holds[0].what, "grace");
  EXPECT_EQ(why.holds[0].until, at("2026-05-10"));
  std::vector<std::string> failing;
  for (const Reason& reason : why.reasons) failing.push_back(reason.text + " " + reason.left);
  EXPECT_EQ(failing, (std::vector<std::string>{"spend >= 1000 0.00 EUR", "spend >= 800 0.00 EUR"}));
  EXPECT_NE(why.text.find("in grace: gold, until 2026-05-10 02:00\n"
                          "not met: spend >= 1000 (0.00 EUR)\n"
                          "not met: spend >= 800 (0.00 EUR)\n"),
            std::string::npos)
      << why.text;
  EXPECT_EQ(why.text.find("because"), std::string::npos) << why.text;
  EXPECT_NE(engine.explain(id(1), "tier", "zh")->text.find("未满足：spend >= 1000（0.00 EUR）"),
            std::string::npos);
  EXPECT_EQ(why.next->at, at("2026-05-10"));
  EXPECT_TRUE(why.better.empty());
  Override floor;
  floor.kind = OverrideKind::kFloor;
  floor.classification = "tier", floor.to = "silver", floor.until = at("2026-08-01");
  expect_ok(engine.set_override(id(1), floor));
  expect_ok(engine.advance(at("2026-06-01")));
  why = *engine.explain(id(1), "tier");
  EXPECT_EQ(why.classes, std::vector<std::string_view>{"silver"});
  EXPECT_EQ(why.own, "guest");
  ASSERT_EQ(why.holds.size(), 1u);
  EXPECT_EQ(why.holds[0].what, "floor");
  EXPECT_EQ(why.holds[0].until, at("2026-08-01"));
}

TEST(Explain, SaysWhichPartOfAConditionGivesTheClass) {
  Engine engine = *Engine::open(checked_policy(R"json({"patron": 1, "name": "p",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {"key": "order_id"}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
             {"name": "buys", "metric": {"count": "orders"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "gold", "enter": "spend >= 1000 || buys >= 1"}, {"name": "guest"}]}]})json"));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 40, "a"}})));
  expect_ok(engine.advance(at("2026-01-20")));
  const ClassExplanation why = *engine.explain(id(1), "tier");
  ASSERT_EQ(why.reasons.size(), 1u) << "1,000 were never spent";
  EXPECT_EQ(why.reasons[0].text, "buys >= 1");
}

// Orders of 154 on 2 April and 112 on 7 May, one of 87 that waits until 11 May; 300 are gold, which
// 200 keep. With 34 more she is gold at once. On 11 May the 353 make her gold anyway, and on 1 June
// 199 do not keep her: from then on 34 are too few, though at that very instant they would keep
// her.
TEST(Explain, WhatIsEnoughWhereFactsWaitIsEnoughUntilTheInstantThatItNames) {
  const auto opened = [] {
    Engine engine = *Engine::open(checked_policy(R"json({"patron": 1, "name": "p",
      "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
      "streams": {"orders": {"key": "order_id"}},
      "tags": [{"name": "s", "metric": {"sum": "orders.amount", "window": "60d"}}],
      "classifications": [{"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "s >= 300", "keep": "s >= 200"}, {"name": "guest"}]}]})json"));
    expect_ok(engine.ingest("orders", orders({{1, at("2026-04-02"), 154, "a"},
                                              {1, at("2026-05-07"), 112, "b"},
                                              {1, at("2026-05-11"), 87, "c"}})));
    expect_ok(engine.advance(at("2026-05-10")));
    return engine;
  };
  const ClassExplanation why = *opened().explain(id(1), "tier");
  ASSERT_EQ(why.better.size(), 1u);
  EXPECT_EQ(why.better[0].how, Attainable::kByFacts);
  EXPECT_EQ(why.better[0].missing.at(0).more, "34.00 EUR");
  ASSERT_EQ(why.better[0].before, at("2026-06-01"));
  const auto gold_with = [&](Micros then) {
    Engine engine = opened();
    expect_ok(engine.ingest("orders", orders({{1, then, 34, "more"}})));
    expect_ok(engine.advance(then));
    return engine.explain(id(1), "tier")->classes == std::vector<std::string_view>{"gold"};
  };
  for (Micros then = at("2026-05-10"); then < *why.better[0].before; then += kDay / 4) {
    EXPECT_TRUE(gold_with(then)) << format_time(then);
  }
  EXPECT_TRUE(gold_with(*why.better[0].before - 1));
  EXPECT_FALSE(gold_with(*why.better[0].before + 1));
  EXPECT_FALSE(gold_with(at("2026-07-05")));
}

// Who may not come back yet cannot, whatever she buys.
TEST(Explain, OfAClassThatCoolsDownSaysNotBeforeWhen) {
  Engine engine = *Engine::open(checked_policy(R"json({"patron": 1, "name": "p",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {"key": "order_id"}},
    "tags": [{"name": "s", "metric": {"sum": "orders.amount", "window": "90d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "gold", "enter": "s >= 500", "cool_down": "100d"}, {"name": "guest"}]}]})json"));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 600, "a"}})));
  expect_ok(engine.advance(at("2026-04-30")));
  const Micros cooled = at("2026-04-10") + 100 * kDay;
  ClassExplanation why = *engine.explain(id(1), "tier");
  ASSERT_EQ(why.better.size(), 1u);
  EXPECT_EQ(why.better[0].how, Attainable::kNotBefore);
  EXPECT_EQ(why.better[0].at, cooled);
  ASSERT_EQ(why.better[0].missing.size(), 1u);
  EXPECT_EQ(why.better[0].missing[0].more, "500.00 EUR");
  EXPECT_NE(why.text.find("gold: not before 2026-07-19: 500.00 EUR more"), std::string::npos)
      << why.text;
  // What she buys too early brings her back then only.
  expect_ok(engine.ingest("orders", orders({{1, at("2026-04-30"), 500, "b"}})));
  expect_ok(engine.advance(at("2026-05-01")));
  why = *engine.explain(id(1), "tier");
  EXPECT_EQ(why.classes, std::vector<std::string_view>{"guest"});
  ASSERT_EQ(why.better.size(), 1u);
  EXPECT_EQ(why.better[0].how, Attainable::kByTime);
  EXPECT_EQ(why.better[0].at, cooled);
}

// One move down in 9,000 years is all that the cap allows: there is no way up any more.
TEST(Explain, WhatACapClosesForEverIsNotAttainable) {
  Engine engine = *Engine::open(checked_policy(R"json({"patron": 1, "name": "p",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {"key": "order_id"}},
    "tags": [{"name": "s", "metric": {"sum": "orders.amount", "window": "90d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "cap": {"moves": 1, "per": "9000y"},
      "classes": [{"name": "gold", "enter": "s >= 500"}, {"name": "guest"}]}]})json"));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 600, "a"}})));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-05-01"), 600, "b"}})));
  expect_ok(engine.advance(at("2026-05-02")));
  const ClassExplanation why = *engine.explain(id(1), "tier");
  EXPECT_EQ(why.classes, std::vector<std::string_view>{"guest"});
  ASSERT_EQ(why.better.size(), 1u);
  EXPECT_EQ(why.better[0].how, Attainable::kNotAttainable);
  ASSERT_EQ(why.holds.size(), 1u);
  EXPECT_EQ(why.holds[0].what, "cap");
}

TEST(Explain, OfFlagsTellsThoseSheHasAndThoseSheHasNot) {
  const Engine engine = silver_until_april();
  const ClassExplanation why = *engine.explain(id(1), "audience");
  EXPECT_TRUE(why.classes.empty());
  ASSERT_EQ(why.better.size(), 2u);
  // Idle from 11 March on: no fact makes an age grow.
  EXPECT_EQ(why.better[0].name, "sleepers");
  EXPECT_EQ(why.better[0].how, Attainable::kByTime);
  EXPECT_EQ(why.better[0].at, at("2026-03-11"));
  // Two views are not enough: she spent something, which only time takes from her.
  EXPECT_EQ(why.better[1].name, "browsers");
  EXPECT_NE(why.better[1].how, Attainable::kByFacts);
}

TEST(Explain, RefusesOtherLanguagesNamesAndIds) {
  const Engine engine = silver_until_april();
  const auto language = engine.explain(id(1), "tier", "fr");
  EXPECT_EQ(language.status().code(), Code::kArgument);
  EXPECT_NE(language.status().message().find("\"en\""), std::string::npos);
  EXPECT_NE(language.status().message().find("\"zh\""), std::string::npos);
  EXPECT_EQ(engine.explain(id(1), "teir").status().code(), Code::kColumn);
  EXPECT_EQ(engine.explain(id(9), "tier").status().code(), Code::kArgument);
}

// A policy of which everything can be acted on but age: two sums, a count, an attribute.
Policy club() {
  return checked_policy(R"json({"patron": 1, "name": "club", "timezone": "Europe/Berlin",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {"key": "order_id"}, "interactions": {}},
    "attributes": {"blocked": {"type": "bool"}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}},
             {"name": "buys", "metric": {"count": "orders", "where": "amount >= 20", "window": "60d"}},
             {"name": "views", "metric": {"count": "interactions", "window": "30d"}},
             {"name": "eager", "expression": "views >= 3 || buys >= 2"}],
    "classifications": [
      {"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend >= 1000 && buys > 1 && !or_else(blocked, false)",
         "grace": "10d", "cool_down": "20d"},
        {"name": "silver", "enter": "spend >= 300 && eager", "min_dwell": "15d"},
        {"name": "bronze", "enter": "spend > 50 || views >= 5"},
        {"name": "guest"}]},
      {"name": "size", "kind": "bands", "of": "spend", "cuts": [100, 500.5],
       "classes": ["small", "middle", "large"]},
      {"name": "audience", "kind": "flags", "classes": [
        {"name": "eager_ones", "enter": "eager"}, {"name": "idle", "enter": "views == 0"}]}]})json");
}

Engine copy_of(const Engine& engine) { return *Engine::load(engine.save()); }

void apply(Engine& engine, int64_t customer, const MissingFact& fact, double less = 0) {
  const Micros now = engine.clock();
  if (fact.attribute) {
    TableBuilder table;
    table.int64("customer", {customer}).timestamps("time", {now}, "UTC");
    const std::string value = fact.values.at(0);
    // A bool has no builder of its own: an absent value is what or_else() makes of it.
    ASSERT_EQ(value, "false");
    return;
  }
  if (fact.name == "interactions") {
    expect_ok(engine.ingest("interactions", visits(std::vector(static_cast<size_t>(fact.count),
                                                               std::pair(customer, now)))));
    return;
  }
  std::vector<Order> rows;
  const auto amount = std::find(fact.columns.begin(), fact.columns.end(), "amount");
  ASSERT_NE(amount, fact.columns.end());
  const double value =
      std::strtod(fact.values[static_cast<size_t>(amount - fact.columns.begin())].c_str(), nullptr);
  for (int64_t k = 0; k < fact.count; ++k) {
    rows.push_back({customer, now, value - less, "new " + std::to_string(k) + fact.values[0]});
  }
  expect_ok(engine.ingest("orders", orders(rows)));
}

std::vector<std::string> best_first(const std::string& name) {
  return name == "tier" ? std::vector<std::string>{"gold", "silver", "bronze", "guest"}
                        : std::vector<std::string>{"large", "middle", "small"};
}

// Whether she is in the class, or in a better one.
bool has(const Engine& engine, int64_t customer, const std::string& name, std::string_view wanted) {
  const ClassExplanation now = *engine.explain(id(customer), name);
  if (name == "audience") {
    return std::find(now.classes.begin(), now.classes.end(), wanted) != now.classes.end();
  }
  for (const std::string& one : best_first(name)) {
    if (!now.classes.empty() && now.classes[0] == one) return true;
    if (one == wanted) return false;
  }
  return false;
}

bool gives(const Engine& engine, Micros t, int64_t customer, const std::string& name,
           const BetterClass& better, double less = 0) {
  Engine copy = copy_of(engine);
  if (t > copy.clock()) expect_ok(copy.advance(t));
  for (const MissingCondition& missing : better.missing) {
    for (const MissingFact& fact : missing.facts) apply(copy, customer, fact, less);
  }
  expect_ok(copy.advance(t));
  return has(copy, customer, name, better.name);
}

TEST(Explain, WhatItNamesAppliedGivesTheClassAndLessDoesNot) {
  const Policy policy = club();
  int proved = 0, ended = 0, by_time = 0, several = 0;
  for (uint64_t seed = 1; seed <= 25; ++seed) {
    std::mt19937_64 random(seed);
    Engine engine = *Engine::open(policy);
    Lives lives = random_lives(random, 4, 24);
    for (Order& order : lives.orders) order.amount /= 4;
    live(engine, lives);
    expect_ok(engine.advance(at("2026-02-01") + static_cast<Micros>(random() % 300) * kDay));
    for (int64_t customer = 0; customer < 4; ++customer) {
      for (const std::string& name :
           {std::string("tier"), std::string("size"), std::string("audience")}) {
        const Result<ClassExplanation> why = engine.explain(id(customer), name);
        if (!why.ok()) continue;  // none of her facts came
        for (const BetterClass& better : why->better) {
          SCOPED_TRACE("seed " + std::to_string(seed) + " customer " + std::to_string(customer) +
                       " " + name + " " + std::string(better.name) + "\n" + why->text);
          if (better.how == Attainable::kByTime) {
            ++by_time;
            Engine copy = copy_of(engine);
            expect_ok(copy.advance(*better.at));
            EXPECT_TRUE(has(copy, customer, name, better.name));
          }
          if (better.how != Attainable::kByFacts) continue;
          ++proved;
          EXPECT_TRUE(gives(engine, engine.clock(), customer, name, better));
          EXPECT_FALSE(has(engine, customer, name, better.name));
          bool sums = false;
          size_t facts = 0;
          for (const MissingCondition& missing : better.missing) {
            sums = sums || missing.more.ends_with("EUR");
            facts += missing.facts.size();
          }
          if (sums && facts == 1) {
            EXPECT_FALSE(gives(engine, engine.clock(), customer, name, better, 0.01));
          }
          for (size_t i = 0; i < better.missing.size() && facts > 1; ++i) {
            if (better.missing[i].facts.empty()) continue;
            ++several;
            BetterClass less = better;
            less.missing[i].facts.clear();
            EXPECT_FALSE(gives(engine, engine.clock(), customer, name, less));
          }
          if (!better.before) continue;
          ++ended;
          EXPECT_TRUE(gives(engine, *better.before - 1, customer, name, better));
          EXPECT_FALSE(gives(engine, *better.before, customer, name, better));
        }
      }
    }
  }
  EXPECT_GT(proved, 100);
  EXPECT_GT(ended, 30);
  EXPECT_GT(by_time, 10);
  EXPECT_GT(several, 5);
}

TEST(Explain, WhatIsComingIsWhatTheForecastSays) {
  const Policy policy = club();
  int compared = 0;
  for (uint64_t seed = 1; seed <= 25; ++seed) {
    std::mt19937_64 random(seed);
    Engine engine = *Engine::open(policy);
    live(engine, random_lives(random, 4, 24));
    expect_ok(engine.advance(at("2026-02-01") + static_cast<Micros>(random() % 300) * kDay));
    const std::vector<Forecast> forecast = *engine.forecast(at("2028-01-01"));
    for (int64_t customer = 0; customer < 4; ++customer) {
      for (const std::string& name : {std::string("tier"), std::string("audience")}) {
        const Result<ClassExplanation> why = engine.explain(id(customer), name);
        if (!why.ok()) continue;
        SCOPED_TRACE("seed " + std::to_string(seed) + " customer " + std::to_string(customer));
        const auto first = std::find_if(forecast.begin(), forecast.end(), [&](const Forecast& f) {
          return f.customer.number == customer && f.classification == name;
        });
        ASSERT_EQ(why->next.has_value(), first != forecast.end());
        if (!why->next) continue;
        ++compared;
        EXPECT_EQ(why->next->at, first->at);
        EXPECT_EQ(why->next->to, first->to);
        EXPECT_EQ(why->next->from, first->from);
        const std::vector<Reason> because = first->because.reasons();
        ASSERT_EQ(why->next->because.size(), because.size());
        for (size_t i = 0; i < because.size(); ++i) {
          EXPECT_EQ(why->next->because[i].text, because[i].text);
          EXPECT_EQ(why->next->because[i].left, because[i].left);
        }
      }
    }
  }
  EXPECT_GT(compared, 60);
}

// 600 orders, one an hour, leave their 90 days one by one; gold wants 50 of them.
TEST(Explain, WhatIsComingIsWhatTheForecastSaysBehindMoreInstantsThanConditionsAreFollowed) {
  Engine engine = *Engine::open(checked_policy(R"json({"patron": 1, "name": "p",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {"key": "order_id"}},
    "tags": [{"name": "buys", "metric": {"count": "orders", "window": "90d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "gold", "enter": "buys >= 50"}, {"name": "guest"}]}]})json"));
  std::vector<Order> rows;
  for (int i = 0; i < 600; ++i) {
    rows.push_back({1, at("2026-01-01") + i * kMicrosPerHour, 10, std::to_string(i)});
    if (i % 40 == 0) rows.push_back({2, rows.back().time, 10, "of 2, " + std::to_string(i)});
  }
  expect_ok(engine.ingest("orders", orders(rows)));
  expect_ok(engine.advance(rows.back().time));
  const std::vector<Forecast> forecast = *engine.forecast(at("2027-01-01"));
  ASSERT_EQ(forecast.size(), 1u);
  EXPECT_EQ(forecast[0].at, at("2026-01-01") + 90 * kDay + 550 * kMicrosPerHour)
      << "with the 551st to leave there are 49";
  const ClassExplanation why = *engine.explain(id(1), "tier");
  ASSERT_TRUE(why.next.has_value()) << why.text;
  EXPECT_EQ(why.next->at, forecast[0].at);
  EXPECT_EQ(why.next->to, "guest");
  ASSERT_EQ(why.next->because.size(), 1u);
  EXPECT_EQ(why.next->because[0].left, "49");
  EXPECT_LT(why.looked_until, forecast[0].at) << "all conditions are followed over 400 instants";
  // Nothing is ahead of the other: nobody says that there is no change before some instant.
  EXPECT_EQ(engine.explain(id(2), "tier")->text.find("no change"), std::string::npos);
}

}  // namespace
}  // namespace patron
