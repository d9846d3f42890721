#include <cmath>
#include <cstring>
#include <limits>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(WeightsManual, AreDividedByTheirSum) {
  const double points[3] = {50, 30, 20};
  double weights[3];
  ASSERT_EQ(patron_weights_manual(points, 3, weights, nullptr), PATRON_OK);
  EXPECT_EQ(weights[0], 0.5);
  EXPECT_EQ(weights[1], 0.3);
  EXPECT_EQ(weights[2], 0.2);
}

TEST(WeightsManual, AreDividedInPlace) {
  double weights[2] = {3, 1};
  ASSERT_EQ(patron_weights_manual(weights, 2, weights, nullptr), PATRON_OK);
  EXPECT_EQ(weights[0], 0.75);
  EXPECT_EQ(weights[1], 0.25);
}

TEST(WeightsManual, RefuseWhatIsNoWeightAndChangeNothing) {
  double weights[2] = {3, -1};
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_weights_manual(weights, 2, weights, &error), PATRON_E_ARGUMENT);
  EXPECT_EQ(error.row, 1);
  EXPECT_EQ(weights[0], 3);
  weights[1] = kInfinity;
  EXPECT_EQ(patron_weights_manual(weights, 2, weights, &error), PATRON_E_NUMBER);
  EXPECT_EQ(patron_weights_manual(weights, 0, weights, &error), PATRON_E_EMPTY);
  EXPECT_EQ(patron_weights_manual(nullptr, 2, weights, &error), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_weights_manual(weights, 1, nullptr, &error), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_weights_manual(weights, UINT64_MAX, weights, &error), PATRON_E_ARGUMENT);
}

// Of 2, 4 and 8 against one another everything agrees: 8/14, 4/14, 2/14. With 9 for the 4 it does
// not: the eigenvalue of (1, a, b; 1/a, 1, c; 1/b, 1/c, 1) is 1 + t + 1/t with t^3 = b / (a c).
TEST(WeightsAhp, AreThePrincipalEigenvector) {
  const double agreeing[9] = {1, 2, 4, 0.5, 1, 2, 0.25, 0.5, 1};
  const patron_ahp_options options = PATRON_AHP_OPTIONS_INIT;
  patron_ahp_consistency consistency = PATRON_AHP_CONSISTENCY_INIT;
  double weights[3];
  ASSERT_EQ(patron_weights_ahp(agreeing, 3, &options, weights, &consistency, nullptr), PATRON_OK);
  EXPECT_NEAR(weights[0], 4.0 / 7, 1e-15);
  EXPECT_NEAR(weights[2], 1.0 / 7, 1e-15);
  EXPECT_NEAR(consistency.consistency_ratio, 0, 1e-13);
  EXPECT_EQ(consistency.random_index, 0.58);

  const double contradicting[9] = {1, 2, 6, 0.5, 1, 2, 1.0 / 6, 0.5, 1};
  ASSERT_EQ(patron_weights_ahp(contradicting, 3, &options, weights, &consistency, nullptr),
            PATRON_OK);
  const double t = std::cbrt(6.0 / 4);
  EXPECT_NEAR(consistency.lambda_max, 1 + t + 1 / t, 1e-12);
  EXPECT_NEAR(consistency.consistency_index, (t + 1 / t - 2) / 2, 1e-12);
  EXPECT_NEAR(consistency.consistency_ratio, (t + 1 / t - 2) / 2 / 0.58, 1e-12);
  EXPECT_EQ(consistency.worst_row, 0);
  EXPECT_EQ(consistency.worst_column, 1);
  EXPECT_EQ(consistency.given, 2);
  EXPECT_NEAR(consistency.implied, 3, 1e-14);
}

TEST(WeightsAhp, OfTwoCriteriaHaveNoWorstComparison) {
  const double pair[4] = {1, 3, 1.0 / 3, 1};
  const patron_ahp_options options = PATRON_AHP_OPTIONS_INIT;
  patron_ahp_consistency consistency = PATRON_AHP_CONSISTENCY_INIT;
  double weights[2];
  ASSERT_EQ(patron_weights_ahp(pair, 2, &options, weights, &consistency, nullptr), PATRON_OK);
  EXPECT_NEAR(weights[0], 0.75, 1e-15);
  EXPECT_EQ(consistency.worst_row, -1);
  EXPECT_EQ(consistency.worst_column, -1);
  EXPECT_EQ(patron_weights_ahp(pair, 2, &options, weights, nullptr, nullptr), PATRON_OK);
}

