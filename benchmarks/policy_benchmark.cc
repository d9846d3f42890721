// How long a policy takes to be read and checked, and its conditions to be looked through.
//
//   policy_benchmark
//
// Check reads examples/policies (from the root of the repository): every key, name, type,
// expression and finding, from the text to the shared value. Rules has first matches of random
// rules over six columns, each rule with three random ranges: thresholds on a grid of 16 a column,
// and anywhere. One core.
#include <benchmark/benchmark.h>
#include <patron/policy.h>

#include <array>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

namespace {

std::string shipped(const std::string& name) {
  std::ifstream file("examples/policies/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void Check(benchmark::State& state, const char* name) {
  const std::string text = shipped(name);
  if (text.empty()) return state.SkipWithError("run it from the root of the repository");
  for (auto _ : state) benchmark::DoNotOptimize(patron::Policy::check(text));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
}
BENCHMARK_CAPTURE(Check, retail, "retail")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Check, baby, "baby")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Check, b2b, "b2b")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Check, ecommerce, "ecommerce")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Check, bank, "bank")->Unit(benchmark::kMicrosecond);

/// A first match of `rules` over `columns` whole numbers, each of 0 to `values` - 1.
std::string table(int rules, int columns, uint32_t values) {
  std::mt19937 random(7);
  std::string text = R"({"patron": 1, "name": "rules", "attributes": {)";
  for (int c = 0; c < columns; ++c) {
    text += (c > 0 ? ", \"c" : "\"c") + std::to_string(c) + R"(": {"type": "int64"})";
  }
  text += R"(}, "classifications": [{"name": "c", "kind": "first_match", "classes": [)";
  for (int rule = 0; rule < rules; ++rule) {
    text += R"({"name": "r)" + std::to_string(rule) + R"(", "enter": ")";
    for (int k = 0; k < 3; ++k) {
      const std::string column = "c" + std::to_string(random() % static_cast<uint32_t>(columns));
      const uint32_t low = random() % values, high = low + random() % (values - low);
      text += (k > 0 ? " && " : "") + column + " >= " + std::to_string(low) + " && " + column +
              " <= " + std::to_string(high);
    }
    text += "\"}, ";
  }
  return text + R"({"name": "rest"}]}]})";
}

void Rules(benchmark::State& state) {
  const std::string text = table(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)),
                                 static_cast<uint32_t>(state.range(2)));
  int64_t undecided = 0, unreachable = 0;
  for (auto _ : state) {
    const patron::CheckedPolicy checked = patron::Policy::check(text);
    if (!checked.policy) return state.SkipWithError("the policy has errors");
    undecided = unreachable = 0;
    for (const patron::PolicyFinding& one : checked.findings) {
      undecided += one.code == "not_decided" ? 1 : 0;
      unreachable += one.code == "unreachable" ? 1 : 0;
    }
  }
  state.counters["undecided"] = static_cast<double>(undecided);
  state.counters["unreachable"] = static_cast<double>(unreachable);
}
BENCHMARK(Rules)
    ->ArgNames({"rules", "columns", "thresholds"})
    ->Args({200, 6, 16})
    ->Args({1000, 6, 16})
    ->Args({1000, 6, 100'000})
    ->Args({1000, 12, 16})
    ->Unit(benchmark::kMillisecond);

}  // namespace
