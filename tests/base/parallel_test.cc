#include "lib/base/parallel.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace patron::internal {
namespace {

TEST(ParallelThread, EveryTaskRunsOnceOnAnyNumberOfThreads) {
  for (const int threads : {-1, 0, 1, 2, 3, 8}) {
    for (const int64_t tasks : {0, 1, 2, 7, 1000}) {
      std::vector<std::atomic<int>> runs(static_cast<size_t>(tasks));
      std::atomic<bool> stranger{false};
      const Status status = parallel_for(tasks, threads, nullptr, [&](int64_t task, int worker) {
        ++runs[static_cast<size_t>(task)];
        if (worker < 0 || worker >= std::max(threads, 1)) stranger = true;
      });
      EXPECT_TRUE(status.ok());
      EXPECT_FALSE(stranger);
      for (const std::atomic<int>& run : runs) EXPECT_EQ(run, 1);
    }
  }
}

TEST(ParallelThread, WorkerZeroIsTheCallerAndNoOther) {
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<int> wrong{0};
  (void)parallel_for(200, 4, nullptr, [&](int64_t, int worker) {
    if ((worker == 0) != (std::this_thread::get_id() == caller)) ++wrong;
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  });
  EXPECT_EQ(wrong, 0);
}

TEST(ParallelThread, TheResultsOfTheWorkersAreSeenAfterTheLoop) {
  std::vector<int64_t> squares(500);
  (void)parallel_for(500, 4, nullptr,
                     [&](int64_t task, int) { squares[static_cast<size_t>(task)] = task * task; });
  for (int64_t i = 0; i < 500; ++i) EXPECT_EQ(squares[static_cast<size_t>(i)], i * i);
}

TEST(ParallelThread, TheExceptionOfTheLowestTaskComesOut) {
  for (const int threads : {1, 2, 4}) {
    for (int round = 0; round < 20; ++round) {
      try {
        (void)parallel_for(100, threads, nullptr, [](int64_t task, int) {
          // The lowest failing task is the last to fail.
          if (task == 10) std::this_thread::sleep_for(std::chrono::milliseconds(2));
          if (task >= 10) throw std::runtime_error(std::to_string(task));
        });
        ADD_FAILURE() << "no exception";
      } catch (const std::runtime_error& error) {
        EXPECT_EQ(error.what(), std::string("10")) << threads << " threads";
      }
    }
  }
}

TEST(ParallelThread, AfterAnExceptionNoFurtherTaskStarts) {
  std::atomic<int> started{0};
  EXPECT_THROW((void)parallel_for(100000, 2, nullptr,
                                  [&](int64_t, int) {
                                    ++started;
                                    throw std::bad_alloc();
                                  }),
               std::bad_alloc);
  EXPECT_LE(started, 2);
}

TEST(ParallelThread, CancelStopsWithinFiftyMillisecondsWhileOthersWork) {
  for (const int threads : {1, 2, 3}) {
    CancelToken token;
    const Control control{&token, {}};
    Watch watch(control);
    std::atomic<int64_t> done{0};
    std::thread canceller([&] {
      while (done < 3) std::this_thread::yield();
      token.cancel();
    });
    const Status status = parallel_for(1'000'000, threads, &watch, [&](int64_t, int) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      ++done;
    });
    canceller.join();
    EXPECT_EQ(status.code(), Code::kCancelled);
    EXPECT_LT(done, 10'000);
  }
}

TEST(ParallelThread, TheCallerKeepsAskingWhileAnotherThreadIsBusy) {
  CancelToken token;
  int asked = 0;
  std::atomic<bool> busy{false};
  std::atomic<bool> told{false};
  Control control{&token, [&](double) {
                    ++asked;
                    if (busy && asked > 5) told = true;
                    return 0;
                  }};
  Watch watch(control);
  // Whichever thread is not the caller holds on until the caller has asked several times.
  const Status status = parallel_for(2, 2, &watch, [&](int64_t, int worker) {
    if (worker == 0) {
      while (!busy) std::this_thread::yield();
      return;
    }
    busy = true;
    while (!told) std::this_thread::yield();
  });
  EXPECT_TRUE(status.ok());
  EXPECT_GT(asked, 5);
}

TEST(ParallelThread, ProgressIsToldOnTheCallersThreadAndNeverDecreases) {
  const std::thread::id caller = std::this_thread::get_id();
  std::vector<double> seen;
  bool elsewhere = false;
  const Control control{nullptr, [&](double share) {
                          seen.push_back(share);
                          elsewhere |= std::this_thread::get_id() != caller;
                          return 0;
                        }};
  Watch watch(control);
  watch.phase(0.25);
  EXPECT_TRUE(parallel_for(50, 3, &watch, [](int64_t, int) {}).ok());
  EXPECT_EQ(seen.back(), 0.25);
  watch.phase(1);
  EXPECT_TRUE(parallel_for(50, 3, &watch, [](int64_t, int) {}).ok());
  EXPECT_EQ(seen.back(), 1.0);
  EXPECT_FALSE(elsewhere);
  for (size_t i = 1; i < seen.size(); ++i) EXPECT_LE(seen[i - 1], seen[i]);
}

TEST(ParallelThread, ACallbackThatReturnsNonZeroStopsTheLoop) {
  std::atomic<int> done{0};
  const Control control{nullptr, [](double share) { return share > 0.1 ? 7 : 0; }};
  Watch watch(control);
  const Status status = parallel_for(1000, 1, &watch, [&](int64_t, int) { ++done; });
  EXPECT_EQ(status.code(), Code::kCallback);
  EXPECT_NE(status.message().find("returned 7"), std::string::npos);
  EXPECT_EQ(done, 101);
}

TEST(ParallelThread, AnExceptionOfTheCallbackLeavesNoThreadBehind) {
  const Control control{nullptr, [](double share) -> int {
                          if (share > 0) throw std::runtime_error("enough");
                          return 0;
                        }};
  Watch watch(control);
  EXPECT_THROW((void)parallel_for(1000, 3, &watch, [](int64_t, int) {}), std::runtime_error);
}

// pthread_create fails where the default stack is larger than the address space.
TEST(ParallelThread, WhereNoThreadCanBeStartedTheCallerDoesAll) {
  pthread_attr_t before, huge;
  ASSERT_EQ(pthread_getattr_default_np(&before), 0);
  ASSERT_EQ(pthread_attr_init(&huge), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&huge, size_t{1} << 62), 0);
  ASSERT_EQ(pthread_setattr_default_np(&huge), 0);
  std::vector<int> workers(100, -1);
  Status status;
  EXPECT_NO_THROW(status = parallel_for(100, 4, nullptr, [&](int64_t task, int worker) {
                    workers[static_cast<size_t>(task)] = worker;
                  }));
  EXPECT_EQ(pthread_setattr_default_np(&before), 0);
  pthread_attr_destroy(&before);
  pthread_attr_destroy(&huge);
  EXPECT_TRUE(status.ok());
  for (const int worker : workers) EXPECT_EQ(worker, 0);
}

