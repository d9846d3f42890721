// Calls from many threads, as the thread class of each function allows: pure, shared and any-time
// functions at the same time on the same handles, serial ones on handles of each thread's own.
// ThreadSanitizer looks on.
#include <atomic>
#include <thread>

#include "tests/abi/call.h"
#include "tests/abi/rounds.h"

namespace patron::test {
namespace {

constexpr int kThreads = 4;

// Runs `work(k)` on thread k of kThreads, which all start at once.
template <typename Work>
void on_threads(const Work& work) {
  std::atomic<int> waiting{kThreads};
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int k = 0; k < kThreads; ++k) {
    threads.emplace_back([&, k] {
      waiting.fetch_sub(1);
      while (waiting.load() > 0) std::this_thread::yield();
      work(k);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

std::vector<const Function*> concurrent_functions() {
  std::vector<const Function*> out;
  for (const Function& function : functions()) {
    if (function.thread != "serial") out.push_back(&function);
  }
  return out;
}

TEST(EveryFunctionThread, GivesTheSameOnManyThreadsAtOnce) {
  const World world;
  const int times = rounds(8);
  for (const Function* function : concurrent_functions()) {
    const std::string expected = function->run(world, {}, nullptr).text;
    std::atomic<int> differing{0};
    on_threads([&](int) {
      for (int i = 0; i < times; ++i) {
        const Outcome outcome = function->run(world, {}, nullptr);
        if (outcome.text != expected || !outcome.faults.empty()) differing.fetch_add(1);
      }
    });
    EXPECT_EQ(differing.load(), 0) << function->name;
  }
}

// Each thread goes through all functions from another start, so that all pairs meet.
TEST(EveryFunctionThread, GivesTheSameWhileOtherFunctionsUseTheHandle) {
  const World world;
  const std::vector<const Function*> all = concurrent_functions();
  std::vector<std::string> expected;
  expected.reserve(all.size());
  for (const Function* function : all) expected.push_back(function->run(world, {}, nullptr).text);
  std::vector<std::atomic<int>> differing(all.size());
  const size_t steps = static_cast<size_t>(rounds(4)) * all.size();
  on_threads([&](int k) {
    for (size_t step = 0; step < steps; ++step) {
      const size_t at = (step + static_cast<size_t>(k) * all.size() / kThreads) % all.size();
      const Outcome outcome = all[at]->run(world, {}, nullptr);
      // What any-time functions report is what another one has just set.
      const bool same = all[at]->thread == "any-time" || outcome.text == expected[at];
      if (!same || !outcome.faults.empty()) differing[at].fetch_add(1);
    }
  });
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(differing[i].load(), 0) << all[i]->name;
}

TEST(EveryFunctionThread, IsSerialOnlyForOneHandle) {
  on_threads([&](int) {
    World world;
    for (const Function& function : functions()) {
      EXPECT_EQ(function.run(world, {}, nullptr).faults, "") << function.name;
    }
    close_all(world);
  });
}

TEST(EveryHandleThread, MayBeClosedByAnotherThreadThanMadeIt) {
  std::vector<std::unique_ptr<World>> worlds(kThreads);
  on_threads([&](int k) { worlds[static_cast<size_t>(k)] = std::make_unique<World>(); });
  on_threads([&](int k) { close_all(*worlds[static_cast<size_t>((k + 1) % kThreads)]); });
}

}  // namespace
}  // namespace patron::test
