// The engine by hand, and by its laws: batches, steps of the clock, orders of arrival, forecasts.
#include "patron/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "lib/policy/policy_data.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using test::at;
using test::checked_policy;
using test::expect_ok;
using test::kDay;
using test::Order;
using test::orders;
using test::said;
using test::shop;
using test::visits;

std::vector<std::string> said(const Engine& engine) { return test::said(engine.transitions()); }

TEST(Engine, TiersChangeAtTheInstantAtWhichTheyShould) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10T09:00"), 1200, "a"}})));
  expect_ok(engine.advance(at("2026-12-31")));
  EXPECT_EQ(said(engine),
            (std::vector<std::string>{
                "1 tier:  -> gold at 2026-01-10T09:00:00Z, event",
                "1 audience:  -> sleepers at 2026-03-11T09:00:00Z, time",
                // The order leaves the window after 90 days, and grace holds for 30 more.
                "1 tier: gold -> guest at 2026-05-10T09:00:00Z, time",
                "1 audience: sleepers ->  at 2026-05-10T09:00:00Z, time"}));
}

TEST(Engine, ALateFactTakesEffectAtTheClockAndSaysWhenItWas) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.advance(at("2026-02-01")));
  IngestReport report;
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 150, "a"}}), {}, &report));
  EXPECT_EQ(report.late, 1);
  EXPECT_EQ(engine.transition_count(), 0);
  expect_ok(engine.advance(at("2026-02-01")));
  const std::vector<Transition> moves = engine.transitions();
  ASSERT_EQ(moves.size(), 1u);
  EXPECT_EQ(said(moves[0]), "1 tier:  -> silver at 2026-02-01T00:00:00Z, event");
  EXPECT_EQ(moves[0].fact_time, at("2026-01-10"));
}

TEST(Engine, ACorrectionDecidesAnewAndDoesNotRewriteThePast) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 150, "a"}})));
  expect_ok(engine.advance(at("2026-01-20")));
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 15, "a"}})));
  expect_ok(engine.advance(at("2026-01-21")));
  EXPECT_EQ(said(engine), (std::vector<std::string>{
                              "1 tier:  -> silver at 2026-01-10T00:00:00Z, event",
                              "1 tier: silver -> guest at 2026-01-20T00:00:00Z, correction"}));
}

TEST(Engine, AttributesAreFactsToo) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{7, at("2026-01-10"), 1200, "a"}})));
  std::vector<int64_t> customers{7}, times{at("2026-01-05")};
  std::vector<std::string> blocked{"true"};
  const Status refused = engine.set_attributes(*TableBuilder()
                                                    .int64("customer", customers)
                                                    .timestamps("time", times, "UTC")
                                                    .strings("blokced", blocked)
                                                    .finish());
  EXPECT_NE(refused.message().find("did you mean \"blocked\""), std::string::npos)
      << refused.message();
  expect_ok(engine.advance(at("2026-01-11")));
  EXPECT_EQ(engine.transitions()[0].to, "gold");
}

TEST(Engine, ValuesThatBearNoInstantNeedAClock) {
  Engine engine = *Engine::open(checked_policy(
      R"({"patron": 1, "name": "ages", "customer": {"id": "int64"}, "streams": {"orders": {}},
          "money": {"currency": "EUR", "scale": 2}, "attributes": {"age": {"type": "int64"}}})"));
  const std::vector<int64_t> customers{7}, ages{41};
  const Table values = *TableBuilder().int64("customer", customers).int64("age", ages).finish();
  const std::string before = engine.state_hash();
  IngestReport report;
  for (const Status& early :
       {engine.set_attributes(values, {}, &report), engine.claim(values, &report)}) {
    EXPECT_EQ(early.code(), Code::kState);
    EXPECT_EQ(early.message(),
              "the clock has not been moved yet, so there is no instant from which these values "
              "hold: give one to each row in a column \"time\", or advance the clock first");
  }
  EXPECT_EQ(engine.state_hash(), before);
  expect_ok(engine.advance(at("2026-01-11")));
  expect_ok(engine.set_attributes(values, {}, &report));
  EXPECT_EQ(report.accepted, 1);
}

