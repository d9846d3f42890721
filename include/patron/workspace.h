// Workspace: scratch memory that is kept from call to call.
//
// A call on many rows needs scratch memory in proportion to them, and memory that comes fresh from
// the operating system is cleared page by page, which is a tenth of the time of such a call. Who
// calls again and again keeps the memory in a workspace instead. It never changes a result.
//
//   patron::Workspace workspace;
//   options.workspace = &workspace;
//   for (const patron::Table& orders : bases) patron::rfm(orders, options);   // takes it once
//
// Calls may share a workspace at the same time: one of them has the memory, the others take their
// own, and the largest is kept.
#pragma once

#include <cstdint>
#include <memory>

namespace patron {

namespace internal {
class WorkspaceData;
}

inline namespace v0 {

class Workspace {
 public:
  /// Empty. Throws std::bad_alloc. Thread class: pure.
  Workspace();
  ~Workspace();
  /// What is moved from keeps nothing any more: calls may name it, and take memory of their own.
  /// Thread class: serial, and not while a call has it.
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;

  /// How many bytes it holds now, those that a call has left out. Thread class: any-time.
  int64_t bytes() const;
  /// For the library; null where it was moved from.
  internal::WorkspaceData* data() { return data_.get(); }

 private:
  std::unique_ptr<internal::WorkspaceData> data_;
};

}  // namespace v0
}  // namespace patron
