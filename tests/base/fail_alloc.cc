#include "tests/base/fail_alloc.h"

#include <malloc.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Plan {
  bool active = false;
  bool lasting = false;
  bool happened = false;
  int64_t left = 0;
};

thread_local Plan plan;

bool fails() {
  if (!plan.active || plan.left-- > 0) return false;
  if (plan.happened && !plan.lasting) return false;
  plan.happened = true;
  return true;
}

// Blocks by address, in memory of its own: open addressing.
class BlockSet {
 public:
  BlockSet() : slots_(static_cast<void**>(std::calloc(kSlots, sizeof(void*)))) {}
  ~BlockSet() { std::free(slots_); }
  BlockSet(const BlockSet&) = delete;
  BlockSet& operator=(const BlockSet&) = delete;
  void add(void* block) {
    if (++taken_ > kSlots / 2) std::abort();
    size_t i = home(block);
    while (slots_[i] != nullptr) i = (i + 1) % kSlots;
    slots_[i] = block;
  }
  bool remove(void* block) {
    for (size_t i = home(block); slots_[i] != nullptr; i = (i + 1) % kSlots) {
      if (slots_[i] != block) continue;
      slots_[i] = gone();
      return true;
    }
    return false;
  }
  template <typename Each>
  void for_each(Each each) const {
    for (size_t i = 0; i < kSlots; ++i) {
      if (slots_[i] != nullptr && slots_[i] != gone()) each(slots_[i]);
    }
  }

 private:
  static constexpr size_t kSlots = size_t{1} << 22;
  static size_t home(void* block) {
    return reinterpret_cast<uintptr_t>(block) / 16 * 0x9E3779B97F4A7C15ULL >> 42;
  }
  static void* gone() {
    static char mark;
    return &mark;
  }
  void** slots_;
  size_t taken_ = 0;
};

struct Watched {
  std::vector<std::string> texts;
  std::vector<int64_t> given_back;
  BlockSet blocks;
};

thread_local Watched* watched = nullptr;

bool holds(const void* block, std::string_view text) {
  return memmem(block, malloc_usable_size(const_cast<void*>(block)), text.data(), text.size()) !=
         nullptr;
}

// To stop at in a debugger, for who gives back what was to be gone.
[[gnu::noinline]] void found_given_back(size_t text) { ++watched->given_back[text]; }

void* watch(void* block) {
  if (watched == nullptr || block == nullptr) return block;
  std::memset(block, 0, malloc_usable_size(block));
  watched->blocks.add(block);
  return block;
}

void unwatch(void* block) {
  if (watched == nullptr || block == nullptr || !watched->blocks.remove(block)) return;
  for (size_t i = 0; i < watched->texts.size(); ++i) {
    if (holds(block, watched->texts[i])) found_given_back(i);
  }
}

void* allocate(size_t bytes, size_t alignment) {
  if (fails()) return nullptr;
  if (alignment <= alignof(std::max_align_t)) return watch(std::malloc(bytes == 0 ? 1 : bytes));
  return watch(std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment));
}

void* allocate_or_throw(size_t bytes, size_t alignment) {
  void* memory = allocate(bytes, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

// Not inlined: g++ warns of free() where it sees it beside new.
[[gnu::noinline]] void give_back(void* memory) {
  unwatch(memory);
  std::free(memory);
}

}  // namespace

void* operator new(size_t bytes) { return allocate_or_throw(bytes, 1); }
void* operator new[](size_t bytes) { return allocate_or_throw(bytes, 1); }
void* operator new(size_t bytes, std::align_val_t alignment) {
  return allocate_or_throw(bytes, static_cast<size_t>(alignment));
}
void* operator new[](size_t bytes, std::align_val_t alignment) {
  return allocate_or_throw(bytes, static_cast<size_t>(alignment));
}
void* operator new(size_t bytes, const std::nothrow_t&) noexcept { return allocate(bytes, 1); }
void* operator new[](size_t bytes, const std::nothrow_t&) noexcept { return allocate(bytes, 1); }
void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete[](void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, size_t) noexcept { give_back(memory); }
void operator delete[](void* memory, size_t) noexcept { give_back(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { give_back(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { give_back(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { give_back(memory); }
void operator delete[](void* memory, size_t, std::align_val_t) noexcept { give_back(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { give_back(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { give_back(memory); }

namespace patron::test {

FailAllocation::FailAllocation(int64_t at, bool lasting) { plan = {true, lasting, false, at}; }
FailAllocation::~FailAllocation() { plan.active = false; }
bool FailAllocation::happened() const { return plan.happened; }

WatchMemory::WatchMemory(const std::vector<std::string>& texts) {
  auto* made = new Watched;
  made->texts = texts;
  made->given_back.resize(texts.size());
  watched = made;
}

WatchMemory::~WatchMemory() {
  Watched* ended = watched;
  watched = nullptr;
  delete ended;
}

std::vector<std::string> WatchMemory::found() const {
  Watched* const now = watched;
  watched = nullptr;  // what this takes itself is not looked at
  std::vector<std::string> lines;
  for (size_t i = 0; i < now->texts.size(); ++i) {
    int64_t held = 0;
    now->blocks.for_each([&](const void* block) { held += holds(block, now->texts[i]) ? 1 : 0; });
    if (held == 0 && now->given_back[i] == 0) continue;
    lines.push_back(now->texts[i] + ": " + std::to_string(now->given_back[i]) +
                    " blocks given back, " + std::to_string(held) + " held");
  }
  watched = now;
  return lines;
}

}  // namespace patron::test
