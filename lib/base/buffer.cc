#include "lib/base/buffer.h"

#include <new>
#include <utility>

#include "lib/base/os.h"

namespace patron::internal {
namespace {

constexpr std::align_val_t kAlignment{64};
// Large buffers start on a huge page, so that no part of one is left to small pages at their head,
// and end on one where at most one of kMostUnused bytes stays unused.
constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kHugePageFrom = 2 * kHugePage;
constexpr size_t kMostUnused = 8;

std::align_val_t alignment_of(size_t bytes) {
  return bytes >= kHugePageFrom ? std::align_val_t{kHugePage} : kAlignment;
}

size_t rounded_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

Buffer::Buffer(size_t bytes) : size_(bytes), capacity_(bytes) {
  if (bytes > static_cast<size_t>(PTRDIFF_MAX) - kHugePage) throw std::bad_alloc();
  // Whole cache lines, so that kernels may load a full vector at the end.
  size_t room = bytes == 0 ? 64 : rounded_up(bytes, 64);
  if (bytes >= kHugePageFrom) {
    const size_t whole = rounded_up(bytes, kHugePage);
    if (whole - bytes <= bytes / kMostUnused) room = whole;
  }
  data_ = static_cast<uint8_t*>(::operator new(room, alignment_of(bytes)));
  if (bytes >= kHugePageFrom) advise_huge_pages(data_, room);
}

Buffer::~Buffer() {
  if (data_ != nullptr) ::operator delete(data_, alignment_of(capacity_));
}

Buffer::Buffer(Buffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  return *this;
}

}  // namespace patron::internal
