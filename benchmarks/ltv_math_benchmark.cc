// How long the functions that lifetime value is made of take: lib/models/ltv/math, and the
// expectations that rest on them.
//
//   ltv_math_benchmark --benchmark_filter=Gamma
//
// One number at a time unless the name says four (Packs, by the best instructions of the
// processor); arguments are log-uniform over six decades around 1, and the same in every run.
// Beside exp, log and log1p stand those of the C library, which are not the same on every
// processor.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "lib/base/simd.h"
#include "lib/models/ltv/beta_waiting.h"
#include "lib/models/ltv/math/deviance.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/math/exponential_integral.h"
#include "lib/models/ltv/math/gamma.h"
#include "lib/models/ltv/math/random.h"
#include "lib/models/ltv/purchase_series.h"
#include "lib/models/ltv/run_sums.h"

namespace {

using namespace patron::internal::ltv;  // NOLINT(google-build-using-namespace): it is all of it

constexpr size_t kNumbers = 1024;

/// 10^-3 to 10^3.
std::vector<double> numbers(uint32_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> drawn(kNumbers);
  for (double& x : drawn) x = std::pow(10, std::uniform_real_distribution<>(-3, 3)(random));
  return drawn;
}

/// One call for each of the numbers.
template <typename F>
void alone(benchmark::State& state, const F& f) {
  const std::vector<double> x = numbers(1), y = numbers(2);
  for (auto _ : state) {
    for (size_t i = 0; i < kNumbers; ++i) benchmark::DoNotOptimize(f(x[i], y[i]));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kNumbers));
}

/// Four at a time.
template <typename F>
void in_fours(benchmark::State& state, const F& f) {
  const std::vector<double> x = numbers(1);
  std::vector<double> out(kNumbers);
  for (auto _ : state) {
    patron::internal::run_with_best_simd([&]() PATRON_SIMD_LAMBDA {
      for (size_t i = 0; i < kNumbers; i += kPackLanes) store(f(load(&x[i])), &out[i]);
    });
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kNumbers));
}

void Exp(benchmark::State& s) {
  alone(s, [](double x, double) { return patron::internal::ltv::exp(-x); });
}
void ExpOfC(benchmark::State& s) {
  alone(s, [](double x, double) { return std::exp(-x); });
}
void ExpInFours(benchmark::State& s) {
  in_fours(s, [](Pack x) PATRON_SIMD_LAMBDA { return patron::internal::ltv::exp(-x); });
}
void Log(benchmark::State& s) {
  alone(s, [](double x, double) { return patron::internal::ltv::log(x); });
}
void LogOfC(benchmark::State& s) {
  alone(s, [](double x, double) { return std::log(x); });
}
void LogInFours(benchmark::State& s) {
  in_fours(s, [](Pack x) PATRON_SIMD_LAMBDA { return patron::internal::ltv::log(x); });
}
void Log1p(benchmark::State& s) {
  alone(s, [](double x, double) { return patron::internal::ltv::log1p(x); });
}
void Log1pOfC(benchmark::State& s) {
  alone(s, [](double x, double) { return std::log1p(x); });
}
void Log1pInFours(benchmark::State& s) {
  in_fours(s, [](Pack x) PATRON_SIMD_LAMBDA { return patron::internal::ltv::log1p(x); });
}
void Expm1InFours(benchmark::State& s) {
  in_fours(s, [](Pack x) PATRON_SIMD_LAMBDA { return patron::internal::ltv::expm1(-x); });
}

void LogGamma(benchmark::State& s) {
  alone(s, [](double x, double) { return log_gamma(x); });
}
void Digamma(benchmark::State& s) {
  alone(s, [](double x, double) { return digamma(x); });
}
void Trigamma(benchmark::State& s) {
  alone(s, [](double x, double) { return trigamma(x); });
}
void LogRising(benchmark::State& s) {
  alone(s, [](double x, double y) { return log_rising(x, y); });
}
void LogBeta(benchmark::State& s) {
  alone(s, [](double x, double y) { return log_beta(x, y); });
}
void LogBetaRatio(benchmark::State& s) {
  alone(s, [](double x, double y) { return log_beta_ratio(x, y, 3, 0); });
}

void LogBetaKernel(benchmark::State& s) {
  alone(s, [](double x, double y) { return log_beta_kernel(4, x, y, 1); });
}
void LogPoisson(benchmark::State& s) {
  alone(s, [](double x, double) { return log_poisson(4, x); });
}

