#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "patron/weights.h"

namespace patron {
namespace {

using Numbers = std::vector<double>;

const double kLog2 = std::log(2.0);
const double kLog3 = std::log(3.0);

// Columns named "0", "1", ...
Table table_of(const std::vector<Numbers>& columns) {
  TableBuilder builder;
  for (size_t i = 0; i < columns.size(); ++i) builder.doubles(std::to_string(i), columns[i]);
  return *builder.finish();
}

std::vector<Criterion> benefits(size_t count) {
  std::vector<Criterion> out;
  for (size_t i = 0; i < count; ++i) out.push_back({std::to_string(i), Direction::kBenefit});
  return out;
}

EntropyWeights entropy(const std::vector<Numbers>& columns, EntropyScaling scaling) {
  Result<EntropyWeights> found =
      entropy_weights(table_of(columns), benefits(columns.size()), scaling);
  EXPECT_TRUE(found.ok()) << found.status().message();
  return found.ok() ? *std::move(found) : EntropyWeights();
}

void expect_all_near(const Numbers& got, const Numbers& want, double error) {
  ASSERT_EQ(got.size(), want.size());
  for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], want[i], error) << i;
}

// Xu (2004), A note on the subjective and objective integrated approach to determine attribute
// weights, European Journal of Operational Research 156, 530-532.
TEST(Entropy, GivesTheWeightsOfXu) {
  const EntropyWeights found =
      entropy({{30, 19, 19, 68}, {30, 54, 15, 70}, {38, 86, 85, 60}, {29, 29, 28.9, 29}},
              EntropyScaling::kShare);
  expect_all_near(found.weights, {0.4630, 0.3992, 0.1378, 0.0000}, 5e-5);
}

// Zavadskas and Podvezko (2016), Integrated determination of objective criteria weights in MCDM,
// International Journal of Information Technology & Decision Making 15, 267-283.
TEST(Entropy, GivesTheWeightsOfZavadskasAndPodvezko) {
  const EntropyWeights found =
      entropy({{3, 2.5, 1.8, 2.2}, {100, 80, 50, 70}, {10, 8, 20, 12}, {7, 5, 11, 9}},
              EntropyScaling::kShare);
  expect_all_near(found.weights, {0.1146, 0.1981, 0.4185, 0.2689}, 5e-5);
}

// By hand: scaled to 0, 1/2, 1, so shares 0, 1/3, 2/3: E = (ln 3 - 2/3 ln 2) / ln 3. And 1, 0, 1:
// E = ln 2 / ln 3.
TEST(Entropy, ByTheRangeIsThatOfHandArithmetic) {
  const EntropyWeights found = entropy({{10, 20, 30}, {7, 5, 7}}, EntropyScaling::kMinMax);
  const double first = 2.0 / 3 * kLog2 / kLog3;
  const double second = 1 - kLog2 / kLog3;
  expect_all_near(found.entropies, {1 - first, 1 - second}, 1e-15);
  expect_all_near(found.weights, {first / (first + second), second / (first + second)}, 1e-15);
}

TEST(Entropy, TurnsACostAround) {
  const std::vector<Numbers> columns = {{0, 1, 1}, {1, 0, 0}};
  const Table table = table_of(columns);
  const std::vector<Criterion> criteria = {{"0", Direction::kBenefit}, {"1", Direction::kCost}};
  const Result<EntropyWeights> turned = entropy_weights(table, criteria);
  ASSERT_TRUE(turned.ok());
  EXPECT_EQ(turned->weights, (Numbers{0.5, 0.5}));  // 0, 1, 1 both
  // Of 1, 0, 0 as a benefit one row has everything: E = 0.
  EXPECT_EQ(entropy(columns, EntropyScaling::kMinMax).entropies[1], 0);
}

TEST(Entropy, ByTheRangeDoesNotChangeWhenValuesAreShiftedOrStretched) {
  const EntropyWeights plain = entropy({{0, 1, 4, 2}, {3, 1, 2, 8}}, EntropyScaling::kMinMax);
  const EntropyWeights moved =
      entropy({{-100, -98, -92, -96}, {3e9, 1e9, 2e9, 8e9}}, EntropyScaling::kMinMax);
  EXPECT_EQ(moved.weights, plain.weights);
  EXPECT_EQ(moved.entropies, plain.entropies);
}

TEST(Entropy, OfSharesDoesNotChangeWhenValuesAreStretched) {
  const EntropyWeights plain = entropy({{0, 1, 4, 2}, {3, 1, 2, 8}}, EntropyScaling::kShare);
  const EntropyWeights moved =
      entropy({{0, 8, 32, 16}, {6e307, 2e307, 4e307, 1.6e308}}, EntropyScaling::kShare);
  expect_all_near(moved.weights, plain.weights, 1e-15);
}

