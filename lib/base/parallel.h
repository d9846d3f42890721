// Parallel loops without a pool: no thread outlives a call.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "patron/control.h"
#include "patron/status.h"

namespace patron::internal {

class Watch;

/// The number of threads to use: `asked`, or the cores there are where it is 0; at least 1.
int thread_count(int asked);

/// Runs body(task, worker) for every task 0 .. tasks-1, on `threads` workers of which the caller is
/// worker 0. Tasks are taken in order, each once. A thread that cannot be started is replaced by
/// the others. An exception in a task stops the rest and is thrown again on the caller's thread
/// (the one of the lowest task). `watch` may be null.
///
/// Cancel and progress: between its tasks the caller asks watch->poll(done / tasks); once that is
/// not ok no further task starts and its status is returned. Tasks must therefore be short (a few
/// ms).
Status parallel_for(int64_t tasks, int threads, Watch* watch,
                    const std::function<void(int64_t task, int worker)>& body);

/// Turns the share done of a phase into the share done of a call, and asks the caller's Control.
/// Used on the caller's thread only, but for cancelled() and stop().
class Watch {
 public:
  explicit Watch(const Control& control) : control_(control) {}
  /// The next phase takes the call from the share reached so far to `end`.
  void phase(double end);
  /// ok, or kCancelled, or kCallback (the callback's number is in the message); once it is not ok,
  /// always the same.
  Status poll(double share_of_phase);
  /// Any-time: is the caller's token set?
  bool cancelled() const;
  /// For a task of parallel_for that may take long, on the worker that runs it: whether to give up.
  /// Then poll() is not ok, so nobody reads what the task leaves unfinished.
  bool stop(int worker);

 private:
  Status stop_with(Status status);

  const Control& control_;
  double begin_ = 0;
  double end_ = 1;
  double reported_ = 0;
  Status status_;
  std::atomic<bool> stopped_{false};
};

/// What a task that may take long asks now and then. Without a watch it never says stop.
struct Pause {
  /// Rows between two questions.
  static constexpr size_t kRows = size_t{1} << 17;

  Watch* watch = nullptr;
  int worker = 0;
  bool stop() const { return watch != nullptr && watch->stop(worker); }
};

/// std::sort that asks on the way. False where it was told to stop: then the values are copies of
/// what they were, some missing and some there twice. Values are trivially copyable.
template <typename T, typename Less>
bool sort_with_pauses(std::span<T> values, const Pause& pause, const Less& less) {
  constexpr size_t kShort = size_t{1} << 14;
  constexpr uint32_t kEvery = 1 << 16;
  if (values.size() <= kShort) {
    std::sort(values.begin(), values.end(), less);
    return true;
  }
  struct Stopped {};
  uint32_t left = kEvery;
  try {
    std::sort(values.begin(), values.end(), [&](const T& a, const T& b) {
      if (--left == 0) {
        if (pause.stop()) throw Stopped();
        left = kEvery;
      }
      return less(a, b);
    });
    return true;
  } catch (const Stopped&) {
    return false;
  }
}

}  // namespace patron::internal
