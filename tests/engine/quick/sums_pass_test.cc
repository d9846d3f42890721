// Settling by sums alone beside settling by the plan: of random policies of plain windows the same
// moves for the same reasons, the same states, and the same next instant.
#include "lib/engine/quick/sums_pass.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "lib/engine/book_spec.h"
#include "lib/engine/quick/quick_pass.h"
#include "patron/policy.h"
#include "tests/base/fail_alloc.h"
#include "tests/engine/engine_world.h"
#include "tests/engine/quick/random_tiers.h"

namespace patron::internal {
namespace {

struct World {
  explicit World(const std::string& rest)
      : policy(*Policy::parse(R"json({"patron": 1, "name": "p", "money": {"scale": 2},
          "timezone": "Europe/Berlin",
          "streams": {"orders": {}, "interactions": {}, "surveys": {}}, )json" +
                              rest + "}")),
        book(*BookLayout::make(book_spec(policy.data()))),
        parts(policy.data(), book.state()),
        quick(parts) {}
  Policy policy;
  Book book;
  SettleParts parts;
  QuickParts quick;
};

bool taken(const std::string& rest) { return World(rest).quick.sums != nullptr; }

TEST(SumsPass, TakesPlainWindowsAndConditionsOfThemAlone) {
  const auto of = [](const std::string& tag, const std::string& condition,
                     const std::string& more = "") {
    return R"json("attributes": {"vip": {"type": "bool"}}, "tags": [{"name": "x", )json" + tag +
           R"json(}, {"name": "much", "expression": "x > 10"}],
           "classifications": [{"name": "t", "kind": "ladder", "classes": [
             {"name": "a", "enter": ")json" +
           condition + "\"" + more + R"json(}, {"name": "b"}]}])json";
  };
  const std::string month = R"json("metric": {"count": "orders", "window": "30d"})json";
  EXPECT_TRUE(taken(of(month, "x >= 3")));
  EXPECT_TRUE(
      taken(of(month, "x >= 3 || much", R"json(, "keep": "x > 1", "min_dwell": "1mo")json")));
  EXPECT_TRUE(taken(of(R"json("metric": {"sum": "orders.amount"})json", "x >= 3")));
  EXPECT_FALSE(taken(of(R"json("metric": {"count": "orders", "window": "1mo"})json", "x >= 3")));
  EXPECT_FALSE(taken(of(R"json("metric": {"mean": "orders.amount"})json", "x >= 3")));
  EXPECT_FALSE(taken(of(month, "x >= 3 && or_else(vip, false)")));
  EXPECT_FALSE(taken(of(month, "x + 1 >= 3")));
  EXPECT_FALSE(taken(of(month, "x >= 3", R"json(, "cool_down": "3d")json")));
  EXPECT_FALSE(taken(of(month, "x >= 3 && now > timestamp('2020-01-01T00:00:00Z')")));
}

std::string random_policy(std::mt19937_64& random) {
  const auto atom = [&]() -> std::string {
    const std::string n = std::to_string(random() % 6), money = std::to_string(random() % 9);
    return one_of(random,
                  {"spend >= " + money, "spend < " + money, "spend == " + money, "often >= " + n,
                   "often != " + n, "often < " + n, "seen > " + n, "much", "!much"});
  };
  const bool views = random() % 2 == 0;
  return R"json("tags": [
      {"name": "spend", "metric": {"sum": "orders.amount")json" +
         random_window(random) + R"json(}}, {"name": "often", "metric": {"count": "orders")json" +
         random_window(random) + R"json(}}, {"name": "seen", "metric": {"count": ")json" +
         (views ? "interactions" : "orders") + "\"" + random_window(random) + R"json(}},
      {"name": "much", "expression": "spend > 4 && often >= 2"}],
    "classifications": [{"name": "tier", "kind": "ladder", "on_unknown": ")json" +
         one_of(random, {"hold", "skip"}) + R"json(", "classes": [)json" +
         random_classes(random, "t", atom, true) +
         R"json(]}, {"name": "first", "kind": "first_match", "classes": [)json" +
         random_classes(random, "f", atom, true) +
         R"json(]}, {"name": "marks", "kind": "flags", "classes": [)json" +
         random_classes(random, "m", atom, false) + "]}]";
}

// Facts of all customers in the order of time, now and then two at one instant.
void file(Book& book, std::mt19937_64& random, int64_t customers, Micros* last = nullptr,
          int64_t each = 12) {
  const std::vector<StreamLayout>& streams = book.layout().data().streams;
  Micros t = EngineFacts::kBegin;
  for (int64_t k = 0; k < customers * each; ++k) {
    if (random() % 8 != 0) t += static_cast<Micros>(random() % (7 * kMicrosPerDay));
    const size_t s = random() % 3 == 0 ? 1 : 0;
    std::vector<BookValue> cells(streams[s].columns.size());
    for (size_t c = 0; c < cells.size(); ++c) {
      if (streams[s].columns[c].name == "amount" && random() % 40 != 0)
        cells[c] = static_cast<int64_t>(random() % 500) - 60;
    }
    BookEvent event;
    event.customer.number = static_cast<int64_t>(random() % static_cast<uint64_t>(customers));
    const std::string id = "c" + std::to_string(event.customer.number);
    event.customer.text = id;
    event.time = t;
    event.values = cells;
    BookReport report;
    ASSERT_TRUE(book.add(static_cast<int>(s), {&event, 1}, {}, &report).ok());
  }
  if (last != nullptr) *last = t;
}

TEST(SumsPass, OfRandomPoliciesAgreesWithTheQuickPass) {
  size_t policies = 0, moves = 0, settled = 0, left = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    const std::string text = random_policy(random);
    World world(text);
    if (world.quick.sums == nullptr) continue;  // a condition had too many clauses
    ++policies;
    constexpr int64_t kCustomers = 12;
    if (seed % 4 == 0) {
      const EngineFacts facts(world.book, seed, kCustomers);  // in no order
    } else {
      file(world.book, random, kCustomers);
    }
    const auto customers = static_cast<uint32_t>(world.book.customers());
    for (uint32_t row = 0; row < customers; ++row) {
      CustomerState here, there;
      Micros t = EngineFacts::kBegin, next = t;
      for (int step = 0; step < 60; ++step) {
        const bool soon = next < kEndTime && random() % 3 != 0;
        t = soon ? next : t + 1 + static_cast<Micros>(random() % (40 * kMicrosPerDay));
        ASSERT_TRUE(QuickPass::can(world.parts, world.quick, row, here));
        if (!world.quick.sums->run(row, here, t)) {
          ++left;  // it says nothing, and has done nothing
          QuickPass(world.parts, world.quick, row, here, t, {}).run();
        }
        const Said a = said(world.parts.out);
        QuickPass(world.parts, world.quick, row, there, t, {}).run();
        const Said b = said(world.parts.out);
        ASSERT_EQ(a.moves, b.moves) << seed << " " << row << " " << text;
        ASSERT_EQ(a.next, b.next) << seed << " " << row << " " << text;
        ASSERT_EQ(here.machines, there.machines) << seed;
        ASSERT_EQ(here.shown, there.shown) << seed;
        moves += a.moves.size();
        ++settled;
        next = std::max(a.next, t + 1);
      }
    }
  }
  EXPECT_GT(policies, 40u);
  EXPECT_GT(moves, 3000u);
  EXPECT_LT(left, settled / 2);
}

// Once all facts have taken effect.
TEST(SumsPass, ForeseesWhatTheQuickPassFindsInstantByInstant) {
  size_t moves = 0, foreseen = 0, left = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    World world(random_policy(random));
    if (world.quick.sums == nullptr) continue;
    Micros last = 0;
    file(world.book, random, 12, &last);
    const auto customers = static_cast<uint32_t>(world.book.customers());
    for (uint32_t row = 0; row < customers; ++row) {
      CustomerState state;
      for (Micros t = last; t < last + 100 * kMicrosPerDay;) {
        t += static_cast<Micros>(random() % (30 * kMicrosPerDay));
        QuickPass(world.parts, world.quick, row, state, t, {}).run();
        const Micros due = world.parts.out.next;
        const Micros until = t + static_cast<Micros>(random() % (400 * kMicrosPerDay));
        const CustomerState was = state;
        if (!world.quick.sums->foresee(row, state, due, until)) {
          ++left;
          continue;
        }
        const Said all = said(world.parts.out);
        const std::vector<Micros> at = world.parts.out.at;
        EXPECT_EQ(state.machines, was.machines);
        EXPECT_EQ(state.shown, was.shown);
        Said one_by_one;
        std::vector<Micros> instants;
        CustomerState copy = state;
        for (Micros next = due; next <= until && next < kEndTime; next = world.parts.out.next) {
          QuickPass(world.parts, world.quick, row, copy, next, {}).run();
          for (const std::string& move : said(world.parts.out).moves) {
            one_by_one.moves.push_back(move);
            instants.push_back(next);
          }
        }
        ASSERT_EQ(all.moves, one_by_one.moves) << seed << " " << row;
        ASSERT_EQ(at, instants) << seed << " " << row;
        moves += at.size();
        ++foreseen;
      }
    }
  }
  EXPECT_GT(moves, 2000u);
  EXPECT_GT(foreseen, 5 * left);
}

// So few facts of a page stay in its tail, however many of them one customer has.
TEST(SumsPass, ReadsEveryRowOfATail) {
  World world(R"json("tags": [
      {"name": "often", "metric": {"count": "orders", "window": "365d"}},
      {"name": "spend", "metric": {"sum": "orders.amount", "window": "60d"}}],
    "classifications": [{"name": "t", "kind": "ladder", "classes": [
      {"name": "a", "enter": "often >= 20"}, {"name": "b", "enter": "often >= 9 && spend > 5"},
      {"name": "c"}]}])json");
  std::mt19937_64 random(5);
  Micros last = 0;
  file(world.book, random, 1, &last, 60);
  ASSERT_GT(world.book.state().streams[0].page_of(0)->tail.size(), 30u);
  CustomerState here, there;
  size_t moves = 0, of_many = 0;
  for (Micros t = EngineFacts::kBegin; t < last + 500 * kMicrosPerDay; t += 5 * kMicrosPerDay) {
    // An amount that is null is left to others.
    const bool whole = world.quick.sums->run(0, here, t);
    if (!whole) QuickPass(world.parts, world.quick, 0, here, t, {}).run();
    const Said a = said(world.parts.out);
    QuickPass(world.parts, world.quick, 0, there, t, {}).run();
    const Said b = said(world.parts.out);
    ASSERT_EQ(a.moves, b.moves);
    ASSERT_EQ(a.next, b.next);
    ASSERT_EQ(here.machines, there.machines);
    moves += a.moves.size();
    of_many += whole && here.machines[0].current == 0 ? 1 : 0;
  }
  EXPECT_GT(moves, 2u);
  EXPECT_GT(of_many, 10u);
}

TEST(SumsPass, WhatItHasChangedIsTakenBack) {
  World world(R"json("tags": [{"name": "n", "metric": {"count": "interactions"}}],
    "classifications": [{"name": "t", "kind": "ladder", "classes": [
      {"name": "a", "enter": "n >= 1", "min_dwell": "3d"}, {"name": "b"}]}])json");
  std::mt19937_64 random(3);
  file(world.book, random, 1);
  CustomerState state;
  ASSERT_TRUE(world.quick.sums->run(0, state, EngineFacts::kBegin - 1));
  const CustomerState was = state;
  EXPECT_EQ(was.machines[0].current, 1);
  ASSERT_TRUE(world.quick.sums->run(0, state, EngineFacts::kBegin + 800 * kMicrosPerDay));
  EXPECT_EQ(state.machines[0].current, 0);
  world.quick.take_back(state);
  EXPECT_EQ(state.machines, was.machines);
  EXPECT_EQ(state.shown, was.shown);
}

// Whoever was settled before her was new, without facts, and needed no memory.
TEST(SumsPass, WhereMemoryRunsOutNothingOfOthersIsTakenBack) {
  const std::string policy = R"json("tags": [{"name": "n", "metric": {"count": "interactions"}}],
    "classifications": [{"name": "t", "kind": "ladder", "classes": [
      {"name": "a", "enter": "n >= 1"}, {"name": "b"}]}])json";
  World first(policy), world(policy);
  std::mt19937_64 random(3), same(3);
  file(first.book, random, 1);
  file(world.book, same, 1);
  const Micros t = EngineFacts::kBegin + 800 * kMicrosPerDay;
  CustomerState hers, of_nobody;
  ASSERT_TRUE(first.quick.sums->run(0, hers, t));
  const CustomerState was = hers;
  ASSERT_TRUE(world.quick.sums->run(1, of_nobody, t));
  int failed = 0;
  for (int64_t k = 0;; ++k) {
    const test::FailAllocation failing(k);
    try {
      (void)world.quick.sums->run(0, hers, t);
      break;
    } catch (const std::bad_alloc&) {
      ++failed;
      world.quick.take_back(hers);
    }
    ASSERT_EQ(hers.machines, was.machines) << k;
    ASSERT_EQ(hers.shown, was.shown) << k;
  }
  EXPECT_GT(failed, 0);
}

}  // namespace
}  // namespace patron::internal
