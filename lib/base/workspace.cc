#include "lib/base/workspace.h"

#include <utility>

namespace patron {
inline namespace v0 {

Workspace::Workspace() : data_(std::make_unique<internal::WorkspaceData>()) {}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

int64_t Workspace::bytes() const {
  return data_ != nullptr ? static_cast<int64_t>(data_->bytes()) : 0;
}

}  // namespace v0

namespace internal {

Buffer WorkspaceData::take(size_t bytes) {
  Buffer buffer;
  {
    const std::lock_guard lock(mutex_);
    std::swap(buffer, kept_);
  }
  if (buffer.capacity() < bytes) {
    buffer = Buffer();  // first, so that both are never there at once
    buffer = Buffer(bytes);
  }
  return buffer;
}

void WorkspaceData::give(Buffer buffer) {
  const std::lock_guard lock(mutex_);
  if (buffer.capacity() > kept_.capacity()) std::swap(kept_, buffer);
}

size_t WorkspaceData::bytes() const {
  const std::lock_guard lock(mutex_);
  return kept_.capacity();
}

Loan::Loan(Workspace* workspace, size_t bytes)
    : workspace_(workspace != nullptr ? workspace->data() : nullptr),
      buffer_(workspace_ != nullptr ? workspace_->take(bytes) : Buffer(bytes)) {}

Loan::~Loan() {
  if (workspace_ != nullptr) workspace_->give(std::move(buffer_));
}

Loan::Loan(Loan&& other) noexcept
    : workspace_(std::exchange(other.workspace_, nullptr)), buffer_(std::move(other.buffer_)) {}

Loan& Loan::operator=(Loan&& other) noexcept {
  std::swap(workspace_, other.workspace_);
  std::swap(buffer_, other.buffer_);
  return *this;
}

}  // namespace internal
}  // namespace patron
