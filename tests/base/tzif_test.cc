#include "lib/base/tzif.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/zone_data.h"
#include "lib/base/zone_rules.h"

namespace patron::internal {
namespace {

void put(std::string* out, uint64_t value, int size) {
  for (int i = size - 1; i >= 0; --i) *out += static_cast<char>(value >> (8 * i));
}

// A TZif file from its second header on, after RFC 8536, sections 3.1 to 3.3.
struct File {
  char version = '2';
  uint32_t leap_count = 0;
  std::vector<std::pair<int64_t, int>> transitions;  // instant, type
  std::vector<int32_t> types{0};
  std::string designations{"UTC\0", 4};
  std::string footer = "\nUTC0\n";

  std::string bytes() const {
    std::string out = "TZif";
    out += version;
    out += std::string(15, '\0');
    put(&out, 0, 4);  // isutcnt
    put(&out, 0, 4);  // isstdcnt
    put(&out, leap_count, 4);
    put(&out, transitions.size(), 4);
    put(&out, types.size(), 4);
    put(&out, designations.size(), 4);
    for (const auto& [at, type] : transitions) put(&out, static_cast<uint64_t>(at), 8);
    for (const auto& [at, type] : transitions) out += static_cast<char>(type);
    for (const int32_t offset : types) {
      put(&out, static_cast<uint32_t>(offset), 4);
      out += std::string(2, '\0');
    }
    return out + designations + footer;
  }
};

std::string problem(const File& file) {
  const Result<Tzif> zone = read_tzif(file.bytes());
  EXPECT_FALSE(zone.ok());
  EXPECT_EQ(zone.status().code(), Code::kZone);
  return zone.status().message();
}

TEST(Tzif, TransitionsOffsetsAndFooterAreRead) {
  File file;
  file.types = {-75, 3600, 7200};
  file.transitions = {{-1'000'000'000'000, 1}, {500, 2}, {900, 1}};
  file.footer = "\nCET-1CEST,M3.5.0,M10.5.0/3\n";
  const Result<Tzif> zone = read_tzif(file.bytes());
  ASSERT_TRUE(zone.ok()) << zone.status().message();
  EXPECT_EQ(zone->first_offset, -75);
  EXPECT_EQ(zone->transitions, (std::vector<int64_t>{-1'000'000'000'000, 500, 900}));
  EXPECT_EQ(zone->offsets, (std::vector<int32_t>{3600, 7200, 3600}));
  ASSERT_TRUE(zone->footer);
  EXPECT_EQ(zone->footer->daylight, 7200);
}

TEST(Tzif, AnEmptyFooterMeansNoRules) {
  File file;
  file.footer = "\n\n";
  const Result<Tzif> zone = read_tzif(file.bytes());
  ASSERT_TRUE(zone.ok());
  EXPECT_FALSE(zone->footer);
}

TEST(Tzif, DamageIsNamed) {
  File file;
  file.transitions = {{5, 0}, {5, 0}};
  EXPECT_EQ(problem(file), "the time zone data is damaged: its transitions are out of order");
  file.transitions = {{5, 1}};
  EXPECT_EQ(problem(file), "the time zone data is damaged: a transition has an unknown type");
  file = File();
  file.types = {93'600};
  EXPECT_EQ(problem(file), "the time zone data is damaged: an offset from UTC is more than a day");
  file.types = {-90'000};
  EXPECT_EQ(problem(file), "the time zone data is damaged: an offset from UTC is more than a day");
  file.types = {};
  EXPECT_EQ(problem(file),
            "the time zone data is damaged: it has no local time type, or more than 256");
  file = File();
  file.version = '\0';
  EXPECT_EQ(problem(file), "the time zone data is damaged: it has no 64-bit data (version 1)");
  file = File();
  file.leap_count = 1;
  EXPECT_EQ(problem(file), "the time zone data is damaged: it counts leap seconds");
  file = File();
  file.footer = "\nUTC0";
  EXPECT_EQ(problem(file),
            "the time zone data is damaged: its footer is not between two line ends");
  file.footer = "\nUTC zero\n";
  EXPECT_EQ(problem(file), "the time zone data is damaged: its footer is no POSIX time zone");
  EXPECT_EQ(read_tzif("TZif2").status().message(),
            "the time zone data is damaged: shorter than its header");
  EXPECT_EQ(read_tzif(std::string(60, 'x')).status().message(),
            "the time zone data is damaged: it does not begin with \"TZif\"");
}

TEST(Tzif, EveryTruncationIsRefused) {
  for (size_t zone = 0; zone < kZoneData.rules.size(); zone += 37) {
    const std::string_view whole = kZoneData.rules[zone];
    for (size_t size = 0; size < whole.size(); ++size) {
      const std::vector<char> exact(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
      // A file cut just behind the first line end of its footer would have the empty footer "\n".
      ASSERT_FALSE(read_tzif({exact.data(), exact.size()}).ok())
          << kZoneData.names[zone] << " cut at " << size;
    }
  }
}

TEST(Tzif, HostileBytesAreRefusedOrGiveAZoneThatAnswers) {
  std::mt19937_64 random(8536);
  const std::string_view whole = kZoneData.rules[kZoneData.rules.size() / 2];
  int accepted = 0;
  for (int i = 0; i < 3000; ++i) {
    std::vector<char> bytes(whole.begin(), whole.end());
    for (uint64_t n = random() % 4 + 1; n > 0; --n) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const Result<Tzif> tzif = read_tzif({bytes.data(), bytes.size()});
    if (!tzif.ok()) continue;
    ++accepted;
    const ZoneRules rules("hostile", *tzif);
    for (const Micros t : {INT64_MIN, kMinTime, int64_t{0}, kEndTime, INT64_MAX}) {
      const int64_t wall = rules.to_wall(t);
      ASSERT_LE(rules.from_wall(wall), rules.from_wall_for_good(wall));
    }
  }
  EXPECT_GT(accepted, 100);  // else the test saw nothing
}

}  // namespace
}  // namespace patron::internal
