#include "tests/capi/world.h"

namespace patron::test {
namespace {

TEST(Version, IsThreeNumbers) {
  // Three numbers with points between them.
  const std::string version = patron_version();
  int points = 0;
  for (const char c : version) {
    EXPECT_TRUE(c == '.' || (c >= '0' && c <= '9')) << version;
    points += c == '.';
  }
  EXPECT_EQ(points, 2) << version;
}

TEST(Version, OfTheAbiIsTheHeaders) {
  EXPECT_EQ(patron_abi_version(), (uint32_t{PATRON_ABI_MAJOR} << 16 | PATRON_ABI_MINOR));
}

TEST(Version, OfTheZoneDataHasAYearAndALetterAndAHash) {
  const std::string version = text(patron_zone_data_version());
  ASSERT_EQ(version.size(), 5U) << version;
  EXPECT_EQ(version.substr(0, 2), "20");
  EXPECT_GE(version[4], 'a');
  const std::string hash = text(patron_zone_data_hash());
  EXPECT_EQ(hash.size(), 64U);
  EXPECT_EQ(hash.find_first_not_of("0123456789abcdef"), std::string::npos) << hash;
}

TEST(Buffer, HoldsItsTextUntilItIsClosed) {
  const World world;
  const patron_str json = patron_buffer_text(world.buffer.get());
  ASSERT_NE(json.data, nullptr);
  EXPECT_EQ(json.data[0], '{');
  EXPECT_EQ(patron_buffer_text(world.buffer.get()).data, json.data) << "borrowed, not copied";
}

}  // namespace
}  // namespace patron::test
