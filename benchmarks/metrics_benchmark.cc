// How fast all tags of all customers are computed, and how fast a policy follows events.
//
//   metrics_benchmark --benchmark_filter=AllTags      (from the root of the repository)
//
// The tags of examples/policies/retail.json over random orders, visits and surveys, ten orders a
// customer: what a nightly run of a shop of a hundred thousand customers has to do. PATRON_ROWS
// says how many orders. AllTags is from the loaded book to columns; LoadAndTags begins with the
// tables. The one row at a time is a Settler's look at a customer: the plain way.
#include <benchmark/benchmark.h>
#include <patron/book.h>
#include <patron/engine.h>
#include <patron/policy.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "lib/engine/book_spec.h"
#include "lib/engine/tables/value_table.h"

namespace {

using patron::internal::CustomerState;

constexpr int64_t kBegin = 1'672'531'200'000'000;  // 2023-01-01
constexpr int64_t kDays = 1096;
constexpr int64_t kRowsPerCustomer = 10;

int64_t order_rows() {
  const char* rows = std::getenv("PATRON_ROWS");
  return rows == nullptr ? 1'000'000 : std::atoll(rows);
}

patron::Policy retail() {
  std::ifstream file("examples/policies/retail.json");
  std::ostringstream text;
  text << file.rdbuf();
  return *patron::Policy::parse(text.str());
}

/// Texts of one column, one behind the other.
struct Texts {
  void add(const std::string& text) {
    bytes += text;
    ends.push_back(static_cast<int64_t>(bytes.size()));
  }
  std::string bytes;
  std::vector<int64_t> ends{0};
};

/// Columns of a table that is read in place.
class Columns {
 public:
  Texts& texts(const char* name) {
    names_.push_back({name, patron::Type::kLargeString});
    return texts_.emplace_back();
  }
  std::vector<int64_t>& whole(const char* name, patron::Type type) {
    names_.push_back({name, type});
    return whole_.emplace_back();
  }
  const std::vector<int64_t>& times() const { return whole_.front(); }
  patron::Table table(int64_t begin = 0, int64_t rows = INT64_MAX) const {
    std::vector<patron::ColumnView> views;
    size_t text = 0, whole = 0;
    for (const auto& [name, type] : names_) {
      patron::ColumnView& view = views.emplace_back();
      view.name = name;
      view.type.type = type;
      if (type == patron::Type::kLargeString) {
        const Texts& from = texts_[text++];
        view.chunk.offset = begin;
        view.chunk.length = std::min(rows, static_cast<int64_t>(from.ends.size()) - 1 - begin);
        view.chunk.offsets = from.ends.data();
        view.chunk.bytes = reinterpret_cast<const uint8_t*>(from.bytes.data());
        continue;
      }
      if (type == patron::Type::kTimestamp) view.type.zone = "UTC";
      view.chunk.offset = begin;
      view.chunk.length = std::min(rows, static_cast<int64_t>(whole_[whole].size()) - begin);
      view.chunk.values = whole_[whole++].data();
    }
    return *patron::make_table(views);
  }

