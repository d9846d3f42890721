#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "patron/weights.h"

namespace patron {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Numbers = std::vector<double>;

// The whole matrix from the comparisons above its diagonal, row by row.
Numbers matrix_of(size_t size, const Numbers& upper) {
  Numbers matrix(size * size, 1);
  size_t next = 0;
  for (size_t row = 0; row < size; ++row) {
    for (size_t column = row + 1; column < size; ++column) {
      matrix[row * size + column] = upper[next++];
      matrix[column * size + row] = 1 / matrix[row * size + column];
    }
  }
  EXPECT_EQ(next, upper.size());
  return matrix;
}

AhpOptions any_ratio() {
  AhpOptions options;
  options.max_consistency_ratio = kInfinity;
  return options;
}

AhpWeights ahp(const Numbers& matrix, const AhpOptions& options = any_ratio()) {
  Result<AhpWeights> found = ahp_weights(matrix, options);
  EXPECT_TRUE(found.ok()) << found.status().message();
  return found.ok() ? *std::move(found) : AhpWeights();
}

void expect_near(const Numbers& got, const Numbers& want, double error) {
  ASSERT_EQ(got.size(), want.size());
  for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], want[i], error) << i;
}

// Saaty (2003), Decision-making with the AHP: Why is the principal eigenvector necessary: a
// family buys a house. Criteria: size, transport, neighborhood, age, yard, modern, condition,
// finance.
const Numbers kHouse = {5,       3,       7,       6,       6,       1.0 / 3, 1.0 / 4,  // size
                        1.0 / 3, 5,       3,       3,       1.0 / 5, 1.0 / 7,           // transport
                        6,       3,       4,       6,       1.0 / 5,  // neighborhood
                        1.0 / 3, 1.0 / 4, 1.0 / 7, 1.0 / 8,           // age
                        1.0 / 2, 1.0 / 5, 1.0 / 6,                    // yard
                        1.0 / 5, 1.0 / 6,                             // modern
                        1.0 / 2};                                     // condition
constexpr size_t kNeighborhoodAgainstCondition = 16;

TEST(Ahp, GivesTheWeightsOfSaatysHouse) {
  const AhpWeights found = ahp(matrix_of(8, kHouse));
  expect_near(found.weights, {0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333}, 5.1e-4);
  EXPECT_NEAR(found.lambda_max, 9.669, 5e-4);
  EXPECT_NEAR(found.consistency_ratio, 0.17, 5e-3);
  EXPECT_EQ(found.random_index, 1.41);
  EXPECT_NEAR(found.consistency_index, 1.669 / 7, 1e-4);
}

// There the judgement with the greatest a_ij w_j / w_i, 5.32, is neighborhood against condition;
// Saaty has it judged again, as 1/2.
TEST(Ahp, NamesTheComparisonThatSaatyHadJudgedAgain) {
  const AhpWeights found = ahp(matrix_of(8, kHouse));
  ASSERT_TRUE(found.worst.has_value());
  EXPECT_EQ(found.worst->row, 2);
  EXPECT_EQ(found.worst->column, 6);
  EXPECT_EQ(found.worst->given, 6);
  // The geometric mean of the six detours, multiplied out.
  double product = 1;
  const Numbers matrix = matrix_of(8, kHouse);
  for (size_t k : {0, 1, 3, 4, 5, 7}) product *= matrix[2 * 8 + k] * matrix[k * 8 + 6];
  EXPECT_NEAR(found.worst->implied, std::pow(product, 1.0 / 6), 1e-12);
  EXPECT_NEAR(found.worst->implied, 0.471, 5e-4);
}

TEST(Ahp, AcceptsSaatysHouseOnceItIsJudgedAgain) {
  Numbers upper = kHouse;
  upper[kNeighborhoodAgainstCondition] = 1.0 / 2;
  const AhpWeights found = ahp(matrix_of(8, upper), AhpOptions());
  expect_near(found.weights, {0.175, 0.062, 0.103, 0.019, 0.034, 0.041, 0.221, 0.345}, 5.1e-4);
  EXPECT_NEAR(found.lambda_max, 8.811, 1e-3);
  EXPECT_NEAR(found.consistency_ratio, 0.083, 1e-3);
}

