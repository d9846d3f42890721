// How long RFM takes, by kind of input, beside what the machine's memory allows.
//
//   rfm_benchmark --benchmark_filter=Hashed
//
// Every benchmark prints rows a second and `memory`: the bytes of the input columns that it reads a
// second, as a share of what a plain read of as much memory reaches in the same run. 10 rows a
// customer, three years, one core unless the name says two.
#include <benchmark/benchmark.h>
#include <patron/rfm.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr int64_t kBegin = 1'672'531'200'000'000;  // 2023-01-01
constexpr int64_t kSpan = 1096 * patron::kMicrosPerDay;
constexpr int64_t kRowsPerCustomer = 10;

enum class Ids { kHashed, kDense, kText };

/// The columns of an order log, and a table that reads them in place.
class Log {
 public:
  Log(int64_t rows, Ids ids, bool sorted, bool orders) {
    std::mt19937_64 random(42);
    const uint64_t customers = static_cast<uint64_t>(rows / kRowsPerCustomer);
    for (int64_t i = 0; i < rows; i++) {
      const uint64_t customer = random() % customers;
      ids_.push_back(static_cast<int64_t>(
          ids == Ids::kDense ? customer : (customer * 0x9e3779b97f4a7c15u) >> 1));
      times_.push_back(kBegin + static_cast<int64_t>(random() % kSpan));
      amounts_.push_back(static_cast<double>(random() % 20'000) / 100);
      orders_.push_back(i / 3);
    }
    if (sorted) std::sort(times_.begin(), times_.end());
    views_ = {view("customer", patron::Type::kInt64, ids_.data()),
              view("time", patron::Type::kTimestamp, times_.data()),
              view("amount", patron::Type::kDouble, amounts_.data())};
    if (ids == Ids::kText) text_ids();
    if (orders) views_.push_back(view("order", patron::Type::kInt64, orders_.data()));
    table_ = *patron::make_table(views_);
    options_.customer = "customer";
    options_.time = "time";
    options_.amount = "amount";
    if (orders) options_.order = "order";
    options_.table = *patron::SegmentTable::named("eleven");
  }

  const patron::Table& table() const { return table_; }
  patron::RfmOptions& options() { return options_; }
  int64_t bytes() const {
    const int64_t columns = static_cast<int64_t>(views_.size());
    return table_.rows() * 8 * columns + static_cast<int64_t>(text_.size()) / 2;
  }

 private:
  template <typename T>
  patron::ColumnView view(const char* name, patron::Type type, const T* values) {
    patron::ColumnView column;
    column.name = name;
    column.type.type = type;
    column.chunk.length = static_cast<int64_t>(times_.size());
    column.chunk.values = values;
    return column;
  }

  /// Ids of 16 characters.
  void text_ids() {
    offsets_.push_back(0);
    for (const int64_t id : ids_) {
      std::string digits = std::to_string(static_cast<uint64_t>(id) % 10'000'000'000'000u);
      text_ += "cu_" + std::string(13 - digits.size(), '0') + digits;
      offsets_.push_back(static_cast<int32_t>(text_.size()));
    }
    patron::ColumnView& column = views_[0];
    column.type.type = patron::Type::kString;
    column.chunk.values = nullptr;
    column.chunk.offsets = offsets_.data();
    column.chunk.bytes = reinterpret_cast<const uint8_t*>(text_.data());
  }

  std::vector<int64_t> ids_, times_, orders_;
  std::vector<double> amounts_;
  std::string text_;
  std::vector<int32_t> offsets_;
  std::vector<patron::ColumnView> views_;
  patron::Table table_;
  patron::RfmOptions options_;
};

/// Bytes a second of a plain read.
double read_bandwidth() {
  const std::vector<uint64_t> memory(size_t{1} << 25, 1);
  double best = 0;
  for (int i = 0; i < 5; i++) {
    const auto begin = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(std::accumulate(memory.begin(), memory.end(), uint64_t{0}));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    best = std::max(best, static_cast<double>(memory.size() * 8) / took.count());
  }
  return best;
}

void run(benchmark::State& state, Log log) {
  static const double bandwidth = read_bandwidth();
  for (auto _ : state) {
    patron::Result<patron::RfmResult> result = patron::rfm(log.table(), log.options());
    if (!result.ok()) state.SkipWithError(result.status().message().c_str());
    benchmark::DoNotOptimize(result);
  }
  const double rows = static_cast<double>(log.table().rows() * state.iterations());
  const double bytes = static_cast<double>(log.bytes() * state.iterations());
  state.counters["rows"] = benchmark::Counter(rows, benchmark::Counter::kIsRate);
  state.counters["bytes_per_row"] = bytes / rows;
  state.counters["memory"] = benchmark::Counter(bytes / bandwidth, benchmark::Counter::kIsRate);
}

void HashedIds(benchmark::State& state) {
  run(state, Log(state.range(0), Ids::kHashed, false, false));
}
void HashedIdsTwoThreads(benchmark::State& state) {
  Log log(state.range(0), Ids::kHashed, false, false);
  log.options().threads = 2;
  run(state, std::move(log));
}
void DenseIds(benchmark::State& state) {
  run(state, Log(state.range(0), Ids::kDense, false, false));
}
void InTimeOrder(benchmark::State& state) {
  run(state, Log(state.range(0), Ids::kHashed, true, false));
}
void TextIds(benchmark::State& state) { run(state, Log(state.range(0), Ids::kText, false, false)); }
void OrderLines(benchmark::State& state) {
  run(state, Log(state.range(0), Ids::kHashed, false, true));
}
void YearWindow(benchmark::State& state) {
  Log log(state.range(0), Ids::kHashed, false, false);
  log.options().window = patron::Period{0, 365 * patron::kMicrosPerDay};
  run(state, std::move(log));
}
void NewYork(benchmark::State& state) {
  Log log(state.range(0), Ids::kHashed, false, false);
  log.options().timezone = "America/New_York";
  run(state, std::move(log));
}

#define PATRON_RFM_BENCHMARK(name) \
  BENCHMARK(name)->Arg(1'000'000)->Arg(10'000'000)->Unit(benchmark::kMillisecond)->UseRealTime()
PATRON_RFM_BENCHMARK(HashedIds);
PATRON_RFM_BENCHMARK(HashedIdsTwoThreads);
PATRON_RFM_BENCHMARK(DenseIds);
PATRON_RFM_BENCHMARK(InTimeOrder);
PATRON_RFM_BENCHMARK(TextIds);
PATRON_RFM_BENCHMARK(OrderLines);
PATRON_RFM_BENCHMARK(YearWindow);
PATRON_RFM_BENCHMARK(NewYork);

}  // namespace
