#include "lib/base/sha256.h"

#include <gtest/gtest.h>

#include <string>

namespace {

using patron::internal::Sha256;
using patron::internal::sha256_hex;

// NIST, "Examples with intermediate values" for FIPS 180-4, and the million a's of FIPS 180-2.
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfPiecesIsThatOfTheWhole) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) bytes += static_cast<char>(i * 7);
  for (size_t size = 0; size <= bytes.size(); ++size) {
    const std::string_view part = std::string_view(bytes).substr(0, size);
    Sha256 sum;
    for (size_t at = 0; at < size; at += 1 + at % 90) {
      sum.update(part.substr(at, 1 + at % 90));
    }
    EXPECT_EQ(sum.hex(), sha256_hex(part)) << size;
  }
}

}  // namespace
