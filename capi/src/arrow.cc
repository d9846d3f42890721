// Arrow structs that patron owns until somebody consumes them, for bindings.
#include <atomic>

#include "capi/src/guard.h"
#include "capi/src/handles.h"
#include "capi/src/input.h"

using namespace patron::capi;  // NOLINT
using patron::Status;

namespace {

template <typename Arrow>
void release_and_free(void* arrow) {
  Arrow* mine = static_cast<Arrow*>(arrow);
  if (mine->release != nullptr) mine->release(mine);
  delete mine;
}

void* create(int32_t kind) {
  switch (kind) {
    case PATRON_ARROW_STREAM:
      return new ArrowArrayStream{};
    case PATRON_ARROW_SCHEMA:
      return new ArrowSchema{};
    default:
      return new ArrowArray{};
  }
}

using CapsuleIsValid = int (*)(void* capsule, const char* name);
using CapsuleGetPointer = void* (*)(void* capsule, const char* name);

// The one thing that outlives a call without a handle: the two functions of the interpreter, which
// are the same in the whole process.
std::atomic<CapsuleIsValid> capsule_is_valid{nullptr};
std::atomic<CapsuleGetPointer> capsule_get_pointer{nullptr};

}  // namespace

patron_status patron_arrow_create(int32_t kind, void** arrow, patron_error* error) noexcept {
  clear(arrow);
  return guard(error, [&]() -> Status {
    Status status =
        first_error({require_choice(kind, PATRON_ARROW_ARRAY, "kind"), require(arrow, "arrow")});
    if (!status.ok()) return status;
    *arrow = create(kind);
    return {};
  });
}

void patron_arrow_close(int32_t kind, void* arrow) noexcept {
  if (arrow == nullptr) return;
  if (kind == PATRON_ARROW_STREAM) release_and_free<ArrowArrayStream>(arrow);
  if (kind == PATRON_ARROW_SCHEMA) release_and_free<ArrowSchema>(arrow);
  if (kind == PATRON_ARROW_ARRAY) release_and_free<ArrowArray>(arrow);
}

void patron_python_attach(void* is_valid, void* get_pointer) noexcept {
  capsule_is_valid.store(reinterpret_cast<CapsuleIsValid>(is_valid));
  capsule_get_pointer.store(reinterpret_cast<CapsuleGetPointer>(get_pointer));
}

void patron_python_capsule_destroy(void* capsule) noexcept {
  const CapsuleIsValid is_valid = capsule_is_valid.load();
  const CapsuleGetPointer get_pointer = capsule_get_pointer.load();
  if (is_valid == nullptr || get_pointer == nullptr) return;
  struct Named {
    const char* name;
    int32_t kind;
  };
  for (const Named& named :
       {Named{"arrow_array_stream", PATRON_ARROW_STREAM},
        Named{"arrow_schema", PATRON_ARROW_SCHEMA}, Named{"arrow_array", PATRON_ARROW_ARRAY}}) {
    if (is_valid(capsule, named.name) == 0) continue;
    patron_arrow_close(named.kind, get_pointer(capsule, named.name));
    return;
  }
}
