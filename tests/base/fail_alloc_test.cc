#include "tests/base/fail_alloc.h"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <string>
#include <vector>

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

TEST(WatchMemory, FindsWhatIsHeldAndWhatWasGivenBack) {
  const std::vector<std::string> texts{"string object", "nobody wrote this"};
  const WatchMemory watch(texts);
  auto first = std::make_unique<std::string>(kLong);
  const std::string second(kLong);
  // Looked at before what is expected is there, which has the words too.
  const std::vector<std::string> both = watch.found();
  first.reset();
  const std::vector<std::string> one = watch.found();
  EXPECT_EQ(both, std::vector<std::string>{"string object: 0 blocks given back, 2 held"});
  EXPECT_EQ(one, std::vector<std::string>{"string object: 1 blocks given back, 1 held"});
}

}  // namespace
}  // namespace patron::test
