// What an engine costs a host that speaks the C interface: events, time, and all that is read.
//
//   engine_capi_benchmark                                      (benchmarks/engine_race.py)
//   PATRON_CUSTOMERS=1e6 engine_capi_benchmark --benchmark_filter=Load
//
// Eight tiers over money and orders of a year, each with `keep` and `min_dwell`; retail.json with
// its models calibrated; and a tier that everybody enters and leaves 14 times ("moves"). Ten orders
// of each of PATRON_CUSTOMERS customers (20,000) in three years. What patron_engine_add costs
// without the clock is in engine_add_capi_benchmark.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include "benchmarks/engine_host.h"

namespace {

using namespace patron::bench;  // NOLINT

constexpr int64_t kOrders = 10;  // of each customer
patron_error error = PATRON_ERROR_INIT;

int64_t customers() {
  static const int64_t wanted = number_of("PATRON_CUSTOMERS", 20'000);
  return wanted;
}

// -- Engines at the end of all orders ------------------------------------------------------------

/// Everybody is settled once: a move each.
std::unique_ptr<Host> at_the_end(const std::string& policy) {
  auto host = std::make_unique<Host>(policy);
  host->open();
  host->advance(kEnd);
  host->add(host->orders(customers(), kOrders));
  host->advance(kEnd);
  return host;
}
Host& tiers() {
  static const std::unique_ptr<Host> host = at_the_end(eight_tiers("365d"));
  return *host;
}
/// retail.json with orders, ten views and a survey of each customer.
Host& shop() {
  static const std::unique_ptr<Host> made = [] {
    auto host = std::make_unique<Host>(retail());
    host->open();
    host->advance(kEnd);
    const int64_t few = std::min<int64_t>(customers(), 20'000);
    host->add(host->orders(few, kOrders));
    host->add(host->interactions(few, 10));
    host->add(host->surveys(few, 1));
    host->advance(kEnd);
    host->calibrate();
    return host;
  }();
  return *made;
}
Host& movers() {
  static const std::unique_ptr<Host> made = [] {
    auto host = std::make_unique<Host>(kUpAndDown);
    host->open();
    host->follow(host->orders(customers(), 14), 1000);
    return host;
  }();
  return *made;
}

// -- Events --------------------------------------------------------------------------------------

void Order(benchmark::State& state, const std::string& policy) {
  Host host(policy);
  host.open();
  const int64_t count = number_of("PATRON_ROWS", 200'000);
  const Events orders = host.orders(count / kOrders, kOrders);
  for (auto _ : state) {
    host.open();
    host.follow(orders, static_cast<size_t>(state.range(0)));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(orders.events.size()));
}
BENCHMARK_CAPTURE(Order, a_year, eight_tiers("365d"))
    ->Arg(1000)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Order, all_time, eight_tiers(""))
    ->Arg(1000)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond);

BENCHMARK_CAPTURE(Order, tags_alone, kTagsAlone)->Arg(1000)->Arg(1)->Unit(benchmark::kMillisecond);

// -- One customer --------------------------------------------------------------------------------

template <typename Call>
void OneCustomer(benchmark::State& state, Host& host, const Call& call) {
  const int64_t count = host.info().customers;
  for (auto _ : state) {
    const int64_t customer = host.below(count);
    const std::string id = Host::id(customer);
    call(host.engine(), customer * 7919, id);
  }
}

void Profile(benchmark::State& state, Host& (*host)()) {
  OneCustomer(state, host(), [](patron_engine* engine, int64_t number, const std::string& id) {
    patron_table* profile = nullptr;
    check(patron_engine_profile(engine, number, id.data(), id.size(), &profile, &error), error);
    patron_table_close(profile);
  });
}
BENCHMARK_CAPTURE(Profile, tiers, tiers)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Profile, retail, shop)->Unit(benchmark::kMicrosecond);

void Explain(benchmark::State& state, Host& (*host)(), bool data) {
  OneCustomer(state, host(), [&](patron_engine* engine, int64_t number, const std::string& id) {
    patron_buffer* out = nullptr;
    check(patron_engine_explain(engine, number, id.data(), id.size(), "tier", 4, nullptr, 0,
                                data ? nullptr : &out, data ? &out : nullptr, &error),
          error);
    patron_buffer_close(out);
  });
}
BENCHMARK_CAPTURE(Explain, tiers_text, tiers, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Explain, tiers_data, tiers, true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Explain, retail_text, shop, false)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Explain, retail_data, shop, true)->Unit(benchmark::kMicrosecond);

// -- Everybody -----------------------------------------------------------------------------------

/// `call` makes a table.
template <typename Call>
void OfAll(benchmark::State& state, Host& host, const Call& call) {
  for (auto _ : state) {
    patron_table* out = nullptr;
    check(call(host.engine(), &out), error);
    state.counters["rows"] = static_cast<double>(patron_table_rows(out));
    patron_table_close(out);
  }
  state.counters["customers"] = static_cast<double>(host.info().customers);
}

void Classes(benchmark::State& state, Host& (*host)()) {
  OfAll(state, host(), [](patron_engine* engine, patron_table** out) {
    return patron_engine_classes(engine, nullptr, out, &error);
  });
}
BENCHMARK_CAPTURE(Classes, tiers, tiers)->Unit(benchmark::kMillisecond);

void Profiles(benchmark::State& state, Host& (*host)()) {
  OfAll(state, host(), [](patron_engine* engine, patron_table** out) {
    return patron_engine_profiles(engine, nullptr, out, &error);
  });
}
BENCHMARK_CAPTURE(Profiles, tiers, tiers)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Profiles, retail, shop)->Unit(benchmark::kMillisecond);

