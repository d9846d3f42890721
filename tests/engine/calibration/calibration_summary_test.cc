#include "lib/engine/calibration/calibration_summary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "lib/engine/calibration/byte_code.h"

namespace patron::internal {
namespace {

CalibrationSummary random_summary(std::mt19937_64& random, int64_t part) {
  CalibrationSummary out;
  out.policy = "p", out.basis = "b", out.at = -5, out.customers = 3;
  SummarySection values{"values", Multiset(2), {}};
  for (int i = 0; i < 30; ++i) {
    values.rows.add({static_cast<int64_t>(random() % 5) - 2, static_cast<int64_t>(random())});
  }
  values.rows.seal();
  out.sections.push_back(values);
  SummarySection roll{"roll", Multiset(1), {}};
  for (int64_t i = 0; i < 4; ++i) {
    RollEntry entry;
    entry.id.number = 4 * i + part;
    entry.facts = {static_cast<int64_t>(random()), 1, -1, 0};
    roll.roll.push_back(entry);
  }
  out.sections.push_back(roll);
  return out;
}

TEST(CalibrationSummary, PartsMergeToTheSameBytesInAnyOrder) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<CalibrationSummary> parts;
    for (int64_t part = 0; part < 4; ++part) parts.push_back(random_summary(random, part));
    CalibrationSummary first = parts[0];
    for (size_t i = 1; i < parts.size(); ++i) ASSERT_TRUE(first.merge(parts[i]).ok());
    std::shuffle(parts.begin(), parts.end(), random);
    // As a tree: the parts of parts.
    CalibrationSummary left = parts[0], right = parts[2];
    ASSERT_TRUE(left.merge(parts[1]).ok());
    ASSERT_TRUE(right.merge(parts[3]).ok());
    ASSERT_TRUE(right.merge(left).ok());
    ASSERT_EQ(first.to_bytes(), right.to_bytes()) << "seed " << seed;
    const Result<CalibrationSummary> read = CalibrationSummary::parse(first.to_bytes());
    ASSERT_TRUE(read.ok()) << read.status().message();
    ASSERT_EQ(*read, first);
  }
}

TEST(CalibrationSummary, WhatDoesNotGoTogetherIsRefusedAndChangesNothing) {
  std::mt19937_64 random(1);
  CalibrationSummary a = random_summary(random, 0);
  const CalibrationSummary before = a;
  for (int what = 0; what < 6; ++what) {
    CalibrationSummary b = random_summary(random, 1);
    if (what == 0) b.policy = "q";
    if (what == 1) b.basis = "c";
    if (what == 2) b.at = 0;
    if (what == 3) b.stage = 1;
    if (what == 4) b.sections.pop_back();
    if (what == 5) b.sections[1].roll[2].id = a.sections[1].roll[2].id;
    EXPECT_EQ(a.merge(b).code(), Code::kArgument) << what;
    EXPECT_EQ(a, before) << what;
  }
  CalibrationSummary b = random_summary(random, 1);
  b.sections[1].roll[3].id = a.sections[1].roll[1].id;
  std::sort(b.sections[1].roll.begin(), b.sections[1].roll.end(),
            [](const RollEntry& x, const RollEntry& y) { return x.id < y.id; });
  EXPECT_NE(a.merge(b).message().find("roll: a customer is in two parts"), std::string::npos);
}

TEST(CalibrationSummary, DamagedBytesAreRefused) {
  std::mt19937_64 random(2);
  const std::string bytes = random_summary(random, 0).to_bytes();
  EXPECT_EQ(CalibrationSummary::parse("").status().code(), Code::kSyntax);
  EXPECT_EQ(CalibrationSummary::parse(bytes.substr(0, 30)).status().code(), Code::kSyntax);
  for (size_t i = 0; i < bytes.size(); i += 7) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_EQ(CalibrationSummary::parse(damaged).status().code(), Code::kSyntax) << i;
  }
  EXPECT_EQ(CalibrationSummary::parse(bytes + "x").status().code(), Code::kSyntax);
}

// Up to eight bytes are read at once where as many follow, one by one at the end.
TEST(ByteCode, NumbersOfEveryLengthAreReadWhereverTheyStand) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (const uint64_t value : {uint64_t{1} << bit, (uint64_t{1} << bit) - 1,
                                 (uint64_t{1} << bit) | 0x5A5A'5A5A'5A5A'5A5A >> (63 - bit)}) {
      ByteWriter out;
      out.number(value);
      const size_t size = out.bytes().size();
      for (const size_t behind : {0, 1, 7, 8}) {
        const std::string bytes = out.bytes() + std::string(behind, '\xFF');
        ByteReader in(bytes);
        uint64_t read = 0;
        ASSERT_TRUE(in.number(read)) << value;
        EXPECT_EQ(read, value);
        EXPECT_EQ(in.at(), size) << value;
        std::string longer = out.bytes() + std::string(behind, 'x');  // with a byte too many
        longer[size - 1] = static_cast<char>(longer[size - 1] | '\x80');
        longer.insert(size, 1, '\0');
        EXPECT_FALSE(ByteReader(longer).number(read)) << value;
        EXPECT_FALSE(ByteReader(std::string_view(longer).substr(0, size)).number(read)) << value;
      }
    }
  }
}

TEST(ByteCode, NumbersComeBackAndOnlyTheirShortestFormIsRead) {
  const std::vector<int64_t> wholes{0, 1, -1, 63, 64, -64, -65, INT64_MAX, INT64_MIN};
  ByteWriter out;
  for (const int64_t whole : wholes) out.whole(whole);
  out.number(~uint64_t{0});
  out.text("Anna");
  ByteReader in(out.bytes());
  for (const int64_t whole : wholes) {
    int64_t read = 7;
    ASSERT_TRUE(in.whole(read));
    EXPECT_EQ(read, whole);
  }
  uint64_t number = 0;
  std::string text;
  ASSERT_TRUE(in.number(number) && in.text(text));
  EXPECT_EQ(number, ~uint64_t{0});
  EXPECT_EQ(text, "Anna");
  EXPECT_TRUE(in.at_end());
  for (const std::string_view bad :
       {std::string_view("\x80\x00", 2), std::string_view("\x80", 1),
        std::string_view("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02")}) {
    ByteReader of_bad(bad);
    EXPECT_FALSE(of_bad.number(number));
  }
  ByteReader too_long(
      "\x09"
      "abc");
  EXPECT_FALSE(too_long.text(text));
}

}  // namespace
}  // namespace patron::internal
