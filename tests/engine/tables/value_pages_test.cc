// Values of whole pages beside a look at each customer alone, under the shipped policies and one
// with every kind of value.
#include "lib/engine/tables/value_pages.h"

#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <vector>

#include "lib/engine/engine_data.h"
#include "patron/policy.h"
#include "tests/engine/engine_world.h"

namespace patron::internal {
namespace {

std::string said(const MetricValue& value) {
  if (value.is_set) return "{" + joined_members(value.set) + "}";
  if (!value.cell.known) return "unknown";
  return std::to_string(value.cell.integer) + " " +
         std::to_string(std::bit_cast<uint64_t>(value.cell.number)) + " '" +
         std::string(value.text.empty() ? value.cell.text : std::string_view(value.text)) + "'";
}

// Lets time pass, calibrates in the middle, and compares at the end.
void compare(const Policy& policy, uint64_t seed, bool calibrate) {
  const PolicyData& policy_data = policy.data();
  EngineData data(policy, *BookLayout::make(book_spec(policy_data)), {});
  const EngineFacts facts(data.book, seed, 40);
  IngestReport report;
  report.effects = facts.effects;
  ASSERT_TRUE(data.take(
                      report, [] { return Status(); }, -1, false)
                  .ok());
  const Micros middle = EngineFacts::kBegin + 500 * kMicrosPerDay;
  ASSERT_TRUE(data.pass(middle, {}).ok());
  if (calibrate) {
    const auto constants = data.calibrated(middle, middle);
    ASSERT_TRUE(constants.ok()) << constants.status().message();
    ASSERT_TRUE(data.install(*constants, middle).ok());
  }
  const Micros now = middle + 100 * kMicrosPerDay;
  ASSERT_TRUE(data.pass(now, {}).ok());
  const StateOf state_of = [&](uint32_t row) -> const CustomerState& {
    return data.members[row].state;
  };
  ValuePages pages(policy_data, data.book.state(), data.settler.constants());
  size_t known = 0;
  for (uint32_t page = 0; page < pages.pages(); ++page) {
    pages.read(page, now, state_of);
    for (uint32_t k = 0; k < pages.customers(); ++k) {
      const uint32_t row = pages.first() + k;
      const Settled look = data.settler.look(row, data.members[row].state, now);
      std::vector<std::string> each;
      for (const MetricValue& value : look.values) each.push_back(said(value));
      const auto alone = data.settler.values(row, data.members[row].state, now);
      for (size_t i = 0; i < policy_data.values.size(); ++i) {
        ASSERT_EQ(said(alone[i]), each[i]) << policy_data.values[i].tag.name;
        ASSERT_EQ(alone[i].as_of, look.values[i].as_of) << policy_data.values[i].tag.name;
        ASSERT_EQ(said(pages.value(i).at(k)), each[i])
            << policy_data.name << ", seed " << seed << ", customer " << row << ", "
            << policy_data.values[i].tag.name;
        known += look.values[i].known() ? 1 : 0;
      }
    }
  }
  EXPECT_GT(known, size_t{data.book.customers()});
}

TEST(ValuePages, AreThoseOfALookAtEachCustomer) {
  for (const char* name : {"retail", "baby", "bank", "b2b", "ecommerce"}) {
    for (const bool calibrate : {false, true}) compare(shipped_policy(name), 1, calibrate);
  }
}

TEST(ValuePages, OfEveryKindOfValueAndEveryMeaningOfNull) {
  const CheckedPolicy checked = Policy::check(R"json({"patron": 1, "name": "all",
    "timezone": "Europe/Berlin", "money": {"scale": 2}, "customer": {"id": "int64", "joined": "joined_on"},
    "streams": {"orders": {"columns": {"category": "enum"}}, "interactions": {}},
    "attributes": {"joined_on": {"type": "date"}, "city": {"type": "string", "default": "nowhere"},
      "traits": {"type": "enum_set", "values": ["a", "b", "c"]}, "likes": {"type": "enum_set"},
      "vip": {"type": "bool"}, "risk": {"type": "double", "on_null": "keep"}},
    "tags": [
      {"name": "spend", "metric": {"sum": "orders.amount", "window": {"since": "join"}}},
      {"name": "since", "metric": {"count": "orders", "window": {"since": {"class": "tier"}}}},
      {"name": "last_kept", "on_null": "keep", "metric": {"last": "orders.amount", "window": "40d"}},
      {"name": "last_default", "default": 7.5, "metric": {"last": "orders.amount", "window": "40d"}},
      {"name": "top_default", "default": "none", "metric": {"top": "orders.category", "window": "60d"}},
      {"name": "tops", "metric": {"top": "orders.category", "n": 2}},
      {"name": "gap", "metric": {"gap_mean": "orders"}},
      {"name": "share", "metric": {"ratio": ["spend", "since"]}},
      {"name": "worth", "plain_ltv": {"annual_spend": "spend", "years": 3, "margin": 0.4}},
      {"name": "card", "scorecard": [{"when": "vip || 'a' in traits", "points": 0.1},
        {"stream": "orders", "points": 0.7, "half_life": "20d", "cap": 2.5},
        {"when": "has(city) && city == 'Ulm'", "points": 5}]},
      {"name": "idle", "expression": "now - last_seen > duration('2400h')"},
      {"name": "last_seen", "metric": {"last": "orders.time"}},
      {"name": "old", "expression": "age(joined_on) > days(300)"},
      {"name": "text", "expression": "vip ? city : top_default"},
      {"name": "money", "expression": "spend + last_default"},
      {"name": "slow", "expression": "gap > duration('1000h') && tier != 'gold'"},
      {"name": "regular", "expression": "'regulars' in circles && !(spend > 5 && vip)"}],
    "classifications": [
      {"name": "tier", "kind": "ladder", "classes": [{"name": "gold", "enter": "spend >= 3"}, {"name": "rest"}]},
      {"name": "circles", "kind": "flags", "classes": [{"name": "regulars", "enter": "since > 1"},
        {"name": "new", "enter": "spend < 1"}]},
      {"name": "band", "kind": "bands", "of": "spend", "cuts": [1, 4], "classes": [{"name": "low"},
        {"name": "mid"}, {"name": "high"}]}]})json");
  for (const PolicyFinding& finding : checked.findings) {
    ASSERT_NE(finding.severity, Severity::kError) << finding.pointer << ": " << finding.message;
  }
  for (uint64_t seed = 1; seed <= 3; ++seed) compare(*checked.policy, seed, false);
}

TEST(ValuePages, OnlyWhatIsAskedForAndWhatItReadsIsComputed) {
  const Policy policy = shipped_policy("retail");
  const PolicyData& data = policy.data();
  size_t wanted = 0;
  while (data.values[wanted].tag.name != "complaint_rate") ++wanted;
  EngineWorld world(policy, 3);
  ValuePages pages(data, world.book.state(), nullptr, std::span(&wanted, 1));
  ValuePages all(data, world.book.state(), nullptr);
  const CustomerState nowhere;
  const StateOf states = [&](uint32_t) -> const CustomerState& { return nowhere; };
  const Micros now = EngineWorld::kBegin + 500 * kMicrosPerDay;
  pages.read(0, now, states);
  all.read(0, now, states);
  for (uint32_t k = 0; k < pages.customers(); ++k) {
    EXPECT_EQ(said(pages.value(wanted).at(k)), said(all.value(wanted).at(k)));
  }
}

}  // namespace
}  // namespace patron::internal
