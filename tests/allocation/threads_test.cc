// Calls that use several threads, on a system that has none to give or a heap that fails inside
// one of them: the caller does the work, or gets a status; and what comes out is the same.
#include <chrono>
#include <thread>

#include "tests/allocation/attempt.h"
#include "tests/base/arrow_producer.h"

namespace patron::test {
namespace {

constexpr int64_t kChunks = 11;
constexpr int64_t kRows = 6000;  // of each chunk; the more chunks and rows, the more tasks

/// Orders in chunks, by integer or text ids.
class ManyOrders {
 public:
  explicit ManyOrders(bool text) {
    std::vector<FakeArray> batches;
    for (int64_t chunk = 0; chunk < kChunks; ++chunk) batches.push_back(one(chunk * kRows, text));
    ArrowArrayStream stream = fake_stream(batches, counts_);
    patron_table* made = nullptr;
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(patron_table_import_stream(&stream, &made, &error), PATRON_OK) << error.message;
    table_.reset(made);
  }

  /// Made by so many threads, with a call of `progress` between the tasks.
  Attempt score(const heap::Plan& plan, int32_t threads, patron_progress_fn progress = nullptr) {
    Attempt attempt(plan);
    patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
    options.customer = patron_str_of("customer");
    options.time = patron_str_of("time");
    options.amount = patron_str_of("amount");
    options.threads = threads;
    options.progress = progress;
    attempt.hand_out<patron_rfm>([&](patron_rfm** out, patron_error* error) {
      return patron_rfm_compute(table_.get(), &options, out, error);
    });
    return attempt;
  }

 private:
  static FakeArray one(int64_t begin, bool text) {
    std::vector<int64_t> ids, cents;
    std::vector<int32_t> days, offsets{0};
    Bytes bytes;
    for (int64_t i = begin; i < begin + kRows; ++i) {
      const int64_t id = i * 7919 % 20'011;
      ids.push_back(id * 1'000'003);
      bytes += "customer " + std::to_string(id);
      offsets.push_back(static_cast<int32_t>(bytes.size()));
      days.push_back(static_cast<int32_t>(18000 + i * 31 % 900));
      cents.push_back(1 + i % 7);
    }
    const FakeArray customers =
        text ? column("u", "customer", kRows, {std::nullopt, bytes_of(offsets), bytes})
             : column("l", "customer", kRows, {std::nullopt, bytes_of(ids)});
    return batch(kRows, {customers, column("tdD", "time", kRows, {std::nullopt, bytes_of(days)}),
                         column("l", "amount", kRows, {std::nullopt, bytes_of(cents)})});
  }

  Counts counts_;
  Table table_;
};

TEST(Threads, ThatCannotStartAreReplacedByTheCaller) {
  for (const bool text : {false, true}) {
    ManyOrders orders(text);
    const Attempt alone = orders.score({}, 1);
    EXPECT_EQ(heap::threads(), 0);
    for (const int32_t threads : {2, 5}) {
      const Attempt all = orders.score({}, threads);
      EXPECT_EQ(all.bytes, alone.bytes);
      const int64_t asked = heap::threads();
      ASSERT_GE(asked, threads - 1) << "the call starts threads at all";
      for (int64_t at = 0; at < asked; ++at) {
        for (const bool lasting : {false, true}) {
          const heap::Plan plan{.lasting = lasting, .fail_thread_at = at};
          const Attempt fewer = orders.score(plan, threads);
          ASSERT_EQ(fewer.status, PATRON_OK) << "thread " << at << ": " << fewer.message;
          ASSERT_TRUE(fewer.bytes == alone.bytes) << "thread " << at << " of " << asked;
          ASSERT_EQ(heap::alive(), 0) << "thread " << at;
        }
      }
    }
  }
}

TEST(Threads, MayFailToAllocateAnywhere) {
  for (const bool text : {false, true}) {
    ManyOrders orders(text);
    const Attempt alone = orders.score({}, 1);
    int64_t failures = 0;
    for (int64_t at = 0; at < 2000; ++at) {
      const Attempt two = orders.score({.fail_at = at, .lasting = at % 2 == 1}, 2);
      const bool failed = heap::failures() > 0;
      ASSERT_EQ(heap::alive(), 0) << "allocation " << at << ": memory is lost";
      if (two.status == PATRON_OK) {
        ASSERT_TRUE(two.bytes == alone.bytes) << "allocation " << at;
      } else {
        ASSERT_EQ(two.status, PATRON_E_MEMORY) << "allocation " << at << ": " << two.message;
      }
      failures += two.status != PATRON_OK;
      if (!failed) break;
    }
    EXPECT_GT(failures, 50);
    EXPECT_TRUE(orders.score({}, 2).bytes == alone.bytes);
  }
}

// Lets a worker have its turn: the caller waits between two tasks until the heap has failed there.
int32_t wait_for_a_worker(void*, double) {
  const auto begin = std::chrono::steady_clock::now();
  while (heap::failures() == 0 &&
         std::chrono::steady_clock::now() - begin < std::chrono::seconds(20)) {
    std::this_thread::yield();
  }
  return 0;
}

TEST(Threads, HandMemoryThatRanOutToTheirCaller) {
  ManyOrders orders(true);
  const Attempt attempt = orders.score({.fail_at = 0, .workers_only = true}, 2, wait_for_a_worker);
  EXPECT_EQ(heap::failures(), 1) << "no worker came to allocate";
  EXPECT_EQ(attempt.status, PATRON_E_MEMORY) << attempt.message;
  EXPECT_EQ(heap::alive(), 0);
}

TEST(Threads, HandAnyExceptionToTheirCaller) {
  ManyOrders orders(false);
  const Attempt attempt =
      orders.score({.fail_at = 0, .workers_only = true, .strange = true}, 2, wait_for_a_worker);
  EXPECT_EQ(heap::failures(), 1) << "no worker came to allocate";
  EXPECT_EQ(attempt.status, PATRON_E_INTERNAL) << attempt.message;
  EXPECT_EQ(heap::alive(), 0);
  EXPECT_EQ(orders.score({}, 2).status, PATRON_OK);
}

TEST(Threads, FailAtAnyAllocationOfTheirOwn) {
  ManyOrders orders(false);
  const Attempt alone = orders.score({}, 1);
  for (int64_t at = 0; at < 40; ++at) {
    const Attempt three = orders.score({.fail_at = at, .workers_only = true}, 3);
    ASSERT_EQ(heap::alive(), 0) << "allocation " << at;
    if (three.status == PATRON_OK) {
      ASSERT_TRUE(three.bytes == alone.bytes) << "allocation " << at;
    } else {
      ASSERT_EQ(three.status, PATRON_E_MEMORY) << "allocation " << at << ": " << three.message;
    }
  }
}

}  // namespace
}  // namespace patron::test
