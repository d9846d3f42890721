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
#include <string>
#include <vector>

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

/// Finds bytes that were to be gone, in the memory that this thread takes while it lives: in blocks
/// when they are given back, and in those that are still held. Blocks are zeroed when they are
/// taken, so that what is found was written by the program. Only one at a time on a thread; what
/// is looked for must lie in memory that was taken before.
///
///   const WatchMemory watch({"ann@example.com"});
///   book.forget(ann);
///   EXPECT_EQ(watch.found(), std::vector<std::string>{});
class WatchMemory {
 public:
  explicit WatchMemory(const std::vector<std::string>& texts);
  ~WatchMemory();
  WatchMemory(const WatchMemory&) = delete;
  WatchMemory& operator=(const WatchMemory&) = delete;

  /// "ann@example.com: 2 blocks given back, 1 held": a line for each text that was found.
  std::vector<std::string> found() const;
};

}  // namespace patron::test
