// What an engine says that it holds, against what the allocator has handed out.
#include <gtest/gtest.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <random>
#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

int64_t allocated() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<int64_t>(info.uordblks + info.hblkhd);
}

Policy policy_of(const std::string& classifications) {
  return *Policy::parse(R"json({"patron": 1, "name": "measured", "money": {"scale": 2},
    "customer": {"id": "int64"}, "streams": {"orders": {}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
             {"name": "orders", "metric": {"count": "orders", "window": "90d"}}])json" +
                        classifications + "}");
}

// Orders of many customers, a thousand at a time, each followed by time: of policies with a ladder
// that moves people up and down, with flags, and with tags alone.
TEST(EngineMeasure, WhatIsReportedIsWhatIsAllocated) {
  constexpr int64_t kCustomers = 10'000, kOrders = 60'000, kBatch = 1000;
  for (const char* classifications :
       {"", R"json(, "classifications": [{"name": "tier", "kind": "ladder", "classes": [
              {"name": "gold", "enter": "spend >= 300 && orders >= 2"},
              {"name": "silver", "enter": "orders >= 1", "min_dwell": "10d"},
              {"name": "guest"}]}])json",
        R"json(, "classifications": [{"name": "crowd", "kind": "flags", "classes": [
              {"name": "rich", "enter": "spend >= 300"},
              {"name": "busy", "enter": "orders >= 2", "cool_down": "20d"}]}])json"}) {
    const Policy policy = policy_of(classifications);
    std::mt19937_64 random(5);
    std::vector<BookEvent> events(kBatch);
    std::vector<std::vector<BookValue>> values(kBatch);
    const int64_t before = allocated();
    Engine engine = *Engine::open(policy);
    Micros now = test::at("2026-01-01");
    for (int64_t done = 0; done < kOrders; done += kBatch) {
      for (size_t i = 0; i < events.size(); ++i) {
        values[i].assign(engine.layout().spec().streams[0].columns.size(), BookValue());
        values[i][0] = static_cast<int64_t>(random() % 20'000);
        now += kMicrosPerHour / 15;
        events[i] = {{static_cast<int64_t>(random() % kCustomers), {}}, now, values[i]};
      }
      ASSERT_TRUE(engine.ingest(0, events).ok());
      ASSERT_TRUE(engine.advance(now).ok());
    }
    const int64_t taken = allocated() - before, said = engine.memory().total;
    // A policy, its plan and what allocations of a few bytes cost come on top.
    EXPECT_LE(said, taken) << classifications;
    EXPECT_GE(said, taken * 9 / 10) << classifications << ": " << said << " of " << taken;
  }
}

#endif

}  // namespace
}  // namespace patron