TEST(Engine, TimeDoesNotGoBack) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.advance(at("2026-02-01")));
  const Status status = engine.advance(at("2026-01-01"));
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(
      status.message(),
      "2026-01-01T01:00:00+01:00 is before the clock, 2026-02-01T01:00:00+01:00; time does not "
      "go back");
  EXPECT_EQ(engine.clock(), at("2026-02-01"));
  EXPECT_EQ(engine.forecast(at("2026-01-01")).status().code(), Code::kArgument);
}

TEST(Engine, AForecastEndsBeforeTimeDoes) {
  const Engine engine = *Engine::open(shop());
  for (const Micros t : {kEndTime, std::numeric_limits<Micros>::max()}) {
    EXPECT_EQ(engine.forecast(t).status().message(),
              "the end of a forecast can be from 0001-01-02T00:00:00Z to before "
              "9999-12-31T00:00:00Z");
  }
  EXPECT_TRUE(engine.forecast(kEndTime - 1).ok());
}

TEST(Engine, DistributionCountsEveryCustomer) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 1200, "a"},
                                            {2, at("2026-01-10"), 150, "a"},
                                            {3, at("2026-01-10"), 15, "a"},
                                            {4, at("2026-01-10"), 15, "a"}})));
  expect_ok(engine.advance(at("2026-01-11")));
  const std::vector<ClassCount> counts = *engine.distribution("tier");
  ASSERT_EQ(counts.size(), 3u);
  EXPECT_EQ(counts[0].customers, 1);
  EXPECT_EQ(counts[1].customers, 1);
  EXPECT_EQ(counts[2].customers, 2);
  EXPECT_NE(engine.distribution("teir").status().message().find("did you mean \"tier\""),
            std::string::npos);
}

TEST(Engine, TablesAreOrderedByCustomer) {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest(
      "orders", orders({{9, at("2026-01-10"), 1200, "a"}, {2, at("2026-01-10"), 150, "a"}})));
  expect_ok(engine.advance(at("2026-01-11")));
  const Table classes = *engine.classes();
  ASSERT_EQ(classes.rows(), 2);
  EXPECT_EQ(classes.field(0).name, "customer");
  EXPECT_EQ(classes.field(1).name, "tier");
  EXPECT_EQ(classes.field(2).name, "tier_since");
  const auto* ids = static_cast<const int64_t*>(classes.chunks(0)[0].values);
  EXPECT_EQ(ids[0], 2);
  EXPECT_EQ(ids[1], 9);
  const Table profiles = *engine.profiles();
  EXPECT_EQ(profiles.rows(), 2);
  EXPECT_EQ(profiles.find("spend"), 2);
}

// Random orders and visits of some customers in a year, late, corrected and waiting.
struct History {
  std::vector<Order> orders;
  std::vector<std::pair<int64_t, Micros>> visits;
};

History random_history(std::mt19937_64& random) {
  History history;
  const auto somewhen = [&] {
    return at("2026-01-01") + static_cast<Micros>(random() % 365) * kDay +
           static_cast<Micros>(random() % 24) * kMicrosPerHour;
  };
  for (uint64_t i = 0; i < 20; ++i) {
    const auto customer = static_cast<int64_t>(random() % 4);
    const double amount = static_cast<double>(random() % 1400) - 150;
    history.orders.push_back({customer, somewhen(), amount, "k" + std::to_string(i)});
    if (random() % 2 != 0) {
      history.visits.emplace_back(static_cast<int64_t>(random() % 4), somewhen());
    }
  }
  return history;
}

TEST(EngineLaws, BatchesArrivalAndStepsOfTheClockDoNotMatter) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    std::mt19937_64 random(seed);
    History history = random_history(random);
    Engine whole = *Engine::open(shop());
    expect_ok(whole.ingest("orders", orders(history.orders)));
    expect_ok(whole.ingest("interactions", visits(history.visits)));
    expect_ok(whole.advance(at("2027-06-01")));
    // In another order, in pieces, and the clock in steps that end anywhere.
    std::shuffle(history.orders.begin(), history.orders.end(), random);
    Engine pieces = *Engine::open(shop());
    expect_ok(pieces.ingest("interactions", visits(history.visits)));
    for (size_t i = 0; i < history.orders.size(); i += 3) {
      const size_t end = std::min(i + 3, history.orders.size());
      expect_ok(pieces.ingest("orders", orders({history.orders.begin() + static_cast<long>(i),
                                                history.orders.begin() + static_cast<long>(end)})));
    }
    for (Micros t = at("2026-01-01"); t < at("2027-06-01");
         t += static_cast<Micros>(1 + random() % 40) * kDay / 3) {
      expect_ok(pieces.advance(t));
    }
    expect_ok(pieces.advance(at("2027-06-01")));
    ASSERT_EQ(said(pieces), said(whole)) << "seed " << seed;
    ASSERT_EQ(pieces.state_hash(), whole.state_hash()) << "seed " << seed;
  }
}

