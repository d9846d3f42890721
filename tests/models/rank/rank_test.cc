#include "patron/rank.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace patron {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The result's columns as plain vectors.
struct Ranked {
  std::vector<std::optional<int64_t>> rank;
  std::vector<std::optional<double>> share;
  std::vector<std::optional<int>> in_class;
  bool operator==(const Ranked&) const = default;
};

Ranked read(const Table& table) {
  Ranked out;
  EXPECT_EQ(table.columns(), 3);
  const Chunk& rank = table.chunks(table.find("rank"))[0];
  const Chunk& share = table.chunks(table.find("cumulative_share"))[0];
  const Chunk& in_class = table.chunks(table.find("class"))[0];
  for (int64_t i = 0; i < table.rows(); ++i) {
    out.rank.push_back(rank.valid(i) ? std::optional(static_cast<const int64_t*>(rank.values)[i])
                                     : std::nullopt);
    out.share.push_back(share.valid(i) ? std::optional(static_cast<const double*>(share.values)[i])
                                       : std::nullopt);
    out.in_class.push_back(in_class.valid(i)
                               ? std::optional<int>(static_cast<const int8_t*>(in_class.values)[i])
                               : std::nullopt);
  }
  return out;
}

Table whole(std::vector<int64_t> values) {
  return *TableBuilder().int64("value", std::move(values)).finish();
}
Table doubles(std::vector<double> values) {
  return *TableBuilder().doubles("value", std::move(values)).finish();
}

RankOptions shares(std::vector<double> values) {
  RankOptions options;
  options.shares = std::move(values);
  return options;
}
RankOptions percents(std::vector<double> values) {
  RankOptions options;
  options.top_percents = std::move(values);
  return options;
}
RankOptions top(int64_t seats) {
  RankOptions options;
  options.top = seats;
  return options;
}

RankResult ranked(const Table& table, const RankOptions& options) {
  Result<RankResult> result = rank(table, "value", options);
  EXPECT_TRUE(result.ok()) << result.status().message();
  return *std::move(result);
}

using Classes = std::vector<std::optional<int>>;
using Ranks = std::vector<std::optional<int64_t>>;
using Members = std::vector<int64_t>;
using Cuts = std::vector<double>;

// The example of docs/rfm.md: 50 + 30 reach exactly 80 %, so 10 is B; 15 % later 5 reaches 95 %.
TEST(Rank, WhoCrossesAShareIsInsideAndWhoFollowsAReachedShareIsNot) {
  const RankResult result = ranked(whole({5, 50, 10, 30, 5}), shares({0.8, 0.95}));
  const Ranked rows = read(result.table);
  EXPECT_EQ(rows.rank, (Ranks{4, 1, 3, 2, 4}));
  EXPECT_EQ(rows.in_class, (Classes{1, 0, 1, 0, 1}));  // the two fives cross 95 % together
  EXPECT_EQ(rows.share, (std::vector<std::optional<double>>{1.0, 0.5, 0.9, 0.8, 1.0}));
  EXPECT_EQ(result.cuts, (Cuts{30, 5}));
  EXPECT_EQ(result.members, (Members{2, 3, 0}));
  EXPECT_EQ(result.ranked, 5);
}

TEST(Rank, ACustomerWhoCrossesTheShareIsInside) {
  const RankResult result = ranked(whole({79, 2, 19}), shares({0.8}));
  EXPECT_EQ(read(result.table).in_class, (Classes{0, 1, 0}));
  EXPECT_EQ(result.cuts, (Cuts{19}));
}

TEST(Rank, EqualValuesGoInWhole) {
  const RankResult result = ranked(whole({10, 10, 10, 10}), shares({0.5}));
  EXPECT_EQ(read(result.table).in_class, (Classes{0, 0, 0, 0}));
  EXPECT_EQ(read(result.table).rank, (Ranks{1, 1, 1, 1}));
  EXPECT_EQ(result.members, (Members{4, 0}));
}

TEST(Rank, AShareIsTheDecimalThatWasWritten) {
  // In binary 0.7 x 10 is below 7 and 0.8 x 100 above 80; as decimals both are reached exactly.
  EXPECT_EQ(ranked(whole({4, 3, 2, 1}), shares({0.7})).members, (Members{2, 2}));
  EXPECT_EQ(ranked(whole({80, 15, 5}), shares({0.8})).members, (Members{1, 2}));
  EXPECT_EQ(ranked(doubles({0.5, 0.25, 0.125, 0.125}), shares({0.75})).members, (Members{2, 2}));
}

TEST(Rank, SmallDoublesBesideLargeOnesAreNotLost) {
  // Half of the total is 1e17 + 9: the first value is past it.
  EXPECT_EQ(ranked(doubles({1e17 + 16, 1e17, 1, 1}), shares({0.5})).members, (Members{1, 3}));
  // Half of the total is 1e17 + 16.5: the first value falls short, the second crosses. A running
  // sum of doubles, whose steps are 32 there, would find it reached.
  EXPECT_EQ(ranked(doubles({1e17 + 16, 1e17, 16, 1}), shares({0.5})).members, (Members{2, 2}));
}

