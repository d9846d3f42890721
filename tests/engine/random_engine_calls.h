// Random calls on an engine whose policy has every kind of classification, timers, models, keys.
//
//   RandomEngineCall call(random(), 12);
//   call.apply(engine) == call.apply(twin)       // what the call said, as text
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/shop.h"

namespace patron::test {

/// A shop with a cap, cool-downs, dwell, bands, a grid, seats, a kept tag and identity keys.
inline std::string full_shop_text(const std::string& calibrate = "month") {
  return R"json({"patron": 1, "name": "full shop", "timezone": "Europe/Berlin",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "int64"},
    "identities": {"keys": ["member", "email"]},
    "streams": {"orders": {"key": "order_id"}, "interactions": {}},
    "attributes": {"city": {"type": "string"}, "level": {"type": "enum", "values": ["a", "b"]}},
    "tags": [
      {"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}},
      {"name": "views", "metric": {"count": "interactions", "window": "30d"}, "on_null": "keep"},
      {"name": "best", "metric": {"max": "orders.amount", "window": "60d"}, "on_null": "keep"},
      {"name": "home", "expression": "city", "on_null": "keep"},
      {"name": "last_order", "metric": {"last": "orders.time"}},
      {"name": "idle", "expression": "age(last_order) >= days(45)"}],
    "models": {"rfm": {"window": "180d"}},
    "calibrate": {"every": ")json" +
         calibrate + R"json(", "min_customers": 3},
    "classifications": [
      {"name": "tier", "kind": "ladder", "cap": {"moves": 2, "per": "200d"}, "classes": [
        {"name": "gold", "enter": "spend >= 1000", "keep": "spend >= 800", "grace": "30d",
         "cool_down": "20d"},
        {"name": "silver", "enter": "spend >= 100", "min_dwell": "40d",
         "leave": {"at": "month_end"}},
        {"name": "guest"}]},
      {"name": "audience", "kind": "flags", "classes": [
        {"name": "sleepers", "enter": "idle && tier != 'guest'", "cool_down": "15d"},
        {"name": "browsers", "enter": "views >= 2 && spend == 0", "min_dwell": "10d"},
        {"name": "locals", "enter": "home == 'Ulm'"}]},
      {"name": "size", "kind": "bands", "of": "best", "cuts": [50, 500], "hysteresis": 0.1,
       "classes": ["small", "middle", "large"], "grace": "5d"},
      {"name": "segment", "kind": "grid", "table": "rfm.eleven"},
      {"name": "care", "kind": "rank", "by": "spend", "where": "spend > 0", "classes": [
        {"name": "manager", "top": 3, "min_dwell": "30d"}, {"name": "mail"}]},
      {"name": "stage", "kind": "first_match", "on_unknown": "hold", "classes": [
        {"name": "loyal", "enter": "rfm.f >= 2", "keep": "rfm.f >= 1"},
        {"name": "new", "enter": "spend > 0"}, {"name": "cold"}]}]})json";
}

/// Random calls take so many times this, where PATRON_CASES says so.
inline int engine_cases(int usual) {
  const char* times = std::getenv("PATRON_CASES");
  return std::max(1, static_cast<int>(usual * (times == nullptr ? 1.0 : std::atof(times))));
}

class RandomEngineCall {
 public:
  RandomEngineCall(uint64_t seed, int64_t customers) : seed_(seed), customers_(customers) {}