TEST(EngineLaws, AForecastIsWhatAdvanceDoesAndChangesNothing) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    std::mt19937_64 random(seed);
    const History history = random_history(random);
    Engine engine = *Engine::open(shop());
    expect_ok(engine.ingest("orders", orders(history.orders)));
    expect_ok(engine.advance(at("2026-06-15")));
    expect_ok(engine.ingest("interactions", visits(history.visits)));  // some late, some waiting
    const std::string before = engine.state_hash();
    const std::vector<Forecast> forecast = *engine.forecast(at("2027-03-01"));
    ASSERT_EQ(engine.state_hash(), before);
    const int64_t known = engine.transition_count();
    expect_ok(engine.advance(at("2027-03-01")));
    const std::vector<Transition> moves = engine.transitions(known);
    ASSERT_EQ(moves.size(), forecast.size()) << "seed " << seed;
    for (size_t i = 0; i < moves.size(); ++i) {
      ASSERT_EQ(forecast[i].customer.number, moves[i].customer.number) << "seed " << seed;
      ASSERT_EQ(forecast[i].classification, moves[i].classification) << "seed " << seed;
      ASSERT_EQ(forecast[i].from, moves[i].from) << "seed " << seed;
      ASSERT_EQ(forecast[i].to, moves[i].to) << "seed " << seed;
      ASSERT_EQ(forecast[i].at, moves[i].at) << "seed " << seed;
      ASSERT_EQ(forecast[i].cause, moves[i].cause) << "seed " << seed;
    }
  }
}

// What the shop's policy says, walked through hour by hour from the raw facts. All facts lie on
// whole hours, and so do the ends of windows and of grace.
class HourByHour {
 public:
  HourByHour(const History& history, int64_t customer) : history_(history), customer_(customer) {}

  std::vector<std::string> walk(Micros from, Micros to) {
    for (Micros t = from; t <= to; t += kMicrosPerHour) {
      if (knows(t)) settle(t);
    }
    return said_;
  }

 private:
  bool knows(Micros t) const {
    return std::any_of(history_.orders.begin(), history_.orders.end(),
                       [&](const Order& o) { return o.customer == customer_ && o.time <= t; }) ||
           std::any_of(history_.visits.begin(), history_.visits.end(),
                       [&](const auto& v) { return v.first == customer_ && v.second <= t; });
  }
  void say(const char* what, const std::string& from, const std::string& to, Micros t) {
    said_.push_back(std::to_string(customer_) + " " + what + ": " + from + " -> " + to + " at " +
                    format_time(t));
  }
  void settle(Micros t) {
    double spend = 0;
    Micros last = 0;
    int views = 0;
    for (const Order& order : history_.orders) {
      if (order.customer != customer_ || order.time > t) continue;
      if (order.time > t - 90 * kDay) spend += order.amount;
      if (order.amount > 0) last = std::max(last, order.time);
    }
    for (const auto& [customer, time] : history_.visits) {
      if (customer == customer_ && time <= t && time > t - 30 * kDay) ++views;
    }
    const bool idle = last != 0 && t - last >= 60 * kDay;
    tiers(spend, t);
    flag(sleeps_, "sleepers", idle && tier_ != "guest", t);
    flag(browses_, "browsers", views >= 2 && spend == 0, t);
  }
  void tiers(double spend, Micros t) {
    const std::string entered = spend >= 1000 ? "gold" : spend >= 100 ? "silver" : "guest";
    std::string next = tier_;
    if (tier_.empty()) {
      next = entered;
    } else if (tier_ != "gold" && spend >= 1000) {
      next = "gold";
    } else if (tier_ == "guest" && spend >= 100) {
      next = "silver";
    } else if (tier_ == "gold" && spend >= 800) {
      failing_ = -1;
    } else if (tier_ == "gold") {
      if (failing_ < 0) failing_ = t;
      if (t >= failing_ + 30 * kDay) next = entered;
    } else {
      next = entered;
    }
    if (next == tier_) return;
    say("tier", tier_, next, t);
    tier_ = next;
    failing_ = -1;
  }
  void flag(bool& in, const char* name, bool holds, Micros t) {
    if (in == holds) return;
    say("audience", in ? name : "", in ? "" : name, t);
    in = holds;
  }

