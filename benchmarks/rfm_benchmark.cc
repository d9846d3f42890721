// How long RFM takes, by kind of input, beside what the machine's memory allows.
//
//   rfm_benchmark --benchmark_filter=Hashed
//
// Every benchmark prints rows a second, `memory`: the bytes of the input columns that it reads a
// second, as a share of what a plain read of as much memory reaches in the same run, and
// `roofline`: the share of the rows a second that the memory allows whoever partitions rows of 24
// bytes. 10 rows a customer, three years, one core unless the name says two.
#include <benchmark/benchmark.h>
#include <patron/rfm.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <vector>

#include "benchmarks/order_log.h"
#include "lib/models/orders/write_combine.h"

namespace {

using patron::bench::Ids;

/// An order log, and how RFM reads it.
class Log : public patron::bench::OrderLog {
 public:
  Log(int64_t rows, Ids ids, bool sorted, bool orders) : OrderLog(rows, ids, sorted, orders) {
    options_.customer = "customer";
    options_.time = "time";
    options_.amount = "amount";
    if (orders) options_.order = "order";
    options_.table = *patron::SegmentTable::named("eleven");
  }
  patron::RfmOptions& options() { return options_; }

 private:
  patron::RfmOptions options_;
};

/// The least of five times that `work` takes, in seconds.
template <typename Work>
double seconds_of(const Work& work) {
  double best = 1e9;
  for (int i = 0; i < 5; i++) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    best = std::min(best, took.count());
  }
  return best;
}

/// What this machine's memory allows one core.
struct Machine {
  double read;  ///< bytes a second of a plain read
  double row;   ///< the least seconds for each row of whoever partitions
};

/// Whoever partitions reads a row of 24 bytes, writes it past the cache, reads it back, and changes
/// an entry of 64 bytes in a table that stays in the second-level cache.
Machine measure_machine() {
  std::vector<uint64_t> memory(size_t{1} << 25, 1);
  const double bytes = static_cast<double>(memory.size() * sizeof(uint64_t));
  const double read = seconds_of([&] {
    benchmark::DoNotOptimize(std::accumulate(memory.begin(), memory.end(), uint64_t{0}));
  });
  struct Row {
    uint64_t words[3];
  };
  constexpr size_t kGroup = patron::internal::kGroupRows;
  alignas(64) const Row group[kGroup] = {};
  const auto aligned = (reinterpret_cast<uintptr_t>(memory.data()) + 63) & ~uintptr_t{63};
  auto* const rows = reinterpret_cast<Row*>(aligned);
  const size_t count = (memory.size() - 8) * sizeof(uint64_t) / sizeof(Row) / kGroup * kGroup;
  const double write = seconds_of([&] {
    for (size_t i = 0; i < count; i += kGroup) patron::internal::stream_group(rows + i, group);
    patron::internal::stream_fence();
  });
  constexpr size_t kEntries = size_t{1} << 13;  // 512 KiB
  constexpr size_t kChanges = size_t{1} << 24;
  struct alignas(64) Entry {
    uint64_t words[8];
  };
  std::vector<Entry> table(kEntries);
  const double change = seconds_of([&] {
    for (uint64_t i = 0; i < kChanges; i++) table[i * 0x9e3779b97f4a7c15u >> 51].words[0] += i;
    benchmark::DoNotOptimize(table.data());
  });
  return {bytes / read, 24 * (2 * read + write) / bytes + change / kChanges};
}

void run(benchmark::State& state, Log log) {
  static const Machine machine = measure_machine();
  for (auto _ : state) {
    patron::Result<patron::RfmResult> result = patron::rfm(log.table(), log.options());
    if (!result.ok()) state.SkipWithError(result.status().message().c_str());
    benchmark::DoNotOptimize(result);
  }
  const double rows = static_cast<double>(log.table().rows() * state.iterations());
  const double bytes = static_cast<double>(log.bytes() * state.iterations());
  state.counters["rows"] = benchmark::Counter(rows, benchmark::Counter::kIsRate);
  state.counters["bytes_per_row"] = bytes / rows;
  state.counters["memory"] = benchmark::Counter(bytes / machine.read, benchmark::Counter::kIsRate);
  state.counters["roofline"] = benchmark::Counter(rows * machine.row, benchmark::Counter::kIsRate);
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

/// One customer with half of all rows, beside HashedIds, HashedIdsTwoThreads and TextIds.
void Skewed(benchmark::State& state) {
  run(state, Log(state.range(0), Ids::kSkewed, false, false));
}
void SkewedTwoThreads(benchmark::State& state) {
  Log log(state.range(0), Ids::kSkewed, false, false);
  log.options().threads = 2;
  run(state, std::move(log));
}
void SkewedOrderLines(benchmark::State& state) {
  run(state, Log(state.range(0), Ids::kSkewed, false, true));
}
void SkewedText(benchmark::State& state) {
  run(state, Log(state.range(0), Ids::kSkewedText, false, false));
}
void SkewedTextTwoThreads(benchmark::State& state) {
  Log log(state.range(0), Ids::kSkewedText, false, false);
  log.options().threads = 2;
  run(state, std::move(log));
}
/// Ids that somebody made to collide, beside HashedIds, TextIds and LongTextIds.
void CraftedIds(benchmark::State& state) {
  run(state, Log(state.range(0), Ids::kColliding, false, false));
}
void CraftedIdsTwoThreads(benchmark::State& state) {
  Log log(state.range(0), Ids::kColliding, false, false);
  log.options().threads = 2;
  run(state, std::move(log));
}
void CraftedIdsHidden(benchmark::State& state) {
  run(state, Log(state.range(0), Ids::kHiddenColliding, false, false));
}
void CraftedText(benchmark::State& state) {
  run(state, Log(state.range(0), Ids::kCrowdingText, false, false));
}
void LongTextIds(benchmark::State& state) {
  run(state, Log(state.range(0), Ids::kLongText, false, false));
}
void CraftedLongText(benchmark::State& state) {
  run(state, Log(state.range(0), Ids::kCollidingText, false, false));
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
PATRON_RFM_BENCHMARK(Skewed);
PATRON_RFM_BENCHMARK(SkewedTwoThreads);
PATRON_RFM_BENCHMARK(SkewedOrderLines);
PATRON_RFM_BENCHMARK(SkewedText);
PATRON_RFM_BENCHMARK(SkewedTextTwoThreads);
PATRON_RFM_BENCHMARK(CraftedIds);
PATRON_RFM_BENCHMARK(CraftedIdsTwoThreads);
PATRON_RFM_BENCHMARK(CraftedIdsHidden);
PATRON_RFM_BENCHMARK(CraftedText);
PATRON_RFM_BENCHMARK(LongTextIds);
PATRON_RFM_BENCHMARK(CraftedLongText);

}  // namespace