// Saaty (1980), chapter 2: wealth of the US, USSR, China, France, UK, Japan and West Germany, and
// distances from Philadelphia to Cairo, Tokyo, Chicago, San Francisco, London and Montreal.
TEST(Ahp, GivesTheWeightsOfSaatysNationsAndDistances) {
  const AhpWeights wealth = ahp(
      matrix_of(7, {4,       9,       6,       6,       5, 5,       7,       5,       5,       3, 4,
                    1.0 / 5, 1.0 / 5, 1.0 / 7, 1.0 / 5, 1, 1.0 / 3, 1.0 / 3, 1.0 / 3, 1.0 / 3, 2}),
      AhpOptions());
  expect_near(wealth.weights, {0.427, 0.230, 0.021, 0.052, 0.052, 0.123, 0.094}, 5.1e-4);
  EXPECT_NEAR(wealth.lambda_max, 7.61, 5e-3);
  EXPECT_EQ(wealth.random_index, 1.32);

  const AhpWeights distance =
      ahp(matrix_of(6, {1.0 / 3, 8, 3, 3, 7, 9, 3, 3, 9, 1.0 / 6, 1.0 / 5, 2, 1.0 / 3, 6, 6}),
          AhpOptions());
  expect_near(distance.weights, {0.262, 0.397, 0.033, 0.116, 0.164, 0.027}, 1e-3);
  EXPECT_NEAR(distance.lambda_max, 6.45, 5e-3);
}

// Saaty (1977): how bright four chairs are at growing distances from a light.
TEST(Ahp, GivesTheWeightsOfSaatysChairs) {
  const AhpWeights found = ahp(matrix_of(4, {5, 6, 7, 4, 6, 4}));
  expect_near(found.weights, {0.62, 0.24, 0.10, 0.05}, 6e-3);
  EXPECT_NEAR(found.lambda_max, 4.39, 5e-3);
}

// The second method where nothing contradicts: the weights are those that the ratios came from.
TEST(Ahp, FindsTheWeightsBehindConsistentComparisons) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 500; ++round) {
    const size_t size = 1 + random() % 15;
    Numbers truth(size);
    for (double& weight : truth) weight = 1 + static_cast<double>(random() % 9000) / 1000;
    double sum = 0;
    for (double weight : truth) sum += weight;
    Numbers matrix;
    for (double row : truth) {
      for (double column : truth) matrix.push_back(row / column);
    }
    const AhpWeights found = ahp(matrix, AhpOptions());
    for (double& weight : truth) weight /= sum;
    expect_near(found.weights, truth, 1e-14);
    EXPECT_NEAR(found.lambda_max, static_cast<double>(size), 1e-12);
    EXPECT_NEAR(found.consistency_ratio, 0, 1e-12);
  }
}

// The second method: w must be an eigenvector, positive and adding up to 1, which on a positive
// matrix only the principal one is (Perron).
TEST(Ahp, GivesThePrincipalEigenvectorOfAnyMatrix) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 300; ++round) {
    const size_t size = 2 + random() % 14;
    const double largest = round % 2 == 0 ? 9 : 100;
    Numbers upper(size * (size - 1) / 2);
    for (double& value : upper) {
      const double ratio = std::pow(largest, static_cast<double>(random() % 1000) / 1000);
      value = random() % 2 == 0 ? ratio : 1 / ratio;
    }
    const Numbers matrix = matrix_of(size, upper);
    const AhpWeights found = ahp(matrix);
    double sum = 0;
    for (size_t row = 0; row < size; ++row) {
      double product = 0;
      for (size_t column = 0; column < size; ++column) {
        product += matrix[row * size + column] * found.weights[column];
      }
      EXPECT_GT(found.weights[row], 0);
      EXPECT_NEAR(product / found.weights[row], found.lambda_max, 1e-11 * found.lambda_max)
          << "seed 4, round " << round;
      sum += found.weights[row];
    }
    EXPECT_NEAR(sum, 1, 1e-14);
    EXPECT_GE(found.lambda_max, static_cast<double>(size) * (1 - 1e-14));
  }
}