TEST(Rank, SumsBeyondTheGreatestDoubleAndInt64AreRight) {
  const double huge = std::numeric_limits<double>::max();
  const RankResult result = ranked(doubles({huge, huge / 2, huge / 2, 0}), shares({0.5}));
  EXPECT_EQ(read(result.table).share, (std::vector<std::optional<double>>{0.5, 1.0, 1.0, 1.0}));
  EXPECT_EQ(result.members, (Members{1, 3}));
  const int64_t big = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(ranked(whole({big, big, big - 1, big - 2}), shares({0.5})).members, (Members{2, 2}));
}

TEST(Rank, ZeroesAreInTheLastClassWhateverTheShare) {
  const RankResult result = ranked(whole({0, 7, 0}), shares({1}));
  EXPECT_EQ(read(result.table).in_class, (Classes{1, 0, 1}));
}

TEST(Rank, ATotalOfZeroHasNoSharesAndNobodyInside) {
  const RankResult result = ranked(whole({0, 0}), shares({0.8, 0.95}));
  EXPECT_EQ(read(result.table).share, (std::vector<std::optional<double>>{{}, {}}));
  EXPECT_EQ(read(result.table).in_class, (Classes{2, 2}));
  EXPECT_EQ(result.cuts, (Cuts{kInfinity, kInfinity}));
}

TEST(Rank, AClassThatAdmitsNobodyHasTheCutOfTheOneBefore) {
  const RankResult result = ranked(whole({90, 10}), shares({0.5, 0.6, 0.95}));
  EXPECT_EQ(result.members, (Members{1, 0, 1, 0}));
  EXPECT_EQ(result.cuts, (Cuts{90, 90, 10}));
}

TEST(Rank, TopPercentCountsCustomersAndWhoCrossesIsInside) {
  // 10 % of 25 are 2.5: three.
  std::vector<int64_t> values(25);
  std::iota(values.begin(), values.end(), 1);
  const RankResult result = ranked(whole(values), percents({10, 30}));
  EXPECT_EQ(result.members, (Members{3, 5, 17}));  // 30 % of 25 are 7.5: eight
  EXPECT_EQ(result.cuts, (Cuts{23, 18}));
}

TEST(Rank, TopPercentTakesATiedGroupWhole) {
  const RankResult result = ranked(whole({9, 9, 9, 1, 1, 1, 1, 1, 1, 1}), percents({10}));
  EXPECT_EQ(result.members, (Members{3, 7}));
}

TEST(Rank, TopPercentTakesNegativeValuesToo) {
  const RankResult result = ranked(whole({-5, 20, -10, 3}), percents({50}));
  const Ranked rows = read(result.table);
  EXPECT_EQ(rows.in_class, (Classes{1, 0, 1, 0}));
  // Of the total of 8: 20, 23, 18, 8.
  EXPECT_EQ(rows.share, (std::vector<std::optional<double>>{2.25, 2.5, 1.0, 2.875}));
}

TEST(Rank, SharesOfATotalBelowZeroAreUnknown) {
  const RankResult result = ranked(whole({-5, 4}), top(1));
  EXPECT_EQ(read(result.table).share, (std::vector<std::optional<double>>{{}, {}}));
  EXPECT_EQ(read(result.table).rank, (Ranks{2, 1}));
}

TEST(Rank, SeatsAreNeverExceededAndATiedGroupThatDoesNotFitStaysOut) {
  const RankResult result = ranked(whole({9, 7, 7, 7, 5}), top(3));
  EXPECT_EQ(read(result.table).in_class,
            (Classes{0, 1, 1, 1, 1}));  // and 5 does not jump the queue
  EXPECT_EQ(result.cuts, (Cuts{9}));
  EXPECT_EQ(result.members, (Members{1, 4}));
  EXPECT_EQ(ranked(whole({9, 7, 7, 7, 5}), top(4)).members, (Members{4, 1}));
  EXPECT_EQ(ranked(whole({9, 9}), top(1)).cuts, (Cuts{kInfinity}));
  EXPECT_EQ(ranked(whole({9, 9}), top(1000000000000)).members, (Members{2, 0}));
}

TEST(Rank, ANullHasNoRankNoShareAndNoClass) {
  ColumnView column;
  const std::vector<int64_t> values{3, 99, 1};
  const uint8_t validity = 0b101;
  column.name = "value";
  column.type.type = Type::kInt64;
  column.chunk.length = 3;
  column.chunk.null_count = 1;
  column.chunk.validity = &validity;
  column.chunk.values = values.data();
  const RankResult result = ranked(*make_table({&column, 1}), shares({0.5}));
  const Ranked rows = read(result.table);
  EXPECT_EQ(rows.rank, (Ranks{1, std::nullopt, 2}));
  EXPECT_EQ(rows.in_class, (Classes{0, std::nullopt, 1}));
  EXPECT_EQ(rows.share, (std::vector<std::optional<double>>{0.75, std::nullopt, 1.0}));
  EXPECT_EQ(result.ranked, 2);
}