/// With what decides each move or without, on so many threads.
void Forecast(benchmark::State& state) {
  patron_advance_options options = PATRON_ADVANCE_OPTIONS_INIT;
  options.reasons = static_cast<int32_t>(state.range(0));
  options.threads = static_cast<int32_t>(state.range(1));
  OfAll(state, tiers(), [&](patron_engine* engine, patron_table** out) {
    return patron_engine_forecast(engine, kEnd + 30 * kDay, nullptr, 0, &options, out, &error);
  });
}
BENCHMARK(Forecast)
    ->ArgNames({"reasons", "threads"})
    ->Args({1, 1})
    ->Args({0, 1})
    ->Args({0, 2})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void Hash(benchmark::State& state, Host& (*host)()) {
  Host& from = host();
  for (auto _ : state) {
    patron_buffer* hash = nullptr;
    check(patron_engine_state_hash(from.engine(), &hash, &error), error);
    patron_buffer_close(hash);
  }
  state.counters["customers"] = static_cast<double>(from.info().customers);
  state.counters["moves"] = static_cast<double>(from.info().transitions);
}
BENCHMARK_CAPTURE(Hash, tiers, tiers)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Hash, moves, movers)->Unit(benchmark::kMillisecond);

// -- Saving and loading --------------------------------------------------------------------------

void Save(benchmark::State& state, Host& (*host)()) {
  Host& from = host();
  size_t size = 0;
  for (auto _ : state) {
    patron_buffer* bytes = nullptr;
    check(patron_engine_save(from.engine(), &bytes, &error), error);
    size = patron_buffer_text(bytes).size;
    patron_buffer_close(bytes);
  }
  state.counters["customers"] = static_cast<double>(from.info().customers);
  state.counters["bytes"] = static_cast<double>(size);
}
BENCHMARK_CAPTURE(Save, tiers, tiers)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Save, moves, movers)->Unit(benchmark::kMillisecond);

void Load(benchmark::State& state, Host& (*host)()) {
  Host& from = host();
  const std::string saved = from.saved();
  for (auto _ : state) {
    patron_engine* engine = nullptr;
    check(patron_engine_load(saved.data(), saved.size(), nullptr, &engine, &error), error);
    state.PauseTiming();
    patron_engine_close(engine);
    state.ResumeTiming();
  }
  state.counters["customers"] = static_cast<double>(from.info().customers);
  state.counters["moves"] = static_cast<double>(from.info().transitions);
}
BENCHMARK_CAPTURE(Load, tiers, tiers)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Load, moves, movers)->Unit(benchmark::kMillisecond);

// -- Other policies ------------------------------------------------------------------------------

/// A mapping of the tiers to those of another letter; where there are nine, two become one.
std::string renamed(int count, char from, char to) {
  std::string out = R"({"tier": {"classes": {)";
  for (int tier = 1; tier <= count; ++tier) {
    out += std::string(tier == 1 ? "" : ", ") + '"' + from + std::to_string(tier) + "\": \"" + to +
           std::to_string(std::min(tier, 8)) + '"';
  }
  return out + "}}}";
}

/// There and back: to other windows, or to nine classes of other names.
void Publish(benchmark::State& state, bool other_classes, bool settling) {
  const std::unique_ptr<Host> host = at_the_end(eight_tiers("365d"));
  const Host there(other_classes ? tiers_of(9, "365d", 'u') : eight_tiers("364d"));
  const std::string mapping[] = {renamed(8, 't', 'u'), renamed(9, 'u', 't')};
  size_t round = 0;
  for (auto _ : state) {
    const std::string& names = other_classes ? mapping[round % 2] : std::string();
    const patron_policy* next = round++ % 2 == 0 ? there.policy() : host->policy();
    if (settling) state.PauseTiming();
    check(patron_engine_publish(host->engine(), next, names.data(), names.size(), nullptr, nullptr,
                                &error),
          error);
    settling ? state.ResumeTiming() : state.PauseTiming();
    host->advance(kEnd);
    if (!settling) state.ResumeTiming();
  }
  state.counters["customers"] = static_cast<double>(host->info().customers);
}
BENCHMARK_CAPTURE(Publish, same_classes, false, false)
    ->Iterations(6)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Publish, other_classes, true, false)
    ->Iterations(6)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Publish, then_settle, true, true)->Iterations(6)->Unit(benchmark::kMillisecond);

// -- Time ----------------------------------------------------------------------------------------

/// A day that passes; changes are moves of somebody.
void Day(benchmark::State& state) {
  const std::unique_ptr<Host> host = at_the_end(eight_tiers("365d"));
  const int64_t before = host->info().transitions;
  for (auto _ : state) host->advance(host->info().clock + kDay);
  state.counters["customers"] = static_cast<double>(host->info().customers);
  state.counters["changes"] = static_cast<double>(host->info().transitions - before) /
                              static_cast<double>(state.iterations());
}
BENCHMARK(Day)->Iterations(30)->Unit(benchmark::kMicrosecond);

// -- Engines without facts -----------------------------------------------------------------------

void EmptyEngines(benchmark::State& state) {
  const Host host(eight_tiers("365d"));
  constexpr size_t kEngines = 1000;
  size_t taken = 0;
  std::vector<patron_engine*> engines(kEngines, nullptr);
  for (auto _ : state) {
    const size_t before = mallinfo2().uordblks;
    for (patron_engine*& engine : engines) {
      check(patron_engine_open(host.policy(), nullptr, &engine, &error), error);
    }
    taken = mallinfo2().uordblks - before;
    for (patron_engine* engine : engines) patron_engine_close(engine);
  }
  state.counters["bytes_each"] = static_cast<double>(taken) / kEngines;
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kEngines));
}
BENCHMARK(EmptyEngines)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
