// A host of engines as the benchmarks have it: it speaks the C interface and nothing else.
//
//   Host host(eight_tiers("365d"));
//   host.open();
//   const Orders orders = host.orders(customers, 10);
//   host.follow(orders, 1000);                     // batches, each with the clock's advance
//
// Orders are drawn at random from three years, in the order of time; ids are numbers, or texts
// where the policy says so.
#pragma once

#include <patron/patron.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace patron::bench {

inline constexpr int64_t kDay = 86'400'000'000;
inline constexpr int64_t kBegin = 1'672'531'200'000'000;  // 2023-01-01
inline constexpr int64_t kEnd = kBegin + 1096 * kDay;

inline void check(patron_status status, const patron_error& error) {
  if (status == PATRON_OK) return;
  std::fprintf(stderr, "%s: %s\n", patron_status_name(status), error.message);
  std::exit(1);
}

/// What a variable of the environment says, such as PATRON_CUSTOMERS.
inline int64_t number_of(const char* name, int64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : static_cast<int64_t>(std::atof(text));
}

/// Tiers over what orders add up to; an empty window is all time. `letter` begins their names.
inline std::string tiers_of(int count, const std::string& window, char letter) {
  std::string classes;
  const std::string within = window.empty() ? "" : R"(, "window": ")" + window + "\"";
  for (int tier = count; tier > 1; --tier) {
    const std::string orders = std::to_string(tier - 1);
    classes += std::string(R"({"name": ")") + letter + std::to_string(tier) +
               R"(", "enter": "spend >= )" + std::to_string((tier - 1) * 150) +
               " && orders >= " + orders + R"(", "keep": "spend >= )" +
               std::to_string((tier - 1) * 120) + " && orders >= " + orders +
               R"(", "min_dwell": "30d"}, )";
  }
  return R"({"patron": 1, "name": "tiers", "money": {"scale": 2},
    "customer": {"id": "int64"}, "streams": {"orders": {}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount")" +
         within + R"(}}, {"name": "orders", "metric": {"count": "orders")" + within + R"(}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [)" +
         classes + R"({"name": ")" + letter + R"(1"}]}]})";
}
inline std::string eight_tiers(const std::string& window) { return tiers_of(8, window, 't'); }

/// A sum and a count of all orders, and no class that they could change.
inline const char* const kTagsAlone = R"({"patron": 1, "name": "tags", "money": {"scale": 2},
  "customer": {"id": "int64"}, "streams": {"orders": {}},
  "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
           {"name": "orders", "metric": {"count": "orders"}}]})";

/// Hot for ten days after each order: two moves an order.
inline const char* const kUpAndDown = R"({"patron": 1, "name": "hot", "money": {"scale": 2},
  "customer": {"id": "int64"}, "streams": {"orders": {}},
  "tags": [{"name": "orders", "metric": {"count": "orders", "window": "10d"}}],
  "classifications": [{"name": "tier", "kind": "ladder", "classes": [
    {"name": "hot", "enter": "orders >= 1"}, {"name": "cold"}]}]})";

