// expect_ok: a step of a test that must succeed.
#pragma once

#include <gtest/gtest.h>

#include "patron/status.h"

namespace patron::test {

inline void expect_ok(const Status& status) { EXPECT_TRUE(status.ok()) << status.message(); }

}  // namespace patron::test
