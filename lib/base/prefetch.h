// Prefetches that stay where they are written.
//
//   fetch_line(&members[row + 16]);           // to be read
//   fetch_line_to_write(tail.end());
//
// GCC (12) takes a function that does nothing but prefetch for one without any effect, and drops
// the calls of it: the loads that were to be hidden are waited for one by one. An empty statement
// that it may not drop keeps them.
#pragma once

namespace patron::internal {

/// Brings the cache line of an address closer, which need not be one that can be read. Thread
/// class: pure.
inline void fetch_line(const void* at) {
  __builtin_prefetch(at);
  asm volatile("");
}

/// The same of a line that will be written.
inline void fetch_line_to_write(const void* at) {
  __builtin_prefetch(at, 1);
  asm volatile("");
}

}  // namespace patron::internal