TEST(Rank, ACutOfDecimalsIsInMajorUnits) {
  ColumnView column;
  const std::vector<int64_t> values{1999, 0, 501, 0};  // 19.99 and 5.01, low half first
  column.name = "value";
  column.type.type = Type::kDecimal128;
  column.type.precision = 10;
  column.type.scale = 2;
  column.chunk.length = 2;
  column.chunk.values = values.data();
  EXPECT_EQ(ranked(*make_table({&column, 1}), shares({0.5, 1})).cuts, (Cuts{19.99, 5.01}));
}

TEST(Rank, ANegativeValueIsRefusedWhereSharesAreAskedFor) {
  const auto result = rank(doubles({5, -0.5, -9}), "value", shares({0.8}));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), Code::kArgument);
  EXPECT_EQ(result.status().row(), 1);
  EXPECT_EQ(
      result.status().message(),
      "column \"value\", row 1: -0.5 is negative; shares of a total need values of 0 or more, "
      "so leave it out, or cut by top_percents or top");
}

TEST(Rank, AnUnknownColumnIsRefused) {
  EXPECT_EQ(rank(whole({1}), "valeu", top(1)).status().code(), Code::kColumn);
}

// The same by comparing everybody with everybody, in whole numbers: |value| below 2^20 in 1/8.
struct Plain {
  Ranks rank;
  Classes in_class;
};

Plain plain(const std::vector<int64_t>& eighths, int64_t permille, bool by_people) {
  Plain out;
  int64_t total = 0;
  for (int64_t value : eighths) total += by_people ? 1 : value;
  for (int64_t mine : eighths) {
    int64_t above = 0, sum = 0;
    for (int64_t other : eighths) {
      if (other > mine) above += 1, sum += by_people ? 1 : other;
    }
    out.rank.push_back(above + 1);
    out.in_class.push_back(sum * 1000 < permille * total ? 0 : 1);
  }
  return out;
}

TEST(Rank, EqualsAPlainComparisonOfEverybodyWithEverybody) {
  const char* asked = std::getenv("PATRON_CASES");
  const int cases = 300 * (asked == nullptr ? 1 : std::atoi(asked));
  for (int seed = 0; seed < cases; ++seed) {
    std::mt19937_64 random(static_cast<uint64_t>(seed));
    std::vector<int64_t> eighths(1 + random() % 60);
    const uint64_t spread = uint64_t{1} << (1 + random() % 20);  // from many ties to few
    for (int64_t& value : eighths) value = static_cast<int64_t>(random() % spread);
    const auto permille = static_cast<int64_t>(1 + random() % 1000);
    const bool by_people = random() % 2 == 0;
    const Plain expected = plain(eighths, permille, by_people);
    const RankOptions options = by_people ? percents({static_cast<double>(permille) / 10})
                                          : shares({static_cast<double>(permille) / 1000});
    std::vector<double> values;
    for (int64_t value : eighths) values.push_back(static_cast<double>(value) / 8);
    for (const Table& table : {whole(eighths), doubles(values)}) {
      const RankResult result = ranked(table, options);
      const Ranked rows = read(result.table);
      ASSERT_EQ(rows.rank, expected.rank) << "seed " << seed;
      ASSERT_EQ(rows.in_class, expected.in_class) << "seed " << seed;
      // The cuts, compared live, give the classes back.
      const bool is_double = table.field(0).type.type == Type::kDouble;
      for (size_t i = 0; i < values.size(); ++i) {
        const double value = is_double ? values[i] : static_cast<double>(eighths[i]);
        ASSERT_EQ(value >= result.cuts[0], *rows.in_class[i] == 0) << "seed " << seed;
      }
    }
  }
}

TEST(Rank, TheOrderOfTheRowsDoesNotMatter) {
  std::mt19937_64 random(5);
  std::vector<double> values(6000);
  for (double& value : values) value = std::exp2(static_cast<double>(random() % 200) - 100) / 3;
  std::vector<double> turned(values.rbegin(), values.rend());
  const RankResult forward = ranked(doubles(values), shares({0.8, 0.95}));
  const RankResult backward = ranked(doubles(turned), shares({0.8, 0.95}));
  EXPECT_EQ(forward.cuts, backward.cuts);
  Ranked a = read(forward.table);
  const Ranked b = read(backward.table);
  std::reverse(a.rank.begin(), a.rank.end());
  std::reverse(a.share.begin(), a.share.end());
  std::reverse(a.in_class.begin(), a.in_class.end());
  EXPECT_EQ(a, b);
}

}  // namespace
}  // namespace patron
