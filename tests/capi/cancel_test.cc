#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

// Enough rows that a call asks its caller several times.
struct ManyOrders {
  ManyOrders() {
    for (int64_t i = 0; i < 400'000; ++i) {
      orders.customer.push_back(i % 5000);
      orders.day.push_back(static_cast<int32_t>(20000 + i % 700));
      orders.amount.push_back(1);
    }
    table = orders.table();
  }
  Orders orders;
  Table table;
};

Cancel make_cancel() {
  patron_cancel* cancel = nullptr;
  EXPECT_EQ(patron_cancel_create(&cancel, nullptr), PATRON_OK);
  return Cancel(cancel);
}

TEST(Cancel, IsSetAndCleared) {
  const Cancel cancel = make_cancel();
  EXPECT_EQ(patron_cancel_requested(cancel.get()), 0);
  patron_cancel_request(cancel.get());
  EXPECT_EQ(patron_cancel_requested(cancel.get()), 1);
  patron_cancel_reset(cancel.get());
  EXPECT_EQ(patron_cancel_requested(cancel.get()), 0);
  EXPECT_EQ(patron_cancel_create(nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST(Cancel, StopsTheCallThatWasGivenIt) {
  const World world;
  patron_rfm_options options = orders_options();
  options.cancel = world.cancel.get();
  patron_cancel_request(world.cancel.get());
  patron_error error = PATRON_ERROR_INIT;
  patron_rfm* rfm = reinterpret_cast<patron_rfm*>(-1);
  EXPECT_EQ(patron_rfm_compute(world.table.get(), &options, &rfm, &error), PATRON_E_CANCELLED);
  EXPECT_EQ(rfm, nullptr);
  patron_cancel_reset(world.cancel.get());
  EXPECT_EQ(patron_rfm_compute(world.table.get(), &options, &rfm, nullptr), PATRON_OK);
  patron_rfm_close(rfm);
}

struct Progress {
  std::thread::id thread = std::this_thread::get_id();
  std::vector<double> shares;
  double stop_at = 2;
  patron_cancel* close_at_first = nullptr;
  bool elsewhere = false;
};

int32_t follow(void* context, double share) {
  auto* progress = static_cast<Progress*>(context);
  progress->elsewhere |= std::this_thread::get_id() != progress->thread;
  progress->shares.push_back(share);
  patron_cancel_close(progress->close_at_first);
  progress->close_at_first = nullptr;
  return share >= progress->stop_at ? 77 : 0;
}

TEST(Progress, RisesToOneOnTheCallersThread) {
  const ManyOrders many;
  for (const int32_t threads : {1, 2}) {
    Progress progress;
    patron_rfm_options options = orders_options();
    options.progress = follow;
    options.progress_context = &progress;
    options.threads = threads;
    patron_rfm* rfm = nullptr;
    ASSERT_EQ(patron_rfm_compute(many.table.get(), &options, &rfm, nullptr), PATRON_OK);
    patron_rfm_close(rfm);
    ASSERT_GT(progress.shares.size(), 1U);
    EXPECT_TRUE(std::is_sorted(progress.shares.begin(), progress.shares.end()));
    EXPECT_GE(progress.shares.front(), 0);
    EXPECT_EQ(progress.shares.back(), 1);
    EXPECT_FALSE(progress.elsewhere);
  }
}

TEST(Progress, StopsTheCallAndReportsItsNumber) {
  const ManyOrders many;
  Progress progress;
  progress.stop_at = 0;
  patron_rfm_options options = orders_options();
  options.progress = follow;
  options.progress_context = &progress;
  patron_error error = PATRON_ERROR_INIT;
  patron_rfm* rfm = reinterpret_cast<patron_rfm*>(-1);
  EXPECT_EQ(patron_rfm_compute(many.table.get(), &options, &rfm, &error), PATRON_E_CALLBACK);
  EXPECT_EQ(rfm, nullptr);
  EXPECT_EQ(error.detail, 77);
  EXPECT_NE(std::strstr(error.message, "77"), nullptr) << error.message;
  EXPECT_EQ(progress.shares.size(), 1U) << "it is not asked again";
}

TEST(Progress, MayCloseTheTokenOfTheRunningCall) {
  const ManyOrders many;
  Progress progress;
  Cancel cancel = make_cancel();
  patron_rfm_options options = orders_options();
  options.cancel = cancel.get();
  options.progress = follow;
  options.progress_context = &progress;
  progress.close_at_first = cancel.release();
  patron_rfm* rfm = nullptr;
  EXPECT_EQ(patron_rfm_compute(many.table.get(), &options, &rfm, nullptr), PATRON_OK);
  EXPECT_EQ(progress.close_at_first, nullptr);
  patron_rfm_close(rfm);
}

// Asks another thread to cancel and waits until it has.
struct Handshake {
  std::atomic<bool> asked{false};
  patron_cancel* cancel = nullptr;
};
int32_t ask(void* context, double) {
  auto* handshake = static_cast<Handshake*>(context);
  handshake->asked.store(true);
  while (patron_cancel_requested(handshake->cancel) == 0) std::this_thread::yield();
  return 0;
}

TEST(CancelThread, ACallIsCancelledFromAnotherThread) {
  const ManyOrders many;
  const Cancel cancel = make_cancel();
  Handshake handshake;
  handshake.cancel = cancel.get();
  patron_rfm_options options = orders_options();
  options.cancel = cancel.get();
  options.progress = ask;
  options.progress_context = &handshake;
  options.threads = 2;
  std::thread other([&] {
    while (!handshake.asked.load()) std::this_thread::yield();
    patron_cancel_request(cancel.get());
  });
  patron_rfm* rfm = nullptr;
  EXPECT_EQ(patron_rfm_compute(many.table.get(), &options, &rfm, nullptr), PATRON_E_CANCELLED);
  other.join();
}

TEST(SharedHandleThread, ManyThreadsUseTheSameHandles) {
  const World world;
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (const Call& call : calls()) {
        if (call.kind == Kind::kEngine) continue;  // serial
        if (call.run(world.handle(call.kind), nullptr) != PATRON_OK) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures.load(), 0);
}

}  // namespace
}  // namespace patron::test
