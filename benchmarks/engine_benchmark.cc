// How fast an engine follows events, lets time pass and forecasts, and what an empty one takes.
//
//   engine_benchmark                                  (benchmarks/engine_race.py: beside SQLite)
//
// Eight tiers with windows of a year, `keep` and `min_dwell` over random orders, ten a customer in
// three years; what is timed is ingesting and advancing, so transitions and everybody's next change
// are kept. PATRON_ROWS says how many orders.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <patron/engine.h>

#include <algorithm>
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
patron::Policy eight_tiers(const std::string& window) {
  std::string classes;
  const std::string within = window.empty() ? "" : R"(, "window": ")" + window + "\"";
  for (int tier = 8; tier > 1; --tier) {
    const std::string orders = std::to_string(tier - 1);
    classes += R"({"name": "t)" + std::to_string(tier) + R"(", "enter": "spend >= )" +
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
                                classes + R"({"name": "t1"}]}]})");
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

/// The orders, in the order of time.
struct Orders {
  explicit Orders(const patron::BookLayout& layout) {
    const auto& columns = layout.spec().streams[0].columns;
    for (size_t c = 0; c < columns.size(); ++c) {
      if (columns[c].field.name == "amount") amount = c;
    }
    std::mt19937_64 random(42);
    const int64_t rows = order_rows();
    const auto below = [&](int64_t n) {
      return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
    };
    std::vector<int64_t> times;
    for (int64_t i = 0; i < rows; ++i) times.push_back(kBegin + below(kDays * kMicrosPerDay));
    std::sort(times.begin(), times.end());
    cells.resize(static_cast<size_t>(rows) * columns.size());
    for (int64_t i = 0; i < rows; ++i) {
      patron::BookValue* own = cells.data() + static_cast<size_t>(i) * columns.size();
      own[amount] = below(20'000);
      patron::BookEvent& event = events.emplace_back();
      event.customer.number = below(rows / kRowsPerCustomer) * 7919;
      event.time = times[static_cast<size_t>(i)];
      event.values = {own, columns.size()};
    }
  }
  size_t amount = 0;
  std::vector<patron::BookValue> cells;
  std::vector<patron::BookEvent> events;
};

void follow(patron::Engine& engine, const Orders& orders, int64_t batch) {
  const int stream = engine.layout().find_stream("orders");
  const std::span<const patron::BookEvent> all(orders.events);
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
    follow(engine, orders, state.range(0));
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

/// An engine at the end of all orders, calibrated where the policy has models.
patron::Engine at_the_end(const patron::Policy& policy, bool calibrate) {
  patron::Engine engine = *patron::Engine::open(policy);
  const Orders orders(engine.layout());
  const patron::Micros now = kBegin + kDays * kMicrosPerDay;
  const int stream = engine.layout().find_stream("orders");
  const bool good = engine.advance(now).ok() && engine.ingest(stream, orders.events, {}).ok() &&
                    engine.advance(now).ok() && (!calibrate || engine.calibrate().ok());
  if (!good) std::abort();
  return engine;
}

void Day(benchmark::State& state, const patron::Policy& policy, bool calibrate) {
  patron::Engine engine = at_the_end(policy, calibrate);
  int64_t changes = 0;
  for (auto _ : state) {
    const int64_t before = engine.transition_count();
    if (!engine.advance(engine.clock() + kMicrosPerDay).ok()) std::abort();
    changes += engine.transition_count() - before;
  }
  state.counters["customers"] = static_cast<double>(engine.customers());
  state.counters["changes"] =
      static_cast<double>(changes) / static_cast<double>(state.iterations());
}
BENCHMARK_CAPTURE(Day, windows, eight_tiers("365d"), false)
    ->Iterations(30)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Day, rfm, recency(), true)->Iterations(30)->Unit(benchmark::kMicrosecond);

void Forecast(benchmark::State& state) {
  const patron::Engine engine = at_the_end(eight_tiers("365d"), false);
  size_t moves = 0;
  for (auto _ : state) moves = engine.forecast(engine.clock() + 30 * kMicrosPerDay)->size();
  state.counters["customers"] = static_cast<double>(engine.customers());
  state.counters["moves"] = static_cast<double>(moves);
}
BENCHMARK(Forecast)->Unit(benchmark::kMillisecond);

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
