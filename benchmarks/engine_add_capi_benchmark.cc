// What one event costs a host that hands it over through the C interface: one by one, and a
// thousand at a time.
//
//   engine_capi_benchmark --benchmark_filter=Add
//
// Orders of 100,000 customers at random, in the order of time, into an engine whose clock follows
// every 100,000 orders; the clock's time is not counted. With event keys each order has one.
#include <benchmark/benchmark.h>
#include <patron/patron.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr int64_t kCustomers = 100'000;
constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kStart = int64_t{20454} * 86'400 * kSecond;

void check(patron_status status, const patron_error& error) {
  if (status == PATRON_OK) return;
  std::fprintf(stderr, "%s: %s\n", patron_status_name(status), error.message);
  std::exit(1);
}

/// An engine with a tier by the spending of 90 days, and an order to be filled in.
class Shop {
 public:
  explicit Shop(bool keys) {
    const std::string policy =
        std::string(R"({"patron": 1, "name": "shop", "customer": {"id": "int64"},
          "streams": {"orders": {)") +
        (keys ? R"("key": "number", "columns": {"number": "int64"})" : "") +
        R"(}}, "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}}],
          "classifications": [{"name": "tier", "kind": "ladder", "classes": [
            {"name": "gold", "enter": "spend >= 500", "grace": "14d"}, {"name": "guest"}]}]})";
    patron_policy* parsed = nullptr;
    check(patron_policy_parse(policy.data(), policy.size(), &parsed, &error_), error_);
    check(patron_engine_open(parsed, nullptr, &engine_, &error_), error_);
    patron_policy_close(parsed);
    patron_table* columns = nullptr;
    check(patron_engine_columns(engine_, 0, &columns, &error_), error_);
    width_ = static_cast<size_t>(patron_table_rows(columns));
    patron_column names = PATRON_COLUMN_INIT;
    check(patron_table_column(columns, 0, 0, &names, &error_), error_);
    const auto* ends = static_cast<const int64_t*>(names.offsets) + names.offset;
    for (size_t i = 0; i < width_; ++i) {
      const std::string name(names.bytes + ends[i], names.bytes + ends[i + 1]);
      if (name == "amount") amount_ = i;
      if (name == "number") number_ = i;
    }
    patron_table_close(columns);
  }
  ~Shop() { patron_engine_close(engine_); }
  Shop(const Shop&) = delete;
  Shop& operator=(const Shop&) = delete;

  /// Room for so many orders, handed over together.
  void prepare(size_t count, bool keys) {
    patron_event event = PATRON_EVENT_INIT;
    patron_cell cell = PATRON_CELL_INIT;
    cells_.assign(count * width_, cell);
    events_.assign(count, event);
    for (size_t i = 0; i < count; ++i) {
      cells_[i * width_ + amount_].known = 1;
      if (keys) cells_[i * width_ + number_].known = 1;
      events_[i].values = cells_.data() + i * width_;
      events_[i].value_count = width_;
    }
  }
  void fill() {
    for (size_t i = 0; i < events_.size(); ++i) {
      events_[i].number = static_cast<int64_t>(random_() % kCustomers);
      events_[i].time = now_ += kSecond;
      cells_[i * width_ + amount_].integer = static_cast<int64_t>(random_() % 20'000);
      cells_[i * width_ + number_].integer =
          number_ == amount_ ? cells_[i * width_ + amount_].integer : now_;
    }
  }
  void add() {
    check(patron_engine_add(engine_, 0, events_.data(), events_.size(), nullptr, nullptr, nullptr,
                            &error_),
          error_);
    added_ += static_cast<int64_t>(events_.size());
  }
  bool clock_is_due() const { return added_ >= 100'000; }
  void follow() {
    check(patron_engine_advance(engine_, now_, nullptr, &error_), error_);
    added_ = 0;
  }

 private:
  patron_error error_ = PATRON_ERROR_INIT;
  patron_engine* engine_ = nullptr;
  std::mt19937_64 random_{42};
  int64_t now_ = kStart, added_ = 0;
  size_t width_ = 0, amount_ = 0, number_ = 0;
  std::vector<patron_cell> cells_;
  std::vector<patron_event> events_;
};

void Add(benchmark::State& state, bool keys) {
  Shop shop(keys);
  shop.prepare(static_cast<size_t>(state.range(0)), keys);
  for (auto _ : state) {
    shop.fill();
    shop.add();
    if (!shop.clock_is_due()) continue;
    state.PauseTiming();
    shop.follow();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
void AddWithoutKeys(benchmark::State& state) { Add(state, false); }
void AddWithKeys(benchmark::State& state) { Add(state, true); }
BENCHMARK(AddWithoutKeys)->Arg(1)->Arg(1000);
BENCHMARK(AddWithKeys)->Arg(1)->Arg(1000);

// The loop alone: what is taken off the others.
void Fill(benchmark::State& state) {
  Shop shop(true);
  shop.prepare(static_cast<size_t>(state.range(0)), true);
  for (auto _ : state) shop.fill();
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Fill)->Arg(1)->Arg(1000);

}  // namespace