TEST(WeightsAhp, RefuseContradictionsByName) {
  const double circle[9] = {1, 9, 1.0 / 9, 1.0 / 9, 1, 9, 9, 1.0 / 9, 1};
  patron_ahp_options options = PATRON_AHP_OPTIONS_INIT;
  const patron_str names[3] = {str("price"), str("service"), str("range")};
  options.names = names;
  options.name_count = 3;
  patron_error error = PATRON_ERROR_INIT;
  double weights[3] = {7, 7, 7};
  EXPECT_EQ(patron_weights_ahp(circle, 3, &options, weights, nullptr, &error), PATRON_E_ARGUMENT);
  EXPECT_EQ(error.row, 0);
  EXPECT_NE(std::strstr(error.message, "\"price\" against \"service\" (row 0, column 1) is 9"),
            nullptr)
      << error.message;
  EXPECT_EQ(weights[0], 7);
  options.max_consistency_ratio = kInfinity;
  ASSERT_EQ(patron_weights_ahp(circle, 3, &options, weights, nullptr, &error), PATRON_OK);
  EXPECT_NEAR(weights[0], 1.0 / 3, 1e-15);
}

TEST(WeightsAhp, RefuseWhatCannotBeCompared) {
  std::vector<double> ones(16 * 16, 1);
  patron_ahp_options options = PATRON_AHP_OPTIONS_INIT;
  patron_error error = PATRON_ERROR_INIT;
  double weights[16];
  const auto refused = [&](uint64_t size) {
    return patron_weights_ahp(ones.data(), size, &options, weights, nullptr, &error);
  };
  EXPECT_EQ(refused(15), PATRON_OK);
  EXPECT_EQ(refused(16), PATRON_E_LIMIT);
  EXPECT_EQ(refused(UINT64_MAX), PATRON_E_LIMIT);
  EXPECT_EQ(refused(0), PATRON_E_EMPTY);
  const patron_str names[2] = {str("price"), str("\xFF")};
  options.names = names;
  options.name_count = 1;
  EXPECT_EQ(refused(2), PATRON_E_LENGTH);
  options.name_count = 2;
  EXPECT_EQ(refused(2), PATRON_E_UTF8);
  options.names = nullptr;
  EXPECT_EQ(refused(2), PATRON_E_ARGUMENT);
  options = PATRON_AHP_OPTIONS_INIT;
  options.max_consistency_ratio = -1;
  EXPECT_EQ(refused(2), PATRON_E_ARGUMENT);
  options = PATRON_AHP_OPTIONS_INIT;
  ones[0] = NAN;
  EXPECT_EQ(refused(2), PATRON_E_NUMBER);
  EXPECT_EQ(patron_weights_ahp(nullptr, 2, &options, weights, nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_weights_ahp(weights, 1, &options, nullptr, nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_weights_ahp(weights, 1, nullptr, weights, nullptr, nullptr), PATRON_E_ARGUMENT);
  patron_ahp_consistency consistency = {};
  EXPECT_EQ(patron_weights_ahp(weights, 1, &options, weights, &consistency, nullptr),
            PATRON_E_UNSUPPORTED);
}

class WeightsEntropy : public testing::Test {
 protected:
  patron_status entropy() {
    const Table table = make_table(
        {column("days", PATRON_TYPE_DOUBLE, days_), column("orders", PATRON_TYPE_DOUBLE, orders_)});
    return patron_weights_entropy(table.get(), &options_, weights_, entropies_, &error_);
  }
  WeightsEntropy() {
    options_.columns = names_;
    options_.column_count = 2;
  }
  std::vector<double> days_{30, 20, 10};
  std::vector<double> orders_{7, 5, 7};
  patron_str names_[2] = {str("days"), str("orders")};
  int32_t directions_[2] = {PATRON_DIRECTION_COST, PATRON_DIRECTION_BENEFIT};
  patron_entropy_options options_ = PATRON_ENTROPY_OPTIONS_INIT;
  double weights_[2] = {-7, -7};
  double entropies_[2] = {-7, -7};
  patron_error error_ = PATRON_ERROR_INIT;
};

// By hand: 0, 1/2, 1 has the entropy (ln 3 - 2/3 ln 2) / ln 3; 1, 0, 1 has ln 2 / ln 3.
TEST_F(WeightsEntropy, AreOneLessTheEntropyOfEachColumn) {
  options_.directions = directions_;
  ASSERT_EQ(entropy(), PATRON_OK) << error_.message;
  const double first = 2.0 / 3 * std::log(2.0) / std::log(3.0);
  const double second = 1 - std::log(2.0) / std::log(3.0);
  EXPECT_NEAR(entropies_[0], 1 - first, 1e-15);
  EXPECT_NEAR(entropies_[1], 1 - second, 1e-15);
  EXPECT_NEAR(weights_[0], first / (first + second), 1e-15);
  EXPECT_NEAR(weights_[0] + weights_[1], 1, 1e-15);
}

TEST_F(WeightsEntropy, TurnCostsAroundAndTakeTheRestForBenefits) {
  days_ = {30, 30, 10};
  ASSERT_EQ(entropy(), PATRON_OK);  // 1, 1, 0
  EXPECT_NEAR(entropies_[0], std::log(2.0) / std::log(3.0), 1e-15);
  options_.directions = directions_;
  ASSERT_EQ(entropy(), PATRON_OK);  // 0, 0, 1
  EXPECT_NEAR(entropies_[0], 0, 1e-15);
}

TEST_F(WeightsEntropy, OfSharesTakeTheValuesAsTheyAre) {
  options_.scaling = PATRON_SCALING_SHARE;
  days_ = {2, 2, 2};
  ASSERT_EQ(entropy(), PATRON_OK);
  EXPECT_EQ(entropies_[0], 1);
  EXPECT_EQ(weights_[0], 0);
  EXPECT_EQ(weights_[1], 1);
  options_.directions = directions_;
  EXPECT_EQ(entropy(), PATRON_E_ARGUMENT);
}

TEST_F(WeightsEntropy, RefuseWhatHasNoEntropyAndChangeNothing) {
  days_[1] = NAN;
  EXPECT_EQ(entropy(), PATRON_E_NUMBER);
  EXPECT_EQ(error_.row, 1);
  days_ = {1, 1, 1};
  EXPECT_EQ(entropy(), PATRON_E_ARGUMENT);
  EXPECT_EQ(weights_[0], -7);
  EXPECT_EQ(entropies_[0], -7);
  names_[0] = str("day");
  EXPECT_EQ(entropy(), PATRON_E_COLUMN);
  names_[0] = str("\xFF");
  EXPECT_EQ(entropy(), PATRON_E_UTF8);
  names_[0] = str("orders");
  EXPECT_EQ(entropy(), PATRON_E_ARGUMENT);
  options_.column_count = 0;
  EXPECT_EQ(entropy(), PATRON_E_EMPTY);
}

TEST_F(WeightsEntropy, LeaveOutRowsWithANullWhereThatIsAskedFor) {
  days_ = {30, 20, 10, 77};
  orders_ = {7, 5, 7, 99};
  const uint8_t there = 0b0111;
  const auto with_null = [&] {
    patron_column columns[] = {column("days", PATRON_TYPE_DOUBLE, days_),
                               column("orders", PATRON_TYPE_DOUBLE, orders_)};
    columns[0].validity = &there;
    const Table table = make_table({columns[0], columns[1]});
    return patron_weights_entropy(table.get(), &options_, weights_, entropies_, &error_);
  };
  EXPECT_EQ(with_null(), PATRON_E_NULL);
  EXPECT_EQ(error_.row, 3);
  options_.null_rows = PATRON_NULL_ROWS_LEAVE_OUT;
  ASSERT_EQ(with_null(), PATRON_OK) << error_.message;
  EXPECT_NEAR(entropies_[1], std::log(2.0) / std::log(3.0), 1e-15);  // of 1, 0, 1, as above
  options_.null_rows = 2;
  EXPECT_EQ(with_null(), PATRON_E_ARGUMENT);
  EXPECT_NE(std::strstr(error_.message, "options.null_rows"), nullptr) << error_.message;
}

TEST_F(WeightsEntropy, RefuseNumbersOutsideTheirLists) {
  options_.scaling = 2;
  EXPECT_EQ(entropy(), PATRON_E_ARGUMENT);
  EXPECT_NE(std::strstr(error_.message, "options.scaling"), nullptr) << error_.message;
  options_.scaling = 0;
  options_.directions = directions_;
  directions_[1] = 2;
  EXPECT_EQ(entropy(), PATRON_E_ARGUMENT);
  EXPECT_NE(std::strstr(error_.message, "options.directions"), nullptr) << error_.message;
}

TEST_F(WeightsEntropy, NeedSomewhereToGo) {
  const World world;
  const patron_str names[1] = {str("amount")};
  options_.columns = names;
  options_.column_count = 1;
  double weight = 0;
  EXPECT_EQ(patron_weights_entropy(world.table.get(), &options_, nullptr, entropies_, nullptr),
            PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_weights_entropy(world.table.get(), nullptr, &weight, nullptr, nullptr),
            PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_weights_entropy(world.table.get(), &options_, &weight, nullptr, nullptr),
            PATRON_OK);
  EXPECT_EQ(weight, 1);
  options_.columns = nullptr;
  EXPECT_EQ(patron_weights_entropy(world.table.get(), &options_, &weight, nullptr, nullptr),
            PATRON_E_ARGUMENT);
}

}  // namespace
}  // namespace patron::test