TEST(Entropy, IsOneWhereAllAreEqualAndZeroWhereOneHasEverything) {
  const EntropyWeights found = entropy({{7, 7, 7, 7}, {0, 0, 5, 0}}, EntropyScaling::kShare);
  EXPECT_EQ(found.entropies, (Numbers{1, 0}));
  EXPECT_EQ(found.weights, (Numbers{0, 1}));
}

// The second method: the textbook's sum of p ln p, in long double.
TEST(Entropy, IsThatOfTheTextbookFormula) {
  std::mt19937_64 random(6);
  for (int round = 0; round < 200; ++round) {
    Numbers column(2 + random() % 300);
    for (double& value : column) value = std::pow(static_cast<double>(random() % 1000), 2);
    column[0] = 1;
    long double sum = 0, plogp = 0;
    for (double value : column) sum += value;
    for (double value : column) {
      if (value > 0) plogp += value / sum * std::log(value / sum);
    }
    const auto want =
        static_cast<double>(-plogp / std::log(static_cast<long double>(column.size())));
    const EntropyWeights found = entropy({column}, EntropyScaling::kShare);
    EXPECT_NEAR(found.entropies[0], want, 1e-14) << "seed 6, round " << round;
    EXPECT_EQ(found.weights[0], 1);
  }
}

// For shares (1 + x) / 2 and (1 - x) / 2 the divergence is (x^2 / 2 + x^4 / 12 + ...) / ln 2; the
// entropy itself rounds to 1.
TEST(Entropy, WeighsColumnsThatAreNearlyConstant) {
  const double x = 0x1p-30;
  const EntropyWeights found =
      entropy({{1 + x, 1 - x}, {1 + 2 * x, 1 - 2 * x}, {0x1p-30, 0x1p-29}}, EntropyScaling::kShare);
  EXPECT_EQ(found.entropies[0], 1);
  EXPECT_NEAR(found.weights[1] / found.weights[0], 4, 1e-12);
  const double third = 1 - (kLog3 - 2.0 / 3 * kLog2) / kLog2;
  EXPECT_NEAR(found.weights[0] / found.weights[2], x * x / 2 / kLog2 / third, 1e-12 * x * x);
}

// Around |x| = 0.05 the series takes over from the formula.
TEST(Entropy, HasNoStepWhereTheSeriesTakesOver) {
  for (const double x : {0.03, 0.049999, 0.05, 0.050001, 0.07}) {
    const EntropyWeights found = entropy({{1 + x, 1 - x}}, EntropyScaling::kShare);
    const long double p = (1 + static_cast<long double>(x)) / 2;
    const long double q = 1 - p;
    const long double want = -(p * std::log(p) + q * std::log(q)) / std::log(2.0L);
    EXPECT_NEAR(found.entropies[0], static_cast<double>(want), 4e-16) << x;
  }
}

TEST(Entropy, DoesNotDependOnTheOrderOfRows) {
  std::mt19937_64 random(7);
  Numbers first(5000), second(5000);
  for (double& value : first) value = std::ldexp(static_cast<double>(random() >> 11), -60);
  for (double& value : second) value = static_cast<double>(random() % 17) - 5;
  const EntropyWeights plain = entropy({first, second}, EntropyScaling::kMinMax);
  std::shuffle(first.begin(), first.end(), random);
  std::shuffle(second.begin(), second.end(), random);
  const EntropyWeights shuffled = entropy({first, second}, EntropyScaling::kMinMax);
  EXPECT_EQ(shuffled.weights, plain.weights);
  EXPECT_EQ(shuffled.entropies, plain.entropies);
}

TEST(Entropy, TakesTheGreatestAndTheSmallestDoubles) {
  const double most = std::numeric_limits<double>::max();
  EXPECT_EQ(entropy({{-most, 0, most}}, EntropyScaling::kMinMax).entropies,
            entropy({{10, 20, 30}}, EntropyScaling::kMinMax).entropies);
  EXPECT_EQ(entropy({{5e-324, 1e-323, 1.5e-323}}, EntropyScaling::kMinMax).entropies,
            entropy({{10, 20, 30}}, EntropyScaling::kMinMax).entropies);
  expect_all_near(entropy({{most, most, most}, {most, 0, 0}}, EntropyScaling::kShare).entropies,
                  {1, 0}, 2e-16);
}

