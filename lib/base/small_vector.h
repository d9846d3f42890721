// SmallVector: a vector that keeps its first N elements in the object itself, and takes little
// room.
//
//   SmallVector<TierState, 1> machines;   // of a policy with one machine nothing is allocated
//   SmallVector<Micros> downs;            // none in the object: a pointer, null while it is empty
//
// For what every customer has: of a million of them most lists have nothing or one element, and one
// that lies somewhere else is a further page of memory to wait for.
//
// It does what std::vector does, as far as there is use for it here; moves do not fail, and those
// of elements that lie in the object move them. It has at most 2^32 - 1 elements.
//
// Thread class: as of the standard's containers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace patron::internal {

/// Where the elements of a SmallVector are, how many, and for how many there is room.
template <typename T, size_t N>
class SmallStorage {
 public:
  SmallStorage() : data_(here()) {}
  SmallStorage(const SmallStorage&) = delete;
  SmallStorage& operator=(const SmallStorage&) = delete;
  T* data() { return data_; }
  const T* data() const { return data_; }
  uint32_t size() const { return size_; }
  uint32_t room() const { return room_; }
  void set_size(uint32_t size) { size_ = size; }
  bool is_apart() const { return data_ != here(); }

  static T* allocate(uint32_t room) { return std::allocator<T>().allocate(room); }
  static void free(T* block, uint32_t room) { std::allocator<T>().deallocate(block, room); }
  static constexpr size_t bytes(uint32_t room) { return room * sizeof(T); }
  void take(T* block, uint32_t size, uint32_t room) { data_ = block, size_ = size, room_ = room; }
  void leave() { data_ = here(), size_ = 0, room_ = N; }

 private:
  T* here() { return reinterpret_cast<T*>(own_); }
  const T* here() const { return reinterpret_cast<const T*>(own_); }

  T* data_;
  uint32_t size_ = 0, room_ = N;
  alignas(T) std::byte own_[N * sizeof(T)];
};

/// The same with nothing but a pointer: sizes stand before the elements.
template <typename T>
class SmallStorage<T, 0> {
 public:
  T* data() { return data_; }
  const T* data() const { return data_; }
  uint32_t size() const { return data_ == nullptr ? 0 : head()->size; }
  uint32_t room() const { return data_ == nullptr ? 0 : head()->room; }
  void set_size(uint32_t size) {
    if (data_ != nullptr) head()->size = size;
  }
  bool is_apart() const { return data_ != nullptr; }

  static T* allocate(uint32_t room) {
    return reinterpret_cast<T*>(std::allocator<std::byte>().allocate(bytes(room)) + kHead);
  }
  static void free(T* block, uint32_t room) {
    auto* const head = reinterpret_cast<std::byte*>(block) - kHead;
    std::allocator<std::byte>().deallocate(head, bytes(room));
  }
  static constexpr size_t bytes(uint32_t room) { return kHead + room * sizeof(T); }
  void take(T* block, uint32_t size, uint32_t room) {
    data_ = block;
    std::construct_at(head(), Head{size, room});
  }
  void leave() { data_ = nullptr; }

 private:
  struct Head {
    uint32_t size, room;
  };
  static constexpr size_t kHead = std::max(sizeof(Head), alignof(T));
  static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__ && kHead % alignof(Head) == 0);
  Head* head() const { return reinterpret_cast<Head*>(data_) - 1; }

  T* data_ = nullptr;
};

template <typename T, size_t N = 0>
class SmallVector {
  static_assert(std::is_nothrow_move_constructible_v<T>);

 public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;

  SmallVector() = default;
  SmallVector(std::initializer_list<T> list) : SmallVector() { copy(list.begin(), list.size()); }
  SmallVector(const SmallVector& other) : SmallVector() { copy(other.data(), other.size()); }
  SmallVector(SmallVector&& other) noexcept { take(other); }
  ~SmallVector() { finish(); }
  SmallVector& operator=(const SmallVector& other) {
    const bool nothing = empty() && other.empty();  // nearly always, of most lists
    if (this != &other && !nothing) copy(other.data(), other.size());
    return *this;
  }
  SmallVector& operator=(SmallVector&& other) noexcept {
    if (this == &other) return *this;
    finish();
    take(other);
    return *this;
  }