  std::string apply(Engine& engine) const {
    std::mt19937_64 random(seed_);
    const auto below = [&](int64_t n) {
      return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
    };
    const Micros begin = at("2026-01-01");
    const Micros now = std::max(engine.clock(), begin);
    const auto somewhen = [&] {
      return now + (below(60) - 30) * kDay + below(24) * kMicrosPerHour;
    };
    const auto somebody = [&] { return below(customers_); };
    const auto say = [](const Status& status) {
      return status.ok() ? std::string("done") : status.message();
    };
    IngestOptions quiet;
    quiet.quiet = below(4) == 0;
    switch (below(12)) {
      case 0:
      case 1:
      case 2:
      case 3: {
        std::vector<Order> rows;
        for (int64_t k = 1 + below(6); k > 0; --k) {
          rows.push_back({somebody(), somewhen(), static_cast<double>(below(1500)) - 200,
                          "k" + std::to_string(below(100))});
        }
        return say(engine.ingest("orders", orders(rows), quiet));
      }
      case 4: {
        std::vector<std::pair<int64_t, Micros>> rows;
        for (int64_t k = 1 + below(6); k > 0; --k) rows.emplace_back(somebody(), somewhen());
        return say(engine.ingest("interactions", visits(rows), quiet));
      }
      case 5: {
        TableBuilder builder;
        builder.int64("customer", {somebody()}).timestamps("time", {somewhen()}, "UTC");
        builder.strings("city", std::vector<std::string>{below(2) == 0 ? "Ulm" : "Bern"});
        builder.strings("level", std::vector<std::string>{below(2) == 0 ? "a" : "b"});
        return say(engine.set_attributes(*builder.finish(), quiet));
      }
      case 6: {
        TableBuilder builder;
        builder.int64("customer", {somebody()});
        builder.strings("order_id", std::vector<std::string>{"k" + std::to_string(below(100))});
        return say(engine.remove("orders", *builder.finish()));
      }
      case 7: {
        const Result<LinkReport> made = engine.link(id(somebody()), id(somebody()));
        return made.ok() ? std::to_string(made->survivor.number) + (made->done ? " done" : "")
                         : made.status().message();
      }
      case 8: {
        // A link that there is, more often than not.
        const int64_t first = somebody();
        for (int64_t second = 0; second < customers_; ++second) {
          if (engine.unlink(id(first), id(second)).ok())
            return "unlinked " + std::to_string(second);
        }
        return "nobody";
      }
      case 9: {
        TableBuilder builder;
        builder.int64("customer", {somebody()}).timestamps("time", {somewhen()}, "UTC");
        builder.strings("member", std::vector<std::string>{"m" + std::to_string(below(20))});
        builder.strings("email",
                        std::vector<std::string>{"e" + std::to_string(below(8)) + "@shop.example"});
        return say(engine.claim(*builder.finish()));
      }
      case 10: {
        if (below(6) == 0) return engine.forget(id(somebody())) ? "forgotten" : "nobody";
        Override what;
        const int kind = static_cast<int>(below(4));
        what.kind = static_cast<OverrideKind>(kind);
        what.classification = kind < 2 && below(2) == 0 ? "audience" : "tier";
        if (what.kind != OverrideKind::kHold) {
          what.to =
              what.classification == "tier" ? (below(2) == 0 ? "gold" : "silver") : "browsers";
        }
        what.at = somewhen(), what.until = what.at + (1 + below(50)) * kDay;
        what.reason = "a reason that is longer than sixteen bytes", what.author = "ann";
        if (below(5) == 0) {
          return say(engine.clear_override(id(somebody()), what.classification, what.kind));
        }
        return say(engine.set_override(id(somebody()), what));
      }
      default:
        return say(engine.advance(now + below(20) * kDay + below(2)));
    }
  }

 private:
  uint64_t seed_;
  int64_t customers_;
};

/// All that an engine says of itself.
inline std::vector<std::string> told(const Engine& engine) {
  std::vector<std::string> out = said(engine.transitions());
  out.push_back(engine.state_hash());
  out.push_back(std::to_string(engine.customers()) + " " + std::to_string(engine.next_due()) + " " +
                std::to_string(engine.calibration_due().value_or(0)) + " " +
                std::to_string(engine.transition_count()) + " " + format_time(engine.clock()));
  out.push_back(engine.calibration().to_json());
  for (const CalibrationNote& note : engine.calibrations()) {
    out.push_back(std::to_string(note.number) + " moved " + std::to_string(note.moved) +
                  (note.report.empty() ? std::string() : note.report[0].message));
  }
  for (const KeyMeeting& met : engine.key_meetings()) {
    out.push_back(format_time(met.at) + " " + std::string(met.key) + " " +
                  std::to_string(met.first.number) + " " + std::to_string(met.second.number) +
                  std::string(met.because));
  }
  return out;
}

}  // namespace patron::test
