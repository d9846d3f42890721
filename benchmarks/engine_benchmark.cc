// How fast an engine follows events, lets time pass, forecasts and changes its policy, and what an
// empty one takes.
//
//   engine_benchmark                                  (benchmarks/engine_race.py: beside SQLite)
//
// Eight tiers with windows of a year, `keep` and `min_dwell` over random orders, ten a customer in
// three years; what is timed is ingesting and advancing, so transitions and everybody's next change
// are kept. PATRON_ROWS says how many orders: with 10000000 of them, days and forecasts are of a
// million customers.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <patron/engine.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

using patron::kMicrosPerDay;

constexpr int64_t kBegin = 1'672'531'200'000'000;  // 2023-01-01
constexpr int64_t kDays = 1096;
constexpr int64_t kRowsPerCustomer = 10;
constexpr int64_t kBatch = 1000;

int64_t order_rows() {
  const char* rows = std::getenv("PATRON_ROWS");
  return rows == nullptr ? 200'000 : std::atoll(rows);
}

/// Tiers over what orders add up to; an empty window is all time.
patron::Policy eight_tiers(const std::string& window, const std::string& name = "t") {
  std::string classes;
  const std::string within = window.empty() ? "" : R"(, "window": ")" + window + "\"";
  for (int tier = 8; tier > 1; --tier) {
    const std::string orders = std::to_string(tier - 1);
    classes += R"({"name": ")" + name + std::to_string(tier) + R"(", "enter": "spend >= )" +
               std::to_string((tier - 1) * 150) + " && orders >= " + orders +
               R"(", "keep": "spend >= )" + std::to_string((tier - 1) * 120) +
               " && orders >= " + orders + R"(", "min_dwell": "30d"}, )";
  }
  return *patron::Policy::parse(R"({"patron": 1, "name": "tiers", "money": {"scale": 2},
    "customer": {"id": "int64"}, "streams": {"orders": {}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount")" +
                                within + R"(}}, {"name": "orders", "metric": {"count": "orders")" +
                                within + R"(}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [)" +
                                classes + R"({"name": ")" + name + R"(1"}]}]})");
}

/// Who scores well keeps a class for how new her last order is.
patron::Policy recency() {
  return *patron::Policy::parse(R"({"patron": 1, "name": "recency", "money": {"scale": 2},
    "customer": {"id": "int64"}, "streams": {"orders": {}},
    "models": {"rfm": {"window": "730d"}},
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
      {"name": "A", "enter": "rfm.f >= 4 && rfm.m >= 4 && rfm.r >= 3", "grace": "30d"},
      {"name": "B", "enter": "rfm.m >= 3"}, {"name": "C"}]}]})");
}

/// Classes as those of retail.json, but for the models of lifetime value and combined scores: a
/// grid and tiers over the scores of RFM, flags over views, complaints, answers and referrals.
patron::Policy retail() {
  return *patron::Policy::parse(R"json({"patron": 1, "name": "retail", "timezone": "Asia/Shanghai",
    "money": {"scale": 2}, "customer": {"id": "int64"},
    "streams": {"orders": {}, "interactions": {}, "surveys": {}, "referrals": {}},
    "tags": [
      {"name": "orders_12m", "metric": {"count": "orders", "window": "365d", "where": "amount > 0"}},
      {"name": "views_30d", "metric":
        {"count": "interactions", "window": "30d", "where": "kind == 'view'"}},
      {"name": "orders_30d", "metric": {"count": "orders", "window": "30d", "where": "amount > 0"}},
      {"name": "complaints_12m", "metric":
        {"count": "interactions", "window": "365d", "where": "kind == 'complaint'"}},
      {"name": "complaint_rate", "expression": "double(complaints_12m) / double(orders_12m)"},
      {"name": "referred_customers", "metric": {"count": "referrals", "window": "365d"}},
      {"name": "browses_without_buying", "expression": "views_30d >= 20 && orders_30d == 0"}],
    "models": {"rfm": {"window": "730d", "table": "eleven"}, "nps": {"window": "365d"}},
    "classifications": [
      {"name": "segment", "kind": "grid", "table": "rfm.eleven"},
      {"name": "tier", "kind": "ladder", "on_unknown": "hold", "classes": [
        {"name": "A", "enter": "rfm.f >= 4 && rfm.m >= 4 && rfm.r >= 3",
         "keep": "rfm.f >= 3 && rfm.m >= 4", "min_dwell": "90d", "grace": "30d",
         "leave": "one_step"},
        {"name": "B", "enter": "rfm.m >= 3 || browses_without_buying",
         "keep": "rfm.m >= 2 || browses_without_buying", "grace": "30d"},
        {"name": "C"}]},
      {"name": "audiences", "kind": "flags", "classes": [
        {"name": "browse_no_buy", "enter": "browses_without_buying"},
        {"name": "service_recovery", "enter": "complaint_rate > 0.2 && complaints_12m >= 2"},
        {"name": "promoters", "enter": "nps.class == 'promoter' && referred_customers == 0"}]}]
})json");
}

