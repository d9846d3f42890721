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
#include <random>
#include <string>
#include <vector>

#include "lib/models/orders/splitter.h"
#include "lib/models/orders/write_combine.h"
#include "tests/models/rfm/crafted_ids.h"

namespace {

constexpr int64_t kBegin = 1'672'531'200'000'000;  // 2023-01-01
constexpr int64_t kSpan = 1096 * patron::kMicrosPerDay;
constexpr int64_t kRowsPerCustomer = 10;

enum class Ids {
  kHashed,
  kDense,
  kText,
  kLongText,
  kSkewed,           ///< hashed, but every other row is of one customer
  kSkewedText,       ///< the same in text
  kColliding,        ///< integers that choose one slot of the hash table
  kCrowdingText,     ///< text of 12 bytes that chooses a 64th of it
  kCollidingText,    ///< text of 33 bytes with one hash
  kHiddenColliding,  ///< as kColliding, out of sight of the sample that partitions are cut by
};

/// The columns of an order log, and a table that reads them in place.
class Log {
 public:
  Log(int64_t rows, Ids ids, bool sorted, bool orders) {
    std::mt19937_64 random(42);
    const uint64_t customers = static_cast<uint64_t>(rows / kRowsPerCustomer);
    const bool skewed = ids == Ids::kSkewed || ids == Ids::kSkewedText;
    const patron::internal::SampledRows sampled(rows);
    int64_t next_sampled = 0;
    for (int64_t i = 0; i < rows; i++) {
      const uint64_t customer = skewed && i % 2 == 0 ? 1 : random() % customers;
      const bool in_sample = i == sampled[next_sampled];
      next_sampled += in_sample;
      ids_.push_back(id_of(ids, customer, in_sample));
      times_.push_back(kBegin + static_cast<int64_t>(random() % kSpan));
      amounts_.push_back(static_cast<double>(random() % 20'000) / 100);
      orders_.push_back(i / 3);
    }
    if (sorted) std::sort(times_.begin(), times_.end());
    views_ = {view("customer", patron::Type::kInt64, ids_.data()),
              view("time", patron::Type::kTimestamp, times_.data()),
              view("amount", patron::Type::kDouble, amounts_.data())};
    switch (ids) {
      case Ids::kText:
      case Ids::kSkewedText:
        text_ids([](int64_t id) { return digits("cu_", id, 13); });
        break;
      case Ids::kLongText:
        text_ids([](int64_t id) { return digits("customer of the long name: ", id, 6); });
        break;
      case Ids::kCrowdingText: {
        const auto crowd = patron::test::crowding_texts(customers, 14);
        text_ids([&](int64_t id) { return crowd[static_cast<size_t>(id)]; });
        break;
      }
      case Ids::kCollidingText:
        text_ids(
            [](int64_t id) { return patron::test::colliding_text(static_cast<uint64_t>(id)); });
        break;
      default:
        break;
    }
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

  static int64_t id_of(Ids ids, uint64_t customer, bool sampled) {
    switch (ids) {
      case Ids::kColliding:
        return patron::test::colliding_id(customer);
      case Ids::kHiddenColliding:
        return sampled ? INT64_MIN + static_cast<int64_t>(customer << 40)  // far away
                       : patron::test::colliding_id(customer);
      case Ids::kDense:
      case Ids::kLongText:
      case Ids::kCrowdingText:
      case Ids::kCollidingText:
        return static_cast<int64_t>(customer);
      default:
        return static_cast<int64_t>((customer * 0x9e3779b97f4a7c15u) >> 1);
    }
  }

  static std::string digits(const char* before, int64_t id, size_t count) {
    const std::string text = std::to_string(static_cast<uint64_t>(id) % 10'000'000'000'000u);
    return before + std::string(count - std::min(count, text.size()), '0') + text;
  }

  /// Ids that are texts.
  template <typename Text>
  void text_ids(const Text& text) {
    offsets_.push_back(0);
    for (const int64_t id : ids_) {
      text_ += text(id);
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
