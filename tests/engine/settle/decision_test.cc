// What decided a transition, kept with it and told in words.
#include "lib/engine/settle/decision.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

// "enter gold: spend >= 1000, 1200.00 EUR".
std::string told(const Reason& reason) {
  std::string out = reason.part + " " + reason.of + ": " + reason.text;
  if (!reason.left.empty()) out += ", " + reason.left;
  if (!reason.holds) return out + ", unknown";
  return out + (*reason.holds ? ", true" : ", false");
}

std::vector<std::string> told(const std::vector<Reason>& reasons) {
  std::vector<std::string> out;
  for (const Reason& reason : reasons) out.push_back(told(reason));
  return out;
}

using Texts = std::vector<std::string>;

TEST(Decisions, StandWithTheTransitionsAndTheForecast) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest(
      "orders", orders({{1, at("2026-01-10"), 300, "a"}, {1, at("2026-02-10"), 900, "b"}})));
  expect_ok(engine.advance(at("2026-03-01")));
  const std::vector<Transition> moves = engine.transitions();
  ASSERT_EQ(moves.size(), 2u);
  EXPECT_EQ(told(moves[0].because), Texts{"enter silver: spend >= 100, 300.00 EUR, true"});
  EXPECT_EQ(moves[0].because[0].right, "100.00 EUR");
  EXPECT_EQ(moves[0].because[0].distance, -200);
  EXPECT_EQ(told(moves[1].because), (Texts{"enter gold: spend >= 1000, 1200.00 EUR, true",
                                           "enter gold: blocked, unknown"}));
  EXPECT_EQ(moves[1].because[1].unknown, Texts{"blocked"});
  // The 300 leave on 10 April, the 900 on 11 May; gold is kept above 800 and 30 days more.
  const std::vector<Forecast> forecast = *engine.forecast(at("2027-01-01"));
  ASSERT_EQ(forecast.size(), 3u);
  EXPECT_EQ(forecast[0].to, "sleepers");
  EXPECT_EQ(told(forecast[0].because.reasons()),
            (Texts{"enter sleepers: idle, true", "enter sleepers: tier != 'guest', 'gold', true",
                   "tag idle: age(last_order) >= days(60), 60d, true"}));
  EXPECT_EQ(forecast[1].to, "guest");
  EXPECT_EQ(told(forecast[1].because.reasons()),
            (Texts{"enter gold: spend >= 1000, 0.00 EUR, false",
                   "keep gold: spend >= 800, 0.00 EUR, false"}));
}

TEST(Decisions, AreSavedAndForgotten) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 300, "a"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  Engine loaded = *Engine::load(engine.save());
  EXPECT_EQ(told(loaded.transitions()[0].because), told(engine.transitions()[0].because));
  EXPECT_TRUE(loaded.forget(id(1)));
  EXPECT_TRUE(loaded.transitions().empty());
}

TEST(Decisions, OfAnOverrideHaveNoConditions) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 300, "a"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  Override pin;
  pin.classification = "tier", pin.to = "gold";
  expect_ok(engine.set_override(id(1), pin));
  expect_ok(engine.advance(at("2026-02-02")));
  EXPECT_EQ(engine.transitions()[1].cause, Cause::kOverride);
  EXPECT_TRUE(engine.transitions()[1].because.empty());
}

TEST(Decisions, OfBandsAreTheCuts) {
  Engine engine = *Engine::open(checked_policy(R"json({"patron": 1, "name": "p",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {"key": "order_id"}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}}],
    "classifications": [{"name": "size", "kind": "bands", "of": "spend", "cuts": [100, 500],
      "hysteresis": 0.1, "classes": ["small", "middle", "large"]}]})json"));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 300, "a"}})));
  expect_ok(engine.advance(at("2026-12-01")));
  const std::vector<Transition> moves = engine.transitions();
  ASSERT_EQ(moves.size(), 2u);
  EXPECT_EQ(told(moves[0].because), Texts{"cut middle: spend >= 100, 300.00 EUR, true"});
  EXPECT_EQ(told(moves[1].because), Texts{"cut middle: spend >= 90, 0.00 EUR, false"});
}

TEST(Decisions, OfWhatIsPersonalShowNoValue) {
  std::string text = shop_text();
  const std::string plain = R"({"name": "spend", )";
  text.replace(text.find(plain), plain.size(), R"({"name": "spend", "personal": true, )");
  Engine engine = *Engine::open(checked_policy(text));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 300, "a"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  EXPECT_EQ(told(engine.transitions()[0].because),
            Texts{"enter silver: spend >= 100, (personal), true"});
  EXPECT_EQ(engine.explain(id(1), "tier")->text.find("300"), std::string::npos);
}

TEST(Decisions, TextsThatAreNoneGiveNothing) {
  const Policy policy = shop();
  internal::AtomCache atoms;
  for (const char* text : {"x", "e9.0T\n", "e0.9T\n", "e0.0T=i\n", "e0.0T=s99:a\n", "e0.0T?999\n",
                           "t99.0T\n", "c0T\n", "g7T\n", "e0.0", "e1.0T=i1"}) {
    EXPECT_TRUE(internal::decision_reasons(text, policy.data(), 0, atoms).size() <= 1) << text;
  }
}

}  // namespace
}  // namespace patron
