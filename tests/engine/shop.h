// A shop with tiers and audiences, random lives in it, and words for what the engine says.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "patron/engine.h"
#include "tests/base/expect_ok.h"
#include "tests/base/instant.h"

namespace patron::test {

inline constexpr Micros kDay = kMicrosPerDay;

inline Policy checked_policy(const std::string& text) {
  CheckedPolicy checked = Policy::check(text);
  for (const PolicyFinding& finding : checked.findings) {
    EXPECT_NE(finding.severity, Severity::kError) << finding.pointer << ": " << finding.message;
  }
  return checked.policy.value();
}

/// Gold is kept above 800 and for 30 days more; sleepers and browsers are audiences.
inline std::string shop_text(const std::string& identity = {}) {
  return R"json({"patron": 1, "name": "shop", "timezone": "Europe/Berlin",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},)json" +
         identity + R"json(
    "streams": {"orders": {"key": "order_id"}, "interactions": {}},
    "attributes": {"blocked": {"type": "bool"}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}},
             {"name": "last_order", "metric": {"last": "orders.time"}},
             {"name": "views", "metric": {"count": "interactions", "window": "30d"}},
             {"name": "idle", "expression": "age(last_order) >= days(60)"}],
    "classifications": [
      {"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend >= 1000 && !or_else(blocked, false)", "keep": "spend >= 800",
         "grace": "30d"},
        {"name": "silver", "enter": "spend >= 100"},
        {"name": "guest"}]},
      {"name": "audience", "kind": "flags", "classes": [
        {"name": "sleepers", "enter": "idle && tier != 'guest'"},
        {"name": "browsers", "enter": "views >= 2 && spend == 0"}]}]})json";
}

inline Policy shop() { return checked_policy(shop_text()); }

struct Order {
  int64_t customer;
  Micros time;
  double amount;
  std::string key;
};

inline Table orders(const std::vector<Order>& rows) {
  std::vector<int64_t> customers, times;
  std::vector<double> amounts;
  std::vector<std::string> keys;
  for (const Order& row : rows) {
    customers.push_back(row.customer), times.push_back(row.time), amounts.push_back(row.amount);
    keys.push_back(row.key);
  }
  TableBuilder builder;
  builder.int64("customer", customers).timestamps("time", times, "UTC").doubles("amount", amounts);
  return *builder.strings("order_id", keys).finish();
}

inline Table visits(const std::vector<std::pair<int64_t, Micros>>& rows) {
  std::vector<int64_t> customers, times;
  for (const auto& [customer, time] : rows) customers.push_back(customer), times.push_back(time);
  TableBuilder builder;
  return *builder.int64("customer", customers).timestamps("time", times, "UTC").finish();
}

inline CustomerId id(int64_t number) {
  CustomerId out;
  out.number = number;
  return out;
}

/// "1 tier: silver -> gold at 2026-01-10T09:00:00Z, event".
inline std::string said(const Transition& t) {
  return std::to_string(t.customer.number) + " " + std::string(t.classification) + ": " +
         std::string(t.from) + " -> " + std::string(t.to) + " at " + format_time(t.at) + ", " +
         std::string(cause_name(t.cause));
}

inline std::vector<std::string> said(const std::vector<Transition>& moves) {
  std::vector<std::string> out;
  for (const Transition& t : moves) out.push_back(said(t));
  return out;
}

/// Random orders and visits of some customers in 2026, on whole hours.
struct Lives {
  std::vector<Order> orders;
  std::vector<std::pair<int64_t, Micros>> visits;
};

inline Lives random_lives(std::mt19937_64& random, int64_t customers, int facts) {
  Lives lives;
  const auto somewhen = [&] {
    return at("2026-01-01") + static_cast<Micros>(random() % 365) * kDay +
           static_cast<Micros>(random() % 24) * kMicrosPerHour;
  };
  const auto somebody = [&] {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(customers));
  };
  for (int i = 0; i < facts; ++i) {
    const double amount = static_cast<double>(random() % 1400) - 150;
    lives.orders.push_back({somebody(), somewhen(), amount, "k" + std::to_string(i)});
    if (random() % 2 != 0) lives.visits.emplace_back(somebody(), somewhen());
  }
  return lives;
}

/// The shop on 1 February, of customer 1, who spent 300 on 10 January: silver until 10 April.
inline Engine silver_until_april() {
  Engine engine = *Engine::open(shop());
  expect_ok(engine.ingest("orders", orders({{1, at("2026-01-10"), 300, "a"}})));
  expect_ok(engine.advance(at("2026-02-01")));
  return engine;
}

inline void live(Engine& engine, const Lives& lives) {
  expect_ok(engine.ingest("orders", orders(lives.orders)));
  expect_ok(engine.ingest("interactions", visits(lives.visits)));
}

}  // namespace patron::test
