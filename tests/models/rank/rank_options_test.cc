#include "lib/models/rank/rank_options.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace patron::internal {
namespace {

void expect_decimal(double value, uint64_t digits, int places) {
  const Decimal decimal = shortest_decimal(value);
  EXPECT_EQ(decimal.digits, digits) << value;
  EXPECT_EQ(decimal.places, places) << value;
}

TEST(ShortestDecimal, IsWhatAPersonWrote) {
  expect_decimal(0.8, 8, 1);
  expect_decimal(0.95, 95, 2);
  expect_decimal(1, 1, 0);
  expect_decimal(100, 100, 0);
  expect_decimal(12.5, 125, 1);
  expect_decimal(1.0 / 3, 3333333333333333, 16);
  expect_decimal(2.5e-7, 25, 8);
  expect_decimal(1e-300, 1, 300);
}

ExactSum<4> sum_of(uint64_t value) {
  ExactSum<4> sum;
  sum.add(value, 0);
  return sum;
}

// The smallest whole number that is not below the boundary.
uint64_t first_reached(uint64_t total, double share) {
  const ExactSum<4> boundary = reached_from(sum_of(total), shortest_decimal(share));
  uint64_t value = 0;
  while (sum_of(value) < boundary) ++value;
  return value;
}

TEST(ReachedFrom, AShareIsReachedExactlyNotNearly) {
  EXPECT_EQ(first_reached(100, 0.8), 80u);  // as binary numbers 0.8 * 100 is above 80
  EXPECT_EQ(first_reached(10, 0.3), 3u);    // 0.3 as binary is below 3/10
  EXPECT_EQ(first_reached(10, 0.7), 7u);    // and 0.7 too
  EXPECT_EQ(first_reached(7, 0.5), 4u);     // 3.5
  EXPECT_EQ(first_reached(7, 1), 7u);
  EXPECT_EQ(first_reached(7, 1e-300), 1u);
  EXPECT_EQ(first_reached(0, 0.8), 0u);
}

TEST(ExactSum, CarriesAndBorrowsThroughAllLimbs) {
  ExactSum<3> sum;
  sum.add(~Uint128{0}, 0);  // 2^128 - 1
  sum.add(1, 0);            // 2^128
  EXPECT_EQ(sum.rounded().fraction * std::exp2(sum.rounded().exponent), std::exp2(128));
  sum.subtract(1, 0);
  sum.subtract(~Uint128{0}, 0);
  EXPECT_EQ(sum.rounded().fraction, 0);
}

TEST(ExactSum, RoundsToTheNearestDoubleTiesToEven) {
  const double two53 = 9007199254740992.0;
  EXPECT_EQ(std::ldexp(sum_of(9007199254740993).rounded().fraction,  // 2^53 + 1: tie, to even
                       sum_of(9007199254740993).rounded().exponent),
            two53);
  EXPECT_EQ(std::ldexp(sum_of(9007199254740995).rounded().fraction,  // 2^53 + 3: tie, to even
                       sum_of(9007199254740995).rounded().exponent),
            two53 + 4);
  // 2^53 + 1 above, and one far below that breaks the tie.
  ExactSum<4> sum;
  sum.add(9007199254740993, 128);
  sum.add(1, 0);
  EXPECT_EQ(std::ldexp(sum.rounded().fraction, sum.rounded().exponent - 128), two53 + 2);
}

std::string mistake(const RankOptions& options) {
  const Status status = check_rank_options(options);
  EXPECT_EQ(status.code(), Code::kArgument);
  return status.message();
}

TEST(RankOptions, ExactlyOneKindOfBoundaryIsGiven) {
  RankOptions options;
  EXPECT_EQ(mistake(options), "say where to cut: give one of shares, top_percents and top");
  options.shares = {0.8};
  EXPECT_TRUE(check_rank_options(options).ok());
  options.top = 10;
  EXPECT_EQ(mistake(options), "shares, top_percents and top exclude one another; give one");
}

TEST(RankOptions, BoundariesLieInTheirDomainAndRise) {
  RankOptions options;
  options.shares = {0.8, 95};
  EXPECT_EQ(mistake(options),
            "shares/1: 95 is no share; a share lies above 0 and is at most 1 (80 % is 0.8)");
  options.shares = {0};
  EXPECT_EQ(mistake(options),
            "shares/0: 0 is no share; a share lies above 0 and is at most 1 (80 % is 0.8)");
  options.shares = {std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(mistake(options).substr(0, 13), "shares/0: nan");
  options.shares = {0.95, 0.8};
  EXPECT_EQ(mistake(options),
            "shares/1: 0.8 comes after 0.95; write them in rising order, each once");
  options.shares = {0.8, 0.8};
  EXPECT_FALSE(check_rank_options(options).ok());
  options.shares.clear();
  options.top_percents = {10, 101};
  EXPECT_EQ(mistake(options),
            "top_percents/1: 101 is no percent; a percent lies above 0 and is at most 100");
  options.top_percents.clear();
  options.top = 0;
  EXPECT_EQ(mistake(options), "top: 0 is no number of seats; give 1 or more");
}

TEST(RankOptions, ThereAreAtMost126Boundaries) {
  RankOptions options;
  for (int i = 1; i <= 127; ++i) options.shares.push_back(i / 127.0);
  EXPECT_EQ(mistake(options), "shares: 127 boundaries; at most 126");
  options.shares.pop_back();
  EXPECT_TRUE(check_rank_options(options).ok());
}

}  // namespace
}  // namespace patron::internal
