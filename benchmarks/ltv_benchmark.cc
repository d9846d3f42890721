// How long fits of lifetime value models take, from columns to parameters with standard errors, and
// predictions for their customers.
//
//   ltv_benchmark --benchmark_filter=BgNbd
//
// Customers are drawn from the BG/NBD with r = .243, alpha = 4.414, a = .793, b = 2.426 (Fader,
// Hardie and Lee 2005), observed for 27 to 39 weeks: on whole days, where most rows repeat, and at
// time stamps that do not. Money is drawn from the Gamma-Gamma with p = 6.25, q = 3.74, v = 15.44.
// One thread unless the name says two; the time is that of the processor, of all threads.
#include <benchmark/benchmark.h>
#include <patron/ltv.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <utility>
#include <vector>

namespace {

enum class Times { kDays, kStamps };

struct Customers {
  std::vector<int64_t> frequency;
  std::vector<double> recency, T, monetary;
};

double gamma_draw(std::mt19937_64& random, double shape, double rate) {
  return std::gamma_distribution<double>(shape, 1 / rate)(random);
}

Customers draw(int64_t count, Times times) {
  std::mt19937_64 random(42);
  std::uniform_real_distribution<double> unit(0, 1);
  Customers customers;
  for (int64_t i = 0; i < count; ++i) {
    const double lambda = gamma_draw(random, 0.243, 4.414);
    const double x_a = gamma_draw(random, 0.793, 1),
                 leaves = x_a / (x_a + gamma_draw(random, 2.426, 1));
    double T = 27 + 12 * unit(random), now = 0, last = 0;
    if (times == Times::kDays) T = std::floor(7 * T) / 7;
    int64_t x = 0;
    for (;;) {
      now += -std::log(1 - unit(random)) / lambda;
      if (!(now <= T)) break;
      const double day = times == Times::kDays ? std::ceil(7 * now) / 7 : now;
      if (day <= T && day > last) ++x, last = day;
      if (unit(random) < leaves) break;
    }
    customers.frequency.push_back(x);
    customers.recency.push_back(last);
    customers.T.push_back(T);
    const double nu = gamma_draw(random, 3.74, 15.44);
    customers.monetary.push_back(
        x > 0 ? gamma_draw(random, 6.25 * static_cast<double>(x), nu) / static_cast<double>(x) : 0);
  }
  return customers;
}

template <typename T>
patron::ColumnView view(const char* name, patron::Type type, const std::vector<T>& values) {
  patron::ColumnView column;
  column.name = name;
  column.type.type = type;
  column.chunk.length = static_cast<int64_t>(values.size());
  column.chunk.values = values.data();
  return column;
}

/// Drawn once for each size; the tables read them in place.
const Customers& customers_of(int64_t count, Times times) {
  static std::map<std::pair<int64_t, Times>, Customers> all;
  auto found = all.find({count, times});
  if (found == all.end()) found = all.emplace(std::pair(count, times), draw(count, times)).first;
  return found->second;
}

void fit(benchmark::State& state, const Customers& c, patron::LtvModel model, int threads) {
  const std::vector<patron::ColumnView> views{view("frequency", patron::Type::kInt64, c.frequency),
                                              view("recency", patron::Type::kDouble, c.recency),
                                              view("T", patron::Type::kDouble, c.T),
                                              view("monetary", patron::Type::kDouble, c.monetary)};
  const patron::Table table = *patron::make_table(views);
  patron::LtvFitOptions options;
  options.columns = {
      .frequency = "frequency", .recency = "recency", .T = "T", .monetary = "monetary"};
  options.threads = threads;
  for (auto _ : state) {
    const patron::Result<patron::Ltv> result = patron::Ltv::fit(table, model, options);
    if (!result.ok() || !result->fit()->converged()) state.SkipWithError("no optimum");
    state.counters["unique"] = static_cast<double>(result->fit()->unique_rows);
    state.counters["steps"] = result->fit()->iterations;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(c.T.size()));
}

template <patron::LtvModel kModel, Times kTimes, int kThreads = 1>
void Fit(benchmark::State& state) {
  fit(state, customers_of(state.range(0), kTimes), kModel, kThreads);
}

/// Repeat customers alone, as Gamma-Gamma wants them: 403,000 of a million.
void GammaGamma(benchmark::State& state) {
  const Customers& all = customers_of(state.range(0), Times::kStamps);
  Customers repeat;
  for (size_t i = 0; i < all.T.size(); ++i) {
    if (all.frequency[i] == 0) continue;
    repeat.frequency.push_back(all.frequency[i]);
    repeat.recency.push_back(all.recency[i]);
    repeat.T.push_back(all.T[i]);
    repeat.monetary.push_back(all.monetary[i]);
  }
  fit(state, repeat, patron::LtvModel::kGammaGamma, 1);
}

/// The parameters that the papers find for CDNOW.
patron::Ltv cdnow(patron::LtvModel model) {
  std::vector<double> parameters;
  if (model == patron::LtvModel::kBgNbd) parameters = {.243, 4.414, .793, 2.426};
  if (model == patron::LtvModel::kMbgNbd) parameters = {.525, 6.183, .891, 1.614};
  if (model == patron::LtvModel::kParetoNbd) parameters = {.553, 10.578, .606, 11.669};
  return *patron::Ltv::from_parameters(model, parameters, patron::LtvUnit::kWeek);
}

/// A quantity for every customer; 39 weeks, and for discounted purchases all time at 15 % a year.
template <patron::LtvModel kModel, Times kTimes, patron::LtvQuantity kQuantity, int kThreads = 1>
void Predict(benchmark::State& state) {
  const Customers& c = customers_of(state.range(0), kTimes);
  const std::vector<patron::ColumnView> views{view("frequency", patron::Type::kInt64, c.frequency),
                                              view("recency", patron::Type::kDouble, c.recency),
                                              view("T", patron::Type::kDouble, c.T)};
  const patron::Table table = *patron::make_table(views);
  const patron::Ltv model = cdnow(kModel);
  patron::LtvPredictOptions options;
  options.columns.frequency = "frequency";
  options.columns.recency = "recency";
  options.columns.T = "T";
  options.query.quantity = kQuantity;
  if (kQuantity == patron::LtvQuantity::kProbabilityAlive) options.query.horizon = 0;
  if (kQuantity == patron::LtvQuantity::kExpectedPurchases) options.query.horizon = 39;
  options.query.rate_per_year = 0.15;
  options.threads = kThreads;
  for (auto _ : state) {
    const patron::Result<patron::LtvPredictions> result = model.predict(table, options);
    if (!result.ok()) state.SkipWithError("not predicted");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(c.T.size()));
}

using M = patron::LtvModel;
using Q = patron::LtvQuantity;
constexpr auto kDays = Times::kDays;
constexpr auto kStamps = Times::kStamps;

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Arg(2357)
      ->Arg(100'000)
      ->Arg(1'000'000)
      ->Unit(benchmark::kMillisecond)
      ->MeasureProcessCPUTime();
}
void large(benchmark::internal::Benchmark* benchmark) {
  benchmark->Arg(1'000'000)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
}

BENCHMARK(Fit<M::kNbd, kDays>)->Name("NbdOnDays")->Apply(sizes);
BENCHMARK(Fit<M::kBgNbd, kDays>)->Name("BgNbdOnDays")->Apply(sizes);
BENCHMARK(Fit<M::kBgNbd, kStamps>)->Name("BgNbdOnStamps")->Apply(sizes);
BENCHMARK(Fit<M::kMbgNbd, kDays>)->Name("MbgNbdOnDays")->Apply(sizes);
BENCHMARK(Fit<M::kMbgNbd, kStamps>)->Name("MbgNbdOnStamps")->Apply(sizes);
BENCHMARK(Fit<M::kParetoNbd, kDays>)->Name("ParetoNbdOnDays")->Apply(sizes);
BENCHMARK(Fit<M::kParetoNbd, kStamps>)->Name("ParetoNbdOnStamps")->Apply(sizes);
BENCHMARK(GammaGamma)->Apply(large);
BENCHMARK(Fit<M::kBgNbd, kStamps, 2>)->Name("BgNbdOnStampsTwoThreads")->Apply(large);
BENCHMARK(Fit<M::kParetoNbd, kStamps, 2>)->Name("ParetoNbdOnStampsTwoThreads")->Apply(large);

constexpr Q kExpected = Q::kExpectedPurchases, kAlive = Q::kProbabilityAlive;
constexpr Q kDiscounted = Q::kDiscountedPurchases;
BENCHMARK(Predict<M::kBgNbd, kDays, kExpected>)->Name("BgNbdExpectedOnDays")->Apply(large);
BENCHMARK(Predict<M::kBgNbd, kStamps, kExpected>)->Name("BgNbdExpectedOnStamps")->Apply(large);
BENCHMARK(Predict<M::kBgNbd, kStamps, kExpected, 2>)
    ->Name("BgNbdExpectedOnStampsTwoThreads")
    ->Apply(large);
BENCHMARK(Predict<M::kBgNbd, kStamps, kAlive>)->Name("BgNbdAliveOnStamps")->Apply(large);
BENCHMARK(Predict<M::kBgNbd, kDays, kDiscounted>)->Name("BgNbdDiscountedOnDays")->Apply(large);
BENCHMARK(Predict<M::kMbgNbd, kDays, kExpected>)->Name("MbgNbdExpectedOnDays")->Apply(large);
BENCHMARK(Predict<M::kMbgNbd, kStamps, kExpected>)->Name("MbgNbdExpectedOnStamps")->Apply(large);
BENCHMARK(Predict<M::kParetoNbd, kDays, kExpected>)->Name("ParetoNbdExpectedOnDays")->Apply(large);
BENCHMARK(Predict<M::kParetoNbd, kStamps, kExpected>)
    ->Name("ParetoNbdExpectedOnStamps")
    ->Apply(large);

}  // namespace
