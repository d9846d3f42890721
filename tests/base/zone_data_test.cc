// The zone data inside the library: whole, hashed as documented, and readable.
#include "lib/base/zone_data.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <set>
#include <string>

#include "lib/base/tzif.h"
#include "patron/time.h"

namespace patron::internal {
namespace {

// The first n bits behind the point of the square or cube root of a prime, by integer search.
uint64_t root_fraction(uint64_t prime, int power) {
  __extension__ typedef unsigned __int128 UInt128;
  // The largest r with r^power <= prime x 2^(32 power); its low 32 bits are the fraction.
  uint64_t low = 0, high = uint64_t{1} << 38;
  while (high - low > 1) {
    const uint64_t middle = low + (high - low) / 2;
    UInt128 value = middle;
    bool over = false;
    for (int i = 1; i < power; ++i) {
      value *= middle;
      over = over || value > (UInt128{prime} << (32 * power));
    }
    (over ? high : low) = middle;
  }
  return low & 0xffffffff;
}

// SHA-256 as FIPS 180-4 section 6.2 describes it; the constants are derived as section 4.2.2 says.
class Sha256 {
 public:
  Sha256() {
    for (uint64_t prime = 2, found = 0; found < 64; ++prime) {
      bool divisible = false;
      for (uint64_t d = 2; d < prime; ++d) divisible = divisible || prime % d == 0;
      if (divisible) continue;
      if (found < 8) state_[found] = static_cast<uint32_t>(root_fraction(prime, 2));
      constants_[found++] = static_cast<uint32_t>(root_fraction(prime, 3));
    }
  }

  std::string hex(std::string message) {
    const uint64_t bits = message.size() * 8;
    message += '\x80';
    while (message.size() % 64 != 56) message += '\0';
    for (int i = 7; i >= 0; --i) message += static_cast<char>(bits >> (8 * i));
    for (size_t at = 0; at < message.size(); at += 64) block(message.data() + at);
    std::string out;
    for (const uint32_t word : state_) {
      for (int i = 28; i >= 0; i -= 4) out += "0123456789abcdef"[word >> i & 15];
    }
    return out;
  }

 private:
  void block(const char* bytes) {
    std::array<uint32_t, 64> w{};
    for (size_t i = 0; i < 64; ++i)
      w[i / 4 % 16] = w[i / 4 % 16] << 8 | static_cast<uint8_t>(bytes[i]);
    for (size_t t = 16; t < 64; ++t) {
      const uint32_t a = std::rotr(w[t - 2], 17) ^ std::rotr(w[t - 2], 19) ^ (w[t - 2] >> 10);
      const uint32_t b = std::rotr(w[t - 15], 7) ^ std::rotr(w[t - 15], 18) ^ (w[t - 15] >> 3);
      w[t] = a + w[t - 7] + b + w[t - 16];
    }
    auto [a, b, c, d, e, f, g, h] = state_;
    for (size_t t = 0; t < 64; ++t) {
      const uint32_t s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
      const uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + constants_[t] + w[t];
      const uint32_t s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
      const uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    const std::array<uint32_t, 8> next{a, b, c, d, e, f, g, h};
    for (size_t i = 0; i < 8; ++i) state_[i] += next[i];
  }

  std::array<uint32_t, 8> state_{};
  std::array<uint32_t, 64> constants_{};
};

TEST(ZoneData, TheTestsOwnSha256IsRight) {
  // FIPS 180-4, example SHA256("abc").
  EXPECT_EQ(Sha256().hex("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(ZoneData, TheHashIsOverNamesLengthsAndRules) {
  std::string message;
  for (size_t i = 0; i < kZoneData.names.size(); ++i) {
    const std::string_view rules = kZoneData.rules[i];
    message += kZoneData.names[i];
    message += '\0';
    for (int shift = 0; shift < 32; shift += 8) message += static_cast<char>(rules.size() >> shift);
    message += rules;
  }
  EXPECT_EQ(zone_data_hash(), Sha256().hex(message));
}

TEST(ZoneData, TheVersionIsAYearAndALetter) {
  const std::string_view version = zone_data_version();
  ASSERT_GE(version.size(), 5u);
  EXPECT_GE(version.substr(0, 4), "2022");
  EXPECT_GE(version[4], 'a');
  EXPECT_LE(version[4], 'z');
}

TEST(ZoneData, EveryZoneCanBeRead) {
  ASSERT_EQ(kZoneData.names.size(), kZoneData.rules.size());
  for (size_t i = 0; i < kZoneData.names.size(); ++i) {
    const Result<Tzif> zone = read_tzif(kZoneData.rules[i]);
    EXPECT_TRUE(zone.ok()) << kZoneData.names[i] << ": " << zone.status().message();
  }
}

TEST(ZoneData, EqualRulesAreHeldOnce) {
  std::set<std::string_view> contents;
  std::set<const char*> places;
  size_t bytes = 0;
  for (std::string_view rules : kZoneData.rules) {
    if (places.insert(rules.data()).second) bytes += rules.size();
    contents.insert(rules);
  }
  EXPECT_EQ(contents.size(), places.size());
  EXPECT_LT(bytes, 500'000u);
}

}  // namespace
}  // namespace patron::internal
