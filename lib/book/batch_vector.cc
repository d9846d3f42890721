#include "lib/book/batch_vector.h"

#include <new>

#include "lib/base/os.h"
#include "lib/base/wiped.h"

namespace patron::internal {
namespace {

constexpr size_t kHuge = size_t{2} << 20;
constexpr std::align_val_t kHugePage{kHuge};
// The last page is a huge one too where at most one of so many bytes stays unused.
constexpr size_t kMostUnused = 8;

}  // namespace

BatchMemory::BatchMemory(size_t bytes) : bytes_(bytes) {
  if (bytes > static_cast<size_t>(PTRDIFF_MAX)) throw std::bad_alloc();
  if (bytes < kHuge) {
    data_ = ::operator new(bytes);
    return;
  }
  const size_t whole = (bytes + kHuge - 1) / kHuge * kHuge;
  if (whole - bytes <= bytes / kMostUnused) bytes_ = whole;
  data_ = ::operator new(bytes_, kHugePage);
  advise_huge_pages(data_, bytes_);
}

BatchMemory::~BatchMemory() {
  if (data_ == nullptr) return;
  wipe_bytes(data_, bytes_);
  if (bytes_ < kHuge) {
    ::operator delete(data_);
  } else {
    ::operator delete(data_, kHugePage);
  }
}

}  // namespace patron::internal
