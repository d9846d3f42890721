// Who is who over time: links, unlinks, identity keys, forgetting; by hand and by their laws.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

TEST(EngineLinks, TheBetterTierHoldsWithItsTimersAndTheFactsUnite) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest(
      "orders", orders({{1, at("2026-01-10"), 300, "a"}, {2, at("2026-01-20"), 1200, "b"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  const Result<LinkReport> made = engine.link(id(1), id(2));
  ASSERT_TRUE(made.ok() && made->done);
  EXPECT_EQ(made->survivor.number, 1);
  EXPECT_EQ(made->other.number, 2);
  EXPECT_EQ(engine.customers(), 1);
  EXPECT_FALSE(engine.link(id(2), id(1))->done);
  EXPECT_EQ(engine.profiles()->rows(), 1);
  EXPECT_EQ(engine.classes()->rows(), 1);
  int64_t counted = 0;
  const std::vector<ClassCount> counts = *engine.distribution("tier");
  for (const ClassCount& count : counts) counted += count.customers;
  EXPECT_EQ(counted, 1);
  expect_ok(engine.advance(at("2026-12-31")));
  EXPECT_EQ(
      said(engine.history(id(2))),
      (std::vector<std::string>{
          "1 tier:  -> silver at 2026-01-10T00:00:00Z, event",
          "2 tier:  -> gold at 2026-01-20T00:00:00Z, event",
          "1 tier: silver -> gold at 2026-02-01T00:00:00Z, merge",
          "1 audience:  -> sleepers at 2026-03-21T00:00:00Z, time",
          // 1,500 until the first order leaves the window, then 1,200, then nothing; and grace.
          "1 tier: gold -> guest at 2026-05-20T00:00:00Z, time",
          "1 audience: sleepers ->  at 2026-05-20T00:00:00Z, time"}));
}

TEST(EngineLinks, AnUnlinkGivesEachBackWhatWasKeptAndHerOwnFacts) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest(
      "orders", orders({{1, at("2026-01-10"), 600, "a"}, {2, at("2026-01-20"), 600, "b"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  ASSERT_TRUE(engine.link(id(1), id(2)).ok());
  expect_ok(engine.advance(at("2026-02-02")));
  expect_ok(engine.ingest("orders", orders({{2, at("2026-02-03"), 500, "c"}})));
  expect_ok(engine.advance(at("2026-02-04")));
  EXPECT_EQ(engine.unlink(id(1), id(3)).code(), Code::kState);
  expect_ok(engine.unlink(id(2), id(1)));
  EXPECT_EQ(engine.customers(), 2);
  expect_ok(engine.advance(at("2026-02-05")));
  EXPECT_EQ(said(engine.transitions()),
            (std::vector<std::string>{"1 tier:  -> silver at 2026-01-10T00:00:00Z, event",
                                      "2 tier:  -> silver at 2026-01-20T00:00:00Z, event",
                                      "1 tier: silver -> gold at 2026-02-01T00:00:00Z, merge",
                                      "1 tier: gold -> silver at 2026-02-04T00:00:00Z, merge",
                                      "2 tier: silver -> gold at 2026-02-04T00:00:00Z, merge"}));
}

TEST(EngineLinks, IdsThatAreNewAreLinkedAndSettledByTheirFirstFact) {
  Engine engine = *Engine::open(shop());
  ASSERT_TRUE(engine.link(id(7), id(8)).ok());
  expect_ok(engine.ingest("orders", orders({{8, at("2026-01-10"), 150, "a"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  EXPECT_EQ(said(engine.transitions()),
            (std::vector<std::string>{"7 tier:  -> silver at 2026-01-10T00:00:00Z, event"}));
  expect_ok(engine.unlink(id(7), id(8)));
  expect_ok(engine.advance(at("2026-02-01")));
  EXPECT_EQ(said(engine.transitions(1)),
            (std::vector<std::string>{"8 tier:  -> silver at 2026-02-01T00:00:00Z, merge"}));
}

// L11. Links between random ids, taken out again, newest first.
TEST(EngineLaws, ALinkThatIsTakenOutHasNeverBeen) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    std::mt19937_64 random(seed);
    const Lives lives = random_lives(random, 5, 20);
    Engine engine = *Engine::open(shop()), plain = *Engine::open(shop());
    const Micros now = at("2026-03-01") + static_cast<Micros>(random() % 200) * kDay;
    for (Engine* one : {&engine, &plain}) {
      live(*one, lives);
      expect_ok(one->advance(now));
    }
    std::vector<std::pair<int64_t, int64_t>> made;
    for (int i = 0; i < 6; ++i) {
      const auto a = static_cast<int64_t>(random() % 7), b = static_cast<int64_t>(random() % 7);
      const Result<LinkReport> link = engine.link(id(a), id(b));
      ASSERT_TRUE(link.ok());
      if (link->done) made.emplace_back(a, b);
    }
    ASSERT_NE(engine.state_hash(), plain.state_hash()) << "seed " << seed;
    for (; !made.empty(); made.pop_back()) {
      expect_ok(engine.unlink(id(made.back().second), id(made.back().first)));
    }
    // Ids that only a link named stay, and nothing is known of them.
    const std::vector<Transition> before = plain.transitions();
    expect_ok(engine.advance(at("2027-06-01")));
    expect_ok(plain.advance(at("2027-06-01")));
    ASSERT_EQ(said(engine.transitions()), said(plain.transitions())) << "seed " << seed;
    for (int64_t customer = 0; customer < 5; ++customer) {
      ASSERT_EQ(said(engine.history(id(customer))), said(plain.history(id(customer))));
    }
  }
}

TEST(EngineLaws, LinkAndUnlinkIsTheIdentity) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    std::mt19937_64 random(seed);
    Lives lives = random_lives(random, 5, 20);
    for (int64_t c = 0; c < 5; ++c) lives.orders.push_back({c, at("2026-01-01"), 90, "first"});
    Engine engine = *Engine::open(shop());
    live(engine, lives);
    expect_ok(engine.advance(at("2026-03-01") + static_cast<Micros>(random() % 200) * kDay));
    const Lives late = random_lives(random, 5, 4);  // some late, some waiting
    expect_ok(engine.ingest("interactions", visits(late.visits)));
    std::vector<std::string> hashes;
    std::vector<std::pair<int64_t, int64_t>> made;
    for (int i = 0; i < 6; ++i) {
      const auto a = static_cast<int64_t>(random() % 5), b = static_cast<int64_t>(random() % 5);
      hashes.push_back(engine.state_hash());
      const Result<LinkReport> link = engine.link(id(a), id(b));
      ASSERT_TRUE(link.ok());
      if (link->done) {
        made.emplace_back(a, b);
      } else {
        hashes.pop_back();
      }
    }
    while (!made.empty()) {
      expect_ok(engine.unlink(id(made.back().second), id(made.back().first)));
      ASSERT_EQ(engine.state_hash(), hashes.back()) << "seed " << seed;
      made.pop_back(), hashes.pop_back();
    }
  }
}

// Whatever is taken out, and when: what is left is what the other links alone would have made.
TEST(EngineLaws, AnyLinkCanBeTakenOutAndLeavesWhatTheOthersMake) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    std::mt19937_64 random(seed);
    const Lives lives = random_lives(random, 6, 30);
    Engine engine = *Engine::open(shop()), others = *Engine::open(shop());
    for (Engine* one : {&engine, &others}) {
      live(*one, lives);
      expect_ok(one->advance(at("2026-07-01")));
    }
    std::vector<std::pair<int64_t, int64_t>> made;
    for (int i = 0; i < 8; ++i) {
      const auto a = static_cast<int64_t>(random() % 6), b = static_cast<int64_t>(random() % 6);
      if (engine.link(id(a), id(b))->done) made.emplace_back(a, b);
    }
    for (auto it = made.begin(); it != made.end();) {
      if (random() % 2 != 0) {
        ++it;
        continue;
      }
      expect_ok(engine.unlink(id(it->first), id(it->second)));
      it = made.erase(it);
    }
    for (const auto& [a, b] : made) ASSERT_TRUE(others.link(id(a), id(b))->done);
    for (const Micros t : {at("2026-07-01"), at("2027-06-01")}) {
      expect_ok(engine.advance(t));
      expect_ok(others.advance(t));
      ASSERT_EQ(said(engine.transitions()), said(others.transitions())) << "seed " << seed;
      ASSERT_EQ(engine.state_hash(), others.state_hash()) << "seed " << seed;
    }
  }
}

// What the shop and its links say, walked through hour by hour from the raw facts.
class HourByHour {
 public:
  explicit HourByHour(const Lives& lives) : lives_(lives) {}

  void walk(Micros from, Micros to) {
    for (Micros t = from; t <= to; t += kMicrosPerHour) {
      for (auto& [customer, state] : states_) settle(customer, state, t);
      for (int64_t customer = 0; customer < 8; ++customer) {
        if (states_.count(customer) == 0 && !hidden_.count(customer) && knows({customer}, t)) {
          settle(customer, states_[customer], t);
        }
      }
    }
  }
  void link(int64_t a, int64_t b, Micros t) {
    One& mine = states_[a];
    const One hers = states_.count(b) != 0 ? states_[b] : One();
    states_.erase(b);
    hidden_.insert(b);
    const auto rank = [](const std::string& tier) {
      return tier == "gold" ? 0 : tier == "silver" ? 1 : tier == "guest" ? 2 : 3;
    };
    if (mine.ids.empty()) mine.ids = {a};
    for (const int64_t other : hers.ids.empty() ? std::set<int64_t>{b} : hers.ids) {
      mine.ids.insert(other);
    }
    if (rank(hers.tier) < rank(mine.tier)) mine.tier = hers.tier, mine.failing = hers.failing;
    mine.sleeps |= hers.sleeps, mine.browses |= hers.browses;
    if (knows(mine.ids, t)) settle(a, mine, t);
  }
  const std::vector<std::string>& said() const { return said_; }

 private:
  struct One {
    std::set<int64_t> ids;
    std::string tier, shown;
    Micros failing = -1;
    bool sleeps = false, browses = false, was_asleep = false, was_browsing = false;
  };
  bool knows(const std::set<int64_t>& ids, Micros t) const {
    return std::any_of(lives_.orders.begin(), lives_.orders.end(),
                       [&](const Order& o) { return ids.count(o.customer) && o.time <= t; }) ||
           std::any_of(lives_.visits.begin(), lives_.visits.end(),
                       [&](const auto& v) { return ids.count(v.first) && v.second <= t; });
  }
  void say(int64_t customer, const char* what, const std::string& from, const std::string& to,
           Micros t) {
    said_.push_back(std::to_string(customer) + " " + what + ": " + from + " -> " + to + " at " +
                    format_time(t));
  }
  void settle(int64_t customer, One& one, Micros t) {
    if (one.ids.empty()) one.ids = {customer};
    if (!knows(one.ids, t)) return;
    double spend = 0;
    Micros last = 0;
    int views = 0;
    for (const Order& order : lives_.orders) {
      if (!one.ids.count(order.customer) || order.time > t) continue;
      if (order.time > t - 90 * kDay) spend += order.amount;
      if (order.amount > 0) last = std::max(last, order.time);
    }
    for (const auto& [who, time] : lives_.visits) {
      if (one.ids.count(who) && time <= t && time > t - 30 * kDay) ++views;
    }
    step(one, spend, t);
    if (one.tier != one.shown) say(customer, "tier", one.shown, one.tier, t);
    one.shown = one.tier;
    one.sleeps = last != 0 && t - last >= 60 * kDay && one.tier != "guest";
    one.browses = views >= 2 && spend == 0;
    flag(customer, "sleepers", one.sleeps, one.was_asleep, t);
    flag(customer, "browsers", one.browses, one.was_browsing, t);
  }
  static void step(One& one, double spend, Micros t) {
    const std::string entered = spend >= 1000 ? "gold" : spend >= 100 ? "silver" : "guest";
    if (one.tier != "gold" || spend >= 1000) {
      // Silver and guest have neither keep nor grace: she is what she enters.
      one.failing = -1;
      one.tier = entered;
    } else if (spend >= 800) {
      one.failing = -1;
    } else {
      if (one.failing < 0) one.failing = t;
      if (t >= one.failing + 30 * kDay) one.tier = entered, one.failing = -1;
    }
  }
  void flag(int64_t customer, const char* name, bool now, bool& was, Micros t) {
    if (now != was) say(customer, "audience", was ? name : "", now ? name : "", t);
    was = now;
  }

  const Lives& lives_;
  std::map<int64_t, One> states_;
  std::set<int64_t> hidden_;
  std::vector<std::string> said_;
};

TEST(EngineLaws, LinkedCustomersAreWhatTheirRawFactsSayHourByHour) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    const Lives lives = random_lives(random, 5, 24);
    Engine engine = *Engine::open(shop());
    live(engine, lives);
    HourByHour oracle(lives);
    std::map<int64_t, int64_t> stands;
    for (int64_t c = 0; c < 6; ++c) stands[c] = c;
    Micros from = at("2026-01-01");
    for (int step = 0; step < 5; ++step) {
      const Micros t = from + static_cast<Micros>(20 + random() % 60) * kDay;
      expect_ok(engine.advance(t));
      oracle.walk(from, t);
      const auto a = static_cast<int64_t>(random() % 6), b = static_cast<int64_t>(random() % 6);
      if (engine.link(id(a), id(b))->done) {
        const int64_t survivor = stands[a], other = stands[b];
        for (auto& [customer, stand] : stands) stand = stand == other ? survivor : stand;
        oracle.link(survivor, other, t);
        expect_ok(engine.advance(t));
      }
      from = t + kMicrosPerHour;
    }
    expect_ok(engine.advance(at("2027-06-01")));
    oracle.walk(from, at("2027-06-01"));
    std::vector<std::string> moves;
    for (const Transition& t : engine.transitions()) {
      moves.push_back(said(t).substr(0, said(t).find(',')));
    }
    ASSERT_EQ(moves, oracle.said()) << "seed " << seed;
  }
}

std::string with_keys() { return R"("identities": {"keys": ["member", "phone"]},)"; }

Table claims(const std::vector<int64_t>& customers, const std::vector<Micros>& times,
             const std::vector<std::optional<std::string>>& members,
             const std::vector<std::optional<std::string>>& phones) {
  TableBuilder builder;
  builder.int64("customer", customers).timestamps("time", times, "UTC");
  return *builder.strings("member", members).strings("phone", phones).finish();
}

TEST(EngineLinks, AnIdentityKeyJoinsAtItsInstant) {
  Engine engine = *Engine::open(checked_policy(shop_text(with_keys())));
  expect_ok(engine.ingest(
      "orders", orders({{1, at("2026-01-10"), 600, "a"}, {2, at("2026-01-20"), 600, "b"}})));
  IngestReport report;
  expect_ok(engine.claim(
      claims({2, 1, 3}, {at("2026-01-05"), at("2026-02-10"), at("2026-02-11")},
             {"m1", std::nullopt, "m2"}, {"+491701234567", "+491701234567", "+491701234567"}),
      &report));
  EXPECT_EQ(report.accepted, 5);
  // The keys that wait are part of what is to come.
  const std::string before = engine.state_hash();
  std::vector<std::string> foreseen;
  const Result<Forecasts> ahead = engine.forecast(at("2026-03-01"));
  ASSERT_TRUE(ahead.ok()) << ahead.status().message();
  for (const Forecast& one : *ahead) {
    Transition as;
    as.customer = one.customer, as.classification = one.classification, as.from = one.from;
    as.to = one.to, as.at = one.at, as.cause = one.cause;
    foreseen.push_back(said(as));
  }
  EXPECT_EQ(engine.state_hash(), before);
  EXPECT_EQ(engine.transition_count(), 0);
  expect_ok(engine.advance(at("2026-03-01")));
  EXPECT_EQ(said(engine.transitions()), foreseen);
  EXPECT_EQ(said(engine.transitions()),
            (std::vector<std::string>{"1 tier:  -> silver at 2026-01-10T00:00:00Z, event",
                                      "2 tier:  -> silver at 2026-01-20T00:00:00Z, event",
                                      "1 tier: silver -> gold at 2026-02-10T00:00:00Z, merge"}));
  // The third has the same phone, and another member number.
  const std::vector<KeyMeeting> meetings = engine.key_meetings();
  ASSERT_EQ(meetings.size(), 2u);
  EXPECT_TRUE(meetings[0].linked);
  EXPECT_EQ(meetings[0].at, at("2026-02-10"));
  EXPECT_EQ(meetings[0].key, "phone");
  EXPECT_FALSE(meetings[1].linked);
  EXPECT_EQ(meetings[1].because, "member");
  EXPECT_EQ(engine.customers(), 2);
  expect_ok(engine.unlink(id(1), id(2)));
  EXPECT_EQ(engine.customers(), 3);
}

// L12 and L2 with identity keys: arrival, batches and steps make no difference.
TEST(EngineLaws, ClaimsJoinInAnOrderOfTheirOwn) {
  const Policy policy = checked_policy(shop_text(with_keys()));
  for (uint64_t seed = 0; seed < 40; ++seed) {
    std::mt19937_64 random(seed);
    const Lives lives = random_lives(random, 6, 24);
    struct Claim {
      int64_t customer;
      Micros time;
      std::optional<std::string> member, phone;
    };
    std::vector<Claim> all;
    for (int i = 0; i < 10; ++i) {
      Claim claim{static_cast<int64_t>(random() % 6),
                  at("2026-01-01") + static_cast<Micros>(random() % 365) * kDay,
                  {},
                  {}};
      if (random() % 3 == 0) claim.member = "m" + std::to_string(random() % 3);
      if (random() % 3 != 0) claim.phone = "+4917012345" + std::to_string(60 + random() % 4);
      all.push_back(claim);
    }
    const auto table = [](std::vector<Claim>::const_iterator begin,
                          std::vector<Claim>::const_iterator end) {
      std::vector<int64_t> customers;
      std::vector<Micros> times;
      std::vector<std::optional<std::string>> members, phones;
      for (; begin != end; ++begin) {
        customers.push_back(begin->customer), times.push_back(begin->time);
        members.push_back(begin->member), phones.push_back(begin->phone);
      }
      return claims(customers, times, members, phones);
    };
    Engine whole = *Engine::open(policy), pieces = *Engine::open(policy);
    live(whole, lives);
    expect_ok(whole.claim(table(all.begin(), all.end())));
    expect_ok(whole.advance(at("2027-03-01")));
    std::shuffle(all.begin(), all.end(), random);
    expect_ok(pieces.claim(table(all.begin() + 5, all.end())));
    live(pieces, lives);
    expect_ok(pieces.claim(table(all.begin(), all.begin() + 5)));
    for (Micros t = at("2026-01-01"); t < at("2027-03-01");
         t += static_cast<Micros>(1 + random() % 90) * kDay / 3) {
      expect_ok(pieces.advance(t));
    }
    expect_ok(pieces.advance(at("2027-03-01")));
    ASSERT_EQ(said(pieces.transitions()), said(whole.transitions())) << "seed " << seed;
    ASSERT_EQ(pieces.state_hash(), whole.state_hash()) << "seed " << seed;
    ASSERT_EQ(pieces.customers(), whole.customers());
  }
}

// L16. Nobody else's state or future changes, and the engine is as if she had never been.
TEST(EngineLaws, WhoIsForgottenHasNeverBeen) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    std::mt19937_64 random(seed);
    const Lives lives = random_lives(random, 5, 24);
    Lives others;
    for (const Order& order : lives.orders) {
      if (order.customer != 2 && order.customer != 4) others.orders.push_back(order);
    }
    for (const auto& visit : lives.visits) {
      if (visit.first != 2 && visit.first != 4) others.visits.push_back(visit);
    }
    Engine engine = *Engine::open(shop()), without = *Engine::open(shop());
    live(engine, lives);
    live(without, others);
    expect_ok(engine.advance(at("2026-05-01")));
    expect_ok(without.advance(at("2026-05-01")));
    if (seed % 2 == 0) {
      ASSERT_TRUE(engine.link(id(2), id(4)).ok());
      if (seed % 4 == 0) expect_ok(engine.advance(at("2026-05-01")));
      EXPECT_TRUE(engine.forget(id(4)));
    } else {
      EXPECT_TRUE(engine.forget(id(2)));
      EXPECT_TRUE(engine.forget(id(4)));
    }
    EXPECT_FALSE(engine.forget(id(2)));
    EXPECT_TRUE(engine.history(id(2)).empty());
    EXPECT_EQ(engine.profiles()->rows(), 3);
    for (const Micros t : {at("2026-05-01"), at("2027-06-01")}) {
      expect_ok(engine.advance(t));
      expect_ok(without.advance(t));
      ASSERT_EQ(said(engine.transitions()), said(without.transitions())) << "seed " << seed;
      ASSERT_EQ(engine.state_hash(), without.state_hash()) << "seed " << seed;
      ASSERT_EQ(engine.customers(), without.customers());
    }
    // Her id may come again, as somebody new.
    expect_ok(engine.ingest("orders", orders({{2, at("2027-07-01"), 150, "a"}})));
    expect_ok(engine.advance(at("2027-08-01")));
    ASSERT_EQ(engine.history(id(2)).size(), 1u);
    EXPECT_EQ(engine.history(id(2))[0].sequence, 1);
  }
}

}  // namespace
}  // namespace patron
