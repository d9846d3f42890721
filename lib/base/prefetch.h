// Prefetches that stay where they are written.
//
//   fetch_line(&members[row + 16]);           // to be read
//   fetch_line_to_write(tail.end());
//
// GCC 12 takes a function that does nothing but prefetch for one without effect, and drops calls of
// it: then the loads that were to be hidden are waited for one by one. The empty volatile statement
// beside each prefetch is an effect that it may not drop.
#pragma once

namespace patron::internal {

/// Brings the cache line of an address closer, to be read. Any address will do: one that cannot be
/// read does no harm. Thread class: pure.
inline void fetch_line(const void* at) {
  __builtin_prefetch(at);
  asm volatile("");
}

/// The same as far as the second level, of what is read once.
inline void fetch_line_to_read_once(const void* at) {
  __builtin_prefetch(at, 0, 2);
  asm volatile("");
}

/// The same of a line that will be written.
inline void fetch_line_to_write(const void* at) {
  __builtin_prefetch(at, 1);
  asm volatile("");
}

}  // namespace patron::internal