TEST(Watch, PhasesShareTheWholeBetweenThem) {
  double last = -1;
  const Control control{nullptr, [&](double share) {
                          last = share;
                          return 0;
                        }};
  Watch watch(control);
  watch.phase(0.5);
  EXPECT_TRUE(watch.poll(0.5).ok());
  EXPECT_EQ(last, 0.25);
  EXPECT_TRUE(watch.poll(0.1).ok());
  EXPECT_EQ(last, 0.25) << "progress went back";
  watch.phase(0.75);
  EXPECT_TRUE(watch.poll(0).ok());
  EXPECT_EQ(last, 0.25);
  EXPECT_TRUE(watch.poll(2).ok());
  EXPECT_EQ(last, 0.75) << "more than the phase was told";
}

TEST(Watch, CancelComesBeforeTheCallback) {
  CancelToken token;
  int calls = 0;
  const Control control{&token, [&](double) { return ++calls; }};
  Watch watch(control);
  EXPECT_FALSE(watch.cancelled());
  token.cancel();
  EXPECT_TRUE(watch.cancelled());
  EXPECT_EQ(watch.poll(0.5).code(), Code::kCancelled);
  EXPECT_EQ(calls, 0);
}

TEST(Watch, WhatStoppedACallStopsItForGood) {
  CancelToken token;
  int calls = 0;
  const Control control{&token, [&](double) { return ++calls == 2 ? 5 : 0; }};
  Watch watch(control);
  EXPECT_FALSE(watch.stop(0));
  EXPECT_TRUE(watch.stop(0));
  EXPECT_TRUE(watch.stop(1)) << "other workers hear of it";
  EXPECT_EQ(watch.poll(1).code(), Code::kCallback);
  EXPECT_EQ(calls, 2) << "it is not asked again";

  Watch other(control);
  token.cancel();
  EXPECT_TRUE(other.stop(1));
  token.reset();
  EXPECT_EQ(other.poll(1).code(), Code::kCancelled) << "a worker has left its task unfinished";
}

TEST(SortWithPauses, SortsLikeStdSortUnlessToldToStop) {
  std::vector<int> values(100'000);
  for (size_t i = 0; i < values.size(); i++) values[i] = static_cast<int>(i * 7919 % 100'003);
  std::vector<int> expected = values;
  std::sort(expected.begin(), expected.end());
  std::vector<int> sorted = values;
  EXPECT_TRUE(sort_with_pauses(std::span(sorted), Pause(), std::less<>()));
  EXPECT_EQ(sorted, expected);

  int calls = 0;
  const Control control{nullptr, [&](double) { return ++calls == 2 ? 1 : 0; }};
  Watch watch(control);
  sorted = values;
  EXPECT_FALSE(sort_with_pauses(std::span(sorted), Pause{&watch, 0}, std::less<>()));
  EXPECT_EQ(calls, 2);
}

TEST(ThreadCount, ZeroMeansTheCoresThereAre) {
  EXPECT_EQ(thread_count(3), 3);
  EXPECT_GE(thread_count(0), 1);
  EXPECT_LE(thread_count(0), static_cast<int>(std::thread::hardware_concurrency()));
  EXPECT_GE(thread_count(-1), 1);
}

}  // namespace
}  // namespace patron::internal
