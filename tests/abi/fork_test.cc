// fork() while another thread is inside patron: the child may close what it inherited, make
// handles of its own, and end.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/abi/call.h"
#include "tests/abi/rounds.h"

namespace patron::test {
namespace {

// The allocator of AddressSanitizer (g++ 12) may stay locked in such a child.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kChildMayFree = false;
#else
constexpr bool kChildMayFree = true;
#endif

// Scores orders on two threads until told to stop.
class Busy {
 public:
  Busy() : thread_([this] { work(); }) {}
  ~Busy() {
    stop_.store(true);
    thread_.join();
  }
  int64_t rounds() const { return rounds_.load(); }

 private:
  void work() {
    std::vector<int64_t> customer(50'000);
    std::vector<int32_t> day(customer.size());
    std::vector<double> amount(customer.size(), 9.90);
    for (size_t i = 0; i < customer.size(); ++i) {
      customer[i] = static_cast<int64_t>(i * 7919 % 5'000);
      day[i] = static_cast<int32_t>(20'000 + i % 400);
    }
    const Table orders = make_table({column("customer", PATRON_TYPE_INT64, customer),
                                     column("day", PATRON_TYPE_DATE32, day),
                                     column("amount", PATRON_TYPE_DOUBLE, amount)});
    patron_rfm_options options = orders_options();
    options.threads = 2;
    while (!stop_.load()) {
      patron_rfm* rfm = nullptr;
      EXPECT_EQ(patron_rfm_compute(orders.get(), &options, &rfm, nullptr), PATRON_OK);
      patron_rfm_close(rfm);
      rounds_.fetch_add(1);
    }
  }

  std::atomic<bool> stop_{false};
  std::atomic<int64_t> rounds_{0};
  std::thread thread_;
};

TEST(Fork, WhileAnotherThreadComputesLeavesAChildThatMayCloseMakeAndEnd) {
  World world;
  Busy busy;
  while (busy.rounds() < 1) usleep(1000);
  const int times = rounds(25);
  for (int i = 0; i < times; ++i) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      alarm(20);  // a child that hangs is killed, and fails the test
      bool held = patron_table_rows(world.table.get()) == -1;
      if (kChildMayFree) {
        close_all(world);
        const World own;
        held = held && patron_table_rows(own.table.get()) == 6;
      }
      _exit(held ? 0 : 1);
    }
    int outcome = -1;
    ASSERT_EQ(waitpid(child, &outcome, 0), child);
    EXPECT_TRUE(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0) << outcome;
    usleep(3000);  // another place in the computation
  }
  EXPECT_GE(busy.rounds(), 1);
}

TEST(Fork, AfterThreadsHaveWorkedLetsTheChildWorkOnThreadsOfItsOwn) {
  { const Busy busy; }
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(20);
    const World world;
    patron_rfm_options options = orders_options();
    options.threads = 2;
    patron_rfm* rfm = nullptr;
    const patron_status status = patron_rfm_compute(world.table.get(), &options, &rfm, nullptr);
    patron_rfm_close(rfm);
    _exit(status);
  }
  int outcome = -1;
  ASSERT_EQ(waitpid(child, &outcome, 0), child);
  EXPECT_TRUE(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0) << outcome;
}

}  // namespace
}  // namespace patron::test
