// Why a customer is silver, what she needs to be gold, and until when that is enough.
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
    {"name": "gold", "enter": "spend_90d >= 1000", "keep": "spend_90d >= 800", "grace": "14d"},
    {"name": "silver", "enter": "spend_90d >= 200"},
    {"name": "guest"}]}]})json";

patron::Micros at(std::string_view time) { return *patron::parse_time(time, patron::TimeZone()); }

patron::Table orders_of_anna() {
  const std::vector<std::string> customers{"anna", "anna"};
  patron::TableBuilder table;
  table.strings("customer", customers);
  table.timestamps("time", {at("2026-01-10T09:00"), at("2026-02-01T12:00")}, "UTC");
  table.doubles("amount", {450, 80});
  return *table.finish();
}

constexpr std::string_view kEnglish =
    // [english]
    R"(tier: silver since 2026-01-10 10:00
because spend_90d >= 200 (530.00 EUR)
gold: 470.00 EUR more (spend_90d >= 1000, now 530.00 EUR), before 2026-04-10 11:00
if nothing happens, 2026-04-10 11:00 becomes guest: not met: spend_90d >= 200 (80.00 EUR)
to stay silver: 120.00 EUR more (spend_90d >= 200, then 80.00 EUR), before 2026-04-10 11:00
)";
// [/english]

constexpr std::string_view kChinese =
    // [chinese]
    R"(tier：silver，自 2026-01-10 10:00 起
依据：spend_90d >= 200（530.00 EUR）
gold：还差 470.00 EUR（spend_90d >= 1000，现为 530.00 EUR），须在 2026-04-10 11:00 之前
如无新事实，2026-04-10 11:00 变为 guest：未满足：spend_90d >= 200（80.00 EUR）
保持 silver：还差 120.00 EUR（spend_90d >= 200，届时为 80.00 EUR），须在 2026-04-10 11:00 之前
)";
// [/chinese]

}  // namespace

int main() {
  const patron::Policy policy = *patron::Policy::parse(kPolicy);
  patron::Engine engine = *patron::Engine::open(policy);
  patron::Status status = engine.ingest("orders", orders_of_anna());
  if (status.ok()) status = engine.advance(at("2026-03-01"));
  if (!status.ok()) return 1;
  patron::CustomerId anna;
  anna.text = "anna";
  // [explain]
  const patron::ClassExplanation why = *engine.explain(anna, "tier", "en");
  std::cout << why.text;
  for (const patron::BetterClass& better : why.better) {
    for (const patron::MissingCondition& missing : better.missing) {
      std::cout << better.name << " wants " << missing.condition.text << ": " << missing.more
                << " more, before " << patron::format_time(better.before.value_or(0)) << "\n";
    }
  }
  // [/explain]
  const std::string chinese = engine.explain(anna, "tier", "zh")->text;
  std::cout << chinese;
  // [transitions]
  for (const patron::Transition& t : engine.transitions()) {
    for (const patron::Reason& reason : t.because) {
      std::cout << t.to << " because " << reason.text << ": " << reason.left << "\n";
    }
  }
  // [/transitions]
  return why.text == kEnglish && chinese == kChinese ? 0 : 1;
}
