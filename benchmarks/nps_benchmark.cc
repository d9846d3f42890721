// How long feedback scores take, by kind of input, beside what the machine's memory allows.
//
//   nps_benchmark --benchmark_filter=Groups
//
// Every benchmark prints rows a second and `memory`: the bytes of the input columns that it reads a
// second, as a share of what a plain read of as much memory reaches in the same run. One core
// unless the name says two.
#include <benchmark/benchmark.h>
#include <patron/nps.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace {

enum class Groups { kNone, kWide, kNarrow, kSorted, kScattered, kText };

/// The columns of a survey, and a table that reads them in place.
class Survey {
 public:
  Survey(int64_t rows, Groups groups, int64_t count) {
    std::mt19937_64 random(42);
    narrow_ = groups == Groups::kNarrow;
    for (int64_t i = 0; i < rows; i++) {
      const auto group = static_cast<int64_t>(random() % static_cast<uint64_t>(count));
      groups_.push_back(groups == Groups::kScattered ? group * 1'000'003 : group);
      scores_.push_back(static_cast<int64_t>(std::min<uint64_t>(10, random() % 14)));
    }
    if (groups == Groups::kSorted) std::sort(groups_.begin(), groups_.end());
    narrow_groups_.assign(groups_.begin(), groups_.end());
    narrow_scores_.assign(scores_.begin(), scores_.end());
    views_.push_back(narrow_ ? view("score", patron::Type::kInt8, narrow_scores_.data())
                             : view("score", patron::Type::kInt64, scores_.data()));
    options_.score = "score";
    if (groups != Groups::kNone) {
      views_.push_back(narrow_ ? view("group", patron::Type::kInt32, narrow_groups_.data())
                               : view("group", patron::Type::kInt64, groups_.data()));
      options_.group = "group";
      if (groups == Groups::kText) name_groups();
    }
    table_ = *patron::make_table(views_);
  }

  const patron::Table& table() const { return table_; }
  patron::NpsOptions& options() { return options_; }
  int64_t bytes() const {
    const int64_t columns = static_cast<int64_t>(views_.size());
    if (!text_.empty()) return table_.rows() * 12 + static_cast<int64_t>(text_.size());
    return table_.rows() * (narrow_ ? 5 : 8 * columns);
  }

 private:
  template <typename T>
  patron::ColumnView view(const char* name, patron::Type type, const T* values) {
    patron::ColumnView column;
    column.name = name;
    column.type.type = type;
    column.chunk.length = static_cast<int64_t>(scores_.size());
    column.chunk.values = values;
    return column;
  }

  /// Groups named by 11 characters.
  void name_groups() {
    offsets_.push_back(0);
    for (const int64_t group : groups_) {
      const std::string digits = std::to_string(group);
      text_ += "branch_" + std::string(4 - std::min<size_t>(4, digits.size()), '0') + digits;
      offsets_.push_back(static_cast<int32_t>(text_.size()));
    }
    patron::ColumnView& column = views_[1];
    column.type.type = patron::Type::kString;
    column.chunk.values = nullptr;
    column.chunk.offsets = offsets_.data();
    column.chunk.bytes = reinterpret_cast<const uint8_t*>(text_.data());
  }

  bool narrow_ = false;
  std::vector<int64_t> groups_, scores_;
  std::vector<int32_t> narrow_groups_;
  std::vector<int8_t> narrow_scores_;
  std::string text_;
  std::vector<int32_t> offsets_;
  std::vector<patron::ColumnView> views_;
  patron::Table table_;
  patron::NpsOptions options_;
};

/// Bytes a second of a plain read.
double read_bandwidth() {
  const std::vector<uint64_t> memory(size_t{1} << 25, 1);
  double best = 0;
  for (int i = 0; i < 5; i++) {
    const auto begin = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(std::accumulate(memory.begin(), memory.end(), uint64_t{0}));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    best = std::max(best, static_cast<double>(memory.size() * 8) / took.count());
  }
  return best;
}

void run(benchmark::State& state, Groups groups, int threads,
         patron::Interval interval = patron::Interval::kAuto,
         patron::Question question = patron::Question::kNps) {
  static const double bandwidth = read_bandwidth();
  Survey survey(10'000'000, groups, 1000);
  survey.options().threads = threads;
  survey.options().method.interval = interval;
  survey.options().method.question = question;
  if (question == patron::Question::kCes) survey.options().method.scale = {0, 10, 2};
  for (auto _ : state) {
    patron::Result<patron::NpsResult> result = patron::nps(survey.table(), survey.options());
    if (!result.ok()) state.SkipWithError(result.status().message().c_str());
    benchmark::DoNotOptimize(result);
  }
  const double rows = static_cast<double>(survey.table().rows() * state.iterations());
  const double bytes = static_cast<double>(survey.bytes() * state.iterations());
  state.counters["rows"] = benchmark::Counter(rows, benchmark::Counter::kIsRate);
  state.counters["bytes_per_row"] = bytes / rows;
  state.counters["memory"] = benchmark::Counter(bytes / bandwidth, benchmark::Counter::kIsRate);
}

void NpsWithoutGroups(benchmark::State& state) { run(state, Groups::kNone, 1); }
void NpsGroupsOfInt64(benchmark::State& state) { run(state, Groups::kWide, 1); }
void NpsGroupsOfInt64OnTwoCores(benchmark::State& state) { run(state, Groups::kWide, 2); }
void NpsGroupsOfInt32(benchmark::State& state) { run(state, Groups::kNarrow, 1); }
void NpsGroupsOfInt32OnTwoCores(benchmark::State& state) { run(state, Groups::kNarrow, 2); }
void NpsGroupsInOrder(benchmark::State& state) { run(state, Groups::kSorted, 1); }
void NpsGroupsFarApart(benchmark::State& state) { run(state, Groups::kScattered, 1); }
void NpsGroupsOfText(benchmark::State& state) { run(state, Groups::kText, 1); }
void NpsGroupsWithScoreIntervals(benchmark::State& state) {
  run(state, Groups::kWide, 1, patron::Interval::kScore);
}
void CesGroups(benchmark::State& state) {
  run(state, Groups::kWide, 1, patron::Interval::kAuto, patron::Question::kCes);
}

BENCHMARK(NpsWithoutGroups)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(NpsGroupsOfInt64)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(NpsGroupsOfInt64OnTwoCores)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(NpsGroupsOfInt32)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(NpsGroupsOfInt32OnTwoCores)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(NpsGroupsInOrder)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(NpsGroupsFarApart)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(NpsGroupsOfText)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(NpsGroupsWithScoreIntervals)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(CesGroups)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
