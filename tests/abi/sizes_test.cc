// Every struct that starts with struct_size, in every size it ever had and in sizes of versions to
// come.
#include <cstring>

#include "tests/abi/arguments.h"

namespace patron::test {
namespace {

Bend sized(const SizedStruct& use, uint32_t size) {
  return {.how = Bend::How::kSize, .param = use.param, .place = use.place, .size = size};
}

template <typename Check>
void for_each_struct(bool written, const Check& check) {
  const World world;
  int64_t seen = 0;
  for (const Function& function : functions()) {
    for (const SizedStruct& use : function.structs) {
      if (use.written != written) continue;
      SCOPED_TRACE(std::string(function.name) + ", " + use.path);
      check(world, function, use);
      ++seen;
    }
  }
  EXPECT_GT(seen, 5);
}

void expect_refused(const World& world, const Function& function, const SizedStruct& use,
                    const Bend& bend, const char* says) {
  SCOPED_TRACE("size " + std::to_string(bend.size) + ", byte " + std::to_string(bend.stain));
  patron_error error = PATRON_ERROR_INIT;
  const Outcome outcome = function.run(world, bend, &error);
  EXPECT_EQ(outcome.status, PATRON_E_UNSUPPORTED) << error.message;
  EXPECT_EQ(outcome.faults, "");
  EXPECT_EQ(std::string(error.message).rfind(std::string(use.path) + ": struct_size", 0), 0U)
      << error.message;
  EXPECT_NE(std::strstr(error.message, says), nullptr) << error.message;
}

void expect_other_sizes_are_refused(const World& world, const Function& function,
                                    const SizedStruct& use) {
  const uint32_t first = use.sizes.front();
  for (const uint32_t size : {0U, 4U, first - 8, first - 1}) {
    expect_refused(world, function, use, sized(use, size), "want at least");
  }
}

TEST(EveryStruct, ThatIsReadMayHaveAnySizeItEverHad) {
  for_each_struct(false, [](const World& world, const Function& function, const SizedStruct& use) {
    const std::string full = function.run(world, {}, nullptr).text;
    for (const uint32_t size : use.sizes) {
      Bend defaults = sized(use, size);
      defaults.how = Bend::How::kDefaults;
      const std::string expected = function.run(world, defaults, nullptr).text;
      patron_error error = PATRON_ERROR_INIT;
      const Outcome outcome = function.run(world, sized(use, size), &error);
      EXPECT_EQ(outcome.status, PATRON_OK) << size << ": " << error.message;
      EXPECT_EQ(outcome.faults, "");
      EXPECT_EQ(outcome.text, expected) << "what is not there has its default";
      EXPECT_TRUE(size < use.sizes.back() || outcome.text == full);
    }
    expect_other_sizes_are_refused(world, function, use);
  });
}

TEST(EveryStruct, ThatIsReadMayBeLongerWhereTheRestIsZero) {
  for_each_struct(false, [](const World& world, const Function& function, const SizedStruct& use) {
    const std::string full = function.run(world, {}, nullptr).text;
    const uint32_t ours = use.sizes.back();
    for (const uint32_t more : {1U, 8U, static_cast<uint32_t>(kSpare)}) {
      Bend bend = sized(use, ours + more);
      EXPECT_EQ(function.run(world, bend, nullptr).text, full);
      bend.stain = static_cast<int>(ours);
      expect_refused(world, function, use, bend, "use a newer library");
      bend.stain = static_cast<int>(ours + more - 1);
      expect_refused(world, function, use, bend, "is not zero");
      bend.size = ours;  // the stain lies behind the struct now
      EXPECT_EQ(function.run(world, bend, nullptr).text, full);
    }
    expect_refused(world, function, use, sized(use, 4097), "larger than any struct");
    expect_refused(world, function, use, sized(use, 0xFFFFFFFF), "larger than any struct");
  });
}

TEST(EveryStruct, ThatIsWrittenMayHaveAnySizeItEverHad) {
  for_each_struct(true, [](const World& world, const Function& function, const SizedStruct& use) {
    std::vector<uint32_t> sizes = use.sizes;
    for (const uint32_t more : {8U, static_cast<uint32_t>(kSpare)}) {
      sizes.push_back(use.sizes.back() + more);
    }
    const std::string full = function.run(world, {}, nullptr).text;
    for (const uint32_t size : sizes) {
      patron_error error = PATRON_ERROR_INIT;
      const Outcome outcome = function.run(world, sized(use, size), &error);
      EXPECT_EQ(outcome.status, PATRON_OK) << size << ": " << error.message;
      EXPECT_EQ(outcome.faults, "") << size;
      EXPECT_TRUE(size < use.sizes.back() || outcome.text == full);
    }
    expect_other_sizes_are_refused(world, function, use);
    expect_refused(world, function, use, sized(use, 4097), "want at least");
  });
}

}  // namespace
}  // namespace patron::test
