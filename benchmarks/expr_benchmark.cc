// How long the conditions of eight tiers take over a million customers, and over one.
//
//   expr_benchmark --benchmark_filter='EightTiers|ReadMemory'
//
// The customers are 33 bytes in eight columns; a third of the NPS scores is null. At 1e7 of them
// the memory is the limit: EightTiers counts the bytes that must go through it, ReadMemory says how
// fast it is read. All conditions are one program, which shares what they have in common; the tier
// is the first that is true, and two masks say which of them are, and which are unknown. One core;
// the level is the argument (0 baseline, 1 AVX2, 2 AVX-512).
#include <benchmark/benchmark.h>
#include <patron/expression.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "lib/expr/conditions.h"

namespace {

using patron::Cell;
using patron::Expression;
using patron::internal::SimdLevel;

// As a policy has them: any of them may be null.
constexpr const char* kSchema = R"({"fields": {
  "recency": "double", "monetary": "double", "tenure": "double", "frequency": "int64",
  "nps": "int64", "complaint": "bool", "endorses": "bool", "region": "enum"}})";

// The eighth takes the rest.
const std::array<std::string, 7> kTiers{
    "monetary >= 1e6 && tenure >= 3 && endorses",
    "recency <= 30 && frequency >= 12 && monetary >= 50000 && (nps == null || nps >= 9)",
    "recency <= 60 && frequency >= 6 && monetary >= 10000",
    "frequency < 3 && monetary >= 10000 && recency <= 180",
    "recency > 180 && monetary >= 5000",
    "complaint && monetary >= 1000",
    "recency <= 30 && region in ['r0', 'r8', 'r13', 'r17', 'r20']"};

class Customers {
 public:
  explicit Customers(size_t rows) : complaint_(rows / 8 + 1), endorses_(rows / 8 + 1) {
    std::mt19937_64 random(42);
    const auto u = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
    std::normal_distribution<double> normal;
    std::vector<uint8_t> valid(rows / 8 + 1);
    int64_t nulls = 0;
    for (size_t i = 0; i < rows; ++i) {
      recency_.push_back(std::floor(-std::log(u() + 1e-300) * 480) / 4);
      monetary_.push_back(std::floor(std::exp(8.3 + 1.9 * normal(random)) * 100) / 100);
      frequency_.push_back(static_cast<int32_t>(-std::log(u() + 1e-300) *
                                                (2 + std::log10(monetary_.back() + 1) * 1.4)));
      tenure_.push_back(std::floor(u() * 1200) / 100);
      nps_.push_back(static_cast<int8_t>(random() % 11));
      region_.push_back(static_cast<uint8_t>(random() % 30));
      const auto bit = [&](std::vector<uint8_t>& bits, bool on) {
        if (on) bits[i / 8] = static_cast<uint8_t>(bits[i / 8] | 1 << i % 8);
      };
      bit(complaint_, u() < 0.05);
      bit(endorses_, u() < 0.08);
      const bool known = u() < 0.7;
      bit(valid, known);
      nulls += !known;
    }
    valid_ = std::move(valid);
    for (int i = 0; i < 30; ++i) {
      names_ += "r" + std::to_string(i);
      offsets_.push_back(static_cast<int32_t>(names_.size()));
    }
    add("recency", patron::Type::kDouble, recency_.data());
    add("monetary", patron::Type::kDouble, monetary_.data());
    add("tenure", patron::Type::kDouble, tenure_.data());
    add("frequency", patron::Type::kInt32, frequency_.data());
    add("nps", patron::Type::kInt8, nps_.data());
    views_.back().chunk.validity = valid_.data();
    views_.back().chunk.null_count = nulls;
    add("complaint", patron::Type::kBool, complaint_.data());
    add("endorses", patron::Type::kBool, endorses_.data());
    add("region", patron::Type::kDictionary, region_.data());
    dictionary_.length = 30;
    dictionary_.offsets = offsets_.data();
    dictionary_.bytes = reinterpret_cast<const uint8_t*>(names_.data());
    views_.back().type.index = patron::Type::kUint8;
    views_.back().chunk.dictionary = &dictionary_;
    table_ = *patron::make_table(views_);
  }
  const patron::Table& table() const { return table_; }

