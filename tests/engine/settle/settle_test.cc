// Values of a profile that are made of others, and windows that begin with a class.
#include "lib/engine/settle/settle.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/engine/book_spec.h"
#include "patron/policy.h"
#include "patron/time.h"
#include "tests/engine/engine_world.h"

namespace patron::internal {
namespace {

// A policy over orders, one customer, and a settler.
class Settling : public ::testing::Test {
 protected:
  void open(const std::string& rest) {
    const CheckedPolicy checked = Policy::check(
        R"({"patron": 1, "name": "test", "money": {"scale": 2}, "customer": {"id": "int64"},
            "streams": {"orders": {}}, "attributes": {"risk": {"type": "double"},
            "city": {"type": "string"}}, )" +
        rest + "}");
    for (const PolicyFinding& finding : checked.findings) {
      EXPECT_NE(finding.severity, Severity::kError) << finding.pointer << ": " << finding.message;
    }
    policy = std::make_unique<Policy>(checked.policy.value());
    book = std::make_unique<Book>(*BookLayout::make(book_spec(policy->data())));
    settler = std::make_unique<Settler>(policy->data(), book->state());
  }
  void order(Micros time, double amount) {
    TableBuilder table;
    table.int64("customer", {1}).timestamps("time", {time}, "UTC").doubles("amount", {amount});
    BookReport report;
    ASSERT_TRUE(book->add("orders", *table.finish(), {}, &report).ok());
    ASSERT_EQ(report.accepted, 1);
  }
  void risk(Micros time, double value) {
    TableBuilder table;
    table.int64("customer", {1}).timestamps("time", {time}, "UTC").doubles("risk", {value});
    BookReport report;
    ASSERT_TRUE(book->set(*table.finish(), {}, &report).ok());
  }
  const MetricValue& value(const Settled& settled, std::string_view name) const {
    size_t i = 0;
    while (policy->data().values[i].tag.name != name) ++i;
    return settled.values[i];
  }
  std::unique_ptr<Policy> policy;
  std::unique_ptr<Book> book;
  std::unique_ptr<Settler> settler;
  CustomerState state;
};

TEST_F(Settling, RatiosPlainValueAndScorecards) {
  open(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
      {"name": "recent", "metric": {"sum": "orders.amount", "window": "30d"}},
      {"name": "part", "metric": {"ratio": ["recent", "spend"]}},
      {"name": "worth", "plain_ltv": {"annual_spend": "spend", "years": 5, "margin": 0.5}},
      {"name": "card", "scorecard": [{"when": "spend >= 100", "points": 10},
        {"stream": "orders", "points": 4, "half_life": "10d", "cap": 5}]}])");
  order(0, 100);
  order(50 * kMicrosPerDay, 300);
  const Settled settled = settler->settle(book->find({1, {}}), state, 60 * kMicrosPerDay);
  EXPECT_EQ(value(settled, "part").cell.number, 0.75);
  EXPECT_EQ(value(settled, "worth").cell.integer, 100'000);
  // 4 / 2^6 + 4 / 2^1, and 10 for the condition.
  EXPECT_NEAR(value(settled, "card").cell.number, 10 + 4.0 / 64 + 2, 1e-14);
  EXPECT_EQ(settled.next, 61 * kMicrosPerDay) << "points are halved day by day";
}

TEST_F(Settling, WhatNullMeansIsSaidByThePolicy) {
  open(R"("tags": [{"name": "last", "metric": {"last": "orders.amount", "window": "10d"}},
      {"name": "kept", "on_null": "keep", "metric": {"last": "orders.amount", "window": "10d"}},
      {"name": "some", "default": 7.5, "metric": {"last": "orders.amount", "window": "10d"}}])");
  order(0, 100);
  const uint32_t row = book->find({1, {}});
  Settled settled = settler->settle(row, state, 0);
  for (const char* name : {"last", "kept", "some"})
    EXPECT_EQ(value(settled, name).cell.integer, 10'000);
  EXPECT_EQ(settled.next, 10 * kMicrosPerDay);
  settled = settler->settle(row, state, settled.next);
  EXPECT_FALSE(value(settled, "last").known());
  EXPECT_EQ(value(settled, "kept").cell.integer, 10'000);
  EXPECT_EQ(value(settled, "some").cell.integer, 750);
  EXPECT_EQ(settled.next, kEndTime);
}

TEST_F(Settling, AttributesHoldFromTheirTimeOn) {
  open(R"("tags": [{"name": "risky", "expression": "risk > 0.5"}])");
  risk(10 * kMicrosPerDay, 0.9);
  risk(20 * kMicrosPerDay, 0.1);
  const uint32_t row = book->find({1, {}});
  EXPECT_FALSE(value(settler->settle(row, state, 5 * kMicrosPerDay), "risky").known());
  const Settled settled = settler->settle(row, state, 10 * kMicrosPerDay);
  EXPECT_EQ(value(settled, "risky").cell.integer, 1);
  EXPECT_EQ(settled.next, 20 * kMicrosPerDay) << "the value that waits";
  EXPECT_EQ(value(settler->settle(row, state, 20 * kMicrosPerDay), "risky").cell.integer, 0);
}

TEST_F(Settling, AWindowSinceTheClassCountsWhatCameAfterTheEntry) {
  open(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
      {"name": "since", "metric": {"count": "orders", "window": {"since": {"class": "tier"}}}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "gold", "enter": "spend >= 100"}, {"name": "guest"}]}])");
  order(0, 100);
  order(5 * kMicrosPerDay, 20);
  const uint32_t row = book->find({1, {}});
  EXPECT_EQ(value(settler->settle(row, state, 0), "since").cell.integer, 0);
  EXPECT_EQ(value(settler->settle(row, state, 5 * kMicrosPerDay), "since").cell.integer, 1);
}