// A circle of preferences: 1 + b + 1/b is the eigenvalue of the constant vector.
TEST(Ahp, OfACircleGivesEqualWeights) {
  const AhpWeights found = ahp({1, 100, 0.01, 0.01, 1, 100, 100, 0.01, 1});
  expect_near(found.weights, {1.0 / 3, 1.0 / 3, 1.0 / 3}, 1e-14);
  EXPECT_NEAR(found.lambda_max, 101.01, 1e-10);
  EXPECT_NEAR(found.consistency_index, 98.01 / 2, 1e-10);
}

TEST(Ahp, OfThreeCriteriaNamesTheFirstComparison) {
  // By the third criterion the first should be 4 x 1/2 = 2 against the second, not 8.
  const AhpWeights found = ahp(matrix_of(3, {8, 4, 2}));
  ASSERT_TRUE(found.worst.has_value());
  EXPECT_EQ(found.worst->row, 0);
  EXPECT_EQ(found.worst->column, 1);
  EXPECT_EQ(found.worst->given, 8);
  EXPECT_NEAR(found.worst->implied, 2, 1e-14);
}

TEST(Ahp, NamesTheGreaterNumberOfTheWorstPair) {
  const AhpWeights found = ahp(matrix_of(3, {0.125, 0.25, 0.5}));
  EXPECT_EQ(found.worst->row, 1);
  EXPECT_EQ(found.worst->column, 0);
  EXPECT_EQ(found.worst->given, 8);
  EXPECT_NEAR(found.worst->implied, 2, 1e-14);
}

TEST(Ahp, OfOneOrTwoCriteriaContradictsNothing) {
  const AhpWeights one = ahp({1}, AhpOptions());
  EXPECT_EQ(one.weights, Numbers{1});
  EXPECT_EQ(one.lambda_max, 1);
  const AhpWeights two = ahp({1, 3, 1.0 / 3, 1}, AhpOptions());
  expect_near(two.weights, {0.75, 0.25}, 1e-15);
  EXPECT_EQ(two.lambda_max, 2);
  EXPECT_EQ(two.consistency_index, 0);
  EXPECT_EQ(two.consistency_ratio, 0);
  EXPECT_FALSE(two.worst.has_value());
}

// Saaty (1980), chapter 1.
TEST(Ahp, DividesByTheRandomIndexOfTheSize) {
  const Numbers index = {0,    0,    0.58, 0.90, 1.12, 1.24, 1.32, 1.41,
                         1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59};
  for (size_t size = 1; size <= 15; ++size) {
    Numbers upper(size * (size - 1) / 2, 1);
    if (!upper.empty()) upper[0] = 2;
    const AhpWeights found = ahp(matrix_of(size, upper));
    EXPECT_EQ(found.random_index, index[size - 1]);
    if (size < 3) continue;
    EXPECT_GT(found.consistency_index, 0);
    EXPECT_EQ(found.consistency_ratio, found.consistency_index / index[size - 1]);
  }
}

TEST(Ahp, TakesTheGreaterOfAPairForWhatWasMeant) {
  const AhpWeights rounded = ahp({1, 3, 7, 0.33, 1, 3, 0.14, 0.33, 1}, AhpOptions());
  const AhpWeights exact = ahp(matrix_of(3, {3, 7, 3}), AhpOptions());
  EXPECT_EQ(rounded.weights, exact.weights);
  const AhpWeights turned = ahp({1, 0.33, 0.14, 3, 1, 0.33, 7, 3, 1}, AhpOptions());
  expect_near(turned.weights, {exact.weights[2], exact.weights[1], exact.weights[0]}, 1e-15);
}

Status refused(const Numbers& matrix, const AhpOptions& options = {}) {
  return ahp_weights(matrix, options).status();
}

