// Learning from everybody: A/B/C by share of spend, frozen until the next calibration.
#include <patron/engine.h>

#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr const char* kPolicy = R"json({
  "patron": 1, "name": "corner shop", "money": {"currency": "EUR", "scale": 2},
  "customer": {"id": "string"}, "streams": {"orders": {}},
  "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
  "classifications": [{"name": "abc", "kind": "rank", "by": "spend", "classes": [
    {"name": "A", "share": 0.8}, {"name": "B", "share": 0.95}, {"name": "C"}]}]})json";

patron::Table orders() {
  const std::vector<std::string> customers{"anna", "berta", "clara", "dora", "emma"};
  const patron::Micros day = *patron::parse_time("2026-01-10", patron::TimeZone());
  patron::TableBuilder table;
  table.strings("customer", customers).doubles("amount", {60, 20, 12, 5, 3});
  return *table.timestamps("time", {day, day, day, day, day}, "UTC").finish();
}

}  // namespace

int main() {
  patron::Engine engine = *patron::Engine::open(*patron::Policy::parse(kPolicy));
  patron::Status status = engine.ingest("orders", orders());
  if (status.ok()) status = engine.advance(*patron::parse_time("2026-02-01", patron::TimeZone()));
  if (!status.ok()) return 1;
  // [calibrate]
  const patron::Result<patron::Calibration> found = engine.calibrate();
  for (const patron::ModelReport& model : found->report()) {
    std::cout << model.model << ": " << model.message << "\n";
  }
  // [/calibrate]
  // Anna and Berta, who crosses 80 of 100, are A; Clara and Dora are B.
  const std::vector<patron::ClassCount> counts = *engine.distribution("abc");
  return counts[0].customers == 2 && counts[1].customers == 2 && counts[2].customers == 1 ? 0 : 1;
}