TEST_F(Settling, LookingMovesNobody) {
  open(R"("tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "gold", "enter": "spend >= 100"}, {"name": "guest"}]}])");
  order(0, 100);
  const uint32_t row = book->find({1, {}});
  EXPECT_FALSE(value(settler->look(row, state, 0), "tier").known());
  settler->settle(row, state, 0);
  EXPECT_EQ(value(settler->look(row, state, 0), "tier").text, "gold");
}

// What is seen of one customer from her first fact on.
std::vector<std::string> moves_of(const std::set<Micros>& facts, Micros until,
                                  const std::function<Settled(Micros)>& look) {
  std::vector<std::string> out;
  std::set<Micros> instants = facts;
  while (!instants.empty() && *instants.begin() <= until) {
    const Micros t = *instants.begin();
    instants.erase(instants.begin());
    const Settled settled = look(t);
    for (const SettledMove& move : settled.moves) {
      out.push_back(format_time(t) + ": " + std::to_string(move.classification) + " from " +
                    std::to_string(move.from) + " to " + std::to_string(move.to));
    }
    // Only the newest word on what comes next counts.
    instants = std::set<Micros>(facts.upper_bound(t), facts.end());
    if (settled.next < kEndTime) instants.insert(settled.next);
  }
  return out;
}

TEST(Moving, GivesTheMovesOfSettlingWithFewerLooks) {
  for (const char* name : {"retail", "baby", "bank", "b2b", "ecommerce"}) {
    const Policy policy = shipped_policy(name);
    EngineWorld world(policy, 9, 12);
    Settler settler(policy.data(), world.book.state());
    const Micros until = EngineFacts::kBegin + 500 * kMicrosPerDay;
    size_t all = 0, few = 0, moves = 0;
    for (uint32_t row = 0; row < world.book.customers(); ++row) {
      std::set<Micros> facts;
      for (const BookEffect& effect : world.facts.effects) {
        if (effect.customer == row) facts.insert(effect.at);
      }
      CustomerState settled, moved;
      const auto wanted = moves_of(facts, until, [&](Micros t) {
        ++all;
        return settler.settle(row, settled, t);
      });
      const auto got = moves_of(facts, until, [&](Micros t) {
        ++few;
        return settler.move(row, moved, t);
      });
      ASSERT_EQ(got, wanted) << name << ", customer " << row;
      ASSERT_EQ(moved.machines, settled.machines) << name << ", customer " << row;
      moves += got.size();
    }
    EXPECT_LE(few, all) << name;
    EXPECT_GT(moves, 0u) << name;
  }
}

}  // namespace
}  // namespace patron::internal
