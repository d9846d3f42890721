// What holds for the pointers of every function: none may be NULL but those that the description
// calls optional, and an error struct has one size.
#include <cstring>

#include "tests/abi/call.h"

namespace patron::test {
namespace {

TEST(EveryFunction, SucceedsWhenItIsCalledSensibly) {
  const World world;
  for (const Function& function : functions()) {
    patron_error error = PATRON_ERROR_INIT;
    const patron_error untouched = error;
    const Outcome outcome = function.run(world, {}, &error);
    EXPECT_EQ(outcome.status, PATRON_OK) << function.name << ": " << error.message;
    EXPECT_EQ(outcome.faults, "") << function.name;
    EXPECT_FALSE(outcome.nothing) << function.name;
    EXPECT_EQ(std::memcmp(&error, &untouched, sizeof(error)), 0) << function.name;
    const Outcome again = function.run(world, {}, nullptr);
    EXPECT_EQ(again.status, PATRON_OK) << function.name;
    // What is serial may have changed its handle.
    if (function.thread != "serial") {
      EXPECT_EQ(again.text, outcome.text) << function.name;
    }
  }
}

void expect_null_is_refused(const World& world, const Function& function, int place) {
  const Param& param = function.params[static_cast<size_t>(place)];
  patron_error error = PATRON_ERROR_INIT;
  const Outcome outcome = function.run(world, null_for(place), &error);
  EXPECT_EQ(outcome.faults, "");
  if (function.closes || param.optional || (!function.reports && param.role != Role::kHandle)) {
    EXPECT_EQ(outcome.status, PATRON_OK) << "listed as optional, but refused: " << error.message;
    return;
  }
  if (!function.reports) {
    EXPECT_TRUE(outcome.nothing || outcome.text.empty()) << outcome.text;
    return;
  }
  const bool handle = param.role == Role::kHandle;
  EXPECT_EQ(outcome.status, handle ? PATRON_E_HANDLE : PATRON_E_ARGUMENT)
      << "a parameter that may be NULL stands in \"optional\" of the function in capi/api";
  EXPECT_EQ(std::string(error.message).rfind(std::string(param.name) + " is NULL", 0), 0U)
      << error.message;
  EXPECT_EQ(function.run(world, null_for(place), nullptr).status, outcome.status);
}

TEST(EveryFunction, RefusesNullByTheNameOfTheParameter) {
  const World world;
  for (const Function& function : functions()) {
    for (int i = 0; i < static_cast<int>(function.params.size()); ++i) {
      const Param& param = function.params[static_cast<size_t>(i)];
      if (!param.pointer || param.role == Role::kError) continue;
      SCOPED_TRACE(std::string(function.name) + ", " + param.name);
      expect_null_is_refused(world, function, i);
    }
  }
}

TEST(EveryFunction, RefusesAnErrorStructOfAnotherSize) {
  const World world;
  for (const Function& function : functions()) {
    if (!function.reports) continue;
    for (const uint32_t size : {0U, 16U, 1016U, 1032U, 0xFFFFFFFFU}) {
      patron_error error = PATRON_ERROR_INIT;
      error.struct_size = size;
      const patron_error untouched = error;
      const Outcome outcome = function.run(world, {}, &error);
      EXPECT_EQ(outcome.status, PATRON_E_UNSUPPORTED) << function.name << ", " << size;
      EXPECT_EQ(outcome.faults, "") << function.name;
      EXPECT_EQ(std::memcmp(&error, &untouched, sizeof(error)), 0) << function.name;
    }
  }
}

}  // namespace
}  // namespace patron::test
