// What the calls of the world are written with: handles of any type, and what hands one out.
#pragma once

#include "tests/capi/world.h"

namespace patron::test {

/// Calls a function that hands out one handle, and closes what it handed out.
template <typename Handle, typename Function>
patron_status handing_out(void (*close)(Handle*), const Function& function) {
  Handle* out = reinterpret_cast<Handle*>(-1);  // must be overwritten
  const patron_status status = function(&out);
  EXPECT_EQ(out == nullptr, status != PATRON_OK);
  if (status == PATRON_OK) close(out);
  return status;
}

template <typename T>
T* as(void* handle) {
  return static_cast<T*>(handle);
}

}  // namespace patron::test
