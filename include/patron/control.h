// Cancel and progress for calls that take long.
//
//   patron::CancelToken token;                       // shared with whoever may cancel
//   options.control = {&token, {}};                  // of rfm(), for one
//   // on another thread; the call returns Code::kCancelled within 50 ms:
//   token.cancel();
#pragma once

#include <atomic>
#include <functional>

namespace patron {
inline namespace v0 {

/// Thread class: any-time. May be cancelled from any thread, and from a signal handler.
class CancelToken {
 public:
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  void reset() { cancelled_.store(false, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_{false};
};

/// How a caller watches and stops a call. Both parts are optional.
struct Control {
  const CancelToken* cancel = nullptr;
  /// Called with the share done, 0 to 1, never decreasing, on the caller's thread only and at least
  /// every 50 ms while work goes on. Non-zero stops the call with Code::kCallback; the number is
  /// part of the message.
  std::function<int(double)> progress;
};

}  // namespace v0
}  // namespace patron
