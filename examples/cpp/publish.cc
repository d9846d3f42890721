// An engine over a restart and over a new policy: save, load, compare, publish, and who went where.
#include <patron/engine.h>

#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

// A tier whose best class has this name and begins at this spend.
std::string document(const std::string& best, int from) {
  return R"json({
  "patron": 1, "name": "corner shop", "timezone": "Europe/Berlin",
  "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "string"},
  "streams": {"orders": {}},
  "tags": [{"name": "spend_90d", "metric": {"sum": "orders.amount", "window": "90d"}}],
  "classifications": [{"name": "tier", "kind": "ladder", "classes": [
    {"name": ")json" +
         best + R"json(", "enter": "spend_90d >= )json" + std::to_string(from) + R"json("},
    {"name": "guest"}]}]})json";
}

patron::Micros at(std::string_view time) { return *patron::parse_time(time, patron::TimeZone()); }

patron::Table orders_of_winter() {
  const std::vector<std::string> customers{"anna", "berta", "clara"};
  patron::TableBuilder table;
  table.strings("customer", customers);
  table.timestamps("time", {at("2026-01-10T09:00"), at("2026-01-12T18:30"), at("2026-02-01T12:00")},
                   "UTC");
  table.doubles("amount", {450, 120, 820});
  return *table.finish();
}

}  // namespace

int main() {
  patron::Engine before = *patron::Engine::open(*patron::Policy::parse(document("gold", 400)));
  if (!before.ingest("orders", orders_of_winter()).ok()) return 1;
  if (!before.advance(at("2026-02-15")).ok()) return 1;

  // [restart]
  const std::string bytes = before.save();  // to a file, a table, another machine
  patron::Engine engine = *patron::Engine::load(bytes);
  std::cout << (engine.state_hash() == before.state_hash() ? "the same" : "another") << " engine, "
            << engine.customers() << " customers, " << engine.transition_count() << " moves\n";
  // [/restart]

  // [publish]
  const patron::Policy next = *patron::Policy::parse(document("premium", 500));
  patron::ClassMapping tier;
  tier.classification = "tier";
  tier.classes = {{"gold", "premium"}};  // gold is called premium from now on

  const std::vector<patron::Forecast> moves = *engine.compare(next, {tier});
  for (const patron::Forecast& move : moves) {
    std::cout << "would move: " << move.customer.text << ", " << move.from << " -> " << move.to
              << "\n";
  }
  const patron::PublishReport report = *engine.publish(next, {tier});
  const patron::Status status = engine.advance(engine.clock());  // everybody, once, at the clock
  std::cout << "policy " << report.number << " is in force for " << report.customers
            << " customers\n";
  // [/publish]
  if (!status.ok() || moves.size() != 1) return 1;

  // [migration]
  const patron::Migration moved = *engine.migration("tier", at("2026-02-01"), engine.clock());
  for (size_t from = 0; from < moved.from.size(); ++from) {
    for (size_t to = 0; to < moved.to.size(); ++to) {
      if (moved.count(from, to) == 0) continue;
      std::cout << moved.count(from, to) << " from " << moved.from[from] << " to " << moved.to[to]
                << "\n";
    }
  }
  // [/migration]
  // Anna's 450 are too few for premium; Clara came after the start, at noon of 1 February.
  const bool as_told = moved.count(0, 1) == 1 && moved.count(1, 1) == 1 && moved.count(2, 0) == 1;
  return engine.transition_count() == 4 && as_told ? 0 : 1;
}
