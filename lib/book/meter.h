// Meter: bytes that a book holds, counted where they are taken and given back.
#pragma once

#include <atomic>
#include <cstdint>

namespace patron::internal {

/// Thread class: any-time; snapshots give memory back on the threads that drop them.
class Meter {
 public:
  void add(int64_t bytes) { bytes_.fetch_add(bytes, std::memory_order_relaxed); }
  int64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> bytes_{0};
};

}  // namespace patron::internal
