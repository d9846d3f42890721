// Every call survives the failure of any of its allocations: PATRON_E_MEMORY, nothing handed out,
// nothing lost, and the same call works again.
#include <cstdlib>
#include <new>

#include "tests/capi/world.h"

namespace {

// The allocation of this thread that fails, counted from 0; -1: none does.
thread_local int64_t failing_allocation = -1;
thread_local bool allocation_failed = false;

bool fails_now() {
  if (failing_allocation < 0 || failing_allocation-- > 0) return false;
  allocation_failed = true;
  return true;
}

void* allocate_quietly(std::size_t size) noexcept {
  return fails_now() ? nullptr : std::malloc(size == 0 ? 1 : size);
}

void* allocate(std::size_t size) {
  void* memory = allocate_quietly(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void* allocate(std::size_t size, std::align_val_t alignment) {
  const std::size_t unit = static_cast<std::size_t>(alignment);
  const std::size_t whole = (size + unit - 1) / unit * unit;
  void* memory = fails_now() ? nullptr : std::aligned_alloc(unit, whole == 0 ? unit : whole);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// The library's own calls of operator new come here too.
void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t unit) { return allocate(size, unit); }
void* operator new[](std::size_t size, std::align_val_t unit) { return allocate(size, unit); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate_quietly(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate_quietly(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace patron::test {
namespace {

TEST(Allocation, OfAnyCallMayFail) {
  const World world;
  int64_t failures = 0;
  for (const Call& call : calls()) {
    void* handle = world.handle(call.kind);
    ASSERT_EQ(call.run(handle, nullptr), PATRON_OK) << call.name;
    for (int64_t at = 0; at < 100'000; ++at) {
      patron_error error = PATRON_ERROR_INIT;
      failing_allocation = at;
      allocation_failed = false;
      const patron_status status = call.run(handle, &error);
      const bool failed = allocation_failed;
      failing_allocation = -1;
      if (!failed) break;
      ++failures;
      // A call may also do without: a thread that cannot be started, say.
      if (status == PATRON_OK) continue;
      ASSERT_EQ(status, PATRON_E_MEMORY) << call.name << " at " << at << ": " << error.message;
      EXPECT_EQ(error.code, PATRON_E_MEMORY) << call.name;
    }
    EXPECT_EQ(call.run(handle, nullptr), PATRON_OK) << call.name << " works again";
  }
  // Most calls allocate: a count this low would mean that the failures do not reach the library.
  EXPECT_GT(failures, 300);
}

}  // namespace
}  // namespace patron::test
