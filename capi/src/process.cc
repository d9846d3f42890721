#include "capi/src/process.h"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>

namespace patron::capi {
namespace {

// The pages of x86-64 are that large, those of other processors up to 64 KiB.
#ifdef __x86_64__
constexpr size_t kPage = 4096;
#else
constexpr size_t kPage = 65'536;
#endif

/// Pages of their own, which hold one number: 0 where it was not asked for yet, or was cleared.
struct alignas(kPage) ClearedPage {
  std::atomic<int32_t> process;
};
static_assert(sizeof(ClearedPage) == kPage);

enum class Kept : int32_t { kNotTried, kYes, kNo };

constinit ClearedPage page{};
constinit std::atomic<Kept> kept{Kept::kNotTried};

// Emulators take any advice and follow none: who takes one that does not exist is not believed.
Kept try_to_keep() {
  constexpr int kNoAdvice = -1;
  const bool honest = madvise(&page, kPage, kNoAdvice) != 0;
  return honest && madvise(&page, kPage, MADV_WIPEONFORK) == 0 ? Kept::kYes : Kept::kNo;
}

// Threads that come here together all do the same; a fork between the lines leaves the child a page
// that is clear, since the number is written after the advice was taken.
bool page_is_cleared() {
  Kept known = kept.load(std::memory_order_acquire);
  if (known == Kept::kNotTried) {
    known = try_to_keep();
    kept.store(known, std::memory_order_release);
  }
  return known == Kept::kYes;
}

}  // namespace

int64_t process_id() {
  const int32_t remembered = page.process.load(std::memory_order_relaxed);
  if (remembered != 0) return remembered;
  const pid_t asked = getpid();
  if (page_is_cleared()) page.process.store(asked, std::memory_order_relaxed);
  return asked;
}

}  // namespace patron::capi
