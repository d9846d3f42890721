// BatchVector: a column of a batch, which may be as long as a table.
//
//   BatchVector<Micros> times;
//   times.resize(rows);            // not zeroed: the caller writes them
//   times.take_memory(int_ids);    // large memory is handed on: fresh memory is what costs most
//
// Like std::vector for values without constructors, but that new elements hold anything. What goes
// back is zeroed first, for it held somebody's facts. Large ones ask for huge pages.
//
// Thread class: as of std::vector.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace patron::internal {

/// Memory that is zeroed before it goes back.
class BatchMemory {
 public:
  BatchMemory() = default;
  /// Throws std::bad_alloc.
  explicit BatchMemory(size_t bytes);
  ~BatchMemory();
  BatchMemory(BatchMemory&& other) noexcept { swap(other); }
  BatchMemory& operator=(BatchMemory&& other) noexcept {
    swap(other);
    return *this;
  }
  void swap(BatchMemory& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
  }
  void* data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  void* data_ = nullptr;
  size_t bytes_ = 0;
};

template <typename T>
class BatchVector {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  using value_type = T;

  BatchVector() = default;
  explicit BatchVector(size_t count) { resize(count); }
  BatchVector(const BatchVector& other) { insert_end(other.begin(), other.end()); }
  BatchVector(BatchVector&& other) noexcept { swap(other); }
  BatchVector& operator=(BatchVector other) noexcept {
    swap(other);
    return *this;
  }
  void swap(BatchVector& other) noexcept {
    memory_.swap(other.memory_);
    std::swap(size_, other.size_);
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return static_cast<T*>(memory_.data()); }
  const T* data() const { return static_cast<const T*>(memory_.data()); }
  T& operator[](size_t i) { return data()[i]; }
  const T& operator[](size_t i) const { return data()[i]; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  T& back() { return data()[size_ - 1]; }

  void clear() { size_ = 0; }
  void reserve(size_t count) {
    if (count * sizeof(T) > memory_.bytes()) grow(count);
  }
  void resize(size_t count) {
    if (count * sizeof(T) > memory_.bytes()) grow(count);
    size_ = count;
  }
  void push_back(T value) {
    resize(size_ + 1);
    back() = value;
  }
  void insert_end(const T* first, const T* last) {
    const auto count = static_cast<size_t>(last - first);
    if (count == 0) return;
    resize(size_ + count);
    std::memcpy(static_cast<void*>(end() - count), first, count * sizeof(T));
  }
  void insert_end(size_t count, T value) {
    resize(size_ + count);
    std::fill_n(end() - count, count, value);
  }
  /// Its own memory goes to the other and the other's comes here; both are empty then.
  template <typename U>
  void take_memory(BatchVector<U>& other) {
    memory_.swap(other.memory_);
    size_ = 0;
    other.size_ = 0;
  }

 private:
  template <typename U>
  friend class BatchVector;

  void grow(size_t count) {
    const size_t half_more = memory_.bytes() + memory_.bytes() / 2;
    BatchMemory larger(std::max(count * sizeof(T), half_more));
    if (size_ > 0) std::memcpy(larger.data(), memory_.data(), size_ * sizeof(T));
    memory_ = std::move(larger);
  }

  BatchMemory memory_;
  size_t size_ = 0;
};

}  // namespace patron::internal