  const History& history_;
  int64_t customer_;
  std::string tier_;
  Micros failing_ = -1;
  bool sleeps_ = false, browses_ = false;
  std::vector<std::string> said_;
};

TEST(EngineLaws, EveryCustomerIsWhatHerRawFactsSayHourByHour) {
  for (uint64_t seed = 0; seed < 25; ++seed) {
    std::mt19937_64 random(seed);
    const History history = random_history(random);
    Engine engine = *Engine::open(shop());
    expect_ok(engine.ingest("orders", orders(history.orders)));
    expect_ok(engine.ingest("interactions", visits(history.visits)));
    expect_ok(engine.advance(at("2027-06-01")));
    for (int64_t customer = 0; customer < 4; ++customer) {
      std::vector<std::string> moves;
      CustomerId id;
      id.number = customer;
      for (const Transition& t : engine.history(id))
        moves.push_back(said(t).substr(0, said(t).find(',')));
      ASSERT_EQ(moves, HourByHour(history, customer).walk(at("2026-01-01"), at("2027-06-01")))
          << "seed " << seed;
    }
  }
}

// The policies that are shipped live through two years, in one step or in many, in whatever order
// the facts come.
TEST(EngineLaws, TheShippedPoliciesLive) {
  for (const char* name : {"retail", "baby", "b2b", "ecommerce", "bank"}) {
    std::ifstream file("examples/policies/" + std::string(name) + ".json");
    std::stringstream text;
    text << file.rdbuf();
    const Policy shipped = checked_policy(text.str());
    std::mt19937_64 random(7);
    std::vector<std::string> keys;
    std::vector<int64_t> customers, times;
    std::vector<double> amounts;
    for (int i = 0; i < 60; ++i) {
      customers.push_back(static_cast<int64_t>(random() % 5));
      times.push_back(at("2025-01-01") + static_cast<Micros>(random() % 700) * kDay / 2);
      amounts.push_back(static_cast<double>(random() % 90'000) - 3'000);
      keys.push_back("k" + std::to_string(i));
    }
    const auto table = [&](size_t from, size_t to, const std::string& key) {
      TableBuilder out;
      const auto part = [&](const auto& v) {
        return std::vector(v.begin() + static_cast<long>(from), v.begin() + static_cast<long>(to));
      };
      std::vector<std::string> names;
      for (const int64_t customer : part(customers))
        names.push_back("c" + std::to_string(customer));
      if (shipped.data().customer == Kind::kInt64) {
        out.int64("customer", part(customers));
      } else {
        out.strings("customer", names);
      }
      out.timestamps("time", part(times), "UTC");
      out.doubles("amount", part(amounts));
      if (!key.empty()) out.strings(key, part(keys));
      return *out.finish();
    };
    std::string key;
    for (const auto& stream : shipped.data().streams)
      key = stream.name == "orders" ? stream.key : key;
    Result<Engine> whole = Engine::open(shipped), steps = Engine::open(shipped);
    ASSERT_TRUE(whole.ok()) << name << ": " << whole.status().message();
    expect_ok(whole->ingest("orders", table(0, 60, key)));
    expect_ok(whole->advance(at("2027-01-01")));
    expect_ok(steps->ingest("orders", table(30, 60, key)));
    expect_ok(steps->ingest("orders", table(0, 30, key)));
    for (Micros t = at("2025-01-01"); t < at("2027-01-01"); t += 17 * kDay / 2)
      expect_ok(steps->advance(t));
    expect_ok(steps->advance(at("2027-01-01")));
    EXPECT_GT(whole->transition_count(), 0) << name;
    EXPECT_EQ(whole->state_hash(), steps->state_hash()) << name;
    EXPECT_EQ(whole->customers(), 5);
    EXPECT_EQ(whole->profiles()->rows(), 5);
  }
}

}  // namespace
}  // namespace patron
