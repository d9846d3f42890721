// Settling by scores beside settling by the plan: of random policies over scores of RFM the same
// moves for the same reasons, the same states, and the same next instant, whatever came in between.
#include "lib/engine/quick/scores_pass.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "lib/book/log_view.h"
#include "lib/engine/book_spec.h"
#include "lib/engine/quick/quick_pass.h"
#include "patron/policy.h"
#include "tests/engine/engine_world.h"
#include "tests/engine/quick/random_tiers.h"

namespace patron::internal {
namespace {

struct ScoredWorld {
  explicit ScoredWorld(const std::string& rest)
      : policy(*Policy::parse(R"json({"patron": 1, "name": "p", "money": {"scale": 2},
          "timezone": "Europe/Berlin", "customer": {"id": "int64"},
          "streams": {"orders": {}, "interactions": {}, "surveys": {}}, )json" +
                              rest + "}")),
        book(*BookLayout::make(book_spec(policy.data()))),
        parts(policy.data(), book.state()),
        quick(parts),
        other(parts) {}
  // As Settler::use().
  void use(std::shared_ptr<const CalibrationData> constants) {
    parts.models->use(std::move(constants));
    for (QuickParts* one : {&quick, &other}) one->exchange(parts.models->constants());
  }
  Policy policy;
  Book book;
  SettleParts parts;
  QuickParts quick, other;
};

std::string scored_policy(const std::string& tags, const std::string& condition,
                          const std::string& more = "") {
  return R"json("models": {"rfm": {"window": "90d"}},
      "tags": [{"name": "n", "metric": {"count": "orders", "window": "30d"}})json" +
         tags + R"json(], "classifications": [{"name": "t", "kind": "ladder", "classes": [
           {"name": "a", "enter": ")json" +
         condition + "\"" + more + R"json(}, {"name": "b"}]}])json";
}

TEST(ScoresPass, TakesConditionsOverScoresBesideOtherValues) {
  const auto taken = [](const std::string& tags, const std::string& condition,
                        const std::string& more = "") {
    return ScoredWorld(scored_policy(tags, condition, more)).quick.scores != nullptr;
  };
  EXPECT_TRUE(taken("", "rfm.f >= 2"));
  EXPECT_TRUE(taken("", "rfm.r >= 3 && n > 2", R"json(, "keep": "rfm.m > 1", "grace": "9d")json"));
  const std::string seen =
      R"json(, {"name": "seen", "metric": {"count": "interactions", "where": "kind == 'view'"}})json";
  EXPECT_TRUE(taken(seen, "rfm.f >= 2 && seen > 3"));
  EXPECT_FALSE(taken("", "n > 2")) << "nothing is asked of RFM";
  EXPECT_FALSE(taken("", "rfm.f >= 2", R"json(, "cool_down": "3d")json"));
  EXPECT_FALSE(taken("", "rfm.f + rfm.m > 4"));
  EXPECT_FALSE(taken("", "rfm.f >= 2 && rfm.frequency > 4"));
  EXPECT_FALSE(taken(R"json(, {"name": "mean", "metric": {"mean": "orders.amount"}})json",
                     "rfm.f >= 2 && mean > 100"))
      << "it is made of orders in another way";
}

std::string random_scored_policy(std::mt19937_64& random) {
  const auto atom = [&]() -> std::string {
    const std::string n = std::to_string(random() % 4), score = std::to_string(1 + random() % 5);
    return one_of(
        random, {"rfm.r >= " + score, "rfm.r < " + score, "rfm.f >= " + score, "rfm.m >= " + score,
                 "rfm.f == " + score, "rfm.m < " + score, "often >= " + n, "often == 0",
                 "spend >= " + n, "seen > " + n, "seen == 0", "quiet", "nps.class == 'promoter'",
                 "asked >= " + n, "(rate > 0.5 && seen >= 2)"});
  };
  const std::string length =
      one_of(random, {"", R"json("window": "90d", )json", R"json("window": "365d", )json"});
  const std::string grid = one_of(
      random, {"", R"json({"name": "segment", "kind": "grid", "table": "rfm.eleven"}, )json"});
  return R"json("models": {"rfm": {)json" + length + R"json("table": "eleven"},
      "nps": {"window": "90d"}},
    "tags": [
      {"name": "spend", "metric": {"sum": "orders.amount")json" +
         random_window(random) + R"json(}}, {"name": "often", "metric": {"count": "orders")json" +
         random_window(random) +
         R"json(, "where": "amount > 0"}},
      {"name": "year", "metric": {"count": "orders", "window": "365d"}},
      {"name": "seen", "metric": {"count": "interactions", "where": "kind == 'view'")json" +
         random_window(random) + R"json(}}, {"name": "asked", "metric": {"count": "surveys")json" +
         random_window(random) +
         R"json(}}, {"name": "rate", "expression": "double(seen) / double(year)"},
      {"name": "quiet", "expression": "seen >= 1 && often == 0"}],
    "classifications": [)json" +
         grid + R"json({"name": "tier", "kind": "ladder", "on_unknown": ")json" +
         one_of(random, {"hold", "skip"}) + R"json(", "classes": [)json" +
         random_classes(random, "t", atom, true) +
         R"json(]}, {"name": "marks", "kind": "flags", "classes": [)json" +
         random_classes(random, "m", atom, false) + "]}]";
}

// Facts of all customers, now and then two at one instant, nearly all of them orders; in the order
// of time, or some of them behind later ones.
void file_mixed(Book& book, std::mt19937_64& random, int64_t customers, bool in_order) {
  const std::vector<StreamLayout>& streams = book.layout().data().streams;
  Micros t = EngineFacts::kBegin;
  for (int64_t k = 0; k < customers * 14; ++k) {
    if (random() % 8 != 0) t += static_cast<Micros>(random() % (5 * kMicrosPerDay));
    const size_t s = random() % 5 == 0 ? 1 + random() % 2 : 0;
    std::vector<BookValue> cells(streams[s].columns.size());
    for (size_t c = 0; c < cells.size(); ++c) {
      const std::string& name = streams[s].columns[c].name;
      if (name == "amount" && random() % 60 != 0) {
        cells[c] = static_cast<int64_t>(random() % 900) - 60;
      } else if (name == "kind") {
        cells[c] = s == 2 ? std::string_view("nps") : random() % 3 == 0 ? "cart" : "view";
      } else if (name == "score") {
        cells[c] = static_cast<int64_t>(random() % 11);
      }
    }
    BookEvent event;
    event.customer.number = static_cast<int64_t>(random() % static_cast<uint64_t>(customers));
    event.time = in_order || random() % 6 != 0 ? t : t - 20 * kMicrosPerDay;
    event.values = cells;
    BookReport report;
    ASSERT_TRUE(book.add(static_cast<int>(s), {&event, 1}, {}, &report).ok());
  }
}

std::shared_ptr<const CalibrationData> random_constants(std::mt19937_64& random) {
  const auto axis = [&](std::vector<int64_t> cuts) {
    for (int64_t& cut : cuts) cut += static_cast<int64_t>(random() % 3) * cut / 4;
    RfmAxisCuts out;
    std::sort(cuts.begin(), cuts.end());
    out.octant_split = cuts[2];
    out.cuts = std::move(cuts);
    return out;
  };
  RfmConstants rfm;
  rfm.cuts.recency = axis({5, 20, 20, 60});
  rfm.cuts.frequency = axis({1, 2, 4, 6});
  rfm.cuts.monetary = axis({200, 800, 1600, 3000});
  auto out = std::make_shared<CalibrationData>();
  out->number = 1;
  out->models["rfm"] = {1, std::move(rfm)};
  return out;
}

// The streams of which she has facts that are later than one instant, and not than another.
ChangedFacts changed_facts(ScoredWorld& world, uint32_t row, Micros after, Micros t) {
  ChangedFacts out = 0;
  for (size_t s = 0; s < world.parts.readers.size(); ++s) {
    if (first_after(world.parts.readers[s], row, after) > t) continue;
    out |= facts_of_stream(static_cast<int>(s));
  }
  return out;
}

TEST(ScoresPass, OfRandomPoliciesAgreesWithTheQuickPass) {
  size_t policies = 0, moves = 0, settled = 0, left = 0, declined_late = 0, unread = 0;
  for (uint64_t seed = 1; seed <= 80; ++seed) {
    std::mt19937_64 random(seed);
    const std::string text = random_scored_policy(random);
    ScoredWorld world(text);
    if (world.quick.scores == nullptr) continue;  // a condition had too many clauses
    ++policies;
    constexpr int64_t kCustomers = 10;
    file_mixed(world.book, random, kCustomers, seed % 4 != 0);
    if (HasFatalFailure()) return;
    const auto customers = static_cast<uint32_t>(world.book.customers());
    struct Member {
      CustomerState here, there;
      Micros last = EngineFacts::kBegin - 1, next = EngineFacts::kBegin;
    };
    std::vector<Member> members(customers);
    world.use(random_constants(random));
    for (int step = 0; step < 80; ++step) {
      if (step == 50) world.use(random_constants(random));
      for (uint32_t row = 0; row < customers; ++row) {
        auto& [here, there, last, next] = members[row];
        const Micros soon = static_cast<Micros>(random() % (20 * kMicrosPerDay));
        const Micros t = next < kEndTime && random() % 3 != 0 ? next : last + 1 + soon;
        const ChangedFacts facts = step == 50 ? kAnyFacts : changed_facts(world, row, last, t);
        ASSERT_TRUE(QuickPass::can(world.parts, world.quick, row, here));
        const CustomerState was = here;
        if (!world.quick.scores->run(row, here, t, facts)) {
          ++left;
          declined_late += world.quick.before.empty() ? 0 : 1;
          if (here.machines.size() == was.machines.size()) {
            ASSERT_EQ(here.machines, was.machines) << seed;
            ASSERT_EQ(here.shown, was.shown) << seed;
          }
          QuickPass(world.parts, world.quick, row, here, t, facts).run();
        } else {
          unread += world.quick.rfm_window->pass != world.quick.pass ? 1 : 0;
        }
        const Said a = said(world.parts.out);
        QuickPass(world.parts, world.other, row, there, t, facts).run();
        const Said b = said(world.parts.out);
        ASSERT_EQ(a.moves, b.moves) << seed << " " << row << " " << step << " " << text;
        ASSERT_EQ(a.next, b.next) << seed << " " << row << " " << step << " " << text;
        ASSERT_EQ(here.machines, there.machines) << seed;
        ASSERT_EQ(here.shown, there.shown) << seed;
        moves += a.moves.size();
        ++settled;
        last = t;
        // A fact is settled at its instant, or later.
        next = std::max(a.next, t + 1);
        for (LogReader& reader : world.parts.readers) {
          if (random() % 8 != 0) next = std::min(next, first_after(reader, row, t));
        }
      }
    }
  }
  EXPECT_GT(policies, 50u);
  EXPECT_GT(moves, 10'000u);
  EXPECT_GT(declined_late, 10u) << "and what it had changed is taken back";
  EXPECT_LT(left, settled / 2);
  EXPECT_GT(unread, settled / 10) << "no order was looked at";
}

// Files an order of customer 1, of so many days after the beginning.
void file_order(Book& book, int64_t days, int64_t amount) {
  const std::vector<BookColumn>& columns = book.layout().spec().streams[0].columns;
  std::vector<BookValue> cells(columns.size());
  for (size_t c = 0; c < cells.size(); ++c) {
    if (columns[c].field.name == "amount") cells[c] = amount;
  }
  BookEvent event;
  event.customer.number = 1;
  event.time = EngineFacts::kBegin + days * kMicrosPerDay;
  event.values = cells;
  BookReport report;
  ASSERT_TRUE(book.add(0, {&event, 1}, {}, &report).ok());
}

// A window out of which the newest of her orders has gone, be it a sale or not, is known to be
// empty. In it something may be as long as that one is.
TEST(ScoresPass, ReadsOrdersWhereOneHasLeftAWindowThatStillHasSome) {
  ScoredWorld world(scored_policy(
      R"json(, {"name": "spend", "metric": {"sum": "orders.amount", "window": "30d"}})json",
      "rfm.r >= 5 || spend < 0"));
  ASSERT_NE(world.quick.scores, nullptr);
  file_order(world.book, 0, 500);
  file_order(world.book, 10, -100);
  std::mt19937_64 random(1);
  world.use(random_constants(random));
  CustomerState here, there;
  struct Day {
    int64_t number;
    ChangedFacts facts;
    bool reads;
    int current;
  };
  for (const auto& [number, facts, reads, current] :
       {Day{1, kAnyFacts, true, 0}, Day{10, facts_of_stream(0), true, 1}, Day{30, 0, true, 0},
        Day{40, 0, false, 1}, Day{70, 0, false, 1}}) {
    const Micros t = EngineFacts::kBegin + number * kMicrosPerDay;
    if (number == 1) {
      QuickPass(world.parts, world.quick, 0, here, t, facts).run();
    } else {
      ASSERT_TRUE(world.quick.scores->run(0, here, t, facts)) << number;
    }
    EXPECT_EQ(world.quick.windows[0]->pass == world.quick.pass, reads) << number;
    const Said a = said(world.parts.out);
    QuickPass(world.parts, world.other, 0, there, t, facts).run();
    const Said b = said(world.parts.out);
    EXPECT_EQ(a.moves, b.moves) << number;
    EXPECT_EQ(a.next, b.next) << number;
    EXPECT_EQ(here.machines, there.machines) << number;
    EXPECT_EQ(here.machines[0].current, current) << number;
  }
}

// Her score has fallen, and a sum that is stale by then cannot be read, for her orders came out of
// order: what this pass had noted before it gave up must not look to QuickPass as if the score
// stood.
TEST(ScoresPass, WhatItHadNotedBeforeItGaveUpMisleadsNobody) {
  ScoredWorld world(scored_policy(
      R"json(, {"name": "spend", "metric": {"sum": "orders.amount", "window": "30d"}})json",
      "rfm.r >= 3 || spend >= 100"));
  ASSERT_NE(world.quick.scores, nullptr);
  file_order(world.book, 15, 500);
  file_order(world.book, 0, 500);
  std::mt19937_64 random(1);
  world.use(random_constants(random));
  CustomerState here, there;
  for (const int64_t days : {16, 40}) {
    const Micros t = EngineFacts::kBegin + days * kMicrosPerDay;
    const ChangedFacts facts = days == 16 ? kAnyFacts : 0;
    if (!world.quick.scores->run(0, here, t, facts)) {
      QuickPass(world.parts, world.quick, 0, here, t, facts).run();
    }
    QuickPass(world.parts, world.other, 0, there, t, facts).run();
    EXPECT_EQ(here.machines, there.machines) << days;
  }
  EXPECT_EQ(here.machines[0].current, 1) << "no score and no sum keeps her in a";
}

}  // namespace
}  // namespace patron::internal
