// A policy that lives: orders go in, time passes, and tiers change at the exact instant.
#include <patron/engine.h>

#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr const char* kPolicy = R"json({
  "patron": 1, "name": "corner shop", "timezone": "Europe/Berlin",
  "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "string"},
  "streams": {"orders": {}},
  "tags": [{"name": "spend_90d", "metric": {"sum": "orders.amount", "window": "90d"}}],
  "classifications": [{"name": "tier", "kind": "ladder", "classes": [
    {"name": "gold", "enter": "spend_90d >= 500", "keep": "spend_90d >= 400", "grace": "14d"},
    {"name": "guest"}]}]})json";

patron::Micros at(std::string_view time) { return *patron::parse_time(time, patron::TimeZone()); }

patron::Table orders_of_winter() {
  const std::vector<std::string> customers{"anna", "berta", "anna"};
  patron::TableBuilder table;
  table.strings("customer", customers);
  table.timestamps("time", {at("2026-01-10T09:00"), at("2026-01-12T18:30"), at("2026-02-01T12:00")},
                   "UTC");
  table.doubles("amount", {450, 120, 80});
  return *table.finish();
}

}  // namespace

int main() {
  const patron::Policy policy = *patron::Policy::parse(kPolicy);
  const patron::Table orders = orders_of_winter();
  const patron::Micros now = at("2026-03-01");
  // [live]
  patron::Engine engine = *patron::Engine::open(policy);
  patron::Status status = engine.ingest("orders", orders);  // customer, time, amount
  if (status.ok()) status = engine.advance(now);
  for (const patron::Transition& t : engine.transitions()) {
    std::cout << patron::format_time(t.at) << "  " << t.customer.text << ": " << t.to << "\n";
  }
  // [/live]
  if (!status.ok() || engine.transition_count() != 3) return 1;
  const std::vector<patron::Forecast> forecast = *engine.forecast(at("2026-06-01"));
  for (const patron::Forecast& f : forecast) {
    std::cout << "if nothing happens, " << f.customer.text << " becomes " << f.to << " at "
              << patron::format_time(f.at) << "\n";
  }
  // Of Anna's 530 the 450 leave the window on 10 April; 80 are too few, and grace is 14 days.
  return forecast.size() == 1 && forecast[0].at == at("2026-04-24T09:00") ? 0 : 1;
}
