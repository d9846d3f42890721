// Makes the k-th allocation of this thread fail: to prove that what it hits stays as it was.
//
//   for (int64_t k = 0;; ++k) {
//     const FailAllocation failing(k);
//     try { map.find_or_insert(7); } catch (const std::bad_alloc&) { continue; }
//     break;                                  // k is past the last allocation
//   }
//
// The program's operator new and delete are replaced in fail_alloc.cc.
#pragma once

#include <cstdint>

namespace patron::test {

class FailAllocation {
 public:
  /// Allocation `at` (counted from 0) of this thread throws std::bad_alloc, and with `lasting`
  /// every one after it too. Only one at a time on a thread.
  explicit FailAllocation(int64_t at, bool lasting = false);
  ~FailAllocation();
  FailAllocation(const FailAllocation&) = delete;
  FailAllocation& operator=(const FailAllocation&) = delete;

  /// Whether an allocation has failed.
  bool happened() const;
};

}  // namespace patron::test
