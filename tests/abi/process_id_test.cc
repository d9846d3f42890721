// The number of the process that handles are checked with: remembered, and right in every child.
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include "capi/src/process.h"

namespace patron::test {
namespace {

using capi::process_id;

bool outcome_of(pid_t child) {
  int outcome = -1;
  return child > 0 && waitpid(child, &outcome, 0) == child && WIFEXITED(outcome) &&
         WEXITSTATUS(outcome) == 0;
}

// As the system says, at the first call and at those that remember.
bool right() { return process_id() == getpid() && process_id() == getpid(); }

TEST(ProcessId, IsThatOfEachChildAndOfItsChildren) {
  ASSERT_TRUE(right());
  const pid_t child = fork();
  if (child == 0) {
    bool good = right();
    const pid_t grandchild = fork();
    if (grandchild == 0) _exit(right() ? 0 : 1);
    good = outcome_of(grandchild) && right() && good;
    _exit(good ? 0 : 1);
  }
  EXPECT_TRUE(outcome_of(child));
  EXPECT_TRUE(right());
}

TEST(ProcessId, IsThatOfAChildThatForksBeforeItAsks) {
  ASSERT_TRUE(right());
  const pid_t child = fork();
  if (child == 0) {
    const pid_t grandchild = fork();
    if (grandchild == 0) _exit(right() ? 0 : 1);
    _exit(outcome_of(grandchild) && right() ? 0 : 1);
  }
  EXPECT_TRUE(outcome_of(child));
}

// Without the C library, whose own handlers see only its fork().
TEST(ProcessId, IsThatOfAChildThatTheSystemMakesAlone) {
  ASSERT_TRUE(right());
  const auto child = static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0));
  if (child == 0) {
    syscall(SYS_exit_group, process_id() == syscall(SYS_getpid) ? 0 : 1);
  }
  EXPECT_TRUE(outcome_of(child));
  EXPECT_TRUE(right());
}

TEST(ProcessId, IsRightWhileThreadsAskAndTheProcessForks) {
  std::atomic<bool> stop{false}, wrong{false};
  std::vector<std::thread> threads;
  const int64_t own = getpid();
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (!stop.load()) {
        if (process_id() != own) wrong.store(true);
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    const pid_t child = fork();
    if (child == 0) _exit(right() ? 0 : 1);
    EXPECT_TRUE(outcome_of(child));
  }
  stop.store(true);
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(wrong.load());
}

}  // namespace
}  // namespace patron::test