inline std::string retail() {
  std::ifstream file("examples/policies/retail.json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Events of one stream, made ready to be handed over.
struct Events {
  std::string stream;
  int32_t number = 0;
  std::vector<std::string> texts;  ///< of customers and keys
  std::vector<patron_cell> cells;
  std::vector<patron_event> events;
};

class Host {
 public:
  explicit Host(const std::string& policy) {
    check(patron_policy_parse(policy.data(), policy.size(), &policy_, &error_), error_);
  }
  ~Host() {
    patron_engine_close(engine_);
    patron_policy_close(policy_);
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  patron_engine* engine() const { return engine_; }
  const patron_policy* policy() const { return policy_; }

  /// A new engine, for the one that was.
  void open() {
    patron_engine_close(engine_);
    check(patron_engine_open(policy_, nullptr, &engine_, &error_), error_);
  }
  void take(patron_engine* engine) {
    patron_engine_close(engine_);
    engine_ = engine;
  }
  static std::string id(int64_t customer) { return "c" + std::to_string(customer * 7919); }

  /// Events of everybody in turn at random instants; `fill` says which cells the i-th has.
  template <typename Fill>
  Events events(const char* stream, int64_t customers, int64_t count, const Fill& fill) {
    std::vector<int64_t> times;
    for (int64_t i = 0; i < count; ++i) times.push_back(kBegin + below(kEnd - kBegin));
    std::sort(times.begin(), times.end());
    std::vector<int64_t> who;
    for (int64_t i = 0; i < count; ++i) who.push_back(i % customers);
    std::shuffle(who.begin(), who.end(), random_);
    Events out;
    out.stream = stream;
    out.number = patron_engine_find_stream(engine_, stream, out.stream.size());
    const std::map<std::string, size_t> columns = columns_of(out.number);
    const auto rows = static_cast<size_t>(count);
    const patron_event event = PATRON_EVENT_INIT;
    const patron_cell cell = PATRON_CELL_INIT;
    out.texts.reserve(2 * rows);
    out.cells.assign(rows * columns.size(), cell);
    out.events.assign(rows, event);
    for (size_t i = 0; i < rows; ++i) {
      patron_event& one = out.events[i];
      const int64_t customer = who[i];
      one.number = customer * 7919;
      out.texts.push_back(id(customer));
      one.customer = {out.texts.back().data(), out.texts.back().size()};
      one.time = times[i];
      one.values = out.cells.data() + i * columns.size();
      one.value_count = columns.size();
      const auto cell_at = [&](const char* name) -> patron_cell* {
        const auto at = columns.find(name);
        return at == columns.end() ? nullptr : out.cells.data() + i * columns.size() + at->second;
      };
      fill(i, cell_at, out);
    }
    return out;
  }

  /// So many orders of each customer, up to 200 each, of two categories.
  Events orders(int64_t customers, int64_t each) {
    return events("orders", customers, customers * each, [this](size_t i, auto cell, Events& out) {
      put(cell("amount"), below(20'000));
      out.texts.push_back("o" + std::to_string(i));
      put(cell("order_id"), out.texts.back());
      put(cell("category"), below(2) == 0 ? "tea" : "cups");
    });
  }
  /// Views, and a complaint now and then.
  Events interactions(int64_t customers, int64_t each) {
    return events("interactions", customers, customers * each, [this](size_t, auto cell, Events&) {
      put(cell("kind"), below(20) == 0 ? "complaint" : "view");
      put(cell("duration"), below(600) * 1'000'000);
    });
  }
  Events surveys(int64_t customers, int64_t each) {
    return events("surveys", customers, customers * each, [this](size_t, auto cell, Events&) {
      put(cell("kind"), "nps");
      put(cell("score"), below(11));
    });
  }

  void add(const Events& events, size_t begin, size_t count) {
    check(patron_engine_add(engine_, events.number, events.events.data() + begin, count, nullptr,
                            nullptr, nullptr, &error_),
          error_);
  }
  void add(const Events& events) { add(events, 0, events.events.size()); }
  void advance(int64_t now) {
    check(patron_engine_advance(engine_, now, nullptr, &error_), error_);
  }
  /// Batches, each followed by an advance to its last instant.
  void follow(const Events& events, size_t batch) {
    for (size_t begin = 0; begin < events.events.size(); begin += batch) {
      const size_t count = std::min(batch, events.events.size() - begin);
      add(events, begin, count);
      advance(events.events[begin + count - 1].time);
    }
  }
  void calibrate() {
    patron_calibration* calibration = nullptr;
    check(patron_engine_calibrate(engine_, &calibration, &error_), error_);
    patron_calibration_close(calibration);
  }
  patron_engine_info info() {
    patron_engine_info out = PATRON_ENGINE_INFO_INIT;
    check(patron_engine_describe(engine_, &out, &error_), error_);
    return out;
  }
  std::string saved() {
    patron_buffer* bytes = nullptr;
    check(patron_engine_save(engine_, &bytes, &error_), error_);
    const patron_str text = patron_buffer_text(bytes);
    std::string out(text.data, text.size);
    patron_buffer_close(bytes);
    return out;
  }
  int64_t below(int64_t n) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(n)); }

 private:
  static void put(patron_cell* cell, int64_t value) {
    if (cell == nullptr) return;
    cell->known = 1;
    cell->integer = value;
  }
  static void put(patron_cell* cell, const char* text) {
    if (cell == nullptr) return;
    cell->known = 1;
    cell->text = patron_str_of(text);
  }
  static void put(patron_cell* cell, const std::string& text) { put(cell, text.c_str()); }

  std::map<std::string, size_t> columns_of(int32_t stream) {
    patron_table* columns = nullptr;
    check(patron_engine_columns(engine_, stream, &columns, &error_), error_);
    patron_column names = PATRON_COLUMN_INIT;
    check(patron_table_column(columns, 0, 0, &names, &error_), error_);
    const auto* ends = static_cast<const int64_t*>(names.offsets) + names.offset;
    std::map<std::string, size_t> out;
    for (int64_t i = 0; i < names.length; ++i) {
      const auto* bytes = reinterpret_cast<const char*>(names.bytes);
      out[std::string(bytes + ends[i], bytes + ends[i + 1])] = static_cast<size_t>(i);
    }
    patron_table_close(columns);
    return out;
  }

  patron_error error_ = PATRON_ERROR_INIT;
  patron_policy* policy_ = nullptr;
  patron_engine* engine_ = nullptr;
  std::mt19937_64 random_{42};
};

}  // namespace patron::bench
