// A struct that has grown, before any of patron's has: how the library reads one from an older
// program, and writes into one.
#include <gtest/gtest.h>

#include <cstring>

#include "capi/src/input.h"

namespace {

// 16 bytes in the first version; 24 and 32 in the next two.
struct Thing {
  uint32_t struct_size;
  int32_t bins;
  int64_t seats;
  int64_t second;
  int32_t third;
  uint32_t reserved;
};
constexpr Thing kInitial = {sizeof(Thing), 5, -1, 20, 30, 0};

}  // namespace

namespace patron::capi {

template <>
constexpr uint32_t kFirstSize<Thing> = 16;
template <>
Thing initial<Thing>() {
  return kInitial;
}
template <>
bool reserved_are_zero<Thing>(const Thing& value) {
  return value.reserved == 0;
}

namespace {

Thing given(uint32_t size) {
  Thing thing = {size, 7, 8, 200, 300, 0};
  return thing;
}

TEST(GrownStruct, OfAnOlderProgramHasDefaultsForWhatItDoesNotKnow) {
  for (const uint32_t size : {16U, 24U, 32U}) {
    const Thing thing = given(size);
    Thing read{};
    ASSERT_TRUE(read_struct(&thing, "thing", read).ok()) << size;
    EXPECT_EQ(read.struct_size, sizeof(Thing));
    EXPECT_EQ(read.bins, 7);
    EXPECT_EQ(read.seats, 8);
    EXPECT_EQ(read.second, size >= 24 ? 200 : 20);
    EXPECT_EQ(read.third, size >= 32 ? 300 : 30);
  }
}

TEST(GrownStruct, BelowItsFirstSizeIsRefused) {
  const Thing thing = given(12);
  Thing read{};
  const Status status = read_struct(&thing, "thing", read);
  EXPECT_EQ(status.code(), Code::kUnsupported);
  EXPECT_EQ(status.message(),
            "thing: struct_size is 12; want at least 16: start from the struct's _INIT");
}

// What an older program has behind its struct is its own, whatever field it would be today.
TEST(GrownStruct, OfAnOlderProgramMayHaveAnythingBehindIt) {
  Thing thing = given(24);
  thing.reserved = 1;
  Thing read{};
  EXPECT_TRUE(read_struct(&thing, "thing", read).ok());
  thing.struct_size = 32;
  EXPECT_EQ(read_struct(&thing, "thing", read).code(), Code::kUnsupported);
}

TEST(GrownStruct, IsWrittenAsFarAsTheProgramKnowsIt) {
  for (const uint32_t size : {16U, 24U, 32U}) {
    Thing thing;
    std::memset(static_cast<void*>(&thing), 0x5A, sizeof(thing));
    thing.struct_size = size;
    ASSERT_TRUE(check_output(&thing, "thing").ok());
    write_struct(Thing{sizeof(Thing), 1, 2, 3, 4, 0}, &thing);
    EXPECT_EQ(thing.struct_size, size);
    EXPECT_EQ(thing.seats, 2);
    EXPECT_EQ(thing.second, size >= 24 ? 3 : 0x5A5A5A5A5A5A5A5A);
    EXPECT_EQ(thing.third, size >= 32 ? 4 : 0x5A5A5A5A);
  }
}

}  // namespace
}  // namespace patron::capi
