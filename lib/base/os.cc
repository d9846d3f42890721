#include "lib/base/os.h"

#include <thread>

#if defined(__linux__)
#include <sched.h>
#include <sys/mman.h>
#include <sys/random.h>
#endif

namespace patron::internal {

void advise_huge_pages(void* data, size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  // madvise wants whole pages: the edges, which other allocations may share, are left alone.
  constexpr uintptr_t kPage = 4096;
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(data) + kPage - 1) & ~(kPage - 1);
  const uintptr_t end = (reinterpret_cast<uintptr_t>(data) + bytes) & ~(kPage - 1);
  if (begin < end) (void)madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  (void)data;
  (void)bytes;
#endif
}

int usable_cores() {
#if defined(__linux__)
  // Fails on machines with more cores than cpu_set_t holds; then the count below serves.
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0) return CPU_COUNT(&set);
#endif
  const unsigned cores = std::thread::hardware_concurrency();
  return cores == 0 ? 1 : static_cast<int>(cores);
}

uint64_t unpredictable_bits() {
  uint64_t bits = 0;
#if defined(__linux__)
  if (getrandom(&bits, sizeof(bits), GRND_NONBLOCK) == sizeof(bits)) return bits;
#endif
  return reinterpret_cast<uintptr_t>(&bits) * 0x9E3779B97F4A7C15u;
}

}  // namespace patron::internal
