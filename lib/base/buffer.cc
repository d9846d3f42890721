#include "lib/base/buffer.h"

#include <new>
#include <utility>

#include "lib/base/os.h"

namespace patron::internal {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr size_t kHugePageFrom = size_t{4} << 20;

}  // namespace

Buffer::Buffer(size_t bytes) : size_(bytes) {
  if (bytes > static_cast<size_t>(PTRDIFF_MAX) - 64) throw std::bad_alloc();
  // Rounded up to whole cache lines, so that kernels may load a full vector at the end.
  const size_t rounded = bytes == 0 ? 64 : (bytes + 63) & ~size_t{63};
  data_ = static_cast<uint8_t*>(::operator new(rounded, kAlignment));
  if (bytes >= kHugePageFrom) advise_huge_pages(data_, rounded);
}

Buffer::~Buffer() {
  if (data_ != nullptr) ::operator delete(data_, kAlignment);
}

Buffer::Buffer(Buffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace patron::internal
