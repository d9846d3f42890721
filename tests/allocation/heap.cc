#include "tests/allocation/heap.h"

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#if defined(__has_feature)
#define PATRON_CLANG_HAS(feature) __has_feature(feature)
#else
#define PATRON_CLANG_HAS(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    PATRON_CLANG_HAS(address_sanitizer) || PATRON_CLANG_HAS(thread_sanitizer)
#define PATRON_SANITIZED 1
#else
#define PATRON_SANITIZED 0
// The C library's own functions, under the names that stay when malloc is replaced.
extern "C" {
void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_realloc(void* memory, size_t bytes);
void* __libc_memalign(size_t alignment, size_t bytes);
void __libc_free(void* memory);
}
#endif

namespace patron::test::heap {
namespace {

// Blocks of the current window: open addressing, with marks where one was crossed off. Nothing
// here may allocate, and all of it must stand before the first constructor runs.
constexpr size_t kSlots = size_t{1} << 13;
constinit void* slots[kSlots] = {};
constinit char crossed_off = 0;
constinit std::atomic_flag busy = ATOMIC_FLAG_INIT;
constinit bool armed = false;
constinit size_t used = 0;
constinit int64_t living = 0;
constinit int64_t asked = 0;
constinit int64_t failed = 0;
constinit uint64_t most = 0;
constinit Plan plan = {};
constinit pthread_t caller = {};
constinit int64_t started = 0;
constinit thread_local bool starting_a_thread = false;

class Lock {
 public:
  Lock() {
    while (busy.test_and_set(std::memory_order_acquire)) {
    }
  }
  ~Lock() { busy.clear(std::memory_order_release); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
};

size_t home(const void* memory) {
  return (reinterpret_cast<uintptr_t>(memory) >> 4) * 0x9e3779b97f4a7c15u >> 51;
}

// What is to happen to one allocation.
enum class Verdict { kGive, kFail, kStrange };

// One allocation is judged once: by malloc, or by operator new where that one alone can fail.
Verdict judge(size_t bytes, bool by_new) {
  const Lock lock;
  if (!armed || starting_a_thread) return Verdict::kGive;
  if (by_new != (PATRON_SANITIZED || plan.strange)) return Verdict::kGive;
  if (plan.workers_only && pthread_equal(pthread_self(), caller) != 0) return Verdict::kGive;
  const int64_t at = asked++;
  if (bytes > most) most = bytes;
  if (plan.fail_at < 0 || at < plan.fail_at || (at > plan.fail_at && !plan.lasting)) {
    return Verdict::kGive;
  }
  ++failed;
  return plan.strange ? Verdict::kStrange : Verdict::kFail;
}

void remember(void* memory) {
  if (memory == nullptr) return;
  const Lock lock;
  if (!armed || starting_a_thread) return;
  if (++used > kSlots / 2) {
    static constexpr char kFull[] = "heap.cc: more allocations in one call than there are slots\n";
    std::fwrite(kFull, 1, sizeof(kFull) - 1, stderr);
    std::abort();
  }
  size_t at = home(memory);
  while (slots[at] != nullptr) at = (at + 1) % kSlots;
  slots[at] = memory;
  ++living;
}

void cross_off(const void* memory) {
  if (memory == nullptr) return;
  const Lock lock;
  if (living == 0) return;
  for (size_t at = home(memory); slots[at] != nullptr; at = (at + 1) % kSlots) {
    if (slots[at] != memory) continue;
    slots[at] = &crossed_off;
    --living;
    return;
  }
}

#if !PATRON_SANITIZED
void* given(void* memory) {
  remember(memory);
  return memory;
}

void* refused() {
  errno = ENOMEM;
  return nullptr;
}

void* aligned(size_t alignment, size_t bytes) {
  return judge(bytes, false) == Verdict::kGive ? given(__libc_memalign(alignment, bytes))
                                               : refused();
}
#endif

bool refuses_thread() {
  const Lock lock;
  if (!armed) return false;
  const int64_t at = started++;
  return plan.fail_thread_at >= 0 &&
         (at == plan.fail_thread_at || (at > plan.fail_thread_at && plan.lasting));
}

int start_thread(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
                 void* argument) {
  using Start = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const Start next = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "pthread_create"));
  if (refuses_thread()) return EAGAIN;
  starting_a_thread = true;
  const int failed_to_start = next(thread, attributes, run, argument);
  starting_a_thread = false;
  return failed_to_start;
}

// What operator new asks for.
void* allocate(size_t bytes, size_t alignment) {
  const Verdict verdict = judge(bytes, true);
  if (verdict == Verdict::kStrange) throw 42;
  if (verdict == Verdict::kFail) return nullptr;
  const size_t whole = bytes == 0 ? 1 : bytes;
  const bool usual = alignment <= alignof(std::max_align_t);
  void* memory =
      usual ? std::malloc(whole)
            : std::aligned_alloc(alignment, (whole + alignment - 1) / alignment * alignment);
#if PATRON_SANITIZED
  remember(memory);
#endif
  return memory;
}

void* allocate_or_throw(size_t bytes, size_t alignment) {
  void* memory = allocate(bytes, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void give_back(void* memory) {
#if PATRON_SANITIZED
  cross_off(memory);
#endif
  std::free(memory);
}

}  // namespace

void begin(const Plan& wanted) {
  const Lock lock;
  std::memset(static_cast<void*>(slots), 0, sizeof(slots));
  used = 0;
  living = asked = failed = started = 0;
  most = 0;
  plan = wanted;
  caller = pthread_self();
  armed = true;
}

void end() {
  const Lock lock;
  armed = false;
}

// Locked, since a worker may be at work when its caller asks.
int64_t allocations() {
  const Lock lock;
  return asked;
}
int64_t failures() {
  const Lock lock;
  return failed;
}
int64_t threads() {
  const Lock lock;
  return started;
}
int64_t alive() {
  const Lock lock;
  return living;
}
uint64_t largest() {
  const Lock lock;
  return most;
}
bool is_complete() { return !PATRON_SANITIZED; }

}  // namespace patron::test::heap

namespace heap = patron::test::heap;

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                              void* (*run)(void*), void* argument) {
  return heap::start_thread(thread, attributes, run, argument);
}

