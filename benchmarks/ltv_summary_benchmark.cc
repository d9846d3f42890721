// How long a summary for lifetime value takes, by kind of input.
//
//   ltv_summary_benchmark --benchmark_filter=Hashed
//
// 10 rows a customer, three years, one core unless the name says two; weeks, days that count once,
// and the last year held out unless the name says otherwise. The same logs as rfm_benchmark.
#include <benchmark/benchmark.h>
#include <patron/ltv_summary.h>

#include <cstdint>

#include "benchmarks/order_log.h"

namespace {

using patron::bench::Ids;
using patron::bench::OrderLog;

patron::LtvSummaryOptions weeks(const OrderLog& log) {
  patron::LtvSummaryOptions options;
  options.customer = "customer";
  options.time = "time";
  options.amount = "amount";
  if (log.has_orders()) options.order = "order";
  options.calibration_end = patron::bench::kBegin + 731 * patron::kMicrosPerDay;
  return options;
}

void run(benchmark::State& state, const OrderLog& log, const patron::LtvSummaryOptions& options) {
  for (auto _ : state) {
    patron::Result<patron::LtvSummaryResult> result = patron::ltv_summary(log.table(), options);
    if (!result.ok()) state.SkipWithError(result.status().message().c_str());
    benchmark::DoNotOptimize(result);
  }
  const double rows = static_cast<double>(log.table().rows() * state.iterations());
  state.counters["rows"] = benchmark::Counter(rows, benchmark::Counter::kIsRate);
}
void run(benchmark::State& state, const OrderLog& log) { run(state, log, weeks(log)); }

void HashedIds(benchmark::State& state) {
  run(state, OrderLog(state.range(0), Ids::kHashed, false, false));
}
void HashedIdsTwoThreads(benchmark::State& state) {
  const OrderLog log(state.range(0), Ids::kHashed, false, false);
  patron::LtvSummaryOptions options = weeks(log);
  options.threads = 2;
  run(state, log, options);
}
void InTimeOrder(benchmark::State& state) {
  run(state, OrderLog(state.range(0), Ids::kHashed, true, false));
}
void TextIds(benchmark::State& state) {
  run(state, OrderLog(state.range(0), Ids::kText, false, false));
}
void OrderLines(benchmark::State& state) {
  run(state, OrderLog(state.range(0), Ids::kHashed, false, true));
}
void NewYork(benchmark::State& state) {
  const OrderLog log(state.range(0), Ids::kHashed, false, false);
  patron::LtvSummaryOptions options = weeks(log);
  options.timezone = "America/New_York";
  run(state, log, options);
}
void Months(benchmark::State& state) {
  const OrderLog log(state.range(0), Ids::kHashed, false, false);
  patron::LtvSummaryOptions options = weeks(log);
  options.unit = patron::LtvUnit::kMonth;
  run(state, log, options);
}
/// Every instant its own period: rows are brought together by customer.
void Stamps(benchmark::State& state) {
  const OrderLog log(state.range(0), Ids::kHashed, false, false);
  patron::LtvSummaryOptions options = weeks(log);
  options.collapse = patron::LtvCollapse::kNone;
  run(state, log, options);
}
void Skewed(benchmark::State& state) {
  run(state, OrderLog(state.range(0), Ids::kSkewed, false, false));
}
void CraftedIds(benchmark::State& state) {
  run(state, OrderLog(state.range(0), Ids::kColliding, false, false));
}

#define PATRON_SUMMARY_BENCHMARK(name) \
  BENCHMARK(name)->Arg(1'000'000)->Arg(10'000'000)->Unit(benchmark::kMillisecond)->UseRealTime()
PATRON_SUMMARY_BENCHMARK(HashedIds);
PATRON_SUMMARY_BENCHMARK(HashedIdsTwoThreads);
PATRON_SUMMARY_BENCHMARK(InTimeOrder);
PATRON_SUMMARY_BENCHMARK(TextIds);
PATRON_SUMMARY_BENCHMARK(OrderLines);
PATRON_SUMMARY_BENCHMARK(NewYork);
PATRON_SUMMARY_BENCHMARK(Months);
PATRON_SUMMARY_BENCHMARK(Stamps);
PATRON_SUMMARY_BENCHMARK(Skewed);
PATRON_SUMMARY_BENCHMARK(CraftedIds);

}  // namespace
