#include "lib/engine/tables/past_classes.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/engine/random_engine_calls.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

std::map<std::string, int64_t> counted(const std::vector<ClassCount>& counts) {
  std::map<std::string, int64_t> out;
  for (const ClassCount& one : counts) out[std::string(one.name)] = one.customers;
  return out;
}

// An engine is taken from instant to instant, and says how many are where; afterwards it is asked
// about all of them.
TEST(PastClasses, AreWhatTheEngineSaidWhenItStoodThere) {
  for (int round = 0; round < engine_cases(12); ++round) {
    std::mt19937_64 random(static_cast<uint64_t>(round) + 1);
    Engine engine = *Engine::open(checked_policy(full_shop_text()));
    live(engine, random_lives(random, 9, 70));
    std::map<Micros, std::map<std::string, std::map<std::string, int64_t>>> then;
    Micros t = at("2026-01-01");
    while (t < at("2027-03-01")) {
      expect_ok(engine.advance(t));
      for (const char* name : {"tier", "audience", "size", "care", "segment", "stage"}) {
        then[t][name] = counted(*engine.distribution(name));
      }
      // The next instant at which anything happens, or the one before it.
      const Micros next = engine.next_due();
      t = random() % 2 == 0 ? std::max(t + 1, next - 1)
                            : std::max(t + 1, std::min(next, t + 20 * kDay));
    }
    ASSERT_GT(then.size(), 100u);
    for (const auto& [instant, all] : then) {
      for (const auto& [name, counts] : all) {
        ASSERT_EQ(counted(*engine.distribution(name, instant)), counts)
            << "round " << round << ", " << name << " at " << format_time(instant);
      }
    }
  }
}

// Anna is silver from 10 January and gold from the 20th; Berta silver from the 15th on; Clara comes
// in March.
Engine three() {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 200, "a"},
                                            {1, at("2026-01-20"), 900, "b"},
                                            {2, at("2026-01-15"), 150, "c"},
                                            {3, at("2026-03-01"), 20, "d"}})));
  expect_ok(engine.advance(at("2026-03-02")));
  return engine;
}

TEST(PastClasses, AMoveHoldsFromItsInstantOn) {
  const Engine engine = three();
  using Counts = std::map<std::string, int64_t>;
  const auto tiers = [&](Micros t) { return counted(*engine.distribution("tier", t)); };
  EXPECT_EQ(tiers(at("2026-01-10") - 1),
            (Counts{{"gold", 0}, {"silver", 0}, {"guest", 0}, {"", 3}}));
  EXPECT_EQ(tiers(at("2026-01-10")), (Counts{{"gold", 0}, {"silver", 1}, {"guest", 0}, {"", 2}}));
  EXPECT_EQ(tiers(at("2026-01-20")), (Counts{{"gold", 1}, {"silver", 1}, {"guest", 0}, {"", 1}}));
  EXPECT_EQ(tiers(at("2026-03-02")), (Counts{{"gold", 1}, {"silver", 1}, {"guest", 1}}));
}

TEST(PastClasses, AMigrationCountsEverybodyOnce) {
  const Engine engine = three();
  const Migration moved = *engine.migration("tier", at("2026-01-15"), at("2026-03-02"));
  EXPECT_EQ(moved.from, (std::vector<std::string_view>{"gold", "silver", "guest", ""}));
  EXPECT_EQ(moved.to, moved.from);
  EXPECT_EQ(moved.customers, (std::vector<int64_t>{0, 0, 0, 0,    // from gold
                                                   1, 1, 0, 0,    // from silver
                                                   0, 0, 0, 0,    // from guest
                                                   0, 0, 1, 0}))  // from none
      << "to gold, silver, guest, none";
  EXPECT_EQ(moved.count(1, 0), 1);
  const Table table = *moved.to_table();
  EXPECT_EQ(table.rows(), 16);
  EXPECT_EQ(table.columns(), 3);
  const auto* counts = static_cast<const int64_t*>(table.chunks(2)[0].values);
  EXPECT_EQ(std::vector<int64_t>(counts, counts + 16), moved.customers);
}

TEST(PastClasses, WhoWasForgottenIsOutAndLinkedIdsAreOne) {
  Engine engine = three();
  EXPECT_TRUE(engine.forget(id(2)));
  EXPECT_TRUE(engine.link(id(1), id(3)).ok());
  expect_ok(engine.advance(at("2026-03-03")));
  const Migration moved = *engine.migration("tier", at("2026-01-15"), at("2026-03-03"));
  EXPECT_EQ(moved.count(1, 0), 1) << "she was where the id was that stands for her";
  int64_t all = 0;
  for (const int64_t count : moved.customers) all += count;
  EXPECT_EQ(all, 1);
}

TEST(PastClasses, WhatCannotBeAskedIsSaid) {
  const Engine engine = three();
  const Micros now = engine.clock();
  EXPECT_EQ(engine.distribution("tier", now + 1).status().code(), Code::kArgument);
  EXPECT_EQ(engine.distribution("tire", now).status().code(), Code::kColumn);
  EXPECT_EQ(engine.migration("tier", now, now + 1).status().code(), Code::kArgument);
  EXPECT_EQ(engine.migration("tier", now, now - 1).status().message(),
            "the end, 2026-03-01T23:59:59.999999Z, is before the start, 2026-03-02T00:00:00Z");
  EXPECT_EQ(engine.migration("audience", 0, now).status().code(), Code::kUnsupported);
}

// The classes have other names under the second policy, and each instant its own.
TEST(PastClasses, EachInstantHasTheNamesOfItsPolicy) {
  Engine engine = three();
  std::string text = shop_text();
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"name\": \"tier\"", "\"name\": \"level\""},
           {"tier !=", "level !="},
           {"\"gold\"", "\"premium\""},
           {"{\"name\": \"silver\"", "{\"name\": \"plus\""}}) {
    text.replace(text.find(from), from.size(), to);
  }
  ClassMapping tier;
  tier.classification = "tier", tier.to = "level";
  tier.classes = {{"gold", "premium"}, {"silver", "plus"}};
  ASSERT_TRUE(engine.publish(checked_policy(text), {tier}).ok());
  using Counts = std::map<std::string, int64_t>;
  EXPECT_EQ(counted(*engine.distribution("level", engine.clock())),
            (Counts{{"premium", 1}, {"plus", 1}, {"guest", 1}}));
  expect_ok(engine.advance(at("2026-08-01")));
  EXPECT_EQ(counted(*engine.distribution("level", at("2026-03-02"))),
            (Counts{{"premium", 1}, {"plus", 1}, {"guest", 1}}));
  EXPECT_EQ(counted(*engine.distribution("tier", at("2026-03-01"))),
            (Counts{{"gold", 1}, {"silver", 1}, {"guest", 1}}));
  EXPECT_EQ(counted(*engine.distribution("level", engine.clock())),
            counted(*engine.distribution("level")));
  EXPECT_EQ(engine.distribution("level", at("2026-03-01")).status().code(), Code::kColumn);
  const Migration moved = *engine.migration("level", at("2026-01-20"), at("2026-03-02"));
  EXPECT_EQ(moved.from, (std::vector<std::string_view>{"gold", "silver", "guest", ""}));
  EXPECT_EQ(moved.to, (std::vector<std::string_view>{"premium", "plus", "guest", ""}));
  EXPECT_EQ(moved.count(0, 0), 1);
  EXPECT_EQ(moved.count(1, 1), 1);
  EXPECT_EQ(moved.count(3, 2), 1);
}

}  // namespace
}  // namespace patron