 private:
  void add(const char* name, patron::Type type, const void* values) {
    patron::ColumnView view;
    view.name = name;
    view.type.type = type;
    view.chunk.length = static_cast<int64_t>(recency_.size());
    view.chunk.values = values;
    views_.push_back(view);
  }

  std::vector<double> recency_, monetary_, tenure_;
  std::vector<int32_t> frequency_, offsets_{0};
  std::vector<int8_t> nps_;
  std::vector<uint8_t> complaint_, endorses_, valid_, region_;
  std::string names_;
  patron::Chunk dictionary_;
  std::vector<patron::ColumnView> views_;
  patron::Table table_;
};

/// The seven conditions.
struct Tiers {
  patron::Schema schema = *patron::Schema::from_json(kSchema);
  std::vector<Expression> each;

  Tiers() {
    for (const std::string& text : kTiers) each.push_back(*Expression::parse(text, schema));
  }
  patron::internal::Conditions all() const {
    std::vector<const Expression*> list;
    list.reserve(each.size());
    for (const Expression& one : each) list.push_back(&one);
    return {schema, list};
  }
  /// As one expression that gives the number of the tier.
  Expression joined() const {
    std::string text;
    for (size_t i = 0; i < kTiers.size(); ++i) {
      text += "(" + kTiers[i] + ") ? " + std::to_string(i + 1) + " : ";
    }
    return *Expression::parse(text + "8", schema);
  }
};

// Three doubles, four bytes, two of one; and the tier and the two masks that are written. (Three
// bits are not counted.)
constexpr int64_t kBytesOfCustomer = 3 * 8 + 4 + 2 + 3;

const Customers& customers_of(int64_t rows) {
  static std::map<int64_t, Customers> sizes;
  return sizes.try_emplace(rows, static_cast<size_t>(rows)).first->second;
}

// What Policy::classify does, at a level.
void EightTiers(benchmark::State& state) {
  const auto level = static_cast<SimdLevel>(state.range(0));
  if (level > patron::internal::best_simd()) return state.SkipWithError("no such processor");
  const patron::Table& table = customers_of(state.range(1)).table();
  const Tiers tiers;
  const patron::internal::Conditions conditions = tiers.all();
  for (auto _ : state) benchmark::DoNotOptimize(*conditions.evaluate(table, {}, level, nullptr));
  state.SetItemsProcessed(state.iterations() * table.rows());
  state.SetBytesProcessed(state.iterations() * table.rows() * kBytesOfCustomer);
}
BENCHMARK(EightTiers)
    ->ArgNames({"level", "rows"})
    ->ArgsProduct({{0, 1, 2}, {1'000'000, 10'000'000}})
    ->Unit(benchmark::kMillisecond);

// A sum over 640 MB, on as many words at a time as the processor has.
void ReadMemory(benchmark::State& state) {
  const std::vector<int64_t> words(80'000'000, 1);
  for (auto _ : state) {
    int64_t sum = 0;
    patron::internal::run_with_best_simd([&]() __attribute__((always_inline)) {
      for (const int64_t word : words) sum += word;
    });
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(state.iterations() * 640'000'000);
}
BENCHMARK(ReadMemory)->Unit(benchmark::kMillisecond);

void OneRow(benchmark::State& state) {
  const Tiers tiers;
  const bool all = state.range(0) != 0;
  const Expression expression = all ? tiers.joined() : tiers.each[1];
  const std::vector<Cell> cells{Cell::of_double(20),
                                Cell::of_double(60'000),
                                Cell::of_double(2),
                                Cell::of(13),
                                Cell(),
                                Cell::of(0),
                                Cell::of(1),
                                Cell::of_text("r8")};
  for (auto _ : state) benchmark::DoNotOptimize(*expression.evaluate_row(cells));
}
BENCHMARK(OneRow)->ArgName("all_tiers")->Arg(0)->Arg(1);

void Check(benchmark::State& state) {
  const patron::Schema schema = *patron::Schema::from_json(kSchema);
  for (auto _ : state) benchmark::DoNotOptimize(Expression::check(kTiers[1], schema));
}
BENCHMARK(Check);

}  // namespace
