// What stands behind patron::Workspace: one buffer, lent to one call at a time.
#pragma once

#include <mutex>

#include "lib/base/buffer.h"
#include "patron/workspace.h"

namespace patron::internal {

class WorkspaceData {
 public:
  /// A buffer of so many bytes, of any content: the one that is kept where it is there and large
  /// enough. Throws std::bad_alloc. Thread class: any-time.
  Buffer take(size_t bytes);
  /// Keeps a buffer, where it holds more than the one that is kept. Thread class: any-time.
  void give(Buffer buffer);
  size_t bytes() const;

 private:
  mutable std::mutex mutex_;
  Buffer kept_;
};

/// A buffer on loan from a workspace, or of its own where there is none; goes back by itself.
class Loan {
 public:
  Loan() = default;
  Loan(Workspace* workspace, size_t bytes);
  ~Loan();
  Loan(Loan&& other) noexcept;
  Loan& operator=(Loan&& other) noexcept;

  template <typename T>
  T* as() {
    return buffer_.as<T>();
  }

 private:
  WorkspaceData* workspace_ = nullptr;
  Buffer buffer_;
};

}  // namespace patron::internal
