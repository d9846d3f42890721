#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "patron/ltv.h"
#include "tests/models/ltv/math/reference.h"

namespace patron {
namespace {

struct ModelCase {
  LtvModel model;
  std::vector<double> parameters;
  double T;
};
const std::vector<ModelCase> kModels{
    {LtvModel::kNbd, {0.6, 5}, 30},
    {LtvModel::kBgNbd, {0.5, 4, 0.8, 2.5}, 30},
    {LtvModel::kMbgNbd, {0.6, 5, 0.9, 2.5}, 30},
    {LtvModel::kParetoNbd, {0.6, 5, 0.7, 10}, 30},
    {LtvModel::kBgBb, {1.2, 0.75, 0.66, 2.8}, 10},
    {LtvModel::kSbg, {0.7, 1.8}, 10},
    {LtvModel::kBdw, {0.7, 1.8, 1.3}, 10},
    {LtvModel::kGammaGamma, {6.25, 3.74, 15.44}, 0},
};

Ltv model_of(const ModelCase& c) {
  return *Ltv::from_parameters(c.model, c.parameters, LtvUnit::kWeek);
}

Result<LtvSimulated> draw(const ModelCase& c, int64_t customers, uint64_t seed, bool events = false,
                          int threads = 1) {
  LtvSimulation options{
      .customers = customers, .T = c.T, .seed = seed, .events = events, .threads = threads};
  std::vector<int64_t> orders;
  if (c.model == LtvModel::kGammaGamma) {
    for (int64_t i = 0; i < customers; i++) orders.push_back(1 + i % 5);
    options.orders_each = orders;
  }
  return ltv_simulate(model_of(c), options);
}

/// The bytes of all columns, with their names.
std::string bytes_of(const Table& table) {
  std::string bytes;
  for (int k = 0; k < table.columns(); k++) {
    bytes += table.field(k).name;
    for (const Chunk& chunk : table.chunks(k)) {
      const bool bits = table.field(k).type.type == Type::kBool;
      const auto size = static_cast<size_t>(bits ? (chunk.length + 7) / 8 : 8 * chunk.length);
      bytes.append(static_cast<const char*>(chunk.values), size);
    }
  }
  return bytes;
}

bool is_purchase_model(LtvModel model) {
  return model != LtvModel::kSbg && model != LtvModel::kBdw && model != LtvModel::kGammaGamma;
}

Result<Ltv> fit(const Table& customers, LtvModel model) {
  LtvFitOptions options;
  options.columns = {.frequency = "frequency", .recency = "recency", .T = "T"};
  if (model == LtvModel::kSbg || model == LtvModel::kBdw)
    options.columns = {.T = "T", .churned = "churned"};
  if (model == LtvModel::kGammaGamma)
    options.columns = {.frequency = "frequency", .monetary = "monetary"};
  return Ltv::fit(customers, model, options);
}

TEST(LtvSimulate, AnyNumberOfThreadsGivesTheSameBytes) {
  for (const ModelCase& c : kModels) {
    const bool events = is_purchase_model(c.model);
    const LtvSimulated one = *draw(c, 3000, 4, events);
    for (const int threads : {2, 4}) {
      const LtvSimulated many = *draw(c, 3000, 4, events, threads);
      EXPECT_EQ(bytes_of(one.customers), bytes_of(many.customers)) << ltv_model_name(c.model);
      if (events) {
        EXPECT_EQ(bytes_of(one.events), bytes_of(many.events));
      }
    }
    EXPECT_NE(bytes_of(one.customers), bytes_of(draw(c, 3000, 5)->customers));
    // With events or without, the summary is the same.
    EXPECT_EQ(bytes_of(one.customers), bytes_of(draw(c, 3000, 4)->customers));
  }
}

TEST(LtvSimulate, ACustomerIsTheSameAmongFewAndMany) {
  const ModelCase& c = kModels[1];
  const LtvSimulated few = *draw(c, 10, 4), many = *draw(c, 2000, 4);
  const void* a = few.customers.chunks(1)[0].values;
  const void* b = many.customers.chunks(1)[0].values;
  EXPECT_EQ(std::memcmp(a, b, 80), 0);
}

// Four standard errors of the Wald statistic: chi-squared with k degrees of freedom beyond 40 has a
// chance below 5e-8.
TEST(LtvSimulate, FitsFindTheParametersAgain) {
  for (const ModelCase& c : kModels) {
    const Result<Ltv> fitted = fit(draw(c, 20'000, 21)->customers, c.model);
    ASSERT_TRUE(fitted.ok()) << fitted.status().message();
    ASSERT_TRUE(fitted->fit()->converged()) << ltv_model_name(c.model) << fitted->fit()->message;
    for (size_t i = 0; i < c.parameters.size(); i++) {
      const double error = fitted->fit()->standard_errors[i] / fitted->parameters()[i];
      EXPECT_LT(error, 0.25) << ltv_model_name(c.model) << " " << i;
      EXPECT_NEAR(std::log(fitted->parameters()[i] / c.parameters[i]), 0, 5 * error)
          << ltv_model_name(c.model) << " " << i;
    }
  }
}

/// The counts of (0, n) trials with chance p that four standard deviations allow.
double allowed(double p, int trials) { return 4 * std::sqrt(p * (1 - p) / trials); }

// 95 % intervals on the log scale, of parameters and of an expectation, hold the truth in 95 % of
// samples.
TEST(LtvSimulate, ConfidenceIntervalsCoverTheTruth) {
  const int trials = std::min(test::cases(100), 1000);  // two minutes
  for (const ModelCase& c : kModels) {
    std::vector<int> covered(c.parameters.size());
    int converged = 0, predicted = 0, held = 0;
    LtvQuery query{.quantity = LtvQuantity::kExpectedPurchases, .horizon = 20};
    if (c.model == LtvModel::kGammaGamma) query = {.quantity = LtvQuantity::kExpectedSpend};
    if (c.model == LtvModel::kSbg || c.model == LtvModel::kBdw)
      query.quantity = LtvQuantity::kResidualLifetime;
    LtvCustomer who{.frequency = 2, .recency = 5, .T = 10, .monetary = 30};
    const double truth = model_of(c).predict(who, query)->value;
    for (int trial = 0; trial < trials; trial++) {
      const Result<Ltv> fitted =
          fit(draw(c, 2000, 1000 + static_cast<uint64_t>(trial))->customers, c.model);
      ASSERT_TRUE(fitted.ok()) << fitted.status().message();
      if (!fitted->fit()->converged()) continue;
      converged++;
      for (size_t i = 0; i < covered.size(); i++) {
        const double error = fitted->fit()->standard_errors[i] / fitted->parameters()[i];
        covered[i] += std::fabs(std::log(fitted->parameters()[i] / c.parameters[i])) <
                      1.959963984540054 * error;
      }
      query.interval = LtvInterval::kConfidence;
      const Result<LtvPrediction> prediction = fitted->predict(who, query);
      query.interval = LtvInterval::kNone;
      if (!prediction.ok()) continue;
      predicted++;
      held += prediction->low <= truth && truth <= prediction->high;
    }
    EXPECT_GE(converged, 0.9 * trials) << ltv_model_name(c.model);
    EXPECT_EQ(predicted, converged) << ltv_model_name(c.model);
    for (size_t i = 0; i < covered.size(); i++) {
      EXPECT_NEAR(static_cast<double>(covered[i]) / converged, 0.95,
                  allowed(0.95, converged) + 0.01)
          << ltv_model_name(c.model) << " parameter " << i;
    }
    EXPECT_NEAR(static_cast<double>(held) / predicted, 0.95, allowed(0.95, predicted) + 0.01)
        << ltv_model_name(c.model);
  }
}

// Histories are cut at T, and what follows is counted. Counts are whole, so an interval holds them
// more often than 90 %; each tail is left as often as is allowed, or less.
TEST(LtvSimulate, PredictionIntervalsHoldWhatCustomersDoNext) {
  const int64_t customers = std::min(test::cases(3000), 60'000);
  for (const ModelCase& c : kModels) {
    if (!is_purchase_model(c.model)) continue;
    const double horizon = 12;
    ModelCase longer = c;
    longer.T += horizon;
    const LtvSimulated drawn = *draw(longer, customers, 77, true);
    const Chunk& who = drawn.events.chunks(0)[0];
    const Chunk& when = drawn.events.chunks(1)[0];
    std::vector<LtvCustomer> histories(static_cast<size_t>(customers));
    std::vector<double> next(histories.size());
    for (int64_t k = 0; k < who.length; k++) {
      const auto i = static_cast<size_t>(static_cast<const int64_t*>(who.values)[k]);
      const double time = static_cast<const double*>(when.values)[k];
      if (time > c.T) {
        next[i]++;
      } else {
        histories[i].frequency++;
        histories[i].recency = time;
      }
    }
    const Ltv model = model_of(c);
    const LtvQuery query{.quantity = LtvQuantity::kExpectedPurchases,
                         .horizon = horizon,
                         .interval = LtvInterval::kPrediction,
                         .level = 0.9};
    double below = 0, above = 0, mean = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < histories.size(); i++) {
      histories[i].T = c.T;
      const Result<LtvPrediction> p = model.predict(histories[i], query);
      ASSERT_TRUE(p.ok()) << ltv_model_name(c.model) << p.status().message();
      below += next[i] < p->low;
      above += next[i] > p->high;
      mean += next[i] - p->value;
      sum += next[i];
      squares += (next[i] - p->value) * (next[i] - p->value);
    }
    const auto n = static_cast<double>(customers);
    EXPECT_LE(below / n, 0.05 + allowed(0.05, static_cast<int>(customers)));
    EXPECT_LE(above / n, 0.05 + allowed(0.05, static_cast<int>(customers)));
    EXPECT_GE(above, 1) << "no interval is as wide as that";
    EXPECT_GT(sum, 0);
    // The conditional expectations are right on average.
    EXPECT_LE(std::fabs(mean), 5 * std::sqrt(squares)) << ltv_model_name(c.model);
  }
}

// Contracts that are held after three renewals: how many more of the next eight.
TEST(LtvSimulate, PredictionIntervalsHoldHowLongContractsGoOn) {
  for (const ModelCase& c : kModels) {
    if (c.model != LtvModel::kSbg && c.model != LtvModel::kBdw) continue;
    ModelCase longer = c;
    longer.T = 11;
    const LtvSimulated drawn = *draw(longer, 20'000, 5);
    const Chunk& periods = drawn.customers.chunks(0)[0];
    const Chunk& churned = drawn.customers.chunks(1)[0];
    const LtvQuery query{.quantity = LtvQuantity::kResidualLifetime,
                         .horizon = 8,
                         .interval = LtvInterval::kPrediction,
                         .level = 0.8};
    const Result<LtvPrediction> p = model_of(c).predict({.T = 3}, query);
    ASSERT_TRUE(p.ok()) << p.status().message();
    double held = 0, below = 0, above = 0, sum = 0, squares = 0;
    for (int64_t i = 0; i < periods.length; i++) {
      const auto T = static_cast<double>(static_cast<const int64_t*>(periods.values)[i]);
      const bool ended = (static_cast<const uint8_t*>(churned.values)[i / 8] >> (i % 8) & 1) != 0;
      const double renewals = T - (ended ? 1 : 0);
      if (renewals < 3) continue;
      const double more = renewals - 3;
      held++;
      below += more < p->low;
      above += more > p->high;
      sum += more;
      squares += more * more;
    }
    EXPECT_LE(below / held, 0.1 + allowed(0.1, static_cast<int>(held)));
    EXPECT_LE(above / held, 0.1 + allowed(0.1, static_cast<int>(held)));
    const double mean = sum / held;
    EXPECT_NEAR(mean, p->value, 5 * std::sqrt((squares / held - mean * mean) / held));
  }
}

void expect_error(const ModelCase& c, const LtvSimulation& options, Code code,
                  const std::string& part) {
  const Result<LtvSimulated> result = ltv_simulate(model_of(c), options);
  ASSERT_FALSE(result.ok()) << part;
  EXPECT_EQ(result.status().code(), code) << result.status().message();
  EXPECT_NE(result.status().message().find(part), std::string::npos) << result.status().message();
}

TEST(LtvSimulate, BadOptionsSayWhatIsWrong) {
  const ModelCase &bg = kModels[1], &discrete = kModels[4], &sbg = kModels[5], &spend = kModels[7];
  const std::vector<double> times{1, 2, -3};
  const std::vector<int64_t> orders{1, -2};
  expect_error(spend, {.customers = 3}, Code::kArgument, "give how many each customer has made");
  expect_error(bg, {.customers = -1, .T = 1}, Code::kArgument, "customers: -1 is negative");
  expect_error(bg, {.customers = 1, .T = -1}, Code::kArgument, "T is -1");
  expect_error(bg, {.customers = 1, .T = INFINITY}, Code::kArgument, "T is inf");
  expect_error(bg, {.customers = 1, .T = NAN}, Code::kArgument, "T is nan");
  expect_error(bg, {.T_each = times}, Code::kArgument, "customer 2: T is -3");
  expect_error(bg, {.customers = 2, .T_each = times}, Code::kArgument, "leave customers at 0");
  expect_error(bg, {.orders_each = orders}, Code::kArgument, "orders_each");
  expect_error(bg, {.customers = 1, .T = 1, .threads = -1}, Code::kArgument, "threads");
  expect_error(bg, {.customers = int64_t{1} << 33, .T = 1}, Code::kLimit, "2^32");
  expect_error(discrete, {.customers = 1, .T = 1.5}, Code::kArgument, "whole number");
  expect_error(discrete, {.customers = 1, .T = 1e7}, Code::kLimit, "1000000");
  expect_error(sbg, {.customers = 1, .T = 3, .events = true}, Code::kArgument, "no purchases");
  expect_error(spend, {.T_each = times}, Code::kArgument, "orders_each");
  expect_error(spend, {.orders_each = orders}, Code::kArgument, "customer 1: orders_each is -2");
  const ModelCase frequent{LtvModel::kNbd, {1e6, 1e-6}, 1e9};
  expect_error(frequent, {.customers = 3, .T = 1e9}, Code::kLimit, "nobody can count");
  const ModelCase busy{LtvModel::kNbd, {10, 1e-6}, 1};
  expect_error(busy, {.customers = 2000, .T = 1, .events = true}, Code::kLimit, "2^32 purchases");
}

TEST(LtvSimulate, CancelsAndSaysSo) {
  CancelToken token;
  token.cancel();
  LtvSimulation options{.customers = 100'000, .T = 30};
  options.control.cancel = &token;
  const Result<LtvSimulated> result = ltv_simulate(model_of(kModels[1]), options);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), Code::kCancelled);
}

TEST(LtvSimulate, NobodyIsAnEmptyTable) {
  const Result<LtvSimulated> result = ltv_simulate(model_of(kModels[1]), {.T = 3, .events = true});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->customers.rows(), 0);
  EXPECT_EQ(result->events.rows(), 0);
}

}  // namespace
}  // namespace patron
