// How long the conditions of eight tiers take over a million customers, and over one.
//
//   expr_benchmark --benchmark_filter='EightTiers|ReadMemory'
//
// The customers are 33 bytes in eight columns; a third of the NPS scores is null. At 1e7 of them
// the memory is the limit: EightTiers counts the bytes that must go through it, ReadMemory says how
// fast it is read. All conditions
// are one program, which shares what they have in common; the tier is the first that is true, and
// the mask says which of them are. One core; the level is the argument (0 baseline, 1 AVX2, 2
// AVX-512).
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

#include "lib/expr/compiled.h"
#include "lib/expr/table_source.h"

namespace {

using patron::Cell;
using patron::Expression;
using patron::internal::SimdLevel;

constexpr const char* kSchema = R"({"fields": {
  "recency": {"type": "double", "nullable": false}, "monetary": {"type": "double", "nullable": false},
  "tenure": {"type": "double", "nullable": false}, "frequency": {"type": "int64", "nullable": false},
  "nps": "int64", "complaint": {"type": "bool", "nullable": false},
  "endorses": {"type": "bool", "nullable": false}, "region": "enum"}})";

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

/// The seven conditions as one program: the nodes of a text that joins them all.
struct Tiers {
  patron::Schema schema = *patron::Schema::from_json(kSchema);
  Expression all = *Expression::parse(joined(), schema);
  std::vector<int32_t> roots;

  Tiers() {
    // "(a) ? 1 : (b) ? 2 : ... 8": the conditions are what the choices ask.
    const auto& graph = all.compiled().graph;
    for (int32_t i = graph.root; graph.at(i).op == patron::internal::Op::kSelect;
         i = graph.at(i).args[2]) {
      roots.push_back(graph.at(i).args[0]);
    }
  }
  static std::string joined() {
    std::string text;
    for (size_t i = 0; i < kTiers.size(); ++i) {
      text += "(" + kTiers[i] + ") ? " + std::to_string(i + 1) + " : ";
    }
    return text + "8";
  }
};

// Three doubles, four bytes, two of one; and the tier and the mask that are written. (Three bits
// are not counted.)
constexpr int64_t kBytesOfCustomer = 3 * 8 + 4 + 2 + 2;

PATRON_SIMD_INLINE void put(const uint8_t* holds, int64_t n, uint8_t tier, uint8_t* tiers,
                            uint8_t* mask) {
  for (int64_t i = 0; i < n; ++i) {
    tiers[i] = holds[i] != 0 ? tier : tiers[i];
    mask[i] = static_cast<uint8_t>(mask[i] | holds[i] << (tier - 1));
  }
}

void EightTiers(benchmark::State& state) {
  const auto level = static_cast<SimdLevel>(state.range(0));
  if (level > patron::internal::best_simd()) return state.SkipWithError("no such processor");
  static std::map<int64_t, Customers> sizes;
  const Customers& customers =
      sizes.try_emplace(state.range(1), static_cast<size_t>(state.range(1))).first->second;
  const Tiers tiers;
  const patron::internal::Program program(tiers.all.compiled().graph, tiers.schema, tiers.roots);
  const auto source =
      *patron::internal::TableSource::open(customers.table(), tiers.schema, program.fields());
  patron::internal::TableSource::Scratch scratch(source);
  patron::internal::Frame frame(program);
  const int64_t rows = customers.table().rows();
  std::vector<uint8_t> tier(static_cast<size_t>(rows)), mask(static_cast<size_t>(rows));
  for (auto _ : state) {
    for (int64_t begin = 0; begin < rows; begin += patron::internal::kChunkRows) {
      const int64_t n = std::min(patron::internal::kChunkRows, rows - begin);
      if (!source.read(0, begin, n, scratch).ok()) return state.SkipWithError("a bad row");
      frame.run(scratch.blocks, n, level);
      std::fill_n(tier.data() + begin, n, uint8_t{8});
      std::fill_n(mask.data() + begin, n, uint8_t{0});
      for (size_t k = tiers.roots.size(); k-- > 0;) {
        patron::internal::run_with_best_simd([&]() __attribute__((always_inline)) {
          put(frame.result(k).as<uint8_t>(), n, static_cast<uint8_t>(k + 1), tier.data() + begin,
              mask.data() + begin);
        });
      }
    }
    benchmark::DoNotOptimize(tier.data());
  }
  state.SetItemsProcessed(state.iterations() * rows);
  state.SetBytesProcessed(state.iterations() * rows * kBytesOfCustomer);
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
  const Expression expression = all ? tiers.all : *Expression::parse(kTiers[1], tiers.schema);
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
