// Whether intervals hold as often as they say, in customers drawn from the models.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/models/ltv/ltv_models.h"

namespace {

using patron::Ltv;
using patron::LtvInterval;
using patron::LtvModel;
using patron::LtvQuantity;
using patron::LtvQuery;
using patron::Table;

template <typename T>
const T* column(const Table& table, const char* name) {
  return static_cast<const T*>(table.chunks(*table.require(name))[0].values);
}

/// Histories up to `calibration`, and the purchases after it.
struct Split {
  std::vector<double> frequency, recency, T, later;
};

Split split_at(const patron::LtvSimulated& simulated, int64_t customers, double calibration) {
  const auto n = static_cast<size_t>(customers);
  Split split{std::vector<double>(n), std::vector<double>(n), std::vector<double>(n, calibration),
              std::vector<double>(n)};
  const auto* who = column<int64_t>(simulated.events, "customer");
  const auto* when = column<double>(simulated.events, "time");
  for (int64_t i = 0; i < simulated.events.rows(); ++i) {
    const auto c = static_cast<size_t>(who[i]);
    if (when[i] > calibration) {
      split.later[c] += 1;
    } else if (when[i] > 0) {
      split.frequency[c] += 1;
      split.recency[c] = std::max(split.recency[c], when[i]);
    }
  }
  return split;
}

Table table_of(const Split& split) {
  return *patron::TableBuilder()
              .doubles("x", split.frequency)
              .doubles("t", split.recency)
              .doubles("T", split.T)
              .finish();
}

patron::LtvColumns columns() {
  patron::LtvColumns result;
  result.frequency = "x";
  result.recency = "t";
  result.T = "T";
  return result;
}

// Of 20,000 customers at most one in ten does more than the upper bound of an 80 % interval, and
// one in ten less than the lower one; three standard errors of a share of a tenth are .0064.
TEST(IntervalCoverage, PredictionIntervalsHoldWhatCustomersDo) {
  constexpr int64_t kCustomers = 20000;
  for (const Ltv& model : {patron_test::cdnow_nbd(), patron_test::cdnow_bg(),
                           patron_test::cdnow_mbg(), patron_test::cdnow_pareto()}) {
    SCOPED_TRACE(patron::ltv_model_name(model.model()));
    patron::LtvSimulation simulation;
    simulation.customers = kCustomers;
    simulation.T = 156;
    simulation.seed = 20261128;
    simulation.events = true;
    const auto simulated = ltv_simulate(model, simulation);
    ASSERT_TRUE(simulated.ok()) << simulated.status().message();
    const Split split = split_at(*simulated, kCustomers, 52);
    patron::LtvPredictOptions options;
    options.columns = columns();
    options.query = patron_test::ltv_query(LtvQuantity::kExpectedPurchases, 104);
    options.query.interval = LtvInterval::kPrediction;
    options.query.level = 0.8;
    const auto predicted = model.predict(table_of(split), options);
    ASSERT_TRUE(predicted.ok()) << predicted.status().message();
    const auto* value = column<double>(predicted->table, "value");
    const auto* low = column<double>(predicted->table, "low");
    const auto* high = column<double>(predicted->table, "high");
    double below = 0, above = 0, expected = 0, bought = 0;
    for (size_t i = 0; i < kCustomers; ++i) {
      below += split.later[i] < low[i];
      above += split.later[i] > high[i];
      expected += value[i];
      bought += split.later[i];
    }
    EXPECT_LT(below / kCustomers, 0.1 + 0.0064);
    EXPECT_LT(above / kCustomers, 0.1 + 0.0064);
    // Bounds are whole, so less than a tenth; but not next to nothing.
    EXPECT_GT(above / kCustomers, 0.04);
    EXPECT_NEAR(expected / bought, 1, 0.05);
  }
}

// The truth is within 95 % confidence intervals of 200 fits to 1,000 customers each, in 0.90 to 1
// of them: four standard errors of such a share are .062.
TEST(IntervalCoverage, ConfidenceIntervalsHoldTheTruth) {
  const Ltv truth = patron_test::ltv_model(LtvModel::kMbgNbd, {.6, 6, 1.2, 2.5});
  const patron::LtvCustomer customer{3, 30, 39};
  LtvQuery alive = patron_test::ltv_query(LtvQuantity::kProbabilityAlive);
  LtvQuery expected = patron_test::ltv_query(LtvQuantity::kExpectedPurchases, 39);
  const double true_alive = truth.predict(customer, alive)->value;
  const double true_expected = truth.predict(customer, expected)->value;
  alive.interval = expected.interval = LtvInterval::kConfidence;
  int fits = 0, alive_held = 0, expected_held = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    patron::LtvSimulation simulation;
    simulation.customers = 1000;
    simulation.T = 52;
    simulation.seed = seed;
    const auto simulated = ltv_simulate(truth, simulation);
    ASSERT_TRUE(simulated.ok());
    patron::LtvFitOptions options;
    options.columns.frequency = "frequency";
    options.columns.recency = "recency";
    options.columns.T = "T";
    const auto model = Ltv::fit(simulated->customers, LtvModel::kMbgNbd, options);
    ASSERT_TRUE(model.ok());
    if (!model->fit()->converged()) continue;
    ++fits;
    const auto a = model->predict(customer, alive), e = model->predict(customer, expected);
    alive_held += a->low <= true_alive && true_alive <= a->high;
    expected_held += e->low <= true_expected && true_expected <= e->high;
  }
  ASSERT_GT(fits, 180);
  EXPECT_GT(alive_held, 0.89 * fits);
  EXPECT_GT(expected_held, 0.89 * fits);
  EXPECT_LT(alive_held + expected_held, 2 * fits) << "intervals that always hold are too wide";
}

}  // namespace
