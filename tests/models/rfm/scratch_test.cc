// How much memory RFM takes while it works, beside its input and its result: counted at every
// allocation of the test program. Sanitizers have allocators of their own; there nothing is
// counted.
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>

#include "patron/rfm.h"
#include "tests/models/rfm/random_log.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

std::atomic<int64_t> live{0};
std::atomic<int64_t> peak{0};

void* counted(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  const int64_t now = live += static_cast<int64_t>(malloc_usable_size(memory));
  int64_t most = peak;
  while (now > most && !peak.compare_exchange_weak(most, now)) {
  }
  return memory;
}

void release(void* memory) {
  if (memory != nullptr) live -= static_cast<int64_t>(malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

void* operator new(size_t size) { return counted(std::malloc(size)); }
void* operator new(size_t size, std::align_val_t alignment) {
  const size_t unit = static_cast<size_t>(alignment);
  return counted(std::aligned_alloc(unit, (size + unit - 1) / unit * unit));
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  try {
    return ::operator new(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { release(memory); }

namespace patron {
namespace {

/// The most bytes that a call held beside its input and its result, and how many customers it has.
struct Scratch {
  int64_t bytes;
  int64_t customers;
};

Scratch scratch_of(const test::OrderLog& log, int threads) {
  const Table table = to_table(log);
  RfmOptions options = log.options;
  options.threads = threads;
  options.table = *SegmentTable::named("eleven");
  const int64_t before = live;
  peak = before;
  const Result<RfmResult> result = rfm(table, options);
  EXPECT_TRUE(result.ok());
  const int64_t held = live - before;  // by the result
  return {peak - before - held, result->table.rows()};
}

test::OrderLog log_of(int64_t rows, int64_t rows_per_customer) {
  test::OrderLog log;
  log.options.customer = "customer", log.options.time = "time", log.options.amount = "amount";
  test::Random random(1);
  for (int64_t i = 0; i < rows; i++)
    log.lines.push_back({int64_t{random.below(rows / rows_per_customer)},
                         random.below(kMicrosPerDay * 900),
                         100,
                         int64_t{0},
                         false,
                         {}});
  return log;
}

TEST(Scratch, IsAtMost28BytesARowAnd64ACustomer) {
  constexpr int64_t kRows = 400'000;
  for (const int64_t rows_per_customer : {1, 10, 1000}) {
    const test::OrderLog log = log_of(kRows, rows_per_customer);
    for (const int threads : {1, 2}) {
      const Scratch scratch = scratch_of(log, threads);
      // What each thread needs whatever the number of rows: a partition and a block in its cache.
      constexpr int64_t kThread = int64_t{5} << 20;
      EXPECT_LT(scratch.bytes, 28 * kRows + 64 * scratch.customers + threads * kThread)
          << rows_per_customer << " rows a customer, " << threads << " threads";
      if (rows_per_customer == 1000) {
        EXPECT_GT(scratch.bytes, 24 * kRows);  // the counting sees the rows
      }
    }
  }
}

}  // namespace
}  // namespace patron

#endif