#if !PATRON_SANITIZED
extern "C" {
void* malloc(size_t bytes) {
  return heap::judge(bytes, false) == heap::Verdict::kGive ? heap::given(__libc_malloc(bytes))
                                                           : heap::refused();
}
void* calloc(size_t count, size_t bytes) {
  return heap::judge(count * bytes, false) == heap::Verdict::kGive
             ? heap::given(__libc_calloc(count, bytes))
             : heap::refused();
}
void* realloc(void* memory, size_t bytes) {
  if (heap::judge(bytes, false) != heap::Verdict::kGive) return heap::refused();
  heap::cross_off(memory);
  return heap::given(__libc_realloc(memory, bytes));
}
void* memalign(size_t alignment, size_t bytes) { return heap::aligned(alignment, bytes); }
void* aligned_alloc(size_t alignment, size_t bytes) { return heap::aligned(alignment, bytes); }
int posix_memalign(void** out, size_t alignment, size_t bytes) {
  void* memory = heap::aligned(alignment, bytes);
  if (memory == nullptr) return ENOMEM;
  *out = memory;
  return 0;
}
void free(void* memory) {
  heap::cross_off(memory);
  __libc_free(memory);
}
}
#endif

void* operator new(size_t bytes) { return heap::allocate_or_throw(bytes, 1); }
void* operator new[](size_t bytes) { return heap::allocate_or_throw(bytes, 1); }
void* operator new(size_t bytes, std::align_val_t unit) {
  return heap::allocate_or_throw(bytes, static_cast<size_t>(unit));
}
void* operator new[](size_t bytes, std::align_val_t unit) {
  return heap::allocate_or_throw(bytes, static_cast<size_t>(unit));
}
void* operator new(size_t bytes, const std::nothrow_t&) noexcept {
  return heap::allocate(bytes, 1);
}
void* operator new[](size_t bytes, const std::nothrow_t&) noexcept {
  return heap::allocate(bytes, 1);
}
void operator delete(void* memory) noexcept { heap::give_back(memory); }
void operator delete[](void* memory) noexcept { heap::give_back(memory); }
void operator delete(void* memory, size_t) noexcept { heap::give_back(memory); }
void operator delete[](void* memory, size_t) noexcept { heap::give_back(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { heap::give_back(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { heap::give_back(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { heap::give_back(memory); }
void operator delete[](void* memory, size_t, std::align_val_t) noexcept { heap::give_back(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { heap::give_back(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { heap::give_back(memory); }