 private:
  std::vector<std::pair<const char*, patron::Type>> names_;
  std::deque<Texts> texts_;
  std::deque<std::vector<int64_t>> whole_;
};

/// The events of the shop, in the order of time.
struct Shop {
  Shop() {
    std::mt19937_64 random(42);
    const auto below = [&](int64_t n) {
      return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
    };
    const int64_t rows = order_rows();
    const int64_t customers = rows / kRowsPerCustomer;
    const auto times = [&](int64_t n, std::vector<int64_t>& out) {
      for (int64_t i = 0; i < n; ++i) {
        out.push_back(kBegin + below(kDays * patron::kMicrosPerDay));
      }
      std::sort(out.begin(), out.end());
    };
    const auto who = [&](int64_t n, Texts& out) {
      for (int64_t i = 0; i < n; ++i) out.add("c" + std::to_string(below(customers) * 7919));
    };
    who(rows, orders.texts("customer"));
    Texts& keys = orders.texts("order_id");
    Texts& categories = orders.texts("category");
    for (int64_t i = 0; i < rows; ++i) {
      keys.add("o" + std::to_string(i));
      categories.add("category " + std::to_string(below(50)));
    }
    times(rows, orders.whole("time", patron::Type::kTimestamp));
    std::vector<int64_t>& amounts = orders.whole("amount", patron::Type::kInt64);
    for (int64_t i = 0; i < rows; ++i)
      amounts.push_back(below(100) == 0 ? -below(100) : below(200));

    const std::vector<std::string> kinds{"view", "click", "cart", "complaint", "login"};
    who(rows, visits.texts("customer"));
    Texts& kind = visits.texts("kind");
    for (int64_t i = 0; i < rows; ++i) kind.add(kinds[random() % kinds.size()]);
    times(rows, visits.whole("time", patron::Type::kTimestamp));
    std::vector<int64_t>& durations = visits.whole("duration", patron::Type::kDuration);
    for (int64_t i = 0; i < rows; ++i) durations.push_back(below(600) * patron::kMicrosPerSecond);

    const int64_t answers = rows / 20;
    who(answers, surveys.texts("customer"));
    Texts& asked = surveys.texts("kind");
    Texts& words = surveys.texts("keywords");
    for (int64_t i = 0; i < answers; ++i) {
      asked.add("nps");
      words.add(below(2) == 0 ? "fast,friendly" : "late");
    }
    times(answers, surveys.whole("time", patron::Type::kTimestamp));
    std::vector<int64_t>& scores = surveys.whole("score", patron::Type::kInt64);
    for (int64_t i = 0; i < answers; ++i) scores.push_back(below(11));
  }
  void load(patron::Book& book) const {
    patron::BookReport report;
    const patron::AddOptions options{.clock = patron::kEndTime - 1};
    const bool good = book.add("orders", orders.table(), options, &report).ok() &&
                      book.add("interactions", visits.table(), options, &report).ok() &&
                      book.add("surveys", surveys.table(), options, &report).ok();
    if (!good) std::abort();
  }
  Columns orders, visits, surveys;
};

const Shop& shop() {
  static const Shop all;
  return all;
}

/// The places of what the policy calls tags.
std::vector<size_t> tags_of(const patron::Policy& policy) {
  std::vector<size_t> out;
  for (size_t i = 0; i < policy.tags().size(); ++i) {
    const patron::TagSource source = policy.tags()[i].source;
    if (source == patron::TagSource::kMetric || source == patron::TagSource::kExpression) {
      out.push_back(i);
    }
  }
  return out;
}

const CustomerState kNewcomer;
const patron::internal::StateOf kNewcomers = [](uint32_t) -> const CustomerState& {
  return kNewcomer;
};
const std::shared_ptr<const patron::internal::CalibrationData> kNothing;

patron::Table all_tags(const patron::Policy& policy, const patron::Book& book, int threads) {
  const std::vector<uint32_t> rows = patron::internal::rows_by_id(book.state(), book.customers());
  const patron::Micros now = kBegin + kDays * patron::kMicrosPerDay;
  return *patron::internal::value_table({policy.data(), book.state(), kNewcomers, kNothing, now},
                                        rows, tags_of(policy), threads, {});
}

void AllTags(benchmark::State& state) {
  const patron::Policy policy = retail();
  patron::Book book(*patron::BookLayout::make(patron::internal::book_spec(policy.data())));
  shop().load(book);
  for (auto _ : state) {
    benchmark::DoNotOptimize(all_tags(policy, book, static_cast<int>(state.range(0))));
  }
  state.SetItemsProcessed(order_rows() * state.iterations());
}
BENCHMARK(AllTags)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void LoadAndTags(benchmark::State& state) {
  const patron::Policy policy = retail();
  const patron::BookLayout layout =
      *patron::BookLayout::make(patron::internal::book_spec(policy.data()));
  shop();
  for (auto _ : state) {
    patron::Book book(layout);
    shop().load(book);
    benchmark::DoNotOptimize(all_tags(policy, book, static_cast<int>(state.range(0))));
  }
  state.SetItemsProcessed(order_rows() * state.iterations());
}
BENCHMARK(LoadAndTags)->Arg(1)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void OneAtATime(benchmark::State& state) {
  const patron::Policy policy = retail();
  patron::Book book(*patron::BookLayout::make(patron::internal::book_spec(policy.data())));
  shop().load(book);
  patron::internal::Settler settler(policy.data(), book.state());
  const patron::Micros now = kBegin + kDays * patron::kMicrosPerDay;
  uint32_t row = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(settler.look(row, kNewcomer, now));
    row = (row + 1) % book.customers();
  }
  state.SetItemsProcessed(kRowsPerCustomer * state.iterations());
}
BENCHMARK(OneAtATime)->Unit(benchmark::kMicrosecond);