TEST(Ahp, RefusesAConsistencyRatioAboveTheLimit) {
  AhpOptions options;
  options.names = {"size", "transport", "neighborhood", "age",
                   "yard", "modern",    "condition",    "finance"};
  const Numbers house = matrix_of(8, kHouse);
  Status status = refused(house, options);
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(status.row(), 2);
  EXPECT_EQ(status.message(),
            "comparisons: the consistency ratio is 0.169, above 0.1; \"neighborhood\" against "
            "\"condition\" (row 2, column 6) is 6, but the other comparisons imply 0.471: judge it "
            "again, or allow more with max_consistency_ratio");
  options.names.clear();
  EXPECT_NE(refused(house, options).message().find("criterion 2 against criterion 6 (row 2"),
            std::string::npos);
  options.max_consistency_ratio = 0.1691;
  EXPECT_TRUE(refused(house, options).ok());
  options.max_consistency_ratio = 0.169;
  EXPECT_FALSE(refused(house, options).ok());
}

TEST(Ahp, AcceptsAConsistencyRatioThatIsTheLimit) {
  AhpOptions options;
  options.max_consistency_ratio = ahp(matrix_of(3, {8, 4, 2})).consistency_ratio;
  EXPECT_TRUE(refused(matrix_of(3, {8, 4, 2}), options).ok());
  options.max_consistency_ratio = std::nextafter(options.max_consistency_ratio, 0);
  EXPECT_FALSE(refused(matrix_of(3, {8, 4, 2}), options).ok());
  options.max_consistency_ratio = 0;
  EXPECT_TRUE(refused(matrix_of(3, {1, 1, 1}), options).ok());
}

TEST(Ahp, RefusesALimitThatIsNone) {
  AhpOptions options;
  for (double limit : {-0.1, std::nan("")}) {
    options.max_consistency_ratio = limit;
    const Status status = refused({1}, options);
    EXPECT_EQ(status.code(), Code::kArgument);
    EXPECT_NE(status.message().find("max_consistency_ratio: "), std::string::npos);
  }
}

TEST(Ahp, RefusesAPairThatIsNotReciprocal) {
  const Status status = refused({1, 3, 0.5, 1});
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(status.row(), 1);
  EXPECT_EQ(status.message(),
            "comparisons, row 1, column 0: 0.5, but row 0, column 1 is 3; want one over it here, "
            "0.333");
  EXPECT_FALSE(refused({1, 3, 1.06 / 3, 1}).ok());
  EXPECT_FALSE(refused({1, 3, 0.94 / 3, 1}).ok());
  EXPECT_TRUE(refused({1, 3, 1.049 / 3, 1}).ok());
  EXPECT_TRUE(refused({1, 3, 0.951 / 3, 1}).ok());
}

TEST(Ahp, RefusesNumbersThatAreNoComparison) {
  Status status = refused({1, 2, 0.5, 1.5});
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(
      status.message(),
      "comparisons, row 1, column 1: 1.5 in the diagonal; each criterion is 1 against itself");
  for (double value : {0.0, -3.0, 100.5, 0.0099}) {
    status = refused({1, value, 1, 1});
    EXPECT_EQ(status.code(), Code::kArgument);
    EXPECT_EQ(status.row(), 0);
    EXPECT_NE(status.message().find("row 0, column 1: "), std::string::npos);
    EXPECT_NE(status.message().find("outside 1/100 to 100"), std::string::npos) << value;
  }
  for (double value : {kInfinity, std::nan("")}) {
    status = refused({1, value, 1, 1});
    EXPECT_EQ(status.code(), Code::kNumber);
    EXPECT_EQ(status.row(), 0);
  }
  EXPECT_TRUE(refused({1, 100, 0.01, 1}).ok());
}

TEST(Ahp, RefusesWhatIsNoMatrix) {
  EXPECT_EQ(refused({}).code(), Code::kEmpty);
  EXPECT_EQ(refused({1, 1}).code(), Code::kLength);
  EXPECT_EQ(refused({1, 1, 1, 1, 1}).code(), Code::kLength);
  EXPECT_TRUE(refused(Numbers(15 * 15, 1)).ok());
  EXPECT_EQ(refused(Numbers(16 * 16, 1)).code(), Code::kLimit);
  EXPECT_EQ(refused(Numbers(15 * 15 + 1, 1)).code(), Code::kLimit);
  AhpOptions options;
  options.names = {"one"};
  EXPECT_EQ(refused({1, 1, 1, 1}, options).code(), Code::kLength);
}

}  // namespace
}  // namespace patron
