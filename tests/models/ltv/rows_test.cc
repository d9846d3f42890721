#include "lib/models/ltv/rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace patron::internal::ltv {
namespace {

struct Line {
  double x, t, T, w;
};

std::vector<Line> random_lines(size_t count, bool stamps, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<Line> lines;
  for (size_t i = 0; i < count; ++i) {
    const double x = std::floor(-std::log(unit(random)) * 1.2);
    double T = 27 + 12 * unit(random), t = x > 0 ? T * unit(random) : 0;
    if (!stamps) T = std::floor(T * 7) / 7, t = std::min(T, std::floor(t * 7) / 7);
    lines.push_back({x, t, T, 0.1 * static_cast<double>(1 + random() % 5)});
  }
  return lines;
}

Table table_of(const std::vector<Line>& lines) {
  std::vector<double> x, t, T, w;
  for (const Line& line : lines) {
    x.push_back(line.x);
    t.push_back(line.t);
    T.push_back(line.T);
    w.push_back(line.w);
  }
  return *TableBuilder().doubles("x", x).doubles("t", t).doubles("T", T).doubles("w", w).finish();
}

LtvFitOptions options_of(bool weighted, int threads = 1) {
  LtvFitOptions options;
  options.columns = {.frequency = "x", .recency = "t", .T = "T"};
  if (weighted) options.columns.weight = "w";
  options.threads = threads;
  return options;
}

FitRows read(const std::vector<Line>& lines, const LtvFitOptions& options,
             LtvModel model = LtvModel::kBgNbd) {
  Watch watch(options.control);
  Result<FitRows> rows = read_rows(table_of(lines), model, options, &watch);
  EXPECT_TRUE(rows.ok()) << rows.status().message();
  return *std::move(rows);
}

/// The obvious way.
void expect_counts(const UniqueRows& rows, const std::vector<Line>& lines) {
  std::map<std::tuple<double, double, double>, double> counts;
  for (const Line& line : lines) counts[{line.x, line.t, line.T}] += 1;
  ASSERT_EQ(rows.size(), static_cast<int64_t>(counts.size()));
  size_t i = 0;
  for (const auto& [key, count] : counts) {
    ASSERT_EQ(std::make_tuple(rows.first[i], rows.second[i], rows.third[i]), key) << i;
    ASSERT_EQ(rows.weight[i], count) << i;
    ++i;
  }
  EXPECT_EQ(rows.total_weight, static_cast<double>(lines.size()));
}

void expect_same(const UniqueRows& a, const UniqueRows& b) {
  EXPECT_EQ(a.first, b.first);
  EXPECT_EQ(a.second, b.second);
  EXPECT_EQ(a.third, b.third);
  EXPECT_EQ(a.weight, b.weight);
  EXPECT_EQ(a.total_weight, b.total_weight);
}

TEST(FitRows, AreTheDistinctCustomersInOrderWithTheirCounts) {
  for (const bool stamps : {false, true}) {
    for (const size_t count : {size_t{1}, size_t{2}, size_t{1000}, size_t{300000}}) {
      const std::vector<Line> lines = random_lines(count, stamps, count);
      expect_counts(read(lines, options_of(false)).unique, lines);
    }
  }
}

TEST(FitRows, ThreadsAndTheOrderOfRowsChangeNothing) {
  for (const bool stamps : {false, true}) {
    for (const bool weighted : {false, true}) {
      std::vector<Line> lines = random_lines(400000, stamps, 3);
      const FitRows once = read(lines, options_of(weighted));
      expect_same(once.unique, read(lines, options_of(weighted, 4)).unique);
      std::shuffle(lines.begin(), lines.end(), std::mt19937_64(4));
      expect_same(once.unique, read(lines, options_of(weighted, 2)).unique);
    }
  }
}

TEST(FitRows, WeightsOfEqualCustomersAreAdded) {
  const std::vector<Line> lines{{1, 2, 3, 0.25}, {0, 0, 3, 2}, {1, 2, 3, 0.5}, {1, 2, 4, 1}};
  const UniqueRows rows = read(lines, options_of(true)).unique;
  EXPECT_EQ(rows.first, (Column{0, 1, 1}));
  EXPECT_EQ(rows.third, (Column{3, 3, 4}));
  EXPECT_EQ(rows.weight, (Column{2, 0.75, 1}));
  EXPECT_EQ(rows.total_weight, 3.75);
}

TEST(FitRows, ReadWhatTheModelReads) {
  const std::vector<Line> lines{{1, 2, 3, 1}, {1, 1, 3, 1}, {0, 0, 3, 1}};
  const UniqueRows rows = read(lines, options_of(false), LtvModel::kNbd).unique;
  EXPECT_EQ(rows.first, (Column{0, 1}));
  EXPECT_EQ(rows.second, (Column{3, 3}));
  EXPECT_EQ(rows.weight, (Column{1, 2}));
}

uint64_t inverse(uint64_t odd) {
  uint64_t x = odd;  // right in 3 bits; each of Newton's steps doubles them
  for (int k = 0; k < 5; ++k) x *= 2 - odd * x;
  return x;
}

TEST(FitRows, MadeToCollideAreStillTheDistinctCustomers) {
  // The hash of rows.cc turned round: T such that all rows fall into one slot of its table.
  std::mt19937_64 random(12);
  std::vector<Line> lines;
  while (lines.size() < 20000) {
    const double x = 1 + static_cast<double>(random() % 5), t = 1e-3;
    uint64_t hash = std::bit_cast<uint64_t>(x) * 0x9e3779b97f4a7c15U;
    hash = (hash ^ hash >> 32 ^ std::bit_cast<uint64_t>(t)) * 0xbf58476d1ce4e5b9U;
    const uint64_t wanted = (random() >> 18 | uint64_t{77} << 46) * inverse(0x94d049bb133111ebU);
    const double T = std::bit_cast<double>(wanted ^ hash ^ hash >> 32);
    if (!(T > t && T < 1e100)) continue;
    for (uint64_t k = random() % 3; k < 3; ++k) lines.push_back({x, t, T, 1});
  }
  expect_counts(read(lines, options_of(false)).unique, lines);
}

TEST(FitRows, FaultsKeepTheirRowNumbers) {
  std::vector<Line> lines = random_lines(300000, true, 5);
  lines[7].t = 99;
  lines[200000].x = 0.5;
  lines[299999].T = -1;
  const FitRows rows = read(lines, options_of(false, 2));
  ASSERT_EQ(rows.faults.size(), 3U);
  EXPECT_EQ(rows.faults[0].row, 7);
  EXPECT_EQ(rows.faults[1].row, 200000);
  EXPECT_EQ(rows.faults[2].row, 299999);
  EXPECT_EQ(rows.faults[1].fault, (Fault{FaultKind::kNotWhole, CustomerPart::kFrequency}));
  EXPECT_EQ(rows.unique.total_weight, 299997);
  LtvFitOptions strict = options_of(false);
  strict.refuse_bad_rows = false;
  Watch watch(strict.control);
  const Result<FitRows> refused = read_rows(table_of(lines), LtvModel::kBgNbd, strict, &watch);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.status().code(), Code::kArgument);
  EXPECT_EQ(refused.status().row(), 7);
}