  size_t size() const { return at_.size(); }
  bool empty() const { return size() == 0; }
  size_t capacity() const { return at_.room(); }
  /// Of memory that is not in the object.
  size_t heap_bytes() const { return at_.is_apart() ? at_.bytes(at_.room()) : 0; }
  T* data() { return at_.data(); }
  const T* data() const { return at_.data(); }
  T& operator[](size_t i) { return data()[i]; }
  const T& operator[](size_t i) const { return data()[i]; }
  T& front() { return *data(); }
  const T& front() const { return *data(); }
  T& back() { return data()[size() - 1]; }
  const T& back() const { return data()[size() - 1]; }
  T* begin() { return data(); }
  T* end() { return data() + size(); }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size(); }
  bool operator==(const SmallVector& other) const {
    return std::equal(begin(), end(), other.begin(), other.end());
  }

  /// Room for that many. Strong guarantee, as of all that throws but assignment.
  void reserve(size_t room) {
    if (room > capacity()) move_to(room);
  }
  void resize(size_t size) {
    reserve(size);
    if (size <= this->size()) return shrink(size);
    std::uninitialized_value_construct(end(), data() + size);
    at_.set_size(static_cast<uint32_t>(size));
  }
  void assign(size_t size, const T& value) {
    SmallVector made;
    made.reserve(size);
    std::uninitialized_fill_n(made.data(), size, value);
    made.at_.set_size(static_cast<uint32_t>(size));
    *this = std::move(made);
  }
  template <typename... Of>
  T& emplace_back(Of&&... of) {
    if (size() == capacity()) {
      T made(std::forward<Of>(of)...);  // of its own elements, perhaps
      move_to(std::max<size_t>(2 * size(), 1));
      std::construct_at(end(), std::move(made));
    } else {
      std::construct_at(end(), std::forward<Of>(of)...);
    }
    at_.set_size(at_.size() + 1);
    return back();
  }
  void push_back(const T& value) { emplace_back(value); }
  void push_back(T&& value) { emplace_back(std::move(value)); }
  T* erase(T* first, T* last) {
    if (first != last) shrink(static_cast<size_t>(std::move(last, end(), first) - begin()));
    return first;
  }
  T* erase(T* at) { return erase(at, at + 1); }
  void clear() { shrink(0); }

 private:
  // Where it has that size nothing is written: others may read it.
  void shrink(size_t size) {
    if (size == this->size()) return;
    std::destroy(data() + size, end());
    at_.set_size(static_cast<uint32_t>(size));
  }
  // Elements that are there already are assigned to, and keep what memory they have.
  void copy(const T* from, size_t count) {
    if (count > capacity()) {
      SmallVector made;
      made.reserve(count);
      std::uninitialized_copy_n(from, count, made.data());
      made.at_.set_size(static_cast<uint32_t>(count));
      *this = std::move(made);
      return;
    }
    const size_t there = std::min(size(), count);
    std::copy_n(from, there, data());
    if (count <= size()) return shrink(count);
    std::uninitialized_copy(from + there, from + count, end());
    at_.set_size(static_cast<uint32_t>(count));
  }
  void move_to(size_t room) {
    if (room > std::numeric_limits<uint32_t>::max()) throw std::bad_alloc();
    T* const block = at_.allocate(static_cast<uint32_t>(room));
    const auto size = at_.size();
    std::uninitialized_move(begin(), end(), block);
    finish();
    at_.take(block, size, static_cast<uint32_t>(room));
  }
  // Of one that is empty.
  void take(SmallVector& other) {
    if (other.at_.is_apart()) {
      at_.take(other.data(), other.at_.size(), other.at_.room());
      other.at_.leave();
    } else {
      std::uninitialized_move(other.begin(), other.end(), data());
      at_.set_size(other.at_.size());
      other.clear();
    }
  }
  void finish() {
    std::destroy(begin(), end());
    if (at_.is_apart()) at_.free(data(), at_.room());
    at_.leave();
  }

  SmallStorage<T, N> at_;
};

template <typename T, size_t N, typename Goes>
void erase_if(SmallVector<T, N>& list, const Goes& goes) {
  list.erase(std::remove_if(list.begin(), list.end(), goes), list.end());
}

}  // namespace patron::internal
