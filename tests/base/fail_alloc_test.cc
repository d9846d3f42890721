#include "tests/base/fail_alloc.h"

#include <gtest/gtest.h>

#include <new>
#include <string>

namespace patron::test {
namespace {

// The text is longer than what std::string keeps inside itself.
constexpr const char* kLong = "a text that does not fit into the string object itself";

TEST(FailAllocation, TheOneAllocationNamedFails) {
  const FailAllocation failing(1);
  const std::string first(kLong);
  EXPECT_FALSE(failing.happened());
  EXPECT_THROW((void)std::string{kLong}, std::bad_alloc);
  EXPECT_TRUE(failing.happened());
  EXPECT_NO_THROW((void)std::string{kLong});
}

TEST(FailAllocation, ALastingFailureFailsEveryAllocationAfterIt) {
  const FailAllocation failing(0, true);
  EXPECT_THROW((void)std::string{kLong}, std::bad_alloc);
  EXPECT_THROW((void)std::string{kLong}, std::bad_alloc);
}

TEST(FailAllocation, NothingFailsOnceItIsGone) {
  { const FailAllocation failing(0, true); }
  EXPECT_NO_THROW((void)std::string{kLong});
}

}  // namespace
}  // namespace patron::test
