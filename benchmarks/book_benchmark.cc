// How fast the book files facts, and what they take.
//
//   book_benchmark --benchmark_filter=Batches
//
// Orders of 10 million rows and 1 million customers, at random, as docs/book.md has them. Rates are
// events a second of one core; `bytes` is what the book holds an order, customers apart;
// `of_budget` what it holds in all, of 20 bytes an order, 16 an event key and 128 a
// customer; `allocated` what the allocator has handed out to it, of what it says that it holds.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <patron/book.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "lib/book/log_view.h"

namespace {

constexpr int64_t kCustomers = 1'000'000;
constexpr int64_t kOrders = 10'000'000;

patron::BookLayout layout(bool key, bool sums) {
  patron::BookSpec spec;
  spec.customer = patron::Kind::kInt64;
  patron::BookStream orders = *patron::built_in_stream("orders", spec);
  orders.columns[0].sums = sums;
  if (key) {
    patron::BookColumn id;
    id.field.name = "order_id";
    id.field.kind = patron::Kind::kInt64;
    orders.columns.push_back(id);
    orders.key = "order_id";
  }
  spec.streams = {orders};
  return *patron::BookLayout::make(spec);
}

/// Orders in the order of time, of hashed ids.
struct Orders {
  explicit Orders(int64_t rows) {
    std::mt19937_64 random(42);
    for (int64_t i = 0; i < rows; ++i) {
      const uint64_t who = random() % kCustomers;
      customers.push_back(static_cast<int64_t>(who * 0x9e3779b97f4a7c15u >> 1));
      times.push_back(i * 1000);
      amounts.push_back(static_cast<int64_t>(random() % 10'000));
      ids.push_back(i);
    }
  }
  patron::Table table(int64_t begin, int64_t rows, bool key) const {
    std::vector<patron::ColumnView> views(key ? 4 : 3);
    const auto view = [&](size_t at, const char* name, const std::vector<int64_t>& values,
                          patron::Type type) {
      views[at].name = name;
      views[at].type.type = type;
      views[at].chunk.length = rows;
      views[at].chunk.values = values.data() + begin;
    };
    view(0, "customer", customers, patron::Type::kInt64);
    view(1, "time", times, patron::Type::kTimestamp);
    views[1].type.zone = "UTC";
    view(2, "amount", amounts, patron::Type::kInt64);
    if (key) view(3, "order_id", ids, patron::Type::kInt64);
    return *patron::make_table(views);
  }
  std::vector<int64_t> customers, times, amounts, ids;
};

const Orders& orders() {
  static const Orders all(kOrders);
  return all;
}

void require(const patron::Status& status) {
  if (!status.ok()) std::abort();
}

double allocated() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

void count(benchmark::State& state, int64_t rows, const patron::Book& book, double before = 0) {
  state.SetItemsProcessed(rows * state.iterations());
  const patron::BookMemory memory = book.memory();
  const auto total = static_cast<double>(memory.total);
  const patron::BookStream& stream = book.layout().spec().streams[0];
  state.counters["of_budget"] =
      total / (static_cast<double>(kOrders) * (20 + (stream.key.empty() ? 0 : 16)) +
               128 * static_cast<double>(book.customers()));
  if (before > 0) state.counters["allocated"] = (allocated() - before) / total;
  state.counters["bytes"] =
      static_cast<double>(memory.total - memory.customers) / static_cast<double>(kOrders);
  state.counters["slack"] = static_cast<double>(memory.slack) / static_cast<double>(kOrders);
  state.counters["customer"] =
      static_cast<double>(memory.customers) / static_cast<double>(book.customers());
}

void BulkLoad(benchmark::State& state, bool key, bool sums, int threads = 1) {
  const patron::Table table = orders().table(0, kOrders, key);
  const patron::BookLayout made = layout(key, sums);
  for (auto _ : state) {
    const double before = allocated();
    patron::Book book(made);
    {
      patron::BookReport report;
      require(
          book.add("orders", table, {.clock = patron::kEndTime - 1, .threads = threads}, &report));
    }
    count(state, kOrders, book, before);
  }
}
BENCHMARK_CAPTURE(BulkLoad, plain, false, false)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK_CAPTURE(BulkLoad, keys_and_sums, true, true)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_CAPTURE(BulkLoad, plain_on_two_threads, false, false, 2)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void Batches(benchmark::State& state, bool key) {
  const int64_t size = state.range(0);
  const patron::BookLayout made = layout(key, false);
  patron::BookReport report;
  orders();
  for (auto _ : state) {
    const double before = allocated();
    patron::Book book(made);
    for (int64_t at = 0; at + size <= kOrders; at += size) {
      require(book.add("orders", orders().table(at, size, key), {.clock = patron::kEndTime - 1},
                       &report));
    }
    count(state, kOrders, book, before);
  }
}
BENCHMARK_CAPTURE(Batches, plain, false)->Arg(1000)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK_CAPTURE(Batches, keys, true)->Arg(1000)->Unit(benchmark::kMillisecond)->Iterations(1);

// A million customers with ten million orders, as bytes and back. `bytes` is of what is saved, an
// order.
void Save(benchmark::State& state, bool key, bool sums) {
  patron::Book book(layout(key, sums));
  patron::BookReport report;
  require(book.add("orders", orders().table(0, kOrders, key), {.clock = patron::kEndTime - 1},
                   &report));
  size_t bytes = 0;
  for (auto _ : state) {
    bytes = 0;
    require(book.save([&](std::string_view piece) {
      bytes += piece.size();
      return patron::Status();
    }));
  }
  state.SetItemsProcessed(kOrders * state.iterations());
  state.counters["bytes"] = static_cast<double>(bytes) / static_cast<double>(kOrders);
}
BENCHMARK_CAPTURE(Save, plain, false, false)->Unit(benchmark::kMillisecond)->Iterations(2);
BENCHMARK_CAPTURE(Save, keys_and_sums, true, true)->Unit(benchmark::kMillisecond)->Iterations(2);

void Load(benchmark::State& state, bool key, bool sums) {
  const patron::BookLayout made = layout(key, sums);
  std::string bytes;
  int64_t before = 0;
  {
    patron::Book book(made);
    patron::BookReport report;
    require(book.add("orders", orders().table(0, kOrders, key), {.clock = patron::kEndTime - 1},
                     &report));
    bytes = book.save();
    before = book.memory().total;
  }
  for (auto _ : state) {
    const patron::Result<patron::Book> book = patron::Book::load(made, bytes);
    require(book.status());
    count(state, kOrders, *book);
    state.counters["memory"] =
        static_cast<double>(book->memory().total) / static_cast<double>(before);
  }
}
BENCHMARK_CAPTURE(Load, plain, false, false)->Unit(benchmark::kMillisecond)->Iterations(2);
BENCHMARK_CAPTURE(Load, keys_and_sums, true, true)->Unit(benchmark::kMillisecond)->Iterations(2);

void OneCallEach(benchmark::State& state, bool key) {
  const patron::BookLayout made = layout(key, false);
  const size_t columns = made.spec().streams[0].columns.size();
  patron::BookReport report;
  for (auto _ : state) {
    patron::Book book(made);
    std::vector<patron::BookValue> values(columns);
    for (size_t i = 0; i < static_cast<size_t>(kOrders); ++i) {
      values[0] = orders().amounts[i];
      if (key) values[columns - 1] = orders().ids[i];
      const patron::BookEvent event{{orders().customers[i], {}}, orders().times[i], values};
      require(book.add(0, {&event, 1}, {.clock = patron::kEndTime - 1}, &report));
    }
    count(state, kOrders, book);
  }
}
BENCHMARK_CAPTURE(OneCallEach, plain, false)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK_CAPTURE(OneCallEach, keys, true)->Unit(benchmark::kMillisecond)->Iterations(1);

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// The longest single add on the way to a full book, in ms of the thread's own clock: merges of
/// pages, and tables of ids that grow.
void LongestAdd(benchmark::State& state, bool key) {
  const int64_t size = state.range(0);
  const patron::BookLayout made = layout(key, true);
  patron::BookReport report;
  for (auto _ : state) {
    patron::Book book(made);
    std::vector<double> took;
    for (int64_t at = 0; at + size <= kOrders; at += size) {
      const patron::Table table = orders().table(at, size, key);
      const double begun = thread_ms();
      require(book.add("orders", table, {.clock = patron::kEndTime - 1}, &report));
      took.push_back(thread_ms() - begun);
    }
    std::sort(took.begin(), took.end());
    state.counters["longest_ms"] = took.back();
    state.counters["p99_ms"] = took[took.size() * 99 / 100];
  }
  state.SetItemsProcessed(kOrders * state.iterations());
}
BENCHMARK_CAPTURE(LongestAdd, plain, false)->Arg(100)->Arg(1000)->Iterations(1);
BENCHMARK_CAPTURE(LongestAdd, keys, true)->Arg(1000)->Iterations(1);

/// An event into a full book, anywhere in the past, by one customer with all the orders or by many.
void LateEvent(benchmark::State& state, bool one_customer) {
  const patron::BookLayout made = layout(true, true);
  patron::Book book(made);
  patron::BookReport report;
  Orders all = orders();
  if (one_customer) std::fill(all.customers.begin(), all.customers.end(), 7);
  require(
      book.add("orders", all.table(0, kOrders, true), {.clock = patron::kEndTime - 1}, &report));
  std::mt19937_64 random(1);
  std::vector<patron::BookValue> values(made.spec().streams[0].columns.size());
  int64_t key = kOrders;
  for (auto _ : state) {
    const size_t at = random() % static_cast<size_t>(kOrders);
    values[0] = int64_t{5};
    values.back() = key++;
    const patron::BookEvent event{{all.customers[at], {}}, all.times[at], values};
    require(book.add(0, {&event, 1}, {.clock = patron::kEndTime - 1}, &report));
  }
  count(state, 1, book);
}
BENCHMARK_CAPTURE(LateEvent, of_many_customers, false)->Iterations(200'000);
BENCHMARK_CAPTURE(LateEvent, of_one_customer, true)->Iterations(100'000);

/// All logs, one customer after the other, and page by page: the sum of the amounts.
void ReadAll(benchmark::State& state, bool pages) {
  patron::Book book(layout(false, false));
  patron::BookReport report;
  require(book.add("orders", orders().table(0, kOrders, false), {.clock = patron::kEndTime - 1},
                   &report));
  for (auto _ : state) {
    int64_t sum = 0;
    if (pages) {
      patron::internal::PageReader reader(book.state(), 0);
      for (uint32_t p = 0; p < reader.pages(); ++p) {
        const patron::internal::LogPage page = reader.read(p);
        const auto* amounts = page.run.cells<int64_t>(0);
        for (size_t i = 0; i < page.run.size; ++i) sum += amounts[i];
      }
    } else {
      patron::internal::LogReader reader(book.state(), 0);
      for (uint32_t customer = 0; customer < book.customers(); ++customer) {
        for (const patron::internal::LogRun& run : reader.read(customer)) {
          const auto* amounts = run.cells<int64_t>(0);
          for (size_t i = 0; i < run.size; ++i) sum += amounts[i];
        }
      }
    }
    benchmark::DoNotOptimize(sum);
  }
  count(state, kOrders, book);
}
BENCHMARK_CAPTURE(ReadAll, by_customer, false)->Unit(benchmark::kMillisecond)->Iterations(3);
BENCHMARK_CAPTURE(ReadAll, by_page, true)->Unit(benchmark::kMillisecond)->Iterations(3);

/// A snapshot, and the first batch behind it, which copies the pages that it touches.
void Snapshot(benchmark::State& state) {
  patron::Book book(layout(false, false));
  patron::BookReport report;
  require(book.add("orders", orders().table(0, kOrders, false), {.clock = patron::kEndTime - 1},
                   &report));
  for (auto _ : state) benchmark::DoNotOptimize(book.snapshot());
}
BENCHMARK(Snapshot)->Unit(benchmark::kMicrosecond)->Iterations(200);

}  // namespace
