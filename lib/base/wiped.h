// Memory that holds nothing of anybody once it has gone back: it is zeroed first.
//
//   WipedVector<int64_t> ids;      // zeroes what it gives back, also when it grows
//   WipedText phone("+49171...");  // a text that leaves no bytes behind, wherever it is moved
//   wipe_buffer(buffer);
//
// A std::string is no place for what is to be forgotten: a short one keeps its bytes where it
// stood when it is moved.
//
// Thread class of everything here: as of the standard's containers.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/buffer.h"

namespace patron::internal {

/// Zeroes; the barrier keeps the compiler from leaving out stores that nobody reads.
inline void wipe_bytes(void* memory, size_t bytes) {
  if (bytes == 0) return;
  std::memset(memory, 0, bytes);
  __asm__ __volatile__("" : : "r"(memory) : "memory");
}

inline void wipe_buffer(Buffer& buffer) { wipe_bytes(buffer.data(), buffer.capacity()); }

/// Zeroes what is given back.
template <typename T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <typename U>
  WipingAllocator(const WipingAllocator<U>&) noexcept {}  // NOLINT: allocators convert
  T* allocate(size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, size_t count) noexcept {
    wipe_bytes(static_cast<void*>(memory), count * sizeof(T));
    std::allocator<T>().deallocate(memory, count);
  }
  template <typename U>
  bool operator==(const WipingAllocator<U>&) const noexcept {
    return true;
  }
};

template <typename T>
using WipedVector = std::vector<T, WipingAllocator<T>>;

/// Bytes that are put together; short ones stand in it, so that only its place wipes them.
using WipedString = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;

/// A std::string that zeroes its bytes before they go: for texts that pass through code that takes
/// strings. It does not see what a copy of it, or appending, leaves behind.
class PassingText : public std::string {
 public:
  PassingText() = default;
  PassingText(const PassingText&) = default;
  PassingText(PassingText&& other) noexcept : std::string(std::move(other)) {
    other.wipe_all();  // NOLINT(bugprone-use-after-move): what a move leaves behind is what it is
                       // for
  }
  ~PassingText() { wipe(); }
  PassingText& operator=(const PassingText& text) {
    if (this != &text) *this = static_cast<const std::string&>(text);
    return *this;
  }
  PassingText& operator=(PassingText&& text) noexcept {
    if (this == &text) return *this;
    *this = static_cast<std::string&&>(text);
    text.wipe_all();
    return *this;
  }
  PassingText& operator=(const std::string& text) {
    wipe();
    std::string::operator=(text);
    return *this;
  }
  PassingText& operator=(std::string&& text) noexcept {
    wipe();
    std::string::operator=(std::move(text));
    return *this;
  }
  PassingText& operator=(std::string_view text) {
    wipe();
    std::string::operator=(text);
    return *this;
  }
  PassingText& operator=(const char* text) { return *this = std::string_view(text); }

 private:
  // Nearly always it is short and empty, and has been.
  void wipe() {
    if (!empty() || capacity() > kShort) wipe_all();
  }
  // A short text that was moved away leaves its bytes.
  void wipe_all() { wipe_bytes(data(), capacity()); }
  static constexpr size_t kShort = 15;
};

/// A text whose bytes lie in memory of their own, however few they are.
class WipedText {
 public:
  WipedText() = default;
  explicit WipedText(std::string_view text) : bytes_(text.begin(), text.end()) {}

  void append(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  std::string_view view() const { return {bytes_.data(), bytes_.size()}; }
  size_t size() const { return bytes_.size(); }
  size_t capacity() const { return bytes_.capacity(); }
  char* data() { return bytes_.data(); }
  bool operator==(std::string_view text) const { return view() == text; }

 private:
  WipedVector<char> bytes_;
};

}  // namespace patron::internal
