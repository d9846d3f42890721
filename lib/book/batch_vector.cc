#include "lib/book/batch_vector.h"

#include <new>

#include "lib/base/os.h"
#include "lib/base/wiped.h"

namespace patron::internal {
namespace {

constexpr size_t kHugeFrom = size_t{4} << 20;
constexpr std::align_val_t kHugePage{size_t{2} << 20};

}  // namespace

BatchMemory::BatchMemory(size_t bytes) : bytes_(bytes) {
  if (bytes > static_cast<size_t>(PTRDIFF_MAX)) throw std::bad_alloc();
  if (bytes < kHugeFrom) {
    data_ = ::operator new(bytes);
    return;
  }
  data_ = ::operator new(bytes, kHugePage);
  advise_huge_pages(data_, bytes);
}

BatchMemory::~BatchMemory() {
  if (data_ == nullptr) return;
  wipe_bytes(data_, bytes_);
  if (bytes_ < kHugeFrom) {
    ::operator delete(data_);
  } else {
    ::operator delete(data_, kHugePage);
  }
}

}  // namespace patron::internal
