#include "lib/models/ltv/maximum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "lib/models/ltv/rows.h"
#include "tests/models/ltv/customers_of_tests.h"

namespace patron::internal::ltv {
namespace {

UniqueRows rows_of(const std::vector<test::TestCustomer>& customers) {
  std::vector<WeightedRow> rows;
  for (const test::TestCustomer& c : customers) rows.push_back({c.x, c.t / 32, c.T / 32, 1});
  return unique_rows(rows);
}

TEST(FindMaximum, ThroughSamplesIsTheOneOfAPlainClimb) {
  const UniqueRows rows = rows_of(test::stretched_customers(300000));
  ASSERT_GT(rows.size(), 270000);
  for (const LtvModel model : {LtvModel::kBgNbd, LtvModel::kMbgNbd}) {
    const Result<Climb> found = find_maximum(model, rows, {}, nullptr);
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->verdict, LtvVerdict::kConverged);
    Objective objective(make_likelihood(model, rows), rows, 0, {}, 1, nullptr);
    const Result<Climb> plain = climb_from(objective, {0.1, 0.2, 0.3, 0.4}, {});
    ASSERT_TRUE(plain.ok());
    for (size_t i = 0; i < 4; ++i)
      EXPECT_NEAR(found->log_parameters[i], plain->log_parameters[i], 1e-9);
    EXPECT_LE(found->iterations, 4) << "the samples end near the optimum";
  }
}

TEST(FindMaximum, ThreadsDoNotMatter) {
  const UniqueRows rows = rows_of(test::stretched_customers(100000));
  for (const LtvModel model : {LtvModel::kBgNbd, LtvModel::kParetoNbd}) {
    MaximumSettings settings;
    const Result<Climb> one = find_maximum(model, rows, settings, nullptr);
    settings.threads = 3;
    const Result<Climb> three = find_maximum(model, rows, settings, nullptr);
    ASSERT_TRUE(one.ok() && three.ok());
    EXPECT_EQ(one->log_parameters, three->log_parameters);
    EXPECT_EQ(one->at.value, three->at.value);
    EXPECT_EQ(one->at.hessian, three->at.hessian);
  }
}

}  // namespace
}  // namespace patron::internal::ltv
