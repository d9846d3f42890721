#include "lib/base/buffer.h"

#include <new>
#include <utility>

#include "lib/base/os.h"

namespace patron::internal {
namespace {

constexpr std::align_val_t kAlignment{64};
// Large buffers start on a huge page, so that no part of one is left to small pages at their head.
constexpr std::align_val_t kHugeAlignment{size_t{2} << 20};
constexpr size_t kHugePageFrom = size_t{4} << 20;

std::align_val_t alignment_of(size_t bytes) {
  return bytes >= kHugePageFrom ? kHugeAlignment : kAlignment;
}

}  // namespace

Buffer::Buffer(size_t bytes) : size_(bytes), capacity_(bytes) {
  if (bytes > static_cast<size_t>(PTRDIFF_MAX) - 64) throw std::bad_alloc();
  // Rounded up to whole cache lines, so that kernels may load a full vector at the end.
  const size_t rounded = bytes == 0 ? 64 : (bytes + 63) & ~size_t{63};
  data_ = static_cast<uint8_t*>(::operator new(rounded, alignment_of(bytes)));
  if (bytes >= kHugePageFrom) advise_huge_pages(data_, rounded);
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