TEST(FitRows, StopWhenTheyAreCancelled) {
  CancelToken token;
  token.cancel();
  LtvFitOptions options = options_of(false);
  options.control.cancel = &token;
  Watch watch(options.control);
  const Result<FitRows> rows =
      read_rows(table_of(random_lines(1000, true, 6)), LtvModel::kBgNbd, options, &watch);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.status().code(), Code::kCancelled);
}

TEST(SampleRows, StandForAllInEqualShares) {
  const UniqueRows rows = read(random_lines(100000, true, 9), options_of(false)).unique;
  const UniqueRows sample = sample_rows(rows, 1000);
  EXPECT_NEAR(sample.total_weight, rows.total_weight, 1e-6);
  double mean = 0, sample_mean = 0;
  for (size_t i = 0; i < rows.first.size(); ++i) mean += rows.first[i] * rows.weight[i] / 1e5;
  for (size_t i = 0; i < sample.first.size(); ++i)
    sample_mean += sample.first[i] * sample.weight[i] / 1e5;
  // Strata by frequency: each of some 12 boundaries is off by at most one point of a thousand.
  EXPECT_NEAR(sample_mean, mean, 0.02);
  const UniqueRows heavy = sample_rows(unique_rows({{0, 0, 1, 900}, {1, 1, 1, 100}}), 10);
  EXPECT_EQ(heavy.weight, (Column{900, 100}));
}

}  // namespace
}  // namespace patron::internal::ltv