// The smallest doubles are whole multiples of 2^-1074, so they weigh as those whole numbers do; a
// mean of them that is rounded to such a multiple would not.
TEST(Entropy, OfSharesIsTheSameForTheSmallestDoubles) {
  const Numbers whole = {1, 2, 4, 7, 0, 3};
  Numbers tiny;
  for (double value : whole) tiny.push_back(std::ldexp(value, -1074));
  const EntropyWeights plain = entropy({whole, {5, 1, 1, 1, 1, 1}}, EntropyScaling::kShare);
  const EntropyWeights found = entropy({tiny, {5, 1, 1, 1, 1, 1}}, EntropyScaling::kShare);
  EXPECT_EQ(found.entropies, plain.entropies);
  EXPECT_EQ(found.weights, plain.weights);
  // One who has everything, beside another who has next to nothing.
  expect_all_near(entropy({{1, 5e-324, 0}}, EntropyScaling::kShare).entropies, {0}, 1e-300);
}

// Rows 1 and 4 of a table, and without them.
TEST(Entropy, LeavesOutRowsWithANullWhereThatIsAskedFor) {
  const Numbers first = {1, 50, 4, 2, 9, 3}, second = {3, 1, 2, 8, 7, -1};
  const uint8_t first_there = 0b111101, second_there = 0b101111;
  ColumnView columns[2];
  columns[0].name = "0";
  columns[1].name = "1";
  columns[0].chunk.values = first.data();
  columns[0].chunk.validity = &first_there;
  columns[1].chunk.values = second.data();
  columns[1].chunk.validity = &second_there;
  for (ColumnView& column : columns) {
    column.type.type = Type::kDouble;
    column.chunk.length = 6;
  }
  const Table table = *make_table(columns);

  EXPECT_EQ(entropy_weights(table, benefits(2)).status().code(), Code::kNull);
  const Result<EntropyWeights> found =
      entropy_weights(table, benefits(2), EntropyScaling::kMinMax, NullRows::kLeaveOut);
  ASSERT_TRUE(found.ok()) << found.status().message();
  const EntropyWeights without = entropy({{1, 4, 2, 3}, {3, 2, 8, -1}}, EntropyScaling::kMinMax);
  EXPECT_EQ(found->weights, without.weights);
  EXPECT_EQ(found->entropies, without.entropies);
  // A row that is told is that of the table.
  const Status negative =
      entropy_weights(table, benefits(2), EntropyScaling::kShare, NullRows::kLeaveOut).status();
  EXPECT_EQ(negative.row(), 5);
  EXPECT_NE(negative.message().find("row 5: -1 is negative"), std::string::npos);
}

Status refused(const std::vector<Numbers>& columns, EntropyScaling scaling) {
  return entropy_weights(table_of(columns), benefits(columns.size()), scaling).status();
}

TEST(Entropy, ByTheRangeRefusesEqualValues) {
  const Status status = refused({{1, 2}, {3, 3}}, EntropyScaling::kMinMax);
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(
      status.message(),
      "column \"1\": all values are equal, so there is no range to scale by; leave the column "
      "out, its weight would be 0");
}

TEST(Entropy, OfSharesRefusesNegativeValuesWithTheirRow) {
  const Status status = refused({{1, 2, -0.5}}, EntropyScaling::kShare);
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(status.row(), 2);
  EXPECT_EQ(
      status.message(),
      "column \"0\", row 2: -0.5 is negative; shares need 0 or more: scale by min_max, or leave "
      "it out");
  EXPECT_TRUE(refused({{1, 2, -0.0}}, EntropyScaling::kShare).ok());
}

TEST(Entropy, OfSharesRefusesAColumnOfZeros) {
  const Status status = refused({{1, 2}, {0, 0}}, EntropyScaling::kShare);
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_NE(status.message().find("column \"1\": all values are zero"), std::string::npos);
}

TEST(Entropy, OfSharesRefusesNoSpreadAtAll) {
  const Status status = refused({{4, 4}, {0.1, 0.1}}, EntropyScaling::kShare);
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_NE(status.message().find("no spread"), std::string::npos);
}

TEST(Entropy, OfSharesRefusesACost) {
  const std::vector<Criterion> criteria = {{"0", Direction::kCost}};
  const Status status =
      entropy_weights(table_of({{1, 2}}), criteria, EntropyScaling::kShare).status();
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_NE(status.message().find("a cost has no effect"), std::string::npos);
}

TEST(Entropy, RefusesCriteriaThatAreNone) {
  const Table table = table_of({{1, 2}});
  EXPECT_EQ(entropy_weights(table, {}).status().code(), Code::kEmpty);
  const std::vector<Criterion> unknown = {{"9", Direction::kBenefit}};
  EXPECT_EQ(entropy_weights(table, unknown).status().code(), Code::kColumn);
  const std::vector<Criterion> twice = {{"0", Direction::kBenefit}, {"0", Direction::kCost}};
  const Status status = entropy_weights(table, twice).status();
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(status.message(), "column \"0\": named twice; name each column once");
}

}  // namespace
}  // namespace patron
