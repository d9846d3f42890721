#include "lib/base/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace {

using patron::internal::crc32c;
using patron::internal::crc32c_by_tables;

// RFC 3720, appendix B.4; the check value of CRC-32/ISCSI in the catalogue of parametrised CRCs.
TEST(Crc32c, GivesThePublishedSums) {
  std::string up, down;
  for (int i = 0; i < 32; ++i) {
    up += static_cast<char>(i);
    down += static_cast<char>(31 - i);
  }
  for (const auto& crc : {crc32c, crc32c_by_tables}) {
    EXPECT_EQ(crc("", 0), 0u);
    EXPECT_EQ(crc("123456789", 0), 0xE3069283u);
    EXPECT_EQ(crc(std::string(32, '\0'), 0), 0x8A9136AAu);
    EXPECT_EQ(crc(std::string(32, '\xFF'), 0), 0x62A8AB43u);
    EXPECT_EQ(crc(up, 0), 0x46DD794Eu);
    EXPECT_EQ(crc(down, 0), 0x113FDB5Cu);
  }
}

TEST(Crc32c, OfPartsIsThatOfTheWholeByInstructionAndByTables) {
  std::mt19937_64 random(1);
  std::string bytes;
  for (int i = 0; i < 300; ++i) bytes += static_cast<char>(random());
  for (size_t size = 0; size <= bytes.size(); ++size) {
    const std::string_view part = std::string_view(bytes).substr(0, size);
    EXPECT_EQ(crc32c(part), crc32c_by_tables(part)) << size;
    const size_t cut = size == 0 ? 0 : random() % size;
    EXPECT_EQ(crc32c(part.substr(cut), crc32c(part.substr(0, cut))), crc32c(part)) << size;
  }
}

}  // namespace