/// The table of RFM of everybody from the orders that an engine has filed, and the calibration
/// before it: what benchmarks/rfm_race.py times as "book".
void RfmFromBook(benchmark::State& state) {
  const patron::Policy policy = *patron::Policy::parse(R"({"patron": 1, "name": "rfm",
    "money": {"scale": 2}, "customer": {"id": "int64"}, "streams": {"orders": {}},
    "tags": [{"name": "first", "metric": {"first": "orders.time"}},
             {"name": "last", "metric": {"last": "orders.time"}}],
    "models": {"rfm": {"scores": 5, "method": "quantile", "table": "eleven"}}})");
  const int64_t rows = order_rows(), customers = rows / kRowsPerCustomer;
  std::mt19937_64 random(42);
  Columns orders;
  std::vector<int64_t>& ids = orders.whole("customer", patron::Type::kInt64);
  std::vector<int64_t>& times = orders.whole("time", patron::Type::kTimestamp);
  std::vector<int64_t>& amounts = orders.whole("amount", patron::Type::kInt64);
  for (int64_t i = 0; i < rows; ++i) {
    const uint64_t who = random() % static_cast<uint64_t>(customers);
    ids.push_back(static_cast<int64_t>(who * 0x9E37'79B9'7F4A'7C15U >> 1));
    times.push_back(kBegin + static_cast<int64_t>(random() % (kDays * patron::kMicrosPerDay)));
    amounts.push_back(25 * static_cast<int64_t>(1 + random() % 400));
  }
  patron::Engine engine = *patron::Engine::open(policy);
  const patron::Micros now = kBegin + kDays * patron::kMicrosPerDay;
  const bool good = engine.advance(now).ok() && engine.ingest("orders", orders.table()).ok() &&
                    engine.advance(now).ok();
  if (!good) std::abort();
  for (auto _ : state) {
    if (!engine.calibrate().ok()) std::abort();
    benchmark::DoNotOptimize(*engine.profiles());
  }
  state.SetItemsProcessed(rows * state.iterations());
}
BENCHMARK(RfmFromBook)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

/// Orders in batches of a thousand, each followed by an advance to its last instant: ingest, tags,
/// classes and what time does in between. The policy is retail.json without its models.
void Follow(benchmark::State& state, const patron::Policy& policy) {
  constexpr int64_t kBatch = 1000;
  const std::vector<int64_t>& times = shop().orders.times();
  for (auto _ : state) {
    patron::Engine engine = *patron::Engine::open(policy);
    for (int64_t begin = 0; begin < order_rows(); begin += kBatch) {
      const int64_t end = std::min(begin + kBatch, order_rows());
      const bool good = engine.ingest("orders", shop().orders.table(begin, end - begin)).ok() &&
                        engine.advance(times[static_cast<size_t>(end) - 1]).ok();
      if (!good) std::abort();
    }
    state.counters["moves"] = static_cast<double>(engine.transition_count());
  }
  state.SetItemsProcessed(order_rows() * state.iterations());
}

/// Eight tiers over what orders add up to in a year.
patron::Policy eight_tiers() {
  std::string classes;
  for (int tier = 8; tier > 1; --tier) {
    classes += R"({"name": "t)" + std::to_string(tier) + R"(", "enter": "spend_12m >= )" +
               std::to_string((tier - 1) * 150) + " && orders_12m >= " + std::to_string(tier - 1) +
               "\"}, ";
  }
  return *patron::Policy::parse(R"({"patron": 1, "name": "tiers", "money": {"scale": 2},
    "streams": {"orders": {"key": "order_id", "columns": {"category": "enum"}}},
    "tags": [{"name": "spend_12m", "metric": {"sum": "orders.amount", "window": "365d"}},
             {"name": "orders_12m", "metric": {"count": "orders", "window": "365d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [)" +
                                classes + R"({"name": "t1"}]}]})");
}

/// retail.json with the conditions that do not speak of its models.
patron::Policy retail_without_models() {
  std::ifstream file("examples/policies/retail.json");
  std::ostringstream all;
  all << file.rdbuf();
  std::string text = all.str();
  const auto swap = [&](std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
  };
  const size_t models = text.find("\"models\":"), behind = text.find("\"classifications\":");
  text.erase(models, behind - models);
  swap(R"({"name": "segment", "kind": "grid", "table": "rfm.eleven"},)", "");
  swap("rfm.f >= 4 && rfm.m >= 4 && rfm.r >= 3", "spend_12m >= 1000 && orders_12m >= 5");
  swap("rfm.f >= 3 && rfm.m >= 4", "spend_12m >= 800");
  swap("rfm.m >= 3 || ", "spend_12m >= 300 || ");
  swap("rfm.m >= 2 || ", "spend_12m >= 200 || ");
  swap("nps.class == 'promoter'", "nps_score >= 9");
  return *patron::Policy::parse(text);
}
BENCHMARK_CAPTURE(Follow, retail, retail_without_models())
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_CAPTURE(Follow, eight_tiers, eight_tiers())->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
