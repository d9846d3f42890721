#include "tests/abi/kept_memory.h"

#include <cstdlib>
#include <new>

namespace {

// A list through the standard library's own allocator would come back here.
struct Kept {
  void** blocks;
  size_t count;
  size_t capacity;
};
thread_local Kept kept = {};
thread_local bool keeping = false;

void release(void* memory) {
  if (!keeping || memory == nullptr) {
    std::free(memory);
    return;
  }
  if (kept.count == kept.capacity) {
    kept.capacity = kept.capacity * 2 + 1024;
    kept.blocks = static_cast<void**>(std::realloc(kept.blocks, kept.capacity * sizeof(void*)));
    if (kept.blocks == nullptr) std::abort();
  }
  kept.blocks[kept.count++] = memory;
}

void* allocate_quietly(std::size_t size) { return std::malloc(size == 0 ? 1 : size); }

void* checked(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void* allocate(std::size_t size) { return checked(allocate_quietly(size)); }

void* allocate(std::size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  return checked(std::aligned_alloc(unit, (size / unit + 1) * unit));
}

}  // namespace

// The library's own calls come here too: it has operator new and delete from the C++ runtime.
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
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }

namespace patron::test {

KeptMemory::KeptMemory() { keeping = true; }

KeptMemory::~KeptMemory() {
  keeping = false;
  for (size_t i = 0; i < kept.count; ++i) std::free(kept.blocks[i]);
  std::free(kept.blocks);
  kept = {};
}

}  // namespace patron::test
