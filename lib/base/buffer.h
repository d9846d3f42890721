// Buffer: owned, 64-byte aligned, uninitialised memory for columns and scratch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace patron::internal {

/// Move-only. Large buffers (4 MiB and more) ask for huge pages where the system has them.
class Buffer {
 public:
  Buffer() = default;
  /// Throws std::bad_alloc. A size of 0 gives a buffer whose data() is a valid, unreadable address.
  explicit Buffer(size_t bytes);
  ~Buffer();
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;

  size_t size() const { return size_; }
  uint8_t* data() { return data_; }
  const uint8_t* data() const { return data_; }

  template <typename T>
  T* as() {
    return reinterpret_cast<T*>(data_);
  }
  template <typename T>
  const T* as() const {
    return reinterpret_cast<const T*>(data_);
  }
  /// The bytes that were asked for when it was made: size() before anything was forgotten.
  size_t capacity() const { return capacity_; }
  /// Forgets the tail; the memory stays.
  void truncate(size_t bytes) { size_ = bytes < size_ ? bytes : size_; }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace patron::internal
