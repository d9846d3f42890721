// A call that ends where its caller says: by its progress callback, and by a cancel token.
#pragma once

#include <gtest/gtest.h>

#include "tests/capi/world.h"

namespace patron::test {

/// `call()` is made with these options, and writes `error`.
template <typename Options, typename Call>
void expect_stops(Options* options, const patron_error& error, Call call) {
  int calls = 0;
  options->progress = [](void* context, double) -> int32_t {
    ++*static_cast<int*>(context);
    return 17;
  };
  options->progress_context = &calls;
  EXPECT_EQ(call(), PATRON_E_CALLBACK) << error.message;
  EXPECT_EQ(error.detail, 17);
  EXPECT_EQ(calls, 1);
  options->progress = nullptr;
  const World world;
  patron_cancel_request(world.cancel.get());
  options->cancel = world.cancel.get();
  EXPECT_EQ(call(), PATRON_E_CANCELLED) << error.message;
  options->cancel = nullptr;
}

}  // namespace patron::test
