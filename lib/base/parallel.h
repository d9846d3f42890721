// Parallel loops without a pool: no thread outlives a call.
#pragma once

#include <cstdint>
#include <functional>

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
/// Used on the caller's thread only, but for cancelled(), which is any-time.
class Watch {
 public:
  explicit Watch(const Control& control) : control_(control) {}
  /// The next phase takes the call from the share reached so far to `end`.
  void phase(double end);
  /// ok, or kCancelled, or kCallback (the callback's number is in the message).
  Status poll(double share_of_phase);
  /// A worker's view: has the caller been told to stop?
  bool cancelled() const;

 private:
  const Control& control_;
  double begin_ = 0;
  double end_ = 1;
  double reported_ = 0;
};

}  // namespace patron::internal
