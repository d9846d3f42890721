// StableVector: a vector whose elements never move, so that none of its calls takes long.
//
//   StableVector<Member> members;
//   members.resize(1'000'000);        // makes the new ones; the old ones stay where they are
//   members[7].due = t;
//
// Elements lie in blocks. The first ones are each twice as large as the one before, so that few
// elements take little and the block of an index is known from its highest bit (Katajainen and
// Mortensen, "Experiences with the design and implementation of space-efficient deques", WAE 2001);
// all others have 4,096. A vector that doubles copies all it has at once: 43 ms for 512,000
// elements of 170 bytes. From some 70,000 elements on memory is taken for some blocks at a time, in
// huge pages where the system has them: looking up a page of 4 KiB takes as long as the element.
//
// Thread class: const is shared; changing is serial.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <iterator>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "lib/base/os.h"

namespace patron::internal {

/// T is made by its default constructor, which does not fail.
template <typename T>
class StableVector {
 public:
  StableVector() = default;
  ~StableVector() { shrink(0); }
  StableVector(StableVector&& other) noexcept
      : blocks_(std::move(other.blocks_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  StableVector(const StableVector&) = delete;
  StableVector& operator=(const StableVector&) = delete;

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// Elements for which there is memory.
  size_t capacity() const { return capacity_; }

  T& operator[](size_t i) { return *place(i); }
  const T& operator[](size_t i) const { return *place(i); }

  /// Memory for that many elements. Strong guarantee.
  void reserve(size_t count) {
    while (capacity_ < count) {
      const size_t more = blocks_.size() < kSingle ? 1 : kGroup;
      if (blocks_.capacity() - blocks_.size() < more) blocks_.reserve(2 * blocks_.size() + more);
      if (blocks_.size() < kSingle) {
        add_block();
      } else {
        add_group();
      }
    }
  }
  /// Makes new elements at the end, or ends those that are too many. Strong guarantee.
  void resize(size_t count) {
    reserve(count);
    for (; size_ < count; ++size_) std::construct_at(place(size_));
    if (count < size_) shrink(count);
  }

  /// Adds a copy of an element. Strong guarantee; where there is memory for it, it fails only where
  /// the copy does.
  void push_back(const T& made) {
    if (size_ == capacity_) reserve(size_ + 1);
    std::construct_at(place(size_), made);
    ++size_;
  }

  template <typename Of>
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = decltype(&(*std::declval<Of*>())[0]);
    using reference = decltype((*std::declval<Of*>())[0]);

    Iterator() = default;
    Iterator(Of* of, size_t i) : of_(of), i_(i) {}
    reference operator*() const { return (*of_)[i_]; }
    pointer operator->() const { return &(*of_)[i_]; }
    Iterator& operator++() {
      ++i_;
      return *this;
    }
    Iterator operator++(int) { return {of_, i_++}; }
    bool operator==(const Iterator& other) const { return i_ == other.i_; }

   private:
    Of* of_ = nullptr;
    size_t i_ = 0;
  };
  Iterator<StableVector> begin() { return {this, 0}; }
  Iterator<StableVector> end() { return {this, size_}; }
  Iterator<const StableVector> begin() const { return {this, 0}; }
  Iterator<const StableVector> end() const { return {this, size_}; }

 private:
  static constexpr int kFirstBits = 3, kWholeBits = 12;
  static constexpr size_t kFirst = size_t{1} << kFirstBits;    // elements of the first block
  static constexpr size_t kWhole = size_t{1} << kWholeBits;    // and of those that do not grow
  static constexpr size_t kGrowing = kWholeBits - kFirstBits;  // blocks that do
  static constexpr size_t kInGrowing = kWhole - kFirst;        // elements in them

  static constexpr size_t kSingle = kGrowing + 16;  // blocks that are taken one by one
  // The others are taken together, so many that MoveLog's records of 48 bytes and EngineMembers of
  // 192 fill huge pages.
  static constexpr size_t kGroupBytes = size_t{6} << 20;
  static constexpr size_t kGroup = std::max<size_t>(1, kGroupBytes / (kWhole * sizeof(T)));
  static constexpr std::align_val_t kHugePage{size_t{2} << 20};

  // There is room for them in blocks_.
  void add_block() {
    const size_t room = room_of(blocks_.size());
    blocks_.push_back(std::allocator<T>().allocate(room));
    capacity_ += room;
  }
  void add_group() {
    constexpr size_t kBytes = kGroup * kWhole * sizeof(T);
    void* const memory = ::operator new(kBytes, kHugePage);
    advise_huge_pages(memory, kBytes);
    for (size_t k = 0; k < kGroup; ++k) blocks_.push_back(static_cast<T*>(memory) + k * kWhole);
    capacity_ += kGroup * kWhole;
  }
  static size_t room_of(size_t block) { return block < kGrowing ? kFirst << block : kWhole; }
  // Of nearly all elements of a long vector: so little that callers have it inline.
  [[gnu::always_inline]] T* place(size_t i) const {
    if (i < kInGrowing) return place_in_growing(i);
    i -= kInGrowing;
    return blocks_[kGrowing + (i >> kWholeBits)] + i % kWhole;
  }
  // Counted from kFirst the highest bit says the block, the others the place there.
  [[gnu::noinline]] T* place_in_growing(size_t i) const {
    const size_t from_first = i + kFirst;
    const int bit = std::bit_width(from_first) - 1;
    return blocks_[static_cast<size_t>(bit - kFirstBits)] + (from_first ^ (size_t{1} << bit));
  }
  void shrink(size_t count) {
    while (size_ > count) std::destroy_at(place(--size_));
    for (; count == 0 && !blocks_.empty(); blocks_.pop_back()) {
      const size_t last = blocks_.size() - 1;
      if (last < kSingle) {
        std::allocator<T>().deallocate(blocks_.back(), room_of(last));
      } else if ((last - kSingle) % kGroup == 0) {
        ::operator delete(blocks_.back(), kHugePage);
      }
    }
    if (count == 0) capacity_ = 0;
  }

  std::vector<T*> blocks_;
  size_t size_ = 0, capacity_ = 0;
};

}  // namespace patron::internal