/// As in sums over many s with one R; the first is the constructor.
void ExponentialIntegralOfR(benchmark::State& s) {
  alone(s, [](double x, double) { return ScaledExponentialIntegral(x)(3.0); });
}
void ExponentialIntegralInFours(benchmark::State& s) {
  const ScaledExponentialIntegral integral(1.243);
  in_fours(s, [&](Pack x) PATRON_SIMD_LAMBDA { return integral(x); });
}

/// From one stream, as a simulated customer draws them.
template <typename F>
void draws(benchmark::State& state, const F& f) {
  const std::vector<double> x = numbers(1);
  RandomStream random(42, 0, 7);
  for (auto _ : state) {
    for (size_t i = 0; i < kNumbers; ++i) benchmark::DoNotOptimize(f(random, x[i]));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kNumbers));
}
void Uniform(benchmark::State& s) {
  draws(s, [](RandomStream& r, double) { return r.uniform(); });
}
void Normal(benchmark::State& s) {
  draws(s, [](RandomStream& r, double) { return r.normal(); });
}
void GammaVariate(benchmark::State& s) {
  draws(s, [](RandomStream& r, double x) { return r.gamma(x); });
}
void BetaVariate(benchmark::State& s) {
  draws(s, [](RandomStream& r, double x) { return r.beta(x, 2.4).value; });
}
void PoissonVariate(benchmark::State& s) {
  draws(s, [](RandomStream& r, double x) { return r.poisson(x); });
}

/// Customers who bought twice, observed for 27 to 39 weeks, and the next 39.
std::vector<double> times_observed() {
  std::mt19937_64 random(3);
  std::vector<double> A(kNumbers);
  for (double& time : A) time = 4.414 + std::uniform_real_distribution<>(27, 39)(random);
  return A;
}
/// All of them by one call of f(A, out).
template <typename F>
void columns(benchmark::State& state, const F& f) {
  const std::vector<double> A = times_observed();
  std::vector<double> out(kNumbers);
  for (auto _ : state) {
    benchmark::DoNotOptimize(f(A, out));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kNumbers));
}
void PurchasesByTheirOwnSeries(benchmark::State& s) {
  const std::vector<double> R(kNumbers, 2.243), b(kNumbers, 4.426);
  columns(s,
          [&](const auto& A, auto& out) { return purchases_by_series(R, A, 0.793, b, 39, out); });
}
void PurchasesByASharedSeries(benchmark::State& s) {
  const PurchaseSeries series(2.243, 0.793, 4.426, 39 / 4.414);
  columns(s, [&](const auto& A, auto& out) { return series.purchases(A, 39, out); });
}
template <typename F>
void each_customer(benchmark::State& state, const F& f) {
  const std::vector<double> A = times_observed();
  for (auto _ : state) {
    for (const double time : A) benchmark::DoNotOptimize(f(BetaWaiting{2.243, time, 0.793, 4.426}));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kNumbers));
}
/// 15 % a year.
constexpr double kDiscount = 0.00268;
void PurchasesByTheIntegral(benchmark::State& s) {
  each_customer(s, [](const BetaWaiting& w) { return w.purchases_by_integral(39); });
}
void DiscountedForAYear(benchmark::State& s) {
  each_customer(s, [](const BetaWaiting& w) { return w.discounted(52, kDiscount); });
}
void DiscountedForEver(benchmark::State& s) {
  each_customer(s, [](const BetaWaiting& w) { return w.discounted(kInfinity, kDiscount); });
}

BENCHMARK(Exp);
BENCHMARK(ExpOfC);
BENCHMARK(ExpInFours);
BENCHMARK(Log);
BENCHMARK(LogOfC);
BENCHMARK(LogInFours);
BENCHMARK(Log1p);
BENCHMARK(Log1pOfC);
BENCHMARK(Log1pInFours);
BENCHMARK(Expm1InFours);
BENCHMARK(LogGamma);
BENCHMARK(Digamma);
BENCHMARK(Trigamma);
BENCHMARK(LogRising);
BENCHMARK(LogBeta);
BENCHMARK(LogBetaRatio);
BENCHMARK(LogBetaKernel);
BENCHMARK(LogPoisson);
BENCHMARK(ExponentialIntegralOfR);
BENCHMARK(ExponentialIntegralInFours);
BENCHMARK(Uniform);
BENCHMARK(Normal);
BENCHMARK(GammaVariate);
BENCHMARK(BetaVariate);
BENCHMARK(PoissonVariate);
BENCHMARK(PurchasesByTheirOwnSeries);
BENCHMARK(PurchasesByASharedSeries);
BENCHMARK(PurchasesByTheIntegral);
BENCHMARK(DiscountedForAYear);
BENCHMARK(DiscountedForEver);

}  // namespace