/// The orders, in the order of time: those of one of so many parts of the time.
struct Orders {
  explicit Orders(const patron::BookLayout& layout, int64_t part = 0, int64_t parts = 1) {
    const auto& columns = layout.spec().streams[0].columns;
    for (size_t c = 0; c < columns.size(); ++c) {
      if (columns[c].field.name == "amount") amount = c;
    }
    std::mt19937_64 random(42 + static_cast<uint64_t>(part));
    const int64_t rows = order_rows() / parts;
    const int64_t customers = order_rows() / kRowsPerCustomer;
    const auto below = [&](int64_t n) {
      return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
    };
    std::vector<int64_t> times;
    const int64_t length = kDays * kMicrosPerDay / parts;
    for (int64_t i = 0; i < rows; ++i) times.push_back(kBegin + part * length + below(length));
    std::sort(times.begin(), times.end());
    cells.resize(static_cast<size_t>(rows) * columns.size());
    for (int64_t i = 0; i < rows; ++i) {
      patron::BookValue* own = cells.data() + static_cast<size_t>(i) * columns.size();
      own[amount] = below(20'000);
      patron::BookEvent& event = events.emplace_back();
      event.customer.number = below(customers) * 7919;
      event.time = times[static_cast<size_t>(i)];
      event.values = {own, columns.size()};
    }
  }
  size_t amount = 0;
  std::vector<patron::BookValue> cells;
  std::vector<patron::BookEvent> events;
};

void follow(patron::Engine& engine, std::span<const patron::BookEvent> all, int64_t batch) {
  const int stream = engine.layout().find_stream("orders");
  patron::IngestReport report;
  for (size_t begin = 0; begin < all.size(); begin += static_cast<size_t>(batch)) {
    const auto part = all.subspan(begin, std::min(static_cast<size_t>(batch), all.size() - begin));
    const bool good =
        engine.ingest(stream, part, {}, &report).ok() && engine.advance(part.back().time).ok();
    if (!good) std::abort();
  }
}

void Events(benchmark::State& state, const std::string& window) {
  const patron::Policy policy = eight_tiers(window);
  const Orders orders(patron::Engine::open(policy)->layout());
  for (auto _ : state) {
    patron::Engine engine = *patron::Engine::open(policy);
    follow(engine, orders.events, state.range(0));
    state.counters["moves"] = static_cast<double>(engine.transition_count());
  }
  state.SetItemsProcessed(order_rows() * state.iterations());
}
BENCHMARK_CAPTURE(Events, a_year, "365d")
    ->Arg(kBatch)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(Events, all_time, "")
    ->Arg(kBatch)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();

/// One customer with so many orders, one by one.
void LongLog(benchmark::State& state) {
  const patron::Policy policy = eight_tiers("365d");
  Orders orders(patron::Engine::open(policy)->layout());
  const auto count = std::min(orders.events.size(), static_cast<size_t>(state.range(0)));
  for (patron::BookEvent& event : orders.events) event.customer.number = 7919;
  for (auto _ : state) {
    patron::Engine engine = *patron::Engine::open(policy);
    follow(engine, std::span(orders.events).last(count), 1);
    state.counters["moves"] = static_cast<double>(engine.transition_count());
  }
  state.SetItemsProcessed(static_cast<int64_t>(count) * state.iterations());
}
BENCHMARK(LongLog)
    ->Arg(20'000)
    ->Arg(200'000)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();

/// The second half of the orders after the first has been calibrated.
void Retail(benchmark::State& state) {
  const patron::Policy policy = retail();
  const Orders orders(patron::Engine::open(policy)->layout());
  const std::span<const patron::BookEvent> all(orders.events);
  const size_t half = all.size() / 2;
  for (auto _ : state) {
    state.PauseTiming();
    patron::Engine engine = *patron::Engine::open(policy);
    follow(engine, all.first(half), 50 * kBatch);
    if (!engine.calibrate().ok()) std::abort();
    const int64_t before = engine.transition_count();
    state.ResumeTiming();
    follow(engine, all.subspan(half), state.range(0));
    state.counters["moves"] = static_cast<double>(engine.transition_count() - before);
  }
  state.SetItemsProcessed(static_cast<int64_t>(all.size() - half) * state.iterations());
}
BENCHMARK(Retail)->Arg(kBatch)->Arg(1)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

/// An engine at the end of all orders, calibrated where the policy has models; a million orders are
/// loaded at a time.
patron::Engine at_the_end(const patron::Policy& policy, bool calibrate) {
  patron::Engine engine = *patron::Engine::open(policy);
  const patron::Micros now = kBegin + kDays * kMicrosPerDay;
  const int stream = engine.layout().find_stream("orders");
  bool good = engine.advance(now).ok();
  const int64_t parts = std::max<int64_t>(1, order_rows() / 1'000'000);
  for (int64_t part = 0; part < parts && good; ++part) {
    const Orders orders(engine.layout(), part, parts);
    good = engine.ingest(stream, orders.events, {}).ok();
  }
  good = good && engine.advance(now).ok() && (!calibrate || engine.calibrate().ok());
  if (!good) std::abort();
  return engine;
}

void count_bytes(benchmark::State& state, const patron::Engine& engine) {
  const patron::EngineMemory memory = engine.memory();
  const auto customers = static_cast<double>(engine.customers());
  state.counters["customers"] = customers;
  state.counters["book_bytes_each"] = static_cast<double>(memory.book.total) / customers;
  state.counters["state_bytes_each"] =
      static_cast<double>(memory.total - memory.book.total - memory.transitions) / customers;
}

void Day(benchmark::State& state, const patron::Policy& policy, bool calibrate) {
  patron::Engine engine = at_the_end(policy, calibrate);
  int64_t changes = 0;
  std::chrono::duration<double, std::micro> least = std::chrono::hours(1);
  for (auto _ : state) {
    const int64_t before = engine.transition_count();
    const auto begin = std::chrono::steady_clock::now();
    if (!engine.advance(engine.clock() + kMicrosPerDay).ok()) std::abort();
    least = std::min<decltype(least)>(least, std::chrono::steady_clock::now() - begin);
    changes += engine.transition_count() - before;
  }
  count_bytes(state, engine);
  state.counters["least_us"] = least.count();
  state.counters["changes"] =
      static_cast<double>(changes) / static_cast<double>(state.iterations());
}
BENCHMARK_CAPTURE(Day, windows, eight_tiers("365d"), false)
    ->Iterations(30)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Day, rfm, recency(), true)->Iterations(30)->Unit(benchmark::kMicrosecond);

/// After so many days on which time alone went by, by so many threads.
void Forecast(benchmark::State& state) {
  patron::Engine engine = at_the_end(eight_tiers("365d"), false);
  for (int64_t day = 0; day < state.range(0); ++day) {
    if (!engine.advance(engine.clock() + kMicrosPerDay).ok()) std::abort();
  }
  const patron::Micros until = engine.clock() + 30 * kMicrosPerDay;
  const auto threads = static_cast<int>(state.range(1));
  size_t moves = 0;
  for (auto _ : state) moves = engine.forecast(until, {}, threads)->size();
  state.counters["customers"] = static_cast<double>(engine.customers());
  state.counters["moves"] = static_cast<double>(moves);
}
BENCHMARK(Forecast)
    ->Args({0, 1})
    ->Args({60, 1})
    ->Args({60, 2})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

/// Tiers that differ in their numbers, or in their names too; the settling that follows aside.
void Publish(benchmark::State& state, bool same_names) {
  patron::Engine engine = at_the_end(eight_tiers("365d"), false);
  const patron::Policy policies[2] = {eight_tiers("364d", same_names ? "t" : "u"),
                                      eight_tiers("365d")};
  patron::PublishMapping there, back;
  if (!same_names) {
    there.push_back({"tier", "", {}, false});
    back = there;
    for (int tier = 1; tier <= 8; ++tier) {
      const std::string number = std::to_string(tier);
      there[0].classes.emplace_back("t" + number, "u" + number);
      back[0].classes.emplace_back("u" + number, "t" + number);
    }
  }
  int version = 0;
  for (auto _ : state) {
    if (!engine.publish(policies[version % 2], version % 2 == 0 ? there : back).ok()) std::abort();
    ++version;
  }
  state.counters["customers"] = static_cast<double>(engine.customers());
}
BENCHMARK_CAPTURE(Publish, same_classes, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Publish, other_classes, false)->Unit(benchmark::kMillisecond);

/// Bytes of the heap that an engine without facts takes, its policy aside.
void EmptyEngines(benchmark::State& state) {
  const patron::Policy policy = eight_tiers("365d");
  constexpr size_t kEngines = 1000;
  double bytes = 0;
  for (auto _ : state) {
    const size_t before = mallinfo2().uordblks;
    std::vector<patron::Engine> engines;
    engines.reserve(kEngines);
    for (size_t i = 0; i < kEngines; ++i) engines.push_back(*patron::Engine::open(policy));
    bytes = static_cast<double>(mallinfo2().uordblks - before) / kEngines;
  }
  state.counters["bytes_each"] = bytes;
}
BENCHMARK(EmptyEngines)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
