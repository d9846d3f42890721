#include "lib/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "lib/base/os.h"

namespace patron::internal {
namespace {

// How long the caller waits for the others between two looks at cancel and progress.
constexpr std::chrono::milliseconds kPollEvery{15};

// What the workers of one loop share.
class Loop {
 public:
  Loop(int64_t tasks, const std::function<void(int64_t, int)>& body) : tasks_(tasks), body_(body) {}

  // Takes and runs one task; false once there is none to take.
  bool step(int worker) {
    if (stop_.load(std::memory_order_relaxed)) return false;
    const int64_t task = next_.fetch_add(1, std::memory_order_relaxed);
    if (task >= tasks_) return false;
    try {
      body_(task, worker);
    } catch (...) {
      keep(task, std::current_exception());
    }
    done_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }

  void run(int worker) {
    while (step(worker)) {
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    if (--running_ == 0) idle_.notify_all();
  }

  void add_worker() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++running_;
  }
  void drop_worker() {
    const std::lock_guard<std::mutex> lock(mutex_);
    --running_;
  }

  // Waits a little; true once no worker but the caller runs.
  bool wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    return idle_.wait_for(lock, kPollEvery, [this] { return running_ == 0; });
  }

  void stop() { stop_.store(true, std::memory_order_relaxed); }
  double share() const {
    return static_cast<double>(done_.load(std::memory_order_relaxed)) / static_cast<double>(tasks_);
  }
  // After all workers have gone.
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  // Tasks are taken in order and a task once taken runs, so every task below a failing one runs
  // too: the lowest failing task does not depend on how the threads were scheduled.
  void keep(int64_t task, std::exception_ptr error) {
    stop();
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!error_ || task < error_task_) {
      error_ = std::move(error);
      error_task_ = task;
    }
  }

  const int64_t tasks_;
  const std::function<void(int64_t, int)>& body_;
  std::atomic<int64_t> next_{0};
  std::atomic<int64_t> done_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::condition_variable idle_;
  int running_ = 0;
  std::exception_ptr error_;
  int64_t error_task_ = 0;
};

// The helpers of one loop; they are joined whatever happens.
class Helpers {
 public:
  explicit Helpers(Loop& loop) : loop_(loop) {}
  ~Helpers() {
    loop_.stop();
    for (std::thread& thread : threads_) thread.join();
  }
  // Starts up to `count` threads; fewer where the system has no more to give.
  void start(int count) {
    threads_.reserve(static_cast<size_t>(count));
    for (int worker = 1; worker <= count; ++worker) {
      loop_.add_worker();
      try {
        threads_.emplace_back([this, worker] { loop_.run(worker); });
      } catch (...) {
        loop_.drop_worker();
        return;
      }
    }
  }

 private:
  Loop& loop_;
  std::vector<std::thread> threads_;
};

}  // namespace

int thread_count(int asked) { return asked > 0 ? asked : usable_cores(); }

Status parallel_for(int64_t tasks, int threads, Watch* watch,
                    const std::function<void(int64_t task, int worker)>& body) {
  if (tasks <= 0) return watch == nullptr ? Status() : watch->poll(1);
  Loop loop(tasks, body);
  Status status;
  const auto poll = [&] {
    if (watch == nullptr || !status.ok()) return;
    status = watch->poll(loop.share());
    if (!status.ok()) loop.stop();
  };
  {
    Helpers helpers(loop);
    if (threads > 1 && tasks > 1) {
      helpers.start(static_cast<int>(std::min<int64_t>(threads, tasks)) - 1);
    }
    do {
      poll();
    } while (loop.step(0));
    while (!loop.wait()) poll();
  }
  loop.rethrow();
  poll();
  return status;
}

void Watch::phase(double end) {
  begin_ = reported_;
  end_ = std::clamp(end, begin_, 1.0);
}

Status Watch::poll(double share_of_phase) {
  if (!status_.ok()) return status_;
  if (stopped_.load(std::memory_order_relaxed) || cancelled())
    return stop_with({Code::kCancelled, "the call was cancelled"});
  const double share = begin_ + (end_ - begin_) * std::clamp(share_of_phase, 0.0, 1.0);
  reported_ = std::max(reported_, share);
  if (!control_.progress) return {};
  const int answer = control_.progress(reported_);
  if (answer == 0) return {};
  return stop_with({Code::kCallback, "the progress callback returned " + std::to_string(answer)});
}

Status Watch::stop_with(Status status) {
  stopped_.store(true, std::memory_order_relaxed);
  status_ = std::move(status);
  return status_;
}

bool Watch::stop(int worker) {
  if (worker == 0) return !poll(0).ok();
  // The token may be reset before the caller looks, so what a worker saw is kept.
  if (cancelled()) stopped_.store(true, std::memory_order_relaxed);
  return stopped_.load(std::memory_order_relaxed);
}

bool Watch::cancelled() const { return control_.cancel != nullptr && control_.cancel->cancelled(); }

}  // namespace patron::internal
